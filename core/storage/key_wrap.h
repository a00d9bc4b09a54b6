#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/storage/data_key.h"
#include "core/storage/master_key.h"

namespace shardscope {

/// A data key sealed by a master key (AES-256-GCM; the ids and the version are authenticated with
/// it): safe to store beside what it encrypts.
struct WrappedDataKey {
    std::string dataKeyId; ///< DataKey::id
    std::string masterKeyId; ///< UUID
    std::int64_t masterVersion = 1;
    std::string sealed; ///< kSealedBytes: nonce (12), key (32), tag (16)

    static constexpr std::size_t kSealedBytes = 60;
    friend bool operator==(const WrappedDataKey&, const WrappedDataKey&) = default;
};

/// Random bytes for keys. Errors: Io.
[[nodiscard]] Result<void> drawBytes(std::uint8_t* out, std::size_t count);
/// Fills `wrapped.sealed`; its names are set. Errors: Io.
[[nodiscard]] Result<void> sealDataKey(const KeyMaterial& master, const DataKey& key,
                                       WrappedDataKey& wrapped);
/// Errors: BadInput when it is not what was sealed under these names.
[[nodiscard]] Result<std::shared_ptr<const DataKey>> openDataKey(const KeyMaterial& master,
                                                                 const WrappedDataKey& wrapped);

} // namespace shardscope
