#include "core/storage/log_block.h"

#include <mutex>
#include <new>
#include <vector>

#include "core/base/large_pages.h"

namespace shardscope {

namespace {

constexpr std::size_t kSlabBytes = std::size_t {2} << 20;
constexpr std::size_t kGroup = 32; ///< blocks that change hands at once

struct FreeList {
    LogBlock* first = nullptr;
    std::size_t size = 0;

    void push(LogBlock* block)
    {
        block->nextFree = first;
        first = block;
        ++size;
    }
    LogBlock* pop()
    {
        LogBlock* block = first;
        first = block->nextFree;
        if (first != nullptr)
            __builtin_prefetch(&first->nextFree);
        --size;
        return block;
    }
};

/// What the threads share.
class Depot {
public:
    void fill(FreeList& list)
    {
        const std::lock_guard lock(m_mutex);
        if (m_free.size < kGroup)
            addSlab();
        while (list.size < kGroup)
            list.push(m_free.pop());
    }
    void drain(FreeList& list, std::size_t keep)
    {
        const std::lock_guard lock(m_mutex);
        while (list.size > keep)
            m_free.push(list.pop());
    }
    std::size_t memory()
    {
        const std::lock_guard lock(m_mutex);
        return m_slabs.size() * kSlabBytes;
    }

private:
    void addSlab()
    {
        void* slab = takeLargePages(kSlabBytes);
        m_slabs.push_back(slab);
        auto* bytes = static_cast<std::byte*>(slab);
        // Backwards, so that blocks are handed out in the order of their addresses.
        for (std::size_t i = kSlabBytes / sizeof(LogBlock); i-- > 0;)
            m_free.push(new (bytes + i * sizeof(LogBlock)) LogBlock);
    }

    std::mutex m_mutex;
    FreeList m_free;
    std::vector<void*> m_slabs;
};

Depot& depot()
{
    // Never destroyed: logs may outlive any static order.
    static Depot& instance = *new Depot;
    return instance;
}

struct Cache {
    FreeList free;
    ~Cache() { depot().drain(free, 0); }
};
thread_local Cache t_cache;

} // namespace

LogBlock* takeBlock()
{
    FreeList& free = t_cache.free;
    if (free.size == 0)
        depot().fill(free);
    LogBlock* block = free.pop();
    block->holders.store(1, std::memory_order_relaxed);
    return block;
}

void holdBlock(LogBlock* block)
{
    block->holders.fetch_add(1, std::memory_order_relaxed);
}

void dropBlock(LogBlock* block)
{
    // A block of one holder cannot get another behind its back, so the usual case needs no
    // exclusive access to the line.
    if (block->holders.load(std::memory_order_acquire) != 1
        && block->holders.fetch_sub(1, std::memory_order_acq_rel) != 1)
        return;
    FreeList& free = t_cache.free;
    free.push(block);
    if (free.size >= 3 * kGroup)
        depot().drain(free, kGroup);
}

std::size_t blockMemory()
{
    return depot().memory();
}

} // namespace shardscope
