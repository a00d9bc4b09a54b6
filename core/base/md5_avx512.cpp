#include "core/base/md5_paths.h"

#if SHARDSCOPE_MD5_X86

// The intrinsics of g++ 12 read a register that they call undefined, and the compiler tells us so.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include <immintrin.h>
#include <utility>

#include "core/base/md5_steps.h"

// Everything below is compiled for AVX-512; it is called only where md5Paths() found it. No
// standard library function may be instantiated here, or one that needs AVX-512 could be linked
// into code that must run anywhere.
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq"))),        \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq")
#endif

namespace shardscope::md5detail {

namespace {

#define SHARDSCOPE_INLINE inline __attribute__((always_inline))

constexpr std::size_t kLanes = 16;

/// 16 digests side by side, one word of each in a register; `Sets` such groups take turns so that
/// one group's additions fill the time in which the others wait for theirs.
template <std::size_t Sets> struct Lanes {
    __m512i state[4][Sets];
    __m512i words[16][Sets];
};

template <int Step, std::size_t Sets> SHARDSCOPE_INLINE void step(Lanes<Sets>& lanes)
{
    constexpr int a = (64 - Step) % 4;
    constexpr int word = wordOf(Step);
    constexpr int turn = turnOf(Step);
    // What is chosen from b, c and d, as a truth table with b as the highest bit.
    constexpr int table = Step < 16 ? 0xca : Step < 32 ? 0xe4 : Step < 48 ? 0x96 : 0x39;
    const __m512i sine = _mm512_set1_epi32(static_cast<int>(kSine[Step]));
#pragma GCC unroll 4
    for (std::size_t s = 0; s < Sets; ++s) {
        const __m512i b = lanes.state[(a + 1) % 4][s];
        const __m512i mixed = _mm512_ternarylogic_epi32(b, lanes.state[(a + 2) % 4][s],
                                                        lanes.state[(a + 3) % 4][s], table);
        const __m512i sum = _mm512_add_epi32(
            _mm512_add_epi32(lanes.state[a][s], _mm512_add_epi32(lanes.words[word][s], sine)),
            mixed);
        lanes.state[a][s] = _mm512_add_epi32(b, _mm512_rol_epi32(sum, turn));
    }
}

template <std::size_t Sets, int... Step>
SHARDSCOPE_INLINE void steps(Lanes<Sets>& lanes, std::integer_sequence<int, Step...>)
{
    (step<Step>(lanes), ...);
}

/// Rows of 16 words become columns.
SHARDSCOPE_INLINE void transpose(__m512i (&r)[16])
{
    __m512i t[16];
#pragma GCC unroll 16
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 16; i += 4) {
        r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    // r[4g + k] holds words k, k+4, k+8, k+12 of rows 4g … 4g+3.
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) {
        t[k] = _mm512_shuffle_i32x4(r[k], r[4 + k], 0x88);
        t[4 + k] = _mm512_shuffle_i32x4(r[k], r[4 + k], 0xdd);
        t[8 + k] = _mm512_shuffle_i32x4(r[8 + k], r[12 + k], 0x88);
        t[12 + k] = _mm512_shuffle_i32x4(r[8 + k], r[12 + k], 0xdd);
    }
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) {
        r[k] = _mm512_shuffle_i32x4(t[k], t[8 + k], 0x88);
        r[4 + k] = _mm512_shuffle_i32x4(t[4 + k], t[12 + k], 0x88);
        r[8 + k] = _mm512_shuffle_i32x4(t[k], t[8 + k], 0xdd);
        r[12 + k] = _mm512_shuffle_i32x4(t[4 + k], t[12 + k], 0xdd);
    }
}

/// Loads 16 keys, each with its one bit behind it, and turns them into words. Keys of more than one
/// block are loaded as empty ones; says whether there are any.
template <std::size_t Sets>
SHARDSCOPE_INLINE bool load(Lanes<Sets>& lanes, std::size_t set, const char* text,
                            const std::uint32_t* offset)
{
    __m512i rows[16];
    const __m512i oneBit = _mm512_set1_epi8(static_cast<char>(0x80));
#pragma GCC unroll 16
    for (std::size_t i = 0; i < kLanes; ++i) {
        const std::uint32_t length = offset[i + 1] - offset[i];
        const std::uint64_t mask
            = length <= kOneBlock ? (std::uint64_t {1} << (length & 63)) - 1 : 0;
        rows[i] = _mm512_mask_mov_epi8(_mm512_maskz_loadu_epi8(mask, text + offset[i]), mask + 1,
                                       oneBit);
    }
    transpose(rows);
#pragma GCC unroll 16
    for (std::size_t w = 0; w < 16; ++w)
        lanes.words[w][set] = rows[w];
    // The length in bits; no key here is long enough for the upper word.
    const __m512i lengths
        = _mm512_sub_epi32(_mm512_loadu_si512(offset + 1), _mm512_loadu_si512(offset));
    const __mmask16 fits
        = _mm512_cmple_epu32_mask(lengths, _mm512_set1_epi32(static_cast<int>(kOneBlock)));
    lanes.words[14][set] = _mm512_maskz_slli_epi32(fits, lengths, 3);
    return fits != 0xffff;
}

/// Two words of each digest become one big-endian number of 64 bits.
SHARDSCOPE_INLINE void store(__m512i upper, __m512i lower, std::uint64_t* to)
{
    const __m512i swap = _mm512_broadcast_i32x4(
        _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
    upper = _mm512_shuffle_epi8(upper, swap);
    lower = _mm512_shuffle_epi8(lower, swap);
    const __m512i firstHalf
        = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const __m512i secondHalf
        = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    _mm512_storeu_si512(to, _mm512_permutex2var_epi32(lower, firstHalf, upper));
    _mm512_storeu_si512(to + 8, _mm512_permutex2var_epi32(lower, secondHalf, upper));
}

template <std::size_t Sets>
bool hash(const char* text, const std::uint32_t* offset, std::uint64_t* high, std::uint64_t* low)
{
    Lanes<Sets> lanes;
    bool longKeys = false;
#pragma GCC unroll 4
    for (std::size_t s = 0; s < Sets; ++s) {
        longKeys |= load(lanes, s, text, offset + s * kLanes);
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i)
            lanes.state[i][s] = _mm512_set1_epi32(static_cast<int>(kStart[i]));
    }
    steps(lanes, std::make_integer_sequence<int, 64> {});
#pragma GCC unroll 4
    for (std::size_t s = 0; s < Sets; ++s) {
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i)
            lanes.state[i][s] = _mm512_add_epi32(lanes.state[i][s],
                                                 _mm512_set1_epi32(static_cast<int>(kStart[i])));
        store(lanes.state[0][s], lanes.state[1][s], high + s * kLanes);
        store(lanes.state[2][s], lanes.state[3][s], low + s * kLanes);
    }
    return longKeys;
}

} // namespace

bool batchAvx512(const char* text, const std::uint32_t* offset, std::size_t size,
                 std::uint64_t* high, std::uint64_t* low)
{
    bool longKeys = false;
    std::size_t done = 0;
    for (; size - done >= 4 * kLanes; done += 4 * kLanes)
        longKeys |= hash<4>(text, offset + done, high + done, low + done);
    for (; size - done >= kLanes; done += kLanes)
        longKeys |= hash<1>(text, offset + done, high + done, low + done);
    if (done < size) {
        // The last lanes stay empty.
        std::uint32_t rest[kLanes + 1];
        std::uint64_t restHigh[kLanes], restLow[kLanes];
        for (std::size_t i = 0; i <= kLanes; ++i)
            rest[i] = offset[done + i < size ? done + i : size];
        longKeys |= hash<1>(text, rest, restHigh, restLow);
        for (std::size_t i = 0; done + i < size; ++i) {
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
