#include "core/runtime/outside_jobs.h"

#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <utility>
#include <variant>

#include "core/runtime/outside_command.h"
#include "core/runtime/outside_http.h"
#include "core/runtime/whole_file.h"

namespace shardscope {
namespace {

bool isHttp(const std::string& target)
{
    return target.starts_with("http://") || target.starts_with("https://");
}

OutsideAnswer doJob(std::uint64_t /*id*/, const FunctionCall& call,
                    const std::function<bool()>& stopped)
{
    return isHttp(call.target) ? invokeByHttp(call, stopped) : invokeByCommand(call, stopped);
}

OutsideAnswer doJob(std::uint64_t id, const ObjectPut& put, const std::function<bool()>& stopped)
{
    if (put.target.starts_with(kS3Scheme))
        return putObjectByHttp(put, stopped);
    OutsideAnswer answer;
    if (const auto kept
        = writeWholeFile(realFiles(), put.target, put.key, std::to_string(id), put.body);
        !kept)
        answer.trouble = kept.error().message;
    return answer;
}

} // namespace

OutsideJobs::OutsideJobs(Options options)
    : m_options(options)
{
}

OutsideJobs::~OutsideJobs()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
        m_waiting.clear();
    }
    m_changed.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

void OutsideJobs::begin(std::uint64_t id, OutsideJob job)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_journal.try_emplace(id).second)
            return;
        m_waiting.emplace_back(id, std::move(job));
        if (m_idle < static_cast<int>(m_waiting.size())
            && static_cast<int>(m_threads.size()) < m_options.atOnce)
            m_threads.emplace_back([this] { run(); });
    }
    m_changed.notify_all();
}

std::optional<OutsideAnswer> OutsideJobs::answer(std::uint64_t id)
{
    std::unique_lock lock(m_mutex);
    if (m_options.answers == Answers::Waited)
        m_changed.wait(lock, [&] {
            const auto entry = m_journal.find(id);
            return entry == m_journal.end() || entry->second;
        });
    const auto entry = m_journal.find(id);
    if (entry == m_journal.end())
        return OutsideAnswer {.trouble = "What was asked for is forgotten."};
    return entry->second;
}

void OutsideJobs::finish(std::chrono::milliseconds atMost)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, atMost, [this] { return m_answered.size() == m_journal.size(); });
}

void OutsideJobs::run()
{
    // A command may end without reading its input; writing to it then fails instead.
    sigset_t brokenPipe;
    sigemptyset(&brokenPipe);
    sigaddset(&brokenPipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &brokenPipe, nullptr);
    const auto stopped = [this] {
        const std::lock_guard lock(m_mutex);
        return m_stop;
    };
    std::unique_lock lock(m_mutex);
    for (;;) {
        ++m_idle;
        m_changed.wait(lock, [this] { return m_stop || !m_waiting.empty(); });
        --m_idle;
        if (m_stop)
            return;
        const std::uint64_t id = m_waiting.front().first;
        const OutsideJob job = std::move(m_waiting.front().second);
        m_waiting.pop_front();
        lock.unlock();
        const auto begun = std::chrono::steady_clock::now();
        OutsideAnswer answer
            = std::visit([&](const auto& one) { return doJob(id, one, stopped); }, job);
        answer.took = SimDuration::micros(std::chrono::duration_cast<std::chrono::microseconds>(
                                              std::chrono::steady_clock::now() - begun)
                                              .count());
        lock.lock();
        m_journalBytes += static_cast<Bytes>(answer.payload.size());
        m_journal[id] = std::move(answer);
        m_answered.push_back(id);
        forgetOldest();
        m_changed.notify_all();
    }
}

void OutsideJobs::forgetOldest()
{
    while (m_journalBytes > m_options.journalMost && m_answered.size() > 1) {
        const auto oldest = m_journal.find(m_answered.front());
        m_journalBytes -= static_cast<Bytes>(oldest->second->payload.size());
        m_journal.erase(oldest);
        m_answered.pop_front();
    }
}

} // namespace shardscope
