#pragma once

#include <cstdint>

#include "core/base/hash_key.h"

namespace shardscope {

/// Mixes 64 bits so that every input bit reaches every output bit (the finaliser of SplitMix64).
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// Chance without state: draw `index` of stream `lane` under `seed`. The same three numbers give
/// the same draw on any machine and in any order, so records can be made in parallel and made again
/// later.
class CounterRng {
public:
    constexpr CounterRng() = default;
    constexpr CounterRng(std::uint64_t seed, std::uint64_t lane)
        : m_key(mix64(seed ^ mix64(lane)))
    {
    }

    /// 64 random bits.
    [[nodiscard]] constexpr std::uint64_t bits(std::uint64_t index) const
    {
        return mix64(m_key + index * 0xd1342543de82ef95ULL);
    }
    /// Uniform in [0, 1).
    [[nodiscard]] constexpr double unit(std::uint64_t index) const { return toUnit(bits(index)); }
    /// Uniform in [0, n); n > 0.
    [[nodiscard]] constexpr std::uint64_t below(std::uint64_t index, std::uint64_t n) const
    {
        return static_cast<std::uint64_t>((U128 {bits(index)} * n) >> 64);
    }
    /// A generator of its own for a part of this one.
    [[nodiscard]] constexpr CounterRng fork(std::uint64_t lane) const { return {m_key, lane}; }

    [[nodiscard]] static constexpr double toUnit(std::uint64_t bits)
    {
        return static_cast<double>(bits >> 11) * 0x1.0p-53;
    }

private:
    std::uint64_t m_key = 0;
};

} // namespace shardscope
