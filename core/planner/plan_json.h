#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/service_options.h"
#include "core/planner/plan.h"
#include "core/planner/plan_workload.h"

namespace shardscope {

/// Reads a workload document: `{"streams": [workload, …]}` or one workload. A workload begins with
/// its `preset`'s fields. Errors: BadInput, `file:line: field: what would be right`.
[[nodiscard]] Result<std::vector<PlanWorkload>> parseWorkloads(std::string_view json,
                                                               const std::string& fileName);
/// A document that parseWorkloads reads back to equal values.
[[nodiscard]] std::string writeWorkloads(const std::vector<PlanWorkload>& workloads);
/// Reads a policy document: the fields of `policy` in scenarios.
[[nodiscard]] Result<ScalingPolicySpec> parsePolicy(std::string_view json,
                                                    const std::string& fileName);

/// One object, schema `shardscope.plan/1` (README, "Plans").
[[nodiscard]] std::string planJson(const PlanResult& result);

} // namespace shardscope
