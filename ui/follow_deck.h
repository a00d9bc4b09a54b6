#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/agent/agent_flow_state.h"
#include "core/base/result.h"

namespace shardscope::ui {

/// A flow of followed files, and where its records go.
struct FollowedFlow {
    AgentFlowState state;
    bool served = false; ///< into a stream of the endpoint; else into the simulated one
};

/// The window's hands on log files that are followed into the simulated stream. On the GUI thread.
struct FollowDeck {
    /// In place of what was followed so far. Errors: what is wrong with the agent.json.
    std::function<Result<void>(const std::string& agentFile)> follow = [](const std::string&) {
        return Result<void>(fail(ErrorCode::BadInput, "Log files cannot be followed here."));
    };
    std::function<void()> stop = [] {};
    /// Those of the endpoint too.
    std::function<std::vector<FollowedFlow>()> flows = [] { return std::vector<FollowedFlow> {}; };
};

} // namespace shardscope::ui
