#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace shardscope {

/// **Thread-safe.** A bounded queue from many writers to one reader, who takes all there is at
/// once.
template <typename T> class Inbox {
public:
    /// `most` > 0 values may wait.
    explicit Inbox(std::size_t most)
        : m_most(most)
    {
    }

    /// False when the inbox is full or closed; `value` is then untouched.
    [[nodiscard]] bool put(T&& value)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_closed || m_values.size() >= m_most)
                return false;
            m_values.push_back(std::move(value));
        }
        m_filled.notify_one();
        return true;
    }

    /// Everything that waits, oldest first.
    [[nodiscard]] std::vector<T> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_values, {});
    }

    /// Returns when something waits, when the inbox is closed, or after `timeout`.
    void wait(std::chrono::duration<double> timeout)
    {
        std::unique_lock lock(m_mutex);
        m_filled.wait_for(lock, timeout, [this] { return m_closed || !m_values.empty(); });
    }
    /// Returns when something waits or the inbox is closed.
    void wait()
    {
        std::unique_lock lock(m_mutex);
        m_filled.wait(lock, [this] { return m_closed || !m_values.empty(); });
    }

    /// Refuses everything from now on and wakes the reader.
    void close()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_closed = true;
        }
        m_filled.notify_all();
    }
    [[nodiscard]] bool closed() const
    {
        const std::lock_guard lock(m_mutex);
        return m_closed;
    }

private:
    const std::size_t m_most;
    mutable std::mutex m_mutex;
    std::condition_variable m_filled;
    std::vector<T> m_values;
    bool m_closed = false;
};

} // namespace shardscope
