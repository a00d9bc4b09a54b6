#include "core/base/base64_paths.h"

#if SHARDSCOPE_BASE64_X86

// The intrinsics of g++ 12 read a register that they call undefined, and the compiler tells us so.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include <algorithm>
#include <immintrin.h>

#define SHARDSCOPE_AVX2 __attribute__((target("avx2")))
#define SHARDSCOPE_AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi")))

// The lookups by nibbles (AVX2) and by a table in two registers (AVX-512 VBMI) are those of
// W. Muła and D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions" (2018) and
// "Base64 encoding and decoding at almost the speed of a memory copy" (2020).
namespace shardscope::base64detail {
namespace {

/// In every four bytes: six bits of each become 24 bits, least significant byte first.
SHARDSCOPE_AVX2 __m256i gather24(__m256i sixes)
{
    const __m256i twelves = _mm256_maddubs_epi16(sixes, _mm256_set1_epi32(0x01400140));
    return _mm256_madd_epi16(twelves, _mm256_set1_epi32(0x00011000));
}

SHARDSCOPE_AVX512 __m512i gather24(__m512i sixes)
{
    const __m512i twelves = _mm512_maddubs_epi16(sixes, _mm512_set1_epi32(0x01400140));
    return _mm512_madd_epi16(twelves, _mm512_set1_epi32(0x00011000));
}

SHARDSCOPE_AVX2 __m256i twice(__m128i half)
{
    return _mm256_broadcastsi128_si256(half);
}

/// Where the bytes of 16 dwords of 24 bits go, most significant byte first: 48 of 64.
struct Places {
    alignas(64) std::array<std::uint8_t, 64> at {};
};
constexpr Places kPack = [] {
    Places p;
    for (std::size_t i = 0; i < 48; ++i)
        p.at[i] = static_cast<std::uint8_t>(i / 3 * 4 + 2 - i % 3);
    return p;
}();
/// Of every three bytes b0 b1 b2 the dword b1 b0 b2 b1, from which all four sixes can be shifted.
constexpr Places kSpread = [] {
    Places p;
    for (std::size_t i = 0; i < 16; ++i)
        for (std::size_t j = 0; j < 4; ++j)
            p.at[4 * i + j] = static_cast<std::uint8_t>(3 * i + (j == 1 ? 0 : j == 2 ? 2 : 1));
    return p;
}();

} // namespace

SHARDSCOPE_AVX2 Base64Run decodeAvx2(const char* text, std::size_t size, char* out)
{
    const __m256i low = twice(_mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                                            0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a));
    const __m256i high = twice(_mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10,
                                             0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10));
    const __m256i roll
        = twice(_mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0));
    const __m256i pack
        = twice(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
    const __m256i join = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7);
    const __m256i nibble = _mm256_set1_epi8(0x0f);
    Base64Run run;
    for (; run.chars + 32 <= size; run.chars += 32, run.bytes += 24) {
        const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + run.chars));
        const __m256i upper = _mm256_and_si256(_mm256_srli_epi32(v, 4), nibble);
        const __m256i lower = _mm256_and_si256(v, nibble);
        if (!_mm256_testz_si256(_mm256_shuffle_epi8(low, lower), _mm256_shuffle_epi8(high, upper)))
            break;
        const __m256i slash = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('/'));
        const __m256i sixes
            = _mm256_add_epi8(v, _mm256_shuffle_epi8(roll, _mm256_add_epi8(slash, upper)));
        const __m256i packed
            = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(gather24(sixes), pack), join);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + run.bytes), packed);
    }
    const Base64Run rest = decodeScalar(text + run.chars, size - run.chars, out + run.bytes);
    return {run.chars + rest.chars, run.bytes + rest.bytes};
}

SHARDSCOPE_AVX512 Base64Run decodeAvx512(const char* text, std::size_t size, char* out)
{
    const __m512i low = _mm512_loadu_si512(kValues.data());
    const __m512i high = _mm512_loadu_si512(kValues.data() + 64);
    const __m512i pack = _mm512_load_si512(kPack.at.data());
    Base64Run run;
    while (true) {
        const std::size_t left = size - run.chars;
        // Characters behind the end read as zero, which is no letter.
        const __m512i v = left >= 64
            ? _mm512_loadu_si512(text + run.chars)
            : _mm512_maskz_loadu_epi8((std::uint64_t {1} << left) - 1, text + run.chars);
        const __m512i sixes = _mm512_permutex2var_epi8(low, v, high);
        // The table sees seven bits; the eighth is looked at in the character itself.
        const std::uint64_t bad = _mm512_movepi8_mask(_mm512_or_si512(sixes, v));
        const __m512i packed = _mm512_permutexvar_epi8(pack, gather24(sixes));
        _mm512_storeu_si512(out + run.bytes, packed);
        if (bad != 0) {
            const auto good = static_cast<std::size_t>(__builtin_ctzll(bad)) / 4;
            return {run.chars + good * 4, run.bytes + good * 3};
        }
        run.chars += 64;
        run.bytes += 48;
    }
}

SHARDSCOPE_AVX2 std::size_t encodeAvx2(const char* bytes, std::size_t size, char* out)
{
    const __m256i spread = twice(_mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
    const __m256i shift = twice(_mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                              '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                              '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0));
    std::size_t done = 0;
    for (; done + 28 <= size; done += 24, out += 32) {
        const auto half = [&](std::size_t at) __attribute__((target("avx2")))
        {
            return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + done + at));
        };
        const __m256i v = _mm256_shuffle_epi8(_mm256_set_m128i(half(12), half(0)), spread);
        const __m256i odd = _mm256_mulhi_epu16(_mm256_and_si256(v, _mm256_set1_epi32(0x0fc0fc00)),
                                               _mm256_set1_epi32(0x04000040));
        const __m256i even = _mm256_mullo_epi16(_mm256_and_si256(v, _mm256_set1_epi32(0x003f03f0)),
                                                _mm256_set1_epi32(0x01000010));
        const __m256i sixes = _mm256_or_si256(odd, even);
        const __m256i capital = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), sixes);
        const __m256i kind = _mm256_or_si256(_mm256_subs_epu8(sixes, _mm256_set1_epi8(51)),
                                             _mm256_and_si256(capital, _mm256_set1_epi8(13)));
        const __m256i letters = _mm256_add_epi8(_mm256_shuffle_epi8(shift, kind), sixes);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), letters);
    }
    return done;
}

SHARDSCOPE_AVX512 std::size_t encodeAvx512(const char* bytes, std::size_t size, char* out)
{
    const __m512i letters = _mm512_loadu_si512(kLetters);
    const __m512i spread = _mm512_load_si512(kSpread.at.data());
    const __m512i shifts = _mm512_set1_epi64(0x3036242a1016040a);
    const auto encode = [&](__m512i v) __attribute__((target("avx512f,avx512bw,avx512vbmi")))
    {
        const __m512i sixes
            = _mm512_multishift_epi64_epi8(shifts, _mm512_permutexvar_epi8(spread, v));
        return _mm512_permutexvar_epi8(sixes, letters);
    };
    std::size_t done = 0;
    for (; done + 64 <= size; done += 48, out += 64)
        _mm512_storeu_si512(out, encode(_mm512_loadu_si512(bytes + done)));
    while (size - done >= 3) {
        const std::size_t part = std::min<std::size_t>(size - done, 48) / 3 * 3;
        const auto in = (std::uint64_t {1} << part) - 1;
        const std::size_t chars = part / 3 * 4;
        const auto written = chars == 64 ? ~std::uint64_t {0} : (std::uint64_t {1} << chars) - 1;
        _mm512_mask_storeu_epi8(out, written, encode(_mm512_maskz_loadu_epi8(in, bytes + done)));
        done += part;
        out += chars;
    }
    return done;
}

} // namespace shardscope::base64detail

#endif
