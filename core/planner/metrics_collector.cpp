#include "core/planner/metrics_collector.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "core/base/json_writer.h"
#include "core/planner/metrics_time.h"

namespace shardscope {
namespace {

constexpr std::uint32_t kLongestPeriod = 86'400; // s; gaps beyond it are gaps
constexpr std::size_t kShownNames = 3;

void sortByTime(MetricPoints& points)
{
    const auto& at = points.at;
    if (std::is_sorted(at.begin(), at.end()))
        return;
    if (std::is_sorted(at.begin(), at.end(), std::greater<>())) { // newest first, as AWS answers
        std::reverse(points.at.begin(), points.at.end());
        std::reverse(points.values.begin(), points.values.end());
        return;
    }
    std::vector<std::pair<std::uint32_t, double>> rows;
    rows.reserve(at.size());
    for (std::size_t i = 0; i < at.size(); ++i)
        rows.emplace_back(at[i], points.values[i]);
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < rows.size(); ++i) {
        points.at[i] = rows[i].first;
        points.values[i] = rows[i].second;
    }
}

/// Takes out points that are there twice alike. Returns the first one that is there with two
/// values, or the size. Ascending points.
std::size_t dropTwins(MetricPoints& points)
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < points.at.size(); ++i) {
        if (kept > 0 && points.at[i] == points.at[kept - 1]) {
            if (points.values[i] != points.values[kept - 1])
                return i;
            continue;
        }
        points.at[kept] = points.at[i];
        points.values[kept++] = points.values[i];
    }
    points.at.resize(kept);
    points.values.resize(kept);
    return kept;
}

/// The most common gap, the shorter of two as common; 0 when there is none up to a day.
std::uint32_t usualGap(const std::vector<std::uint32_t>& at)
{
    std::map<std::uint32_t, std::size_t> counts;
    for (std::size_t i = 1; i < at.size();) {
        const std::uint32_t gap = at[i] - at[i - 1];
        std::size_t run = 0;
        for (; i < at.size() && at[i] - at[i - 1] == gap; ++i)
            ++run;
        if (gap <= kLongestPeriod)
            counts[gap] += run;
    }
    const auto most
        = std::max_element(counts.begin(), counts.end(),
                           [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == counts.end() ? 0 : most->first;
}

} // namespace

Result<void> MetricsCollector::open(const MetricsFile& file)
{
    if (file.period) {
        const std::int64_t micros = file.period->inMicros();
        if (micros % 1'000'000 != 0 || micros < 1'000'000
            || micros > std::int64_t {kLongestPeriod} * 1'000'000)
            return fail(ErrorCode::BadInput,
                        file.path + ": a period of " + toText(*file.period)
                            + " is out of range; whole seconds from 1s to 1d would be right");
    }
    m_files.emplace_back().file = file;
    return {};
}

MetricsCollector::Stream& MetricsCollector::streamOf(const MetricName& name)
{
    const std::string& own = m_files.back().file.stream;
    const std::string wanted = !own.empty() ? own : !name.stream.empty() ? name.stream : "stream";
    auto at = std::find_if(m_streams.begin(), m_streams.end(),
                           [&](const Stream& stream) { return stream.name == wanted; });
    if (at == m_streams.end()) {
        m_streams.emplace_back().name = wanted;
        at = m_streams.end() - 1;
    }
    return *at;
}

Result<void> MetricsCollector::add(const MetricName& name, MetricPoints& points,
                                   const std::string& place)
{
    File& file = m_files.back();
    file.kinesis = true;
    if (name.metric == MeasuredMetric::Other) {
        leaveOut(name.name);
        return {};
    }
    Stream& stream = streamOf(name);
    stream.files.insert(m_files.size() - 1);
    if (name.metric == MeasuredMetric::IteratorAge) {
        for (const double age : points.values)
            stream.maxIteratorAgeMs = std::max(stream.maxIteratorAgeMs, age);
        return {};
    }
    const std::int64_t shard = name.shard ? std::int64_t {name.shard->value} : -1;
    std::vector<Chunk>& chunks = stream.series[{name.metric, shard}];
    if (points.at.empty())
        return {};
    sortByTime(points);
    const std::size_t before = points.at.size();
    const std::size_t twin = dropTwins(points);
    if (twin < before && points.at.size() == before)
        return fail(ErrorCode::BadInput,
                    file.file.path + ": " + place + " has overlapping periods: the point of "
                        + minuteText(points.at[twin]) + " is there with different values, "
                        + numberText(points.values[twin])
                        + " is one; one point for each time would be right");
    Chunk& chunk = chunks.emplace_back();
    chunk.file = m_files.size() - 1;
    chunk.given = file.file.period.has_value();
    chunk.period = chunk.given ? static_cast<std::uint32_t>(file.file.period->inMillis() / 1'000)
                               : usualGap(points.at);
    chunk.points = points; // a copy is as large as it must be
    return {};
}

void MetricsCollector::leaveOut(const std::string& name)
{
    m_files.back().leftOut.insert(name);
}

void MetricsCollector::note(const std::string& sentence)
{
    m_files.back().notes.push_back(sentence);
}

void MetricsCollector::page(bool goesOn)
{
    m_files.back().paged = true;
    m_files.back().goesOn = goesOn;
}

Result<void> MetricsCollector::close()
{
    const File& file = m_files.back();
    if (file.kinesis)
        return {};
    std::string names;
    std::size_t shown = 0;
    for (const std::string& name : file.leftOut) {
        if (shown++ == kShownNames)
            break;
        names += (names.empty() ? "" : ", ") + name;
    }
    if (file.leftOut.size() > kShownNames)
        names += " …";
    return fail(ErrorCode::BadInput,
                file.file.path + ": holds " + (names.empty() ? "no point" : names)
                    + " and no metric of Kinesis Data Streams; IncomingBytes and IncomingRecords "
                      "of a stream would be right");
}

} // namespace shardscope
