#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace shardscope::endpoint {

/// Writes `value` (below 10^8) as eight decimal digits, all at once in the lanes of one word: four
/// digits each, then two, then one.
inline void writeEightDigits(char* at, std::uint32_t value)
{
    std::uint64_t lanes = value / 10'000 | std::uint64_t {value % 10'000} << 32;
    const std::uint64_t hundreds = lanes * 10'486 >> 20 & 0x0000'007f'0000'007f;
    lanes = hundreds | (lanes - 100 * hundreds) << 16;
    const std::uint64_t tens = lanes * 103 >> 10 & 0x000f'000f'000f'000f;
    lanes = (tens | (lanes - 10 * tens) << 8) + 0x3030'3030'3030'3030;
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(at, &lanes, sizeof lanes);
}

} // namespace shardscope::endpoint
