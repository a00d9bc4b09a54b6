#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace shardscope {

/// A number of bytes. "MB" in the service's texts is read as MiB (2^20) everywhere in this program.
using Bytes = std::int64_t;

constexpr Bytes operator""_KiB(unsigned long long n)
{
    return static_cast<Bytes>(n) << 10;
}
constexpr Bytes operator""_MiB(unsigned long long n)
{
    return static_cast<Bytes>(n) << 20;
}
constexpr Bytes operator""_GiB(unsigned long long n)
{
    return static_cast<Bytes>(n) << 30;
}

/// Reads `512B`, `40KiB`, `1.5MiB`, `1GiB` into a number of bytes; none when the text is no such
/// amount. Never negative.
[[nodiscard]] std::optional<double> parseBytes(std::string_view text);

/// Records and the bytes they are counted with (data + partition key).
struct Volume {
    std::int64_t records = 0;
    Bytes bytes = 0;

    constexpr Volume& operator+=(const Volume& o)
    {
        records += o.records;
        bytes += o.bytes;
        return *this;
    }
    constexpr Volume& operator-=(const Volume& o)
    {
        records -= o.records;
        bytes -= o.bytes;
        return *this;
    }
    friend constexpr Volume operator+(Volume a, const Volume& b) { return a += b; }
    friend constexpr Volume operator-(Volume a, const Volume& b) { return a -= b; }
    friend constexpr bool operator==(const Volume&, const Volume&) = default;
};

} // namespace shardscope
