#include "core/agent/log_agent.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <thread>

namespace shardscope {
namespace {

using namespace std::chrono_literals;

constexpr auto kStep = 100ms; ///< minTimeBetweenFilePollsMillis of most

} // namespace

struct LogAgent::Impl {
    Impl(Options given, FileCheckpoints opened)
        : options(std::move(given))
        , checkpoints(std::move(opened))
    {
        for (std::size_t i = 0; i < options.spec.flows.size(); ++i)
            flows.push_back(std::make_unique<AgentFlow>(
                options.spec.flows[i],
                AgentFlow::Surroundings {&checkpoints, options.submit, [this] { wake(); },
                                         options.seed + i}));
    }
    void wake()
    {
        const std::lock_guard lock(mutex);
        woken = true;
        changed.notify_one();
    }
    void step()
    {
        const SimTime now = options.clock();
        for (const auto& flow : flows)
            flow->step(now);
        std::vector<AgentFlowState> made;
        for (const auto& flow : flows)
            made.push_back(flow->state());
        const std::lock_guard lock(mutex);
        states = std::move(made);
    }
    void wait()
    {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, kStep, [this] { return woken || ending; });
        woken = false;
    }
    void work()
    {
        for (;;) {
            step();
            wait();
            const std::lock_guard lock(mutex);
            if (ending)
                return;
        }
    }
    void finish()
    {
        for (const auto& flow : flows)
            flow->hurry();
        const auto until = std::chrono::steady_clock::now()
            + std::chrono::microseconds(options.lastWait.inMicros());
        step();
        while (!idle() && !options.byHand && std::chrono::steady_clock::now() < until) {
            std::unique_lock lock(mutex);
            changed.wait_for(lock, kStep, [this] { return woken; });
            woken = false;
            lock.unlock();
            step();
        }
        for (const auto& flow : flows)
            flow->saveCheckpoints(options.clock());
    }
    [[nodiscard]] bool idle() const
    {
        return std::all_of(flows.begin(), flows.end(), [](const auto& f) { return f->idle(); });
    }

    const Options options;
    FileCheckpoints checkpoints;
    std::vector<std::unique_ptr<AgentFlow>> flows;
    mutable std::mutex mutex;
    std::condition_variable changed;
    bool woken = false, ending = false;
    std::vector<AgentFlowState> states;
    std::thread thread;
};

Result<std::unique_ptr<LogAgent>> LogAgent::open(Options options)
{
    auto checkpoints = FileCheckpoints::open(options.spec.checkpointFile, options.clock(),
                                             options.spec.checkpointsKept);
    if (!checkpoints)
        return fail(checkpoints.error().code,
                    options.spec.checkpointFile + ": " + checkpoints.error().message);
    auto impl = std::make_unique<Impl>(std::move(options), *std::move(checkpoints));
    if (!impl->options.byHand)
        impl->thread = std::thread([i = impl.get()] { i->work(); });
    return std::unique_ptr<LogAgent>(new LogAgent(std::move(impl)));
}

LogAgent::LogAgent(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}

LogAgent::~LogAgent()
{
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->ending = true;
        m_impl->changed.notify_one();
    }
    if (m_impl->thread.joinable())
        m_impl->thread.join();
    m_impl->finish();
}

void LogAgent::step()
{
    m_impl->step();
}

std::vector<AgentFlowState> LogAgent::states() const
{
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->states;
}

} // namespace shardscope
