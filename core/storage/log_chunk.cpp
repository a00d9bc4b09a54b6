#include "core/storage/log_chunk.h"

#include <array>
#include <mutex>

#include "core/base/large_pages.h"

namespace shardscope {

namespace {

/// Large chunks that wait for their next use. Few: enough that trimming feeds appending, little
/// enough that a log that was deleted gives its memory back to the system.
class Pool {
public:
    char* take()
    {
        const std::lock_guard lock(m_mutex);
        return m_count == 0 ? nullptr : m_free[--m_count];
    }
    bool give(char* bytes)
    {
        const std::lock_guard lock(m_mutex);
        if (m_count == m_free.size())
            return false;
        m_free[m_count++] = bytes;
        return true;
    }

private:
    std::mutex m_mutex;
    std::array<char*, 48> m_free {};
    std::size_t m_count = 0;
};

Pool& pool()
{
    // Never destroyed: logs may outlive any static order.
    static Pool& instance = *new Pool;
    return instance;
}

} // namespace

std::shared_ptr<LogChunk> LogChunk::make(std::size_t size)
{
    char* bytes = size == kLarge ? pool().take() : nullptr;
    if (bytes == nullptr)
        bytes = static_cast<char*>(takeLargePages(size));
    return std::make_shared<LogChunk>(bytes, size);
}

LogChunk::~LogChunk()
{
    if (m_size != kLarge || !pool().give(m_bytes))
        dropLargePages(m_bytes);
}

} // namespace shardscope
