#include "core/base/crc32c.h"

#include <array>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define SHARDSCOPE_CRC_X86 1
#else
#define SHARDSCOPE_CRC_X86 0
#endif

namespace shardscope {

namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78; // bits reversed

using Table = std::array<std::uint32_t, 256>;

constexpr std::uint32_t stepByte(std::uint32_t state)
{
    for (int bit = 0; bit < 8; ++bit)
        state = (state >> 1) ^ ((state & 1) != 0 ? kPolynomial : 0);
    return state;
}

constexpr Table makeTable()
{
    Table table {};
    for (std::uint32_t i = 0; i < table.size(); ++i)
        table[i] = stepByte(i);
    return table;
}

constexpr Table kTable = makeTable();

std::uint32_t byteWise(std::uint32_t state, const unsigned char* bytes, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i)
        state = (state >> 8) ^ kTable[(state ^ bytes[i]) & 0xff];
    return state;
}

#if SHARDSCOPE_CRC_X86

constexpr std::size_t kPart = 4096; ///< bytes of each of the three parts

/// What a state becomes when kPart zero bytes follow. That is linear in the state's bits, so one
/// table for each of its bytes tells it.
struct Shift {
    std::array<Table, 4> of {};

    Shift()
    {
        for (std::size_t byte = 0; byte < of.size(); ++byte)
            for (std::uint32_t value = 0; value < 256; ++value) {
                std::uint32_t state = value << (8 * byte);
                for (std::size_t i = 0; i < kPart; ++i)
                    state = (state >> 8) ^ kTable[state & 0xff];
                of[byte][value] = state;
            }
    }
    [[nodiscard]] std::uint32_t operator()(std::uint32_t state) const
    {
        return of[0][state & 0xff] ^ of[1][state >> 8 & 0xff] ^ of[2][state >> 16 & 0xff]
            ^ of[3][state >> 24];
    }
};

std::uint64_t wordAt(const unsigned char* bytes)
{
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

__attribute__((target("sse4.2"))) std::uint32_t
withSse(std::uint32_t state, const unsigned char* bytes, std::size_t size)
{
    static const Shift shift;
    for (; size >= 3 * kPart; bytes += 3 * kPart, size -= 3 * kPart) {
        std::uint64_t a = state, b = 0, c = 0;
        for (std::size_t i = 0; i < kPart; i += 8) {
            a = _mm_crc32_u64(a, wordAt(bytes + i));
            b = _mm_crc32_u64(b, wordAt(bytes + kPart + i));
            c = _mm_crc32_u64(c, wordAt(bytes + 2 * kPart + i));
        }
        const std::uint32_t ab
            = shift(static_cast<std::uint32_t>(a)) ^ static_cast<std::uint32_t>(b);
        state = shift(ab) ^ static_cast<std::uint32_t>(c);
    }
    std::uint64_t wide = state;
    for (; size >= 8; bytes += 8, size -= 8)
        wide = _mm_crc32_u64(wide, wordAt(bytes));
    state = static_cast<std::uint32_t>(wide);
    for (; size > 0; ++bytes, --size)
        state = _mm_crc32_u8(state, *bytes);
    return state;
}

#endif

} // namespace

std::uint32_t crc32c(const void* bytes, std::size_t size, std::uint32_t seed)
{
    const auto* at = static_cast<const unsigned char*>(bytes);
#if SHARDSCOPE_CRC_X86
    static const bool sse = __builtin_cpu_supports("sse4.2") != 0;
    if (sse)
        return ~withSse(~seed, at, size);
#endif
    return ~byteWise(~seed, at, size);
}

} // namespace shardscope
