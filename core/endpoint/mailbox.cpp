#include "core/endpoint/mailbox.h"

#include <utility>

namespace shardscope::endpoint {

namespace {
thread_local const Mailbox* t_own = nullptr;
}

void Mailbox::adopt() const
{
    t_own = this;
}

void Mailbox::put(std::function<void()> task)
{
    if (t_own == this) {
        task();
        return;
    }
    const std::lock_guard lock(m_mutex);
    if (m_closed)
        return;
    m_tasks.push_back(std::move(task));
    // Under the lock, so that close() returns only when no wake-up is on its way any more.
    if (m_tasks.size() == 1)
        m_wake();
}

void Mailbox::runAll()
{
    {
        const std::lock_guard lock(m_mutex);
        m_running.swap(m_tasks);
    }
    for (const auto& task : m_running) {
        try {
            task();
        } catch (...) {
            // What a task of the API throws ends that task alone.
        }
    }
    m_running.clear();
}

void Mailbox::close()
{
    // Tasks hold exchanges and more; declared first, they end after the lock.
    std::vector<std::function<void()>> dropped;
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    dropped.swap(m_tasks);
}

} // namespace shardscope::endpoint
