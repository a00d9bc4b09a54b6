#pragma once

#include "core/base/result.h"
#include "core/planner/plan.h"
#include "core/scenario/scenario.h"

namespace shardscope {

/// What a scenario's producers and readers would make of a stream in `days` from its start on, as
/// something to plan for. Errors: BadInput when it has no producer, or one that replays a trace.
[[nodiscard]] Result<PlanStream> planStreamOf(const Scenario& scenario, int days);

/// Part of a planned time as a scenario for the record engine: the producers of these minutes, the
/// readers, and the stream as `mode` has it with `shards`.
struct PlanExcerpt {
    PlanMode mode = PlanMode::Fixed;
    std::int64_t shards = 1;
    std::optional<std::int64_t> warmMiBps;
    SimTime from; ///< a whole minute
    SimDuration length = SimDuration::hours(1);
};
[[nodiscard]] Scenario planScenario(const PlanRequest& request, const PlanStream& stream,
                                    const PlanExcerpt& excerpt);
/// The hour of a finished plan that is worth looking at: its busiest one under this option.
[[nodiscard]] PlanExcerpt worstHourOf(const StreamPlan& plan, const PlanOption& option);

} // namespace shardscope
