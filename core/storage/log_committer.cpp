#include "core/storage/log_committer.h"

#include <algorithm>
#include <utility>

#include "core/storage/log_file.h"

namespace shardscope {

namespace {

constexpr std::chrono::seconds kRetry {1};

} // namespace

LogCommitter::LogCommitter(SimDuration interval)
    : m_interval(interval.inMicros())
    , m_thread([this] { run(); })
{
}

LogCommitter::~LogCommitter()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void LogCommitter::commit(std::vector<std::shared_ptr<LogFile>> files, Done done)
{
    std::unique_lock lock(m_mutex);
    if (files.empty() && m_next.files.empty() && !m_busy) {
        lock.unlock();
        done({});
        return;
    }
    if (m_next.files.empty())
        m_since = Clock::now();
    for (auto& file : files)
        if (std::find(m_next.files.begin(), m_next.files.end(), file) == m_next.files.end())
            m_next.files.push_back(std::move(file));
    m_next.waiting.push_back(std::move(done));
    lock.unlock();
    m_changed.notify_all();
}

void LogCommitter::post(std::function<void()> chore)
{
    {
        const std::lock_guard lock(m_mutex);
        m_next.chores.push_back(std::move(chore));
    }
    m_changed.notify_all();
}

std::shared_ptr<const Error> LogCommitter::trouble() const
{
    if (!m_inTrouble.load(std::memory_order_acquire))
        return nullptr;
    const std::lock_guard lock(m_mutex);
    return m_trouble;
}

void LogCommitter::awaitWork(std::unique_lock<std::mutex>& lock)
{
    const auto asked
        = [this] { return m_stop || !m_next.waiting.empty() || !m_next.chores.empty(); };
    if (m_trouble != nullptr)
        m_changed.wait_until(lock, m_retryAt, asked);
    else
        m_changed.wait(lock, asked);
    if (m_interval.count() > 0 && m_trouble == nullptr && !m_next.waiting.empty())
        m_changed.wait_until(lock, m_since + m_interval, [this] { return m_stop; });
}

void LogCommitter::run()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        awaitWork(lock);
        const bool last = m_stop;
        Group group = std::exchange(m_next, {});
        m_busy = true;
        lock.unlock();
        for (const auto& chore : group.chores)
            chore();
        const auto outcome = makeDurable(group.files);
        setTrouble(outcome);
        for (const Done& done : group.waiting)
            done(outcome);
        group.waiting.clear();
        lock.lock();
        m_busy = false;
        // What could not be written goes with the next group.
        for (auto& file : group.files)
            if (std::find(m_next.files.begin(), m_next.files.end(), file) == m_next.files.end())
                m_next.files.push_back(std::move(file));
        if (last)
            return;
    }
}

/// Leaves in `files` those of which something is not durable.
Result<void> LogCommitter::makeDurable(std::vector<std::shared_ptr<LogFile>>& files)
{
    Result<void> outcome;
    std::vector<std::shared_ptr<LogFile>> failed;
    const auto keep = [&](std::shared_ptr<LogFile>& file, Result<void> error) {
        file->rollBack();
        outcome = std::move(error);
        failed.push_back(std::move(file));
    };
    for (auto& file : files)
        if (auto ok = file->write(); !ok)
            keep(file, std::move(ok));
    for (auto& file : files)
        if (file != nullptr)
            if (auto ok = file->sync(); !ok)
                keep(file, std::move(ok));
    files = std::move(failed);
    return outcome;
}

void LogCommitter::setTrouble(const Result<void>& outcome)
{
    const std::lock_guard lock(m_mutex);
    m_trouble = outcome ? nullptr : std::make_shared<const Error>(outcome.error());
    m_retryAt = Clock::now() + kRetry;
    m_inTrouble.store(!outcome, std::memory_order_release);
}

} // namespace shardscope
