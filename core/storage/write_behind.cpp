#include "core/storage/write_behind.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/large_pages.h"

namespace shardscope {

WriteBehind::WriteBehind() = default;

WriteBehind::~WriteBehind()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

std::span<char> WriteBehind::buffer()
{
    Buffer& filling = m_buffers[m_filling];
    if (filling.size == 0)
        grow(kBufferBytes, 0);
    return {filling.bytes.get(), filling.size};
}

void WriteBehind::grow(std::size_t bytes, std::size_t keep)
{
    Buffer& filling = m_buffers[m_filling];
    Buffer larger {{static_cast<char*>(takeLargePages(bytes)), dropLargePages}, bytes};
    if (keep > 0)
        std::memcpy(larger.bytes.get(), filling.bytes.get(), keep);
    filling = std::move(larger);
}

Result<void> WriteBehind::writeBehind(File& file, std::uint64_t offset, std::size_t size)
{
    if (auto ok = finish(); !ok)
        return ok;
    const std::lock_guard lock(m_mutex);
    if (!m_thread.joinable())
        m_thread = std::thread([this] { run(); });
    m_file = &file;
    m_offset = offset;
    m_bytes = {m_buffers[m_filling].bytes.get(), size};
    m_filling = 1 - m_filling;
    m_changed.notify_all();
    return {};
}

Result<void> WriteBehind::writeNow(File& file, std::uint64_t offset, std::size_t size)
{
    if (auto ok = finish(); !ok)
        return ok;
    return file.writeFully(offset, {m_buffers[m_filling].bytes.get(), size});
}

Result<void> WriteBehind::finish()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_file == nullptr; });
    return std::exchange(m_outcome, {});
}

void WriteBehind::run()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_stop || m_file != nullptr; });
        if (m_file == nullptr)
            return;
        lock.unlock();
        auto outcome = m_file->writeFully(m_offset, m_bytes);
        lock.lock();
        m_outcome = std::move(outcome);
        m_file = nullptr;
        m_changed.notify_all();
    }
}

} // namespace shardscope
