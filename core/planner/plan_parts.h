#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/planner/month.h"
#include "core/planner/plan.h"
#include "core/planner/sizing.h"

/// The pieces that plan() puts together.
namespace shardscope {

/// One stream with what its plan rests on.
struct PlanBasis {
    const PlanRequest& request;
    PlanWorkload workload; ///< every estimate a number
    const MeasuredStream* measured = nullptr; ///< may be null
    Demand demand;
    ShardDemand load; ///< of the busiest minute
    std::int64_t bareShards = 1; ///< without head-room
    std::int64_t shards = 1; ///< with it
    bool keyFits = true; ///< the heaviest key leaves the head-room
    WorkerPool* pool = nullptr;
    const std::atomic<bool>* cancelled = nullptr;
};
/// Estimates count with their middle.
[[nodiscard]] PlanBasis basisOf(const PlanRequest& request, const PlanWorkload& workload,
                                const MeasuredStream* measured, WorkerPool* pool,
                                const std::atomic<bool>* cancelled);

/// What is the same for every mode.
[[nodiscard]] MonthTerms termsOf(const PlanBasis& basis);

/// Shards that a plan may ask for at most.
inline constexpr std::int64_t kPlanShardsMost = 20'000;

/// Runs one way to take the stream. Fixed raises the count until the target is met, if it can be.
enum class Detail { Whole, Short }; ///< Short: without hours
[[nodiscard]] PlanOption optionOf(const PlanBasis& basis, PlanMode mode,
                                  Detail detail = Detail::Whole);
/// Fixed, over these uneven ranges.
[[nodiscard]] PlanOption optionWithRanges(const PlanBasis& basis, std::vector<HashKeyRange> ranges);
/// The modes that the request asks for, in the order of PlanMode.
[[nodiscard]] std::vector<PlanMode> modesOf(const PlanRequest& request);
/// Of the options that meet the target, the one with the lowest bill; -1: none.
[[nodiscard]] int cheapestOf(const std::vector<PlanOption>& options);

/// What a month of 730 h of this mode is billed for.
[[nodiscard]] Usage usageOf(const PlanBasis& basis, PlanMode mode, const Month& month);
[[nodiscard]] Bill billOf(PlanMode mode, const Usage& usage, const RegionPrices& prices);
/// Usage per accepted GiB and second is in proportion to traffic: as above for an even MiB/s.
[[nodiscard]] Usage usageAt(const PlanBasis& basis, PlanMode mode, double meanMiBps, double shards);

[[nodiscard]] BreakEven breakEvenOf(const PlanBasis& basis);
/// What one seeded draw after the other gives when inputs are ranges.
[[nodiscard]] std::vector<OptionQuantiles> quantilesOf(const PlanRequest& request,
                                                       const PlanStream& stream, WorkerPool& pool,
                                                       PlanProgress& progress);
[[nodiscard]] bool hasRanges(const PlanWorkload& workload);
/// One input after the other, for the stream run as `mode`.
[[nodiscard]] std::vector<SensitivityRow> sensitivityOf(const PlanRequest& request,
                                                        const PlanStream& stream, PlanMode mode,
                                                        WorkerPool& pool, PlanProgress& progress);
[[nodiscard]] std::vector<PlanAdvice> adviceOf(const PlanBasis& basis,
                                               const std::vector<PlanOption>& options);

/// Calls `take(name, estimate)` for every estimate of a workload.
void forEachEstimate(PlanWorkload& workload,
                     const std::function<void(const char* name, Estimate& estimate)>& take);

} // namespace shardscope
