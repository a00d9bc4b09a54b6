#pragma once

#include <cstdint>
#include <vector>

#include "core/clock/sim_time.h"
#include "core/planner/key_weights.h"
#include "core/planner/measured_stream.h"
#include "core/planner/plan_workload.h"

namespace shardscope {

/// Bytes of a plan's records, and what they are billed as.
struct RecordSizes {
    double mean = 1'024; ///< data + partition key
    double variation = 0; ///< standard deviation ÷ mean
    double putUnits = 1; ///< PUT payload units of a record, mean
    double billedBytes = 1'024; ///< rounded up to whole KiB, mean
    /// A range of sizes: its share of the records, and its mean in units of `mean`.
    struct Class {
        double share = 1, size = 1;
    };
    std::vector<Class> classes {{}}; ///< ascending by size; one when all are alike
    /// Log-normal with this mean and 99th percentile; p99 <= mean: all alike.
    [[nodiscard]] static RecordSizes of(double mean, double p99);
};

/// What one stream is asked to take, minute by minute: the flow model's input. First tries.
struct Demand {
    SimTime start; ///< a whole minute
    std::vector<float> records, bytes; ///< a second, mean of each minute; of one length
    /// Once a minute `burstSeconds` seconds in a row hold `burstFactor` times the minute's mean;
    /// the others hold the rest.
    double burstFactor = 1;
    int burstSeconds = 1;
    KeyWeights keys;
    RecordSizes sizes;
    bool measured = false; ///< sizes are known by the minute only

    [[nodiscard]] std::size_t minutes() const { return records.size(); }
    /// In a burst second, a second.
    [[nodiscard]] double burstRate(double rate) const { return rate * burstFactor; }
    /// In the other seconds.
    [[nodiscard]] double calmRate(double rate) const;
    /// In which second of `minute` its burst begins: 0 … 60 - burstSeconds.
    [[nodiscard]] int burstBegins(std::size_t minute) const;
};

/// The highest value of some minutes, in shards' write limits.
struct DemandPeak {
    double records = 0, bytes = 0; ///< a second, in the busiest minute by the larger of both limits
    std::size_t minute = 0;
    [[nodiscard]] double shards() const;
};
[[nodiscard]] DemandPeak peakOf(const Demand& demand, std::size_t from, std::size_t to);

/// Keys as a producer's spec.
[[nodiscard]] KeySpec keySpecOf(const PlanKeys& keys);

/// What a workload asks for in `days` from `start` on. Ranges count with their middle. `shards`
/// decides how many records an aggregate gets (facts/scaling-and-pricing.md 5.4).
enum class Campaigns { With, Without };
[[nodiscard]] Demand demandOf(const PlanWorkload& workload, SimTime start, int days,
                              std::int64_t shards, Campaigns campaigns = Campaigns::With);
/// As measured; of the workload it takes the bursts, the keys when no shards were measured, and the
/// growth.
[[nodiscard]] Demand demandOf(const MeasuredStream& measured, const PlanWorkload& workload,
                              int days);

} // namespace shardscope
