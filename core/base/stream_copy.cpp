#include "core/base/stream_copy.h"

#include <cstdint>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define SHARDSCOPE_STREAM_X86 1
#else
#define SHARDSCOPE_STREAM_X86 0
#endif

namespace shardscope {

#if SHARDSCOPE_STREAM_X86

namespace {

constexpr std::size_t kLine = 64;
/// Below this the lines at both ends, which go the usual way, are too large a part.
constexpr std::size_t kLeast = 512;

void streamLines(char* to, const char* from, std::size_t size)
{
    for (std::size_t i = 0; i < size; i += 16)
        _mm_stream_si128(reinterpret_cast<__m128i*>(to + i),
                         _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i)));
}

__attribute__((target("avx512f"))) void streamLinesWide(char* to, const char* from,
                                                        std::size_t size)
{
    for (std::size_t i = 0; i < size; i += kLine)
        _mm512_stream_si512(reinterpret_cast<__m512i*>(to + i), _mm512_loadu_si512(from + i));
}

} // namespace

void streamCopy(char* to, const char* from, std::size_t size)
{
    if (size < kLeast) {
        std::memcpy(to, from, size);
        return;
    }
    static const bool wide = __builtin_cpu_supports("avx512f") != 0;
    const std::size_t front = (kLine - reinterpret_cast<std::uintptr_t>(to) % kLine) % kLine;
    const std::size_t lines = (size - front) / kLine * kLine;
    std::memcpy(to, from, front);
    (wide ? streamLinesWide : streamLines)(to + front, from + front, lines);
    std::memcpy(to + front + lines, from + front + lines, size - front - lines);
}

void streamFence()
{
    _mm_sfence();
}

#else

void streamCopy(char* to, const char* from, std::size_t size)
{
    std::memcpy(to, from, size);
}

void streamFence() { }

#endif

} // namespace shardscope
