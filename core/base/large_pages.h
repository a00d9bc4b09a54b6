#pragma once

#include <cstddef>

namespace shardscope {

/// Memory that asks the system for pages of 2 MiB when it is large enough to fill some: a table
/// that is looked up all over then needs no walk through the page tables for every look. Throws
/// std::bad_alloc.
[[nodiscard]] void* takeLargePages(std::size_t bytes);
void dropLargePages(void* memory) noexcept;

/// An allocator for standard containers of such memory.
template <typename T> struct LargePages {
    using value_type = T;

    LargePages() = default;
    template <typename Other> LargePages(const LargePages<Other>& /*other*/) noexcept { }
    [[nodiscard]] T* allocate(std::size_t count)
    {
        return static_cast<T*>(takeLargePages(count * sizeof(T)));
    }
    void deallocate(T* memory, std::size_t /*count*/) noexcept { dropLargePages(memory); }
    friend bool operator==(const LargePages&, const LargePages&) { return true; }
};

} // namespace shardscope
