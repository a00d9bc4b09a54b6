#pragma once

#include <string>

#include "core/planner/plan.h"

/// How the stream of a plan is made elsewhere.
namespace shardscope {

/// Shell lines for the AWS CLI, CloudFormation (YAML) and Terraform for one option of a plan.
/// `workload` brings readers and retention. A schedule becomes EventBridge schedules that call
/// UpdateShardCount, each at most double or half of the count before.
[[nodiscard]] std::string planCli(const StreamPlan& stream, const PlanOption& option,
                                  const PlanWorkload& workload, const std::string& region);
[[nodiscard]] std::string planCloudFormation(const StreamPlan& stream, const PlanOption& option,
                                             const PlanWorkload& workload);
[[nodiscard]] std::string planTerraform(const StreamPlan& stream, const PlanOption& option,
                                        const PlanWorkload& workload);

} // namespace shardscope
