#pragma once

#include <functional>
#include <mutex>
#include <vector>

namespace shardscope::endpoint {

/// **Thread-safe.** Tasks for one network thread, from any other. Many that come before the thread
/// looks cost one wake-up. Outlives the server for as long as an Exchange knows it.
class Mailbox {
public:
    /// `wake` asks the thread to call runAll() soon; called from any thread, never twice before
    /// runAll() has begun.
    explicit Mailbox(std::function<void()> wake)
        : m_wake(std::move(wake))
    {
    }

    /// Runs `task` at once on the mailbox's own thread, later there from any other, and drops it
    /// when the mailbox is closed.
    void put(std::function<void()> task);

    /// Says that the calling thread is the mailbox's own from now on.
    void adopt() const;
    /// On its own thread: runs all that waits.
    void runAll();
    /// Drops what waits and what will come.
    void close();

private:
    const std::function<void()> m_wake;
    std::mutex m_mutex;
    std::vector<std::function<void()>> m_tasks;
    std::vector<std::function<void()>> m_running; ///< its own thread's; keeps its memory
    bool m_closed = false;
};

} // namespace shardscope::endpoint
