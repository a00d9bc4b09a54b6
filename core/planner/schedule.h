#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/planner/demand.h"
#include "core/planner/plan.h"
#include "core/planner/sizing.h"

namespace shardscope {

/// Shard counts by the hour of the day, as few changes as pay, and what a calendar adds to them.
struct Schedule {
    std::vector<ScheduleStep> day; ///< the rule; weekdays first, ascending by hour
    std::vector<std::pair<std::size_t, std::int64_t>> steps; ///< the whole time, by minute
    std::int64_t first = 1; ///< shards at the start
};

/// For the busiest hours of `usual`, every weekday and every weekend day alike; hours of `demand`
/// that need more than the rule gives (campaigns) get it. No count of the rule is below half of its
/// highest, so that UpdateShardCount may go from each to each; a higher one is called for 15
/// minutes ahead. Counts go up to `most`.
[[nodiscard]] Schedule scheduleFor(const Demand& usual, const Demand& demand,
                                   const PlanWorkload& workload, std::int64_t most);

} // namespace shardscope
