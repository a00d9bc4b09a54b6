#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/agent/agent_flow.h"

namespace shardscope {

/// The Kinesis Agent, built in: follows the files of all flows on a thread of its own.
class LogAgent {
public:
    struct Options {
        AgentSpec spec;
        AgentFlow::Submit submit;
        std::function<SimTime()> clock; ///< wall time
        /// For tests that move the clock: no thread; step() does what is due.
        bool byHand = false;
        /// How long the end waits for what is buffered. shutdownTimeoutMillis, facts/clients.md 7.1
        SimDuration lastWait = SimDuration::seconds(10);
        std::uint64_t seed = 0;
    };
    /// Errors: those of the checkpoint file's database.
    [[nodiscard]] static Result<std::unique_ptr<LogAgent>> open(Options options);
    /// Sends what is buffered, for as long as the options let it, and notes how far it has come.
    ~LogAgent();
    LogAgent(const LogAgent&) = delete;
    LogAgent& operator=(const LogAgent&) = delete;

    void step();
    /// **Thread-safe.** By flow, in the order of the file.
    [[nodiscard]] std::vector<AgentFlowState> states() const;

private:
    struct Impl;
    explicit LogAgent(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace shardscope
