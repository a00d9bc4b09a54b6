#include "core/runtime/metric_store.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace shardscope::cloudwatch {
namespace {

// Source of these: the CloudWatch API reference, PutMetricData, GetMetricData, GetMetricStatistics,
// ListMetrics (read 2026-11-23).
constexpr SimDuration kMinutesKept = SimDuration::days(15);
constexpr SimDuration kSecondsKept = SimDuration::hours(3);
constexpr SimDuration kOldestPut = SimDuration::days(14);
constexpr SimDuration kNewestPut = SimDuration::hours(2);
constexpr std::size_t kDataMost = 1'000, kDimensionsMost = 30, kNameMost = 255;
constexpr std::size_t kQueriesMost = 500, kListedMost = 500;
constexpr std::int64_t kDatapointsMost = 100'800, kStatisticsMost = 1'440;
const double kValueMost = std::ldexp(1.0, 360);

tl::unexpected<Error> invalid(std::string message)
{
    return fail(ErrorCode::InvalidArgument, std::move(message));
}

bool hasName(const std::string& text)
{
    return !text.empty() && text.size() <= kNameMost;
}

Result<void> checkDatum(const Datum& datum, SimTime now)
{
    if (!hasName(datum.metricName))
        return invalid("The parameter MetricData.member.MetricName must have 1 to 255 characters.");
    if (datum.dimensions.size() > kDimensionsMost)
        return invalid("The metric " + datum.metricName + " has more than 30 dimensions.");
    for (const auto& [name, value] : datum.dimensions) {
        if (!hasName(name) || value.empty() || value.size() > 1'024)
            return invalid("The metric " + datum.metricName
                           + " has a dimension whose name or value has no legal length.");
    }
    const StatisticSet& s = datum.statistics;
    for (const double value : {s.sampleCount, s.sum, s.minimum, s.maximum}) {
        if (!std::isfinite(value) || std::abs(value) > kValueMost)
            return invalid("The value " + std::to_string(value) + " of the metric "
                           + datum.metricName + " is outside -2^360 to 2^360.");
    }
    if (s.sampleCount <= 0 || s.minimum > s.maximum)
        return invalid("The statistic values of the metric " + datum.metricName
                       + " contradict each other.");
    if (datum.timestamp
        && (*datum.timestamp < now - kOldestPut || *datum.timestamp > now + kNewestPut))
        return invalid("The timestamp of the metric " + datum.metricName
                       + " lies more than two weeks back or two hours ahead.");
    return {};
}

std::int64_t roundedDown(std::int64_t value, std::int64_t step)
{
    return value - value % step;
}

/// Tokens are the place to go on at, as a number.
std::optional<std::size_t> placeOf(const std::string& token)
{
    std::size_t place = 0;
    const char* end = token.data() + token.size();
    const auto read = std::from_chars(token.data(), end, place);
    return read.ec == std::errc() && read.ptr == end ? std::optional(place) : std::nullopt;
}

bool matches(const MetricRef& metric, const ListMetrics& request)
{
    if (!request.metricNamespace.empty() && metric.metricNamespace != request.metricNamespace)
        return false;
    if (!request.metricName.empty() && metric.metricName != request.metricName)
        return false;
    return std::all_of(request.dimensions.begin(), request.dimensions.end(),
                       [&metric](const auto& filter) {
                           const auto found = metric.dimensions.find(filter.first);
                           return found != metric.dimensions.end()
                               && (!filter.second || *filter.second == found->second);
                       });
}

} // namespace

double valueOf(const StatisticSet& statistics, Statistic statistic)
{
    switch (statistic) {
    case Statistic::SampleCount:
        return statistics.sampleCount;
    case Statistic::Sum:
        return statistics.sum;
    case Statistic::Average:
        return statistics.sum / statistics.sampleCount;
    case Statistic::Minimum:
        return statistics.minimum;
    case Statistic::Maximum:
        return statistics.maximum;
    }
    return 0;
}

MetricStore::Series* MetricStore::seriesOf(const MetricRef& metric, const std::string& unit,
                                           SimTime now)
{
    const auto known = m_metrics.find(metric);
    if (known != m_metrics.end()) {
        if (const auto series = known->second.find(unit); series != known->second.end())
            return &series->second;
    }
    if (m_series >= m_limits.metrics)
        dropExpired(now);
    if (m_series >= m_limits.metrics)
        return nullptr;
    ++m_series;
    return &m_metrics[metric][unit];
}

/// Lets metrics go that have had no data for 15 days; looks at most once a minute.
void MetricStore::dropExpired(SimTime now)
{
    if (now < m_dropAgainAt)
        return;
    m_dropAgainAt = now + SimDuration::minutes(1);
    const std::int64_t before = (now - kMinutesKept).inSeconds();
    for (auto metric = m_metrics.begin(); metric != m_metrics.end();) {
        ByUnit& units = metric->second;
        for (auto unit = units.begin(); unit != units.end();) {
            forget(unit->second.minutes, before);
            const bool gone = unit->second.minutes.empty();
            if (gone)
                m_points -= unit->second.seconds.size();
            m_series -= gone ? 1 : 0;
            unit = gone ? units.erase(unit) : std::next(unit);
        }
        metric = units.empty() ? m_metrics.erase(metric) : std::next(metric);
    }
}

void MetricStore::add(const MetricRef& metric, const std::string& unit, SimTime at,
                      const StatisticSet& statistics)
{
    Series* series = statistics.sampleCount > 0 ? seriesOf(metric, unit, at) : nullptr;
    if (series == nullptr)
        return;
    const std::int64_t second = at.inSeconds();
    forget(series->minutes, (at - kMinutesKept).inSeconds());
    addTo(series->minutes, roundedDown(second, 60), statistics);
}

void MetricStore::addTo(Points& points, std::int64_t second, const StatisticSet& statistics)
{
    // Nearly always the newest or one after it.
    auto at = points.end();
    while (at != points.begin() && std::prev(at)->second >= second)
        --at;
    if (at == points.end() || at->second != second) {
        at = points.insert(at, Point {second, {}});
        ++m_points;
    }
    at->statistics.add(statistics);
    if (m_points > m_limits.points)
        makeRoom();
}

void MetricStore::forget(Points& points, std::int64_t before)
{
    while (!points.empty() && points.front().second < before) {
        points.pop_front();
        --m_points;
    }
}

/// Drops the oldest points of all metrics: first those above three quarters of the limit.
void MetricStore::makeRoom()
{
    std::vector<std::int64_t> times;
    times.reserve(m_points);
    const auto forPoints = [this](auto&& each) {
        for (auto& [metric, units] : m_metrics) {
            for (auto& [unit, series] : units) {
                each(series.minutes);
                each(series.seconds);
            }
        }
    };
    forPoints([&times](const Points& points) {
        for (const Point& point : points)
            times.push_back(point.second);
    });
    const auto cut
        = times.begin() + static_cast<std::ptrdiff_t>(times.size() - m_limits.points * 3 / 4);
    std::nth_element(times.begin(), cut, times.end());
    const std::size_t had = m_points;
    forPoints([this, before = *cut](Points& points) { forget(points, before); });
    if (m_points == had) // all of them share the oldest moment
        forPoints([this, before = *cut + 1](Points& points) { forget(points, before); });
}

Result<void> MetricStore::answer(const PutMetricData& request, SimTime now)
{
    if (!hasName(request.metricNamespace) || request.metricNamespace.front() == ':')
        return invalid("The parameter Namespace must have 1 to 255 characters and no leading "
                       "colon.");
    if (request.metricNamespace.rfind("AWS/", 0) == 0)
        return invalid("The value AWS/ for parameter Namespace is invalid: such namespaces are "
                       "the services' own.");
    if (request.data.empty() || request.data.size() > kDataMost)
        return invalid("The collection MetricData must have 1 to 1000 members.");
    for (const Datum& datum : request.data) {
        if (auto ok = checkDatum(datum, now); !ok)
            return ok;
    }
    for (const Datum& datum : request.data) {
        Series* series = seriesOf({request.metricNamespace, datum.metricName, datum.dimensions},
                                  datum.unit, now);
        if (series == nullptr)
            return fail(ErrorCode::LimitExceeded,
                        "There are " + std::to_string(m_series)
                            + " metrics already, and no room for " + datum.metricName + ".");
        const std::int64_t second = datum.timestamp.value_or(now).inSeconds();
        forget(series->minutes, (now - kMinutesKept).inSeconds());
        forget(series->seconds, (now - kSecondsKept).inSeconds());
        addTo(series->minutes, roundedDown(second, 60), datum.statistics);
        if (second >= (now - kSecondsKept).inSeconds())
            addTo(series->seconds, second, datum.statistics);
    }
    return {};
}

Result<MetricStore::Span> MetricStore::spanOf(SimTime start, SimTime end, std::int64_t period)
{
    const bool shorter = period == 1 || period == 5 || period == 10 || period == 20 || period == 30;
    if (!shorter && (period < 60 || period % 60 != 0))
        return invalid("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, not "
                       + std::to_string(period) + ".");
    if (start >= end)
        return invalid("The parameter StartTime must be less than the parameter EndTime.");
    return Span {roundedDown(start.inSeconds(), std::min<std::int64_t>(period, 60)),
                 (end.inMicros() + 999'999) / 1'000'000, period};
}

std::map<std::int64_t, StatisticSet>
MetricStore::collect(const MetricRef& metric, const std::string& unit, const Span& span) const
{
    std::map<std::int64_t, StatisticSet> periods;
    const auto found = m_metrics.find(metric);
    if (found == m_metrics.end())
        return periods;
    for (const auto& [its, series] : found->second) {
        if (!unit.empty() && unit != its)
            continue;
        const Points& points = span.period < 60 ? series.seconds : series.minutes;
        auto at = std::lower_bound(
            points.begin(), points.end(), span.from,
            [](const Point& point, std::int64_t from) { return point.second < from; });
        for (; at != points.end() && at->second < span.to; ++at)
            periods[span.from + roundedDown(at->second - span.from, span.period)].add(
                at->statistics);
    }
    return periods;
}

Result<GetMetricDataResult> MetricStore::answer(const GetMetricData& request, SimTime) const
{
    if (request.queries.empty() || request.queries.size() > kQueriesMost)
        return invalid("The collection MetricDataQueries must have 1 to 500 members.");
    if (request.maxDatapoints < 1 || request.maxDatapoints > kDatapointsMost)
        return invalid("The parameter MaxDatapoints must be 1 to 100800, not "
                       + std::to_string(request.maxDatapoints) + ".");
    const auto place = request.nextToken.empty() ? std::size_t {0} : placeOf(request.nextToken);
    if (!place)
        return invalid("The parameter NextToken is invalid.");

    // A token counts the points of all queries, one after the other, that were answered before it.
    GetMetricDataResult result;
    std::size_t seen = 0;
    const std::size_t until = *place + static_cast<std::size_t>(request.maxDatapoints);
    for (const MetricQuery& query : request.queries) {
        const auto span = spanOf(request.start, request.end, query.periodSeconds);
        if (!span)
            return tl::unexpected(span.error());
        if (!query.returnData)
            continue;
        MetricDataResult row {
            query.id, query.label.empty() ? query.metric.metricName : query.label, {}};
        const auto periods = collect(query.metric, query.unit, *span);
        const auto take = [&](const std::pair<const std::int64_t, StatisticSet>& period) {
            if (seen >= *place && seen < until)
                row.values.emplace_back(SimTime::fromSeconds(period.first),
                                        valueOf(period.second, query.statistic));
            ++seen;
        };
        if (request.ascending)
            std::for_each(periods.begin(), periods.end(), take);
        else
            std::for_each(periods.rbegin(), periods.rend(), take);
        result.results.push_back(std::move(row));
    }
    if (seen > until)
        result.nextToken = std::to_string(until);
    return result;
}

Result<GetMetricStatisticsResult> MetricStore::answer(const GetMetricStatistics& request,
                                                      SimTime) const
{
    const auto span = spanOf(request.start, request.end, request.periodSeconds);
    if (!span)
        return tl::unexpected(span.error());
    if (request.statistics.empty() || request.statistics.size() > 5)
        return invalid("At least one of the parameters Statistics and ExtendedStatistics must be "
                       "specified, and at most five Statistics.");
    const std::int64_t asked = (span->to - span->from + span->period - 1) / span->period;
    if (asked > kStatisticsMost)
        return invalid("You have requested up to " + std::to_string(asked)
                       + " datapoints, which exceeds the limit of 1440. You may reduce the "
                         "datapoints requested by increasing Period, or decreasing the time "
                         "range.");
    GetMetricStatisticsResult result;
    for (const auto& [second, statistics] : collect(request.metric, request.unit, *span))
        result.datapoints.push_back({SimTime::fromSeconds(second), statistics});
    result.unit = request.unit;
    if (const auto found = m_metrics.find(request.metric);
        result.unit.empty() && found != m_metrics.end())
        result.unit = found->second.begin()->first;
    return result;
}

Result<ListMetricsResult> MetricStore::answer(const ListMetrics& request, SimTime now) const
{
    const auto place = request.nextToken.empty() ? std::size_t {0} : placeOf(request.nextToken);
    if (!place)
        return invalid("The parameter NextToken is invalid.");
    ListMetricsResult result;
    std::size_t seen = 0;
    const std::int64_t since = (now - kMinutesKept).inSeconds();
    for (const auto& [metric, units] : m_metrics) {
        const bool alive = std::any_of(units.begin(), units.end(), [since](const auto& unit) {
            const Points& minutes = unit.second.minutes;
            return !minutes.empty() && minutes.back().second >= since;
        });
        if (!alive || !matches(metric, request) || seen++ < *place)
            continue;
        if (result.metrics.size() == kListedMost) {
            result.nextToken = std::to_string(*place + kListedMost);
            break;
        }
        result.metrics.push_back(metric);
    }
    return result;
}

} // namespace shardscope::cloudwatch
