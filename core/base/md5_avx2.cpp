#include "core/base/md5_paths.h"

#if SHARDSCOPE_MD5_X86

#include <immintrin.h>
#include <utility>

#include "core/base/md5_steps.h"

// Everything below is compiled for AVX2; see md5_avx512.cpp.
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

namespace shardscope::md5detail {

namespace {

#define SHARDSCOPE_INLINE inline __attribute__((always_inline))

constexpr std::size_t kLanes = 8;

/// As in the wider path, with half the lanes.
template <std::size_t Sets> struct Lanes {
    __m256i state[4][Sets];
    __m256i words[16][Sets];
};

template <int Step, std::size_t Sets> SHARDSCOPE_INLINE void step(Lanes<Sets>& lanes)
{
    constexpr int a = (64 - Step) % 4;
    constexpr int word = wordOf(Step);
    constexpr int turn = turnOf(Step);
    const __m256i sine = _mm256_set1_epi32(static_cast<int>(kSine[Step]));
    const __m256i ones = _mm256_set1_epi32(-1);
#pragma GCC unroll 2
    for (std::size_t s = 0; s < Sets; ++s) {
        const __m256i b = lanes.state[(a + 1) % 4][s];
        const __m256i c = lanes.state[(a + 2) % 4][s];
        const __m256i d = lanes.state[(a + 3) % 4][s];
        __m256i sum
            = _mm256_add_epi32(lanes.state[a][s], _mm256_add_epi32(lanes.words[word][s], sine));
        if constexpr (Step < 16) {
            sum = _mm256_add_epi32(
                sum, _mm256_xor_si256(d, _mm256_and_si256(b, _mm256_xor_si256(c, d))));
        } else if constexpr (Step < 32) {
            // The halves have no bit in common, so adding them is as good as joining them.
            sum = _mm256_add_epi32(sum, _mm256_andnot_si256(d, c));
            sum = _mm256_add_epi32(sum, _mm256_and_si256(d, b));
        } else if constexpr (Step < 48) {
            sum = _mm256_add_epi32(sum, _mm256_xor_si256(b, _mm256_xor_si256(c, d)));
        } else {
            sum = _mm256_add_epi32(
                sum, _mm256_xor_si256(c, _mm256_or_si256(b, _mm256_xor_si256(d, ones))));
        }
        const __m256i turned
            = _mm256_or_si256(_mm256_slli_epi32(sum, turn), _mm256_srli_epi32(sum, 32 - turn));
        lanes.state[a][s] = _mm256_add_epi32(b, turned);
    }
}

template <std::size_t Sets, int... Step>
SHARDSCOPE_INLINE void steps(Lanes<Sets>& lanes, std::integer_sequence<int, Step...>)
{
    (step<Step>(lanes), ...);
}

/// Eight rows of eight words become columns.
SHARDSCOPE_INLINE void transpose(__m256i (&r)[8])
{
    __m256i t[8];
#pragma GCC unroll 4
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
    }
#pragma GCC unroll 2
    for (int i = 0; i < 8; i += 4) {
        r[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) {
        t[k] = _mm256_permute2x128_si256(r[k], r[4 + k], 0x20);
        t[4 + k] = _mm256_permute2x128_si256(r[k], r[4 + k], 0x31);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i)
        r[i] = t[i];
}

/// Read from 64 − length on: which bytes of a block are the key's, and where the one bit goes.
struct Masks {
    unsigned char keep[128];
    unsigned char oneBit[128];
};
constexpr Masks kMasks = [] {
    Masks m {};
    for (int i = 0; i < 64; ++i)
        m.keep[i] = 0xff;
    m.oneBit[64] = 0x80;
    return m;
}();

SHARDSCOPE_INLINE __m256i loadBytes(const void* from)
{
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

template <std::size_t Sets>
SHARDSCOPE_INLINE bool load(Lanes<Sets>& lanes, std::size_t set, const char* text,
                            const std::uint32_t* offset)
{
    bool longKeys = false;
    alignas(32) std::uint32_t bits[kLanes];
    for (std::size_t half = 0; half < 2; ++half) {
        __m256i rows[8];
#pragma GCC unroll 8
        for (std::size_t i = 0; i < kLanes; ++i) {
            std::uint32_t length = offset[i + 1] - offset[i];
            longKeys |= length > kOneBlock;
            length = length <= kOneBlock ? length : 0;
            bits[i] = length * 8;
            const std::size_t mask = 64 - length + 32 * half;
            rows[i] = _mm256_or_si256(_mm256_and_si256(loadBytes(text + offset[i] + 32 * half),
                                                       loadBytes(kMasks.keep + mask)),
                                      loadBytes(kMasks.oneBit + mask));
        }
        transpose(rows);
#pragma GCC unroll 8
        for (std::size_t w = 0; w < 8; ++w)
            lanes.words[8 * half + w][set] = rows[w];
    }
    lanes.words[14][set] = loadBytes(bits);
    return longKeys;
}

SHARDSCOPE_INLINE void store(__m256i upper, __m256i lower, std::uint64_t* to)
{
    const __m256i swap = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
    upper = _mm256_shuffle_epi8(upper, swap);
    lower = _mm256_shuffle_epi8(lower, swap);
    const __m256i even = _mm256_unpacklo_epi32(lower, upper);
    const __m256i odd = _mm256_unpackhi_epi32(lower, upper);
    auto* out = reinterpret_cast<__m256i*>(to);
    _mm256_storeu_si256(out, _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256(out + 1, _mm256_permute2x128_si256(even, odd, 0x31));
}

template <std::size_t Sets>
bool hash(const char* text, const std::uint32_t* offset, std::uint64_t* high, std::uint64_t* low)
{
    Lanes<Sets> lanes;
    bool longKeys = false;
#pragma GCC unroll 2
    for (std::size_t s = 0; s < Sets; ++s) {
        longKeys |= load(lanes, s, text, offset + s * kLanes);
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i)
            lanes.state[i][s] = _mm256_set1_epi32(static_cast<int>(kStart[i]));
    }
    steps(lanes, std::make_integer_sequence<int, 64> {});
#pragma GCC unroll 2
    for (std::size_t s = 0; s < Sets; ++s) {
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i)
            lanes.state[i][s] = _mm256_add_epi32(lanes.state[i][s],
                                                 _mm256_set1_epi32(static_cast<int>(kStart[i])));
        store(lanes.state[0][s], lanes.state[1][s], high + s * kLanes);
        store(lanes.state[2][s], lanes.state[3][s], low + s * kLanes);
    }
    return longKeys;
}

} // namespace

bool batchAvx2(const char* text, const std::uint32_t* offset, std::size_t size, std::uint64_t* high,
               std::uint64_t* low)
{
    bool longKeys = false;
    std::size_t done = 0;
    for (; size - done >= 2 * kLanes; done += 2 * kLanes)
        longKeys |= hash<2>(text, offset + done, high + done, low + done);
    for (; done < size; done += kLanes) {
        // The last lanes stay empty where there are no more keys.
        std::uint32_t rest[kLanes + 1];
        std::uint64_t restHigh[kLanes], restLow[kLanes];
        for (std::size_t i = 0; i <= kLanes; ++i)
            rest[i] = offset[done + i < size ? done + i : size];
        longKeys |= hash<1>(text, rest, restHigh, restLow);
        for (std::size_t i = 0; i < kLanes && done + i < size; ++i) {
            high[done + i] = restHigh[i];
            low[done + i] = restLow[i];
        }
    }
    return longKeys;
}

#undef SHARDSCOPE_INLINE

} // namespace shardscope::md5detail

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
