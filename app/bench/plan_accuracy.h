#pragma once

#include <cstdint>
#include <string>

#include "core/planner/plan.h"
#include "core/planner/plan_scenario.h"

/// The flow model beside the record engine.
namespace shardscope {

/// Some minutes of a workload and the way its stream is run, drawn from a seed: rates from a tenth
/// to twice what the shards take, sizes, keys, bursts, retries, campaigns, every capacity mode.
struct AccuracyCase {
    PlanRequest request; ///< one stream
    PlanExcerpt excerpt;
    std::string text; ///< what was drawn
};
[[nodiscard]] AccuracyCase accuracyCase(std::uint64_t seed);

/// What both make of the same case.
struct AccuracyRow {
    double refusedEngine = 0, refusedModel = 0; ///< % of the attempts
    double peakEngine = 0, peakModel = 0; ///< % of a shard's limit, busiest shard and second
    double shardsEngine = 0, shardsModel = 0; ///< open at the end

    [[nodiscard]] double refusedDeviation() const; ///< percentage points
    /// % of the engine's peak, or of the limit where the peak lies below it.
    [[nodiscard]] double peakDeviation() const;
};
[[nodiscard]] AccuracyRow compareWithEngine(const AccuracyCase& drawn);

} // namespace shardscope
