#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/hash_key.h"
#include "core/base/worker_pool.h"
#include "core/planner/cost.h"
#include "core/planner/demand.h"
#include "core/planner/flow_model.h"
#include "core/planner/plan.h"

namespace shardscope {

/// How a stream's capacity is run over its demand.
struct CapacityPlan {
    PlanMode mode = PlanMode::Fixed;
    std::int64_t shards = 1; ///< at the start
    /// Fixed: uneven ranges, ascending and without a gap; empty: `shards` even ones.
    std::vector<HashKeyRange> ranges;
    /// Schedule: from this minute on so many shards are wanted; ascending.
    std::vector<std::pair<std::size_t, std::int64_t>> steps;
    ScalingPolicySpec policy; ///< Policy
    std::optional<std::int64_t> warmMiBps; ///< Advantage
    /// On-demand: the first day is run once beforehand, so that the shards are where a stream that
    /// is in use already would have them.
    bool settled = false;
};

/// What is the same for every way to run a stream.
struct MonthTerms {
    RetryProfile retry;
    FlowReaders readers;
    ServiceTimings timings;
    std::uint64_t seed = 1;
    WorkerPool* pool = nullptr; ///< null: on the caller's thread alone
    const std::atomic<bool>* cancelled = nullptr; ///< a run that is cancelled ends early
};

/// The demand's time with one capacity plan.
struct Month {
    std::vector<PlanHour> hours; ///< without money
    double attempts = 0, refused = 0, lost = 0; ///< records
    double firstTries = 0, accepted = 0, acceptedBytes = 0;
    double putUnits = 0, billedBytes = 0; ///< of what was accepted
    double shardHours = 0;
    std::int64_t shardsFirst = 0, shardsLeast = 0, shardsMost = 0, shardsLast = 0;
    int changes = 0; ///< of the shard count
    int refusedChanges = 0; ///< that a policy wished and UpdateShardCount refused
    double peakPercent = 0, readPercent = 0, maxAgeSeconds = 0;
    WorstSecond worst;

    [[nodiscard]] double refusedShare() const { return attempts > 0 ? refused / attempts : 0; }
};

/// Runs all of `demand`.
[[nodiscard]] Month runMonth(const Demand& demand, const CapacityPlan& capacity,
                             const MonthTerms& terms);

} // namespace shardscope
