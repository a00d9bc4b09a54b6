#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock/sim_time.h"

/// The metrics service's operations, enough that client libraries run with metrics on and that
/// people read the stream's own metrics with the AWS CLI. Answered by the runtime, which measures.
namespace shardscope::cloudwatch {

using Dimensions = std::map<std::string, std::string>;

/// What a period's samples come to: everything a statistic can be made of.
struct StatisticSet {
    double sampleCount = 0, sum = 0, minimum = 0, maximum = 0;

    void add(double value, double count = 1);
    void add(const StatisticSet& other);
};

struct Datum {
    std::string metricName;
    Dimensions dimensions; ///< at most 30
    std::optional<SimTime> timestamp; ///< of the call when absent
    StatisticSet statistics;
    std::string unit; ///< `Count`, `Bytes`, `Milliseconds`, … or empty
};
struct PutMetricData {
    std::string metricNamespace; ///< not `AWS/…`
    std::vector<Datum> data; ///< at most 1,000
};

struct MetricRef {
    std::string metricNamespace, metricName;
    Dimensions dimensions;
    friend auto operator<=>(const MetricRef&, const MetricRef&) = default;
};
enum class Statistic { SampleCount, Sum, Average, Minimum, Maximum };

/// One query of GetMetricData.
struct MetricQuery {
    std::string id, label;
    MetricRef metric;
    std::int64_t periodSeconds = 60; ///< 1, 5, 10, 30 or a multiple of 60
    Statistic statistic = Statistic::Average;
    std::string unit;
    bool returnData = true;
};
struct GetMetricData {
    std::vector<MetricQuery> queries; ///< at most 500
    SimTime start, end; ///< start included, end not
    bool ascending = false;
    std::int64_t maxDatapoints = 100'800;
    std::string nextToken;
};
struct MetricDataResult {
    std::string id, label;
    std::vector<std::pair<SimTime, double>> values; ///< in the order asked for
};
struct GetMetricDataResult {
    std::vector<MetricDataResult> results;
    std::string nextToken; ///< or empty
};

struct GetMetricStatistics {
    MetricRef metric;
    SimTime start, end;
    std::int64_t periodSeconds = 60;
    std::vector<Statistic> statistics; ///< at most 5
    std::string unit;
};
struct MetricDatapoint {
    SimTime at;
    StatisticSet statistics;
};
struct GetMetricStatisticsResult {
    std::vector<MetricDatapoint> datapoints; ///< at most 1,440
    std::string unit;
};

struct ListMetrics {
    std::string metricNamespace, metricName; ///< empty: any
    std::vector<std::pair<std::string, std::optional<std::string>>> dimensions; ///< filters
    std::string nextToken;
};
struct ListMetricsResult {
    std::vector<MetricRef> metrics; ///< at most 500
    std::string nextToken;
};

} // namespace shardscope::cloudwatch
