#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace shardscope {

/// A stream's data key: what its blocks are encrypted with (AES-256-GCM). Immutable; shared between
/// the engine and the writer. Wiped when the last one lets go.
struct DataKey {
    std::string id; ///< 32 hexadecimal digits, random; stands in each block's head
    std::array<std::uint8_t, 32> bytes {};

    DataKey() = default;
    DataKey(const DataKey&) = default;
    DataKey& operator=(const DataKey&) = default;
    ~DataKey();
};

} // namespace shardscope
