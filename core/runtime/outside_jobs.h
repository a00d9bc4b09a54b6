#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/units.h"
#include "core/consumers/outside.h"

namespace shardscope {

/// **Thread-safe.** Does what readers want done outside: calls functions by HTTP or by command,
/// writes objects into folders and to S3-compatible endpoints. Some at once, each on a thread.
///
/// The answers stand in a journal by the job's id, so that a world that goes back in time, or a
/// copy of it, meets the same answers and nothing is done twice. The journal is bounded: what was
/// forgotten is done again.
class OutsideJobs final : public Outside {
public:
    enum class Answers {
        Waited, ///< virtual time: answer() returns when there is one
        WhenThere, ///< real time
    };
    struct Options {
        Answers answers = Answers::Waited;
        int atOnce = 16; ///< jobs, and so threads; >= 1
        Bytes journalMost = 256_MiB; ///< payloads of answers that are kept
    };
    explicit OutsideJobs(Options options);
    /// Ends what is under way: commands are killed, transfers are broken off.
    ~OutsideJobs() override;
    OutsideJobs(const OutsideJobs&) = delete;
    OutsideJobs& operator=(const OutsideJobs&) = delete;

    void begin(std::uint64_t id, OutsideJob job) override;
    [[nodiscard]] std::optional<OutsideAnswer> answer(std::uint64_t id) override;
    /// Returns when nothing is under way or waits to begin, and no later than after `atMost`.
    void finish(std::chrono::milliseconds atMost);

private:
    void run();
    void forgetOldest();

    const Options m_options;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    /// By m_mutex; empty answers are of what is under way.
    std::map<std::uint64_t, std::optional<OutsideAnswer>> m_journal;
    std::deque<std::uint64_t> m_answered; ///< by m_mutex, oldest first
    Bytes m_journalBytes = 0; ///< by m_mutex
    std::deque<std::pair<std::uint64_t, OutsideJob>> m_waiting; ///< by m_mutex
    int m_idle = 0; ///< by m_mutex: threads that wait
    bool m_stop = false; ///< by m_mutex, and read by transfers under way
    std::vector<std::thread> m_threads; ///< by m_mutex
};

} // namespace shardscope
