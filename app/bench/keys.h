#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/md5.h"

namespace shardscope {

/// Partition keys of 8 to 36 bytes, side by side.
class BenchKeys {
public:
    explicit BenchKeys(std::size_t count);

    [[nodiscard]] std::size_t size() const { return m_offset.size() - 1; }
    [[nodiscard]] KeyBatch batch(std::size_t first, std::size_t count) const;
    [[nodiscard]] std::string_view key(std::size_t i) const;

private:
    std::string m_text;
    std::vector<std::uint32_t> m_offset {0};
};

/// MD5 of one key by OpenSSL's MD5_Init, MD5_Update and MD5_Final.
[[nodiscard]] HashKey md5ByOpenSsl(std::string_view key);
/// The same by EVP_Digest, as most programs would write it.
[[nodiscard]] HashKey md5ByEvp(std::string_view key);

} // namespace shardscope
