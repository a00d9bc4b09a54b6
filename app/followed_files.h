#pragma once

#include <memory>
#include <string>

#include "core/agent/log_agent.h"
#include "core/runtime/real_records.h"

namespace shardscope {

/// Follows the files that an agent.json names into whatever takes the records. Errors: BadInput
/// with the place in the file, and those of LogAgent.
[[nodiscard]] Result<std::unique_ptr<LogAgent>> followFiles(const std::string& agentFile,
                                                            AgentFlow::Submit submit);
/// The same into a simulated stream. At the end nothing is waited for: its world may stand still.
/// `records` outlives the agent.
[[nodiscard]] Result<std::unique_ptr<LogAgent>> followFiles(const std::string& agentFile,
                                                            RealRecords& records);

} // namespace shardscope
