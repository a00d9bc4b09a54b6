#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace shardscope {

__extension__ using U128 = unsigned __int128;

/// A point of the hash key space: an unsigned 128-bit number, 0 … 2^128−1.
struct HashKey {
    U128 value = 0;

    [[nodiscard]] static constexpr HashKey max() { return {~U128 {0}}; }
    [[nodiscard]] static constexpr HashKey fromWords(std::uint64_t high, std::uint64_t low)
    {
        return {(U128 {high} << 64) | low};
    }
    [[nodiscard]] constexpr std::uint64_t high() const
    {
        return static_cast<std::uint64_t>(value >> 64);
    }
    [[nodiscard]] constexpr std::uint64_t low() const { return static_cast<std::uint64_t>(value); }
    /// Where it lies in the space, 0.0 … 1.0.
    [[nodiscard]] constexpr double fraction() const
    {
        return static_cast<double>(high()) / 18446744073709551616.0;
    }

    friend constexpr bool operator==(HashKey, HashKey) = default;
    friend constexpr auto operator<=>(HashKey a, HashKey b)
    {
        return a.value < b.value ? std::strong_ordering::less
            : a.value > b.value  ? std::strong_ordering::greater
                                 : std::strong_ordering::equal;
    }
};

/// A shard's part of the space, both ends included.
struct HashKeyRange {
    HashKey start;
    HashKey end = HashKey::max();

    [[nodiscard]] constexpr bool contains(HashKey k) const { return start <= k && k <= end; }
    /// Its share of the whole space, 0.0 … 1.0.
    [[nodiscard]] constexpr double width() const
    {
        return (static_cast<double>(end.high() - start.high()) + 1.0) / 18446744073709551616.0;
    }
    /// The key at which an even split cuts: the right half begins here.
    [[nodiscard]] constexpr HashKey middle() const
    {
        return {start.value + (end.value - start.value) / 2 + 1};
    }

    friend constexpr bool operator==(const HashKeyRange&, const HashKeyRange&) = default;
};

/// The i-th of `count` even ranges: floor(2^128 / count) wide, the last one ending at 2^128−1.
/// Source: facts/kinesis-api.md 2.1. 0 <= i < count.
[[nodiscard]] HashKeyRange evenRange(std::uint32_t i, std::uint32_t count);

/// Decimal, as the service writes hash keys: no sign, no leading zeros.
[[nodiscard]] std::string toDecimal(HashKey k);
/// 32 hexadecimal digits.
[[nodiscard]] std::string toHex(HashKey k);
/// Reads `0|([1-9]\d{0,38})` up to 2^128−1. Errors: InvalidArgument.
[[nodiscard]] Result<HashKey> parseHashKey(std::string_view text);

} // namespace shardscope
