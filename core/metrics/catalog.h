#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/metrics/series.h"

/// CloudWatch's names for what is measured here. Source: facts/kinesis-api.md 7 and
/// facts/scaling-and-pricing.md 6.1, 6.5.
namespace shardscope {

enum class MetricLevel { Stream, Shard };
enum class MetricUnit { Byte, Count, Millisecond };
enum class Statistic { Sum, Maximum };

struct Metric {
    const char* name; ///< as CloudWatch writes it
    MetricLevel level {};
    MetricUnit unit {};
    Statistic statistic {}; ///< the one that says something; others are per call
    const char* meaning; ///< one sentence
    /// The metric's part of one bucket.
    double (*value)(const ShardSample&);
    /// Reported only in periods in which somebody read.
    bool needsReads = false;
};

/// Every metric that a run can compute, stream level first. Those of single put calls are not among
/// them: records are counted here, calls are not.
[[nodiscard]] std::span<const Metric> metricCatalog();
[[nodiscard]] const char* unitText(MetricUnit unit); ///< `Bytes`
[[nodiscard]] const char* statisticText(Statistic statistic); ///< `Sum`

struct Datapoint {
    SimTime at; ///< the period's start, a multiple of the period
    SimDuration period;
    double value = 0;
    /// Sum / period: the only rate that can be had from a Sum. Per second.
    [[nodiscard]] double perSecond() const { return value / period.inSeconds(); }
    friend bool operator==(const Datapoint&, const Datapoint&) = default;
};
/// The metric's statistic over every period that the points cover whole. Points ascending; their
/// step divides `period`, which CloudWatch has at 60 s or a multiple.
[[nodiscard]] std::vector<Datapoint> datapoints(const Metric& metric,
                                                std::span<const ShardPoint> points,
                                                SimDuration period = SimDuration::minutes(1));
[[nodiscard]] std::vector<Datapoint> datapoints(const Metric& metric,
                                                std::span<const StreamPoint> points,
                                                SimDuration period = SimDuration::minutes(1));

} // namespace shardscope
