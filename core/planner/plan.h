#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/clock/sim_time.h"
#include "core/engine/service_options.h"
#include "core/planner/cost.h"
#include "core/planner/measured_stream.h"
#include "core/planner/plan_workload.h"
#include "core/planner/price_book.h"

/// From workloads to shards, capacity mode and cost, each with a month simulated by the flow model.
namespace shardscope {

struct PlanStream {
    PlanWorkload workload;
    /// Takes the place of the workload's rate, curve, campaigns and sizes, and of its keys when
    /// shards were measured. May be null.
    std::shared_ptr<const MeasuredStream> measured;
};

/// Which of the answers are wanted.
struct PlanModes {
    bool provisioned = true, onDemand = true, advantage = true;
    friend bool operator==(const PlanModes&, const PlanModes&) = default;
};

struct PlanRequest {
    std::vector<PlanStream> streams; ///< at least one
    std::string region = "us-east-1";
    RegionPrices prices; ///< of the Region
    std::string priceDate; ///< of the price book
    /// A midnight, UTC: 2026-01-05, a Monday. Measured streams begin where they begin.
    SimTime start = SimTime::fromSeconds(1'767'571'200);
    int days = 30; ///< 1 … 366; a measured stream ends with its data
    double targetRefused = 0.001; ///< largest share of refused attempts that is fine, 0 … 1
    PlanModes modes;
    ScalingPolicySpec policy; ///< of the option with a policy
    ServiceTimings timings;
    int samples = 200; ///< drawn when inputs are ranges, 1 … 10,000
    std::uint64_t seed = 1;
    int threads = 1;
};

/// Thread-safe. How far a plan is, and the wish that it ends.
struct PlanProgress {
    std::atomic<double> done {0}; ///< 0 … 1
    std::atomic<bool> cancelled {false};
};

enum class PlanMode {
    Fixed, ///< provisioned, one shard count
    Schedule, ///< provisioned, shard counts by the hour of the day
    Policy, ///< provisioned with an auto-scaling policy
    Standard, ///< on-demand
    Advantage, ///< on-demand with the account's commitment
};
[[nodiscard]] const char* wordOf(PlanMode mode); ///< `fixed schedule policy standard advantage`
[[nodiscard]] const char* titleOf(PlanMode mode); ///< "Provisioned, fixed"

/// What a shard count is decided by.
enum class PlanLimit { WriteBytes, WriteRecords, HottestKey, ReadBytes, ReadCalls };
[[nodiscard]] const char* wordOf(PlanLimit limit); ///< `writeBytes writeRecords hottestKey …`
[[nodiscard]] const char* titleOf(PlanLimit limit); ///< "Write bytes"

/// How far the fixed plan's busiest shard goes into one limit in the busiest minute.
struct LimitUse {
    PlanLimit limit {};
    double percent = 0; ///< of the limit
    double shards = 0; ///< that this limit alone asks for, head-room included, not rounded
    std::string formula; ///< with its figures
};

/// One hour of a simulated month.
struct PlanHour {
    double offeredRecords = 0, offeredBytes = 0; ///< first tries, a second
    double peakPercent = 0; ///< busiest shard and second, offered, of its limit
    double usePercent = 0; ///< busiest shard and minute, accepted, of its limit
    double attempts = 0, refused = 0; ///< records in this hour, retries included
    double lost = 0; ///< records given up in this hour
    double shards = 0; ///< open, mean
    double maxAgeSeconds = 0; ///< of what readers had still to read
    std::optional<double> usd; ///< in this hour
};

struct WorstSecond {
    SimTime at;
    double refused = 0; ///< records
    double share = 0; ///< of the attempts of that second
};

/// A shard count that holds from an hour of the day on.
struct ScheduleStep {
    int hour = 0; ///< 0 … 23, UTC
    std::int64_t shards = 1;
    bool weekend = false; ///< of Saturday and Sunday, otherwise of the other days
};

/// One answer: a way to run the stream, with the month it would have.
struct PlanOption {
    PlanMode mode {};
    std::int64_t shardsFirst = 0, shardsLeast = 0, shardsMost = 0; ///< over the month
    double shardHours = 0;
    double refusedShare = 0; ///< of the attempts, 0 … 1
    double lostShare = 0; ///< of the records, 0 … 1
    bool meetsTarget = false;
    double peakPercent = 0; ///< busiest shard and second, offered, of its limit
    WorstSecond worst;
    double maxAgeSeconds = 0;
    double readPercent = 0; ///< busiest shard and minute, of 2 MiB/s shared reads
    int changes = 0; ///< of the shard count
    std::vector<ScheduleStep> schedule; ///< Schedule
    std::optional<std::int64_t> warmMiBps; ///< Advantage
    Usage usage; ///< of a month of 730 h
    Bill bill; ///< for it
    std::optional<double> usd; ///< its sum; none when a price is missing
    std::vector<PlanHour> hours; ///< the whole time
    std::string remark; ///< a sentence, or empty: why it falls short, what it rests on
};

/// What lies between one in two and nine in ten of the samples.
struct Quantiles {
    double p10 = 0, p50 = 0, p90 = 0;
};
struct OptionQuantiles {
    PlanMode mode {};
    Quantiles shards; ///< Fixed: the count; otherwise the most over the month
    std::optional<Quantiles> usd;
    double meetsTarget = 0; ///< share of the samples, 0 … 1
};

/// Cost of a month over the mean ingest, everything else as planned.
struct BreakEvenPoint {
    double meanMiBps = 0;
    std::optional<double> provisioned, standard, advantage; ///< USD a month
};
struct BreakEven {
    std::vector<BreakEvenPoint> curve; ///< ascending
    /// Mean use of the shards above which provisioned is the cheaper one, one stream-hour set
    /// aside (facts/scaling-and-pricing.md 5.6); 0 … 1.
    std::optional<double> utilisation;
    std::optional<double> advantageFromMiBps; ///< Advantage is cheaper than Standard from here
};

/// What the cheapest answer does when one input moves.
struct SensitivityRow {
    std::string input; ///< "Peak factor"
    std::string from, to; ///< values that were tried
    std::optional<double> usdFrom, usdTo; ///< the cheapest that meets the target
    std::int64_t shardsFrom = 0, shardsTo = 0; ///< of the fixed plan
};

/// A change that was planned out.
struct PlanAdvice {
    std::string text; ///< what to do and what it does, a sentence
    PlanMode mode {};
    std::int64_t shardsBefore = 0, shardsAfter = 0;
    std::optional<double> usdBefore, usdAfter; ///< a month
    double refusedBefore = 0, refusedAfter = 0; ///< shares
};

/// The largest shard's load ÷ the mean shard's, for the workload's own keys.
struct SkewRow {
    std::int64_t shards = 0;
    double ratio = 1;
    double usableMiBps = 0; ///< of the stream before its largest shard is full
};

struct StreamPlan {
    std::string name;
    bool measured = false;
    double meanRecords = 0, meanBytes = 0; ///< a second
    double peakRecords = 0, peakBytes = 0; ///< busiest minute, a second
    double peakSecondRecords = 0, peakSecondBytes = 0; ///< bursts included
    SimTime start;
    SimTime worstHour; ///< busiest one: what Run this plan opens
    double topKeyShare = 0; ///< 0 … 1
    std::int64_t bareShards = 0; ///< without head-room
    std::int64_t fixedShards = 0; ///< with it; what the uses below are of
    std::vector<LimitUse> uses; ///< highest first
    PlanLimit binding {};
    std::vector<PlanOption> options;
    int cheapest = -1; ///< of the options that meet the target; -1: none does, or no price
    std::vector<OptionQuantiles> quantiles; ///< empty when no input is a range
    BreakEven breakEven;
    std::vector<SensitivityRow> sensitivity; ///< what changes the answer most comes first
    std::vector<PlanAdvice> advice;
    std::vector<SkewRow> skew;
    std::vector<std::string> notes; ///< assumptions and what the data says, a sentence each
};

struct PlanResult {
    std::string region, priceDate;
    int days = 0;
    double targetRefused = 0;
    std::uint64_t seed = 0;
    std::vector<StreamPlan> streams; ///< in the order of the request
    /// The account's Advantage bill over all streams: its commitment is one for all.
    Bill advantageBill;
    std::optional<double> advantageUsd, standardUsd, cheapestProvisionedUsd;
};

/// Errors: BadInput naming the field, Busy when it was cancelled.
[[nodiscard]] Result<PlanResult> plan(const PlanRequest& request, PlanProgress& progress);

} // namespace shardscope
