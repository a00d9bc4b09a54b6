#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/result.h"
#include "core/clock/sim_time.h"
#include "core/storage/write_behind.h"

namespace shardscope {

class LogFile;

/// The writer thread: makes what logs were given durable, in groups. **Thread-safe.**
class LogCommitter {
public:
    /// A group begins `interval` after the first log of it was handed over.
    explicit LogCommitter(SimDuration interval);
    /// Tries once to make durable what is not, then ends.
    ~LogCommitter();
    LogCommitter(const LogCommitter&) = delete;
    LogCommitter& operator=(const LogCommitter&) = delete;

    using Done = std::function<void(Result<void>)>;
    /// Calls `done` once all that was published by `files`, and all handed over before, is durable
    /// or could not be made so. On the writer thread; at once when nothing waits.
    void commit(std::vector<std::shared_ptr<LogFile>> files, Done done);
    /// Has `chore` done on the writer thread, between the group under way and the next one.
    void post(std::function<void()> chore);

    [[nodiscard]] std::shared_ptr<const Error> trouble() const;

    /// For the logs' writers.
    [[nodiscard]] WriteBehind& disk() { return m_disk; }

private:
    using Clock = std::chrono::steady_clock;
    struct Group {
        std::vector<std::shared_ptr<LogFile>> files;
        std::vector<Done> waiting;
        std::vector<std::function<void()>> chores;
    };

    void run();
    void awaitWork(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] Result<void> makeDurable(std::vector<std::shared_ptr<LogFile>>& files);
    void setTrouble(const Result<void>& outcome);

    const std::chrono::microseconds m_interval;
    WriteBehind m_disk;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    Group m_next; ///< what the next group will be
    Clock::time_point m_since; ///< when the first log of it came
    bool m_busy = false; ///< a group is under way
    bool m_stop = false;
    std::atomic<bool> m_inTrouble {false};
    std::shared_ptr<const Error> m_trouble;
    Clock::time_point m_retryAt;

    std::thread m_thread;
};

} // namespace shardscope
