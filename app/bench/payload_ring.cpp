#include "app/bench/payload_ring.h"

#include <cstdlib>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "core/base/check.h"

namespace shardscope {

namespace {

constexpr std::size_t kPage = std::size_t {2} << 20;
constexpr std::size_t kSources = 8;
/// Sources and targets differ in their place within 4 KiB, else a load waits for the store before.
constexpr std::size_t kSourceStep = 1'024 + 192;

#if defined(__x86_64__)
void streamNarrow(char* to, const char* from, std::size_t size)
{
    for (std::size_t i = 0; i < size; i += 16)
        _mm_stream_si128(reinterpret_cast<__m128i*>(to + i),
                         _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i)));
}

__attribute__((target("avx512f"))) void streamWide(char* to, const char* from, std::size_t size)
{
    for (std::size_t i = 0; i < size; i += 64)
        _mm512_stream_si512(reinterpret_cast<__m512i*>(to + i), _mm512_loadu_si512(from + i));
}
#endif

} // namespace

PayloadRing::PayloadRing(std::size_t bytes)
    : m_size(bytes)
    , m_ring(static_cast<char*>(std::aligned_alloc(kPage, bytes)))
    , m_pool(kSources * kSourceStep + 64 + 4'096, 'x')
{
    SHARDSCOPE_CHECK(m_ring != nullptr && bytes % kPage == 0);
#ifdef __linux__
    madvise(m_ring, bytes, MADV_HUGEPAGE);
#endif
    std::memset(m_ring, 1, bytes);
}

PayloadRing::~PayloadRing()
{
    std::free(m_ring);
}

char* PayloadRing::next(std::size_t size)
{
    char* to = m_ring + m_at;
    m_at = m_at + size == m_size ? 0 : m_at + size;
    return to;
}

const char* PayloadRing::source()
{
    m_turn = (m_turn + 1) % kSources;
    return m_pool.data() + m_turn * kSourceStep;
}

void PayloadRing::stream(std::size_t size)
{
#if defined(__x86_64__)
    static const bool wide = __builtin_cpu_supports("avx512f");
    (wide ? streamWide : streamNarrow)(next(size), source(), size);
#else
    copy(size);
#endif
}

void PayloadRing::copy(std::size_t size)
{
    std::memcpy(next(size), source(), size);
}

} // namespace shardscope
