#include "core/base/md5.h"

#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "core/base/md5_steps.h"

namespace shardscope {

namespace {

using namespace md5detail;
using State = std::array<std::uint32_t, 4>;

std::uint32_t littleEndian(std::uint32_t x)
{
    return std::endian::native == std::endian::little ? x : __builtin_bswap32(x);
}

template <int Step> inline void step(State& s, const std::uint32_t* words)
{
    constexpr std::size_t a = (64 - Step) % 4;
    const std::uint32_t b = s[(a + 1) % 4], c = s[(a + 2) % 4], d = s[(a + 3) % 4];
    std::uint32_t sum = s[a] + words[wordOf(Step)] + kSine[Step];
    if constexpr (Step < 16)
        sum += d ^ (b & (c ^ d));
    else if constexpr (Step < 32)
        // The two halves have no bit in common, so they may be added one after the other:
        // that keeps b, the newest value, out of all but one of the additions' way.
        sum = (sum + (c & ~d)) + (b & d);
    else if constexpr (Step < 48)
        sum += b ^ (c ^ d);
    else
        sum += c ^ (b | ~d);
    s[a] = b + std::rotl(sum, turnOf(Step));
}

template <int... Step>
inline void steps(State& s, const std::uint32_t* words, std::integer_sequence<int, Step...>)
{
    (step<Step>(s, words), ...);
}

void compress(State& state, const char* block)
{
    std::array<std::uint32_t, 16> words;
    std::memcpy(words.data(), block, 64);
    for (auto& w : words)
        w = littleEndian(w);
    State s = state;
    steps(s, words.data(), std::make_integer_sequence<int, 64> {});
    for (std::size_t i = 0; i < 4; ++i)
        state[i] += s[i];
}

} // namespace

HashKey md5(std::string_view key)
{
    State state {kStart[0], kStart[1], kStart[2], kStart[3]};
    std::size_t done = 0;
    for (; key.size() - done >= 64; done += 64)
        compress(state, key.data() + done);

    // The rest, a one bit, zeros, and the length in bits: one block or two.
    std::array<char, 128> tail {};
    const std::size_t rest = key.size() - done;
    if (rest != 0)
        std::memcpy(tail.data(), key.data() + done, rest);
    tail[rest] = static_cast<char>(0x80);
    const std::size_t size = rest <= kOneBlock ? 64 : 128;
    std::uint64_t bits = std::uint64_t {key.size()} * 8;
    for (std::size_t i = 0; i < 8; ++i, bits >>= 8)
        tail[size - 8 + i] = static_cast<char>(bits & 0xff);
    for (std::size_t at = 0; at < size; at += 64)
        compress(state, tail.data() + at);

    const auto word = [&](std::size_t i) { return std::uint64_t {__builtin_bswap32(state[i])}; };
    return HashKey::fromWords(word(0) << 32 | word(1), word(2) << 32 | word(3));
}

} // namespace shardscope
