#pragma once

#include <span>
#include <string>

#include "core/planner/plan.h"

namespace shardscope {

/// `shardscope plan …`: see planOptionList. Returns the exit status.
int planCommand(std::span<const std::string> arguments);
/// A plan in words for a terminal.
[[nodiscard]] std::string planText(const PlanResult& result);

} // namespace shardscope
