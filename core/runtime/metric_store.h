#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/budgets.h"
#include "core/base/result.h"
#include "core/engine/requests_metrics.h"

namespace shardscope::cloudwatch {

/// The local CloudWatch: what is measured of the streams and what PutMetricData brings, in points
/// of a minute for 15 days, and in seconds for three hours where it came in with seconds.
/// Single-threaded.
///
/// Memory is bounded: beyond kMetricPoints the oldest points of all metrics go. Data whose unit
/// differs are kept apart, as the service keeps them.
class MetricStore {
public:
    struct Limits {
        std::size_t metrics = budgets::kMetrics;
        std::size_t points = budgets::kMetricPoints;
    };
    MetricStore()
        : MetricStore(Limits {})
    {
    }
    explicit MetricStore(Limits limits)
        : m_limits(limits)
    {
    }

    /// Adds to the minute in which `at` lies. Beyond the limit of metrics a new one is not kept.
    void add(const MetricRef& metric, const std::string& unit, SimTime at,
             const StatisticSet& statistics);

    /// Errors: InvalidArgument; then nothing was kept. LimitExceeded: too many metrics.
    [[nodiscard]] Result<void> answer(const PutMetricData& request, SimTime now);
    /// Points inside [start, end), whose periods begin at the start rounded down to the minute (to
    /// the period when that is shorter); periods without data are left out. Errors:
    /// InvalidArgument.
    [[nodiscard]] Result<GetMetricDataResult> answer(const GetMetricData& request,
                                                     SimTime now) const;
    [[nodiscard]] Result<GetMetricStatisticsResult> answer(const GetMetricStatistics& request,
                                                           SimTime now) const;
    /// Metrics with data in the last 15 days, in order. Errors: InvalidArgument (the token).
    [[nodiscard]] Result<ListMetricsResult> answer(const ListMetrics& request, SimTime now) const;

    [[nodiscard]] std::size_t points() const { return m_points; }

private:
    struct Point {
        std::int64_t second = 0; ///< since 1970, of its period's start
        StatisticSet statistics;
    };
    using Points = std::deque<Point>; ///< ascending
    struct Series {
        Points minutes, seconds;
    };
    using ByUnit = std::map<std::string, Series>;
    struct Span {
        std::int64_t from = 0, to = 0, period = 60; ///< seconds
    };

    [[nodiscard]] Series* seriesOf(const MetricRef& metric, const std::string& unit, SimTime now);
    void dropExpired(SimTime now);
    void addTo(Points& points, std::int64_t second, const StatisticSet& statistics);
    void forget(Points& points, std::int64_t before);
    void makeRoom();
    [[nodiscard]] static Result<Span> spanOf(SimTime start, SimTime end, std::int64_t period);
    /// The unit that was asked for, or all.
    [[nodiscard]] std::map<std::int64_t, StatisticSet>
    collect(const MetricRef& metric, const std::string& unit, const Span& span) const;

    Limits m_limits;
    std::map<MetricRef, ByUnit> m_metrics;
    std::size_t m_series = 0, m_points = 0;
    SimTime m_dropAgainAt;
};

/// The value of one statistic.
[[nodiscard]] double valueOf(const StatisticSet& statistics, Statistic statistic);

} // namespace shardscope::cloudwatch
