#include "core/base/large_pages.h"

#include <cstdlib>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace shardscope {

namespace {

constexpr std::size_t kLargePage = std::size_t {2} << 20;
constexpr std::size_t kCacheLine = 64;

} // namespace

void* takeLargePages(std::size_t bytes)
{
    const std::size_t page = bytes >= kLargePage ? kLargePage : kCacheLine;
    const std::size_t whole = (bytes + page - 1) / page * page;
    void* memory = std::aligned_alloc(page, whole);
    if (memory == nullptr)
        throw std::bad_alloc();
#ifdef __linux__
    // Advice only: where it is not taken, the memory serves as well, if not as fast.
    if (page == kLargePage)
        madvise(memory, whole, MADV_HUGEPAGE);
#endif
    return memory;
}

void dropLargePages(void* memory) noexcept
{
    std::free(memory);
}

} // namespace shardscope
