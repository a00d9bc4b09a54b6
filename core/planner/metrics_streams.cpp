#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "core/base/json_writer.h"
#include "core/planner/metrics_collector.h"
#include "core/planner/metrics_time.h"

namespace shardscope {
namespace {

constexpr std::uint32_t kMinute = 60;
constexpr std::uint32_t kDay = 86'400;
constexpr std::uint32_t kMostDays = 400; // CloudWatch itself keeps 455
constexpr double kAlike = 0.01; // what shards and stream may differ by without a word

std::string fileName(const std::string& path)
{
    return std::filesystem::path(path).filename().string();
}

std::string counted(std::size_t n, const char* thing)
{
    return std::to_string(n) + ' ' + thing + (n == 1 ? "" : "s");
}

std::string periodText(std::uint32_t seconds)
{
    return toText(SimDuration::seconds(seconds));
}

} // namespace

/// Makes a MeasuredStream of a stream's series, which it uses up.
class MetricsCollector::Assembly {
public:
    Assembly(const std::vector<File>& files, Stream& stream)
        : m_files(files)
        , m_stream(stream)
    {
    }

    Result<MeasuredStream> make();

private:
    struct Point {
        std::uint32_t at = 0, period = 0;
        double value = 0;
        std::size_t file = 0;
        bool given = false;
    };
    /// Where a column's points come from; none when it was not measured.
    struct Source {
        MeasuredMetric metric {};
        bool shards = false;
        [[nodiscard]] bool has(const SeriesKey& key) const
        {
            return key.first == metric && (key.second >= 0) == shards;
        }
    };
    struct Column {
        std::optional<Source> source;
        std::vector<double>* values = nullptr;
    };

    std::optional<Source> sourceOf(std::initializer_list<MeasuredMetric> metrics) const;
    Result<void> checkComplete() const;
    Result<void> findRange();
    void findPeriods();
    Result<void> merge(const SeriesKey& key, const std::vector<Chunk>& chunks);
    void spread(std::vector<double>& column, std::vector<char>* covered) const;
    void addToShard(const SeriesKey& key);
    [[nodiscard]] bool isUsed(const SeriesKey& key) const;
    [[nodiscard]] std::string seriesText(const SeriesKey& key) const;

    void notePeriods();
    void noteMissing();
    void noteFiles();
    void noteDoubts();

    [[nodiscard]] tl::unexpected<Error> bad(const std::string& what) const
    {
        return fail(ErrorCode::BadInput, "stream " + m_stream.name + ": " + what);
    }

    const std::vector<File>& m_files;
    Stream& m_stream;
    MeasuredStream m_out;
    std::array<Column, 4> m_columns; ///< bytes, records, refused, read
    std::uint32_t m_first = 0; ///< of the first minute; seconds since 1970
    std::map<std::uint32_t, std::size_t> m_periods; ///< points of bytes and records by period
    std::uint32_t m_usualPeriod = kMinute; ///< of points whose own does not show
    bool m_assumed = false; ///< a period was taken for granted
    std::vector<Point> m_merged; ///< of the series at hand
    std::vector<char> m_covered; ///< by minute: has a point of bytes
};

std::optional<MetricsCollector::Assembly::Source>
MetricsCollector::Assembly::sourceOf(std::initializer_list<MeasuredMetric> metrics) const
{
    for (const bool shards : {false, true})
        for (const MeasuredMetric metric : metrics)
            for (const auto& [key, chunks] : m_stream.series)
                if (Source {metric, shards}.has(key) && !chunks.empty())
                    return Source {metric, shards};
    return std::nullopt;
}

bool MetricsCollector::Assembly::isUsed(const SeriesKey& key) const
{
    const bool shard = key.second >= 0
        && (key.first == MeasuredMetric::IncomingBytes
            || key.first == MeasuredMetric::IncomingRecords);
    return shard || std::any_of(m_columns.begin(), m_columns.end(), [&](const Column& column) {
               return column.source && column.source->has(key);
           });
}

std::string MetricsCollector::Assembly::seriesText(const SeriesKey& key) const
{
    std::string text = nameOf(key.first);
    if (key.second >= 0)
        text += " of " + shardIdText(ShardSlot(static_cast<std::uint32_t>(key.second)));
    return text;
}

Result<void> MetricsCollector::Assembly::checkComplete() const
{
    for (const std::size_t i : {0U, 1U}) {
        if (m_columns.at(i).source)
            continue;
        const MeasuredMetric metric
            = i == 0 ? MeasuredMetric::IncomingBytes : MeasuredMetric::IncomingRecords;
        const bool named = std::any_of(m_stream.series.begin(), m_stream.series.end(),
                                       [&](const auto& one) { return one.first.first == metric; });
        const std::string name = nameOf(metric);
        return bad(named ? name
                           + " has no point; a time in which the stream was written would be "
                             "right"
                         : name
                           + " is not in the files; Sum of IncomingBytes and of "
                             "IncomingRecords would be right");
    }
    return {};
}

/// Gives points whose period does not show in their own page the stream's most common one.
void MetricsCollector::Assembly::findPeriods()
{
    std::map<std::uint32_t, std::size_t> counts;
    for (const auto& [key, chunks] : m_stream.series)
        for (const Chunk& chunk : chunks)
            if (chunk.period > 0)
                counts[chunk.period] += chunk.points.at.size();
    const auto most
        = std::max_element(counts.begin(), counts.end(),
                           [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != counts.end())
        m_usualPeriod = most->first;
    for (auto& [key, chunks] : m_stream.series)
        for (Chunk& chunk : chunks) {
            if (chunk.period == 0) {
                chunk.period = m_usualPeriod;
                m_assumed = m_assumed || most == counts.end();
            }
            if (isUsed(key) && key.first <= MeasuredMetric::IncomingRecords)
                m_periods[chunk.period] += chunk.points.at.size();
        }
}

Result<void> MetricsCollector::Assembly::findRange()
{
    std::uint32_t first = UINT32_MAX, last = 0;
    std::int64_t end = 0;
    for (const auto& [key, chunks] : m_stream.series) {
        if (!isUsed(key))
            continue;
        for (const Chunk& chunk : chunks) {
            first = std::min(first, chunk.points.at.front());
            last = std::max(last, chunk.points.at.back());
            end = std::max(end, std::int64_t {chunk.points.at.back()} + chunk.period);
        }
    }
    if (last - first > kMostDays * kDay)
        return bad("the points reach from " + minuteText(first) + " to " + minuteText(last)
                   + "; at most " + std::to_string(kMostDays) + " days would be right");
    m_first = first - first % kMinute;
    m_out.start = SimTime::fromSeconds(m_first);
    const auto minutes = static_cast<std::size_t>((end - m_first + kMinute - 1) / kMinute);
    m_covered.assign(minutes, 0);
    for (Column& column : m_columns)
        if (column.source)
            column.values->assign(minutes, 0);
    return {};
}

/// Brings the pages of one series into one ascending list.
Result<void> MetricsCollector::Assembly::merge(const SeriesKey& key,
                                               const std::vector<Chunk>& chunks)
{
    m_merged.clear();
    for (const Chunk& chunk : chunks)
        for (std::size_t i = 0; i < chunk.points.at.size(); ++i)
            m_merged.push_back({chunk.points.at[i], chunk.period, chunk.points.values[i],
                                chunk.file, chunk.given});
    const auto earlier = [](const Point& a, const Point& b) { return a.at < b.at; };
    if (!std::is_sorted(m_merged.begin(), m_merged.end(), earlier))
        std::stable_sort(m_merged.begin(), m_merged.end(), earlier);
    std::size_t kept = 0;
    for (const Point& point : m_merged) {
        if (kept > 0) {
            Point& before = m_merged[kept - 1];
            const std::uint32_t gap = point.at - before.at;
            if (gap == 0 && point.value == before.value)
                continue;
            if (gap == 0)
                return bad("overlapping periods: " + seriesText(key) + " is there twice for "
                           + minuteText(point.at) + ", " + numberText(before.value) + " in "
                           + fileName(m_files[before.file].file.path) + " and "
                           + numberText(point.value) + " in "
                           + fileName(m_files[point.file].file.path)
                           + "; each time once would be right");
            if (gap < before.period && before.given)
                return bad("overlapping periods: points of " + seriesText(key) + " are "
                           + periodText(gap) + " apart at " + minuteText(before.at)
                           + ", and a period of " + periodText(before.period) + " is set; "
                           + periodText(gap) + " would be right");
            before.period = std::min(before.period, gap);
        }
        m_merged[kept++] = point;
    }
    m_merged.resize(kept);
    return {};
}

/// Adds the points at hand to the minutes they cover, each minute its share.
void MetricsCollector::Assembly::spread(std::vector<double>& column,
                                        std::vector<char>* covered) const
{
    for (const Point& point : m_merged) {
        const std::uint32_t from = point.at - m_first;
        const std::uint32_t to = from + point.period;
        for (std::uint32_t at = from; at < to;) {
            const std::uint32_t minute = at / kMinute;
            const std::uint32_t next = std::min(to, (minute + 1) * kMinute);
            column[minute] += next - at == point.period
                ? point.value
                : point.value * static_cast<double>(next - at) / point.period;
            if (covered != nullptr)
                (*covered)[minute] = 1;
            at = next;
        }
    }
}

void MetricsCollector::Assembly::addToShard(const SeriesKey& key)
{
    const std::string id = shardIdText(ShardSlot(static_cast<std::uint32_t>(key.second)));
    auto at = std::find_if(m_out.shards.begin(), m_out.shards.end(),
                           [&](const MeasuredStream::Shard& shard) { return shard.shardId >= id; });
    if (at == m_out.shards.end() || at->shardId != id)
        at = m_out.shards.insert(at, {.shardId = id});
    double& total = key.first == MeasuredMetric::IncomingBytes ? at->bytes : at->records;
    for (const Point& point : m_merged)
        total += point.value;
}

Result<MeasuredStream> MetricsCollector::Assembly::make()
{
    m_out.name = m_stream.name;
    m_out.maxIteratorAgeMs = m_stream.maxIteratorAgeMs;
    m_columns = {
        Column {sourceOf({MeasuredMetric::IncomingBytes}), &m_out.bytes},
        Column {sourceOf({MeasuredMetric::IncomingRecords}), &m_out.records},
        Column {sourceOf({MeasuredMetric::WriteThrottled, MeasuredMetric::ThrottledRecords}),
                &m_out.refusedRecords},
        Column {sourceOf({MeasuredMetric::ReadBytes, MeasuredMetric::OutgoingBytes}),
                &m_out.readBytes},
    };
    if (auto complete = checkComplete(); !complete)
        return tl::unexpected(complete.error());
    findPeriods();
    if (auto range = findRange(); !range)
        return tl::unexpected(range.error());
    for (auto& [key, chunks] : m_stream.series) {
        if (chunks.empty() || !isUsed(key))
            continue;
        if (auto merged = merge(key, chunks); !merged)
            return tl::unexpected(merged.error());
        chunks.clear();
        chunks.shrink_to_fit();
        for (const Column& column : m_columns)
            if (column.source && column.source->has(key))
                spread(*column.values,
                       key.first == MeasuredMetric::IncomingBytes ? &m_covered : nullptr);
        if (key.second >= 0 && key.first <= MeasuredMetric::IncomingRecords)
            addToShard(key);
    }
    notePeriods();
    noteMissing();
    noteFiles();
    noteDoubts();
    return std::move(m_out);
}

void MetricsCollector::Assembly::notePeriods()
{
    if (m_periods.size() > 1) {
        std::string list;
        std::size_t left = m_periods.size();
        for (const auto& [period, points] : m_periods) {
            list += periodText(period) + " (" + counted(points, "point") + ')';
            --left;
            list += left > 1 ? ", " : left == 1 ? " and " : "";
        }
        m_out.notes.push_back("Points cover mixed periods, " + list
                              + "; one longer than a minute is spread evenly over its minutes.");
        return;
    }
    const std::uint32_t period = m_periods.begin()->first;
    std::string text = "Each point covers " + periodText(period);
    if (m_assumed)
        text += ", which is assumed: one point does not show it";
    else if (period > kMinute)
        text += " and is spread evenly over its minutes: peaks inside it are not seen";
    else if (period < kMinute)
        text += " and is summed up to minutes";
    m_out.notes.push_back(text + '.');
}

void MetricsCollector::Assembly::noteMissing()
{
    std::size_t missing = 0, run = 0, longest = 0, longestEnd = 0;
    for (std::size_t i = 0; i < m_covered.size(); ++i) {
        run = m_covered[i] != 0 ? 0 : run + 1;
        missing += m_covered[i] != 0 ? 0U : 1U;
        if (run > longest) {
            longest = run;
            longestEnd = i + 1;
        }
    }
    if (missing == 0)
        return;
    const auto from = std::int64_t {m_first}
        + static_cast<std::int64_t>(longestEnd - longest) * std::int64_t {kMinute};
    m_out.notes.push_back(counted(missing, "minute") + " of " + std::to_string(m_covered.size())
                          + " had no point and count as zero; the longest gap is "
                          + toText(SimDuration::minutes(static_cast<std::int64_t>(longest)))
                          + " from " + minuteText(from) + '.');
}

void MetricsCollector::Assembly::noteFiles()
{
    std::set<std::string> leftOut;
    std::size_t pages = 0, goingOn = 0;
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        const File& file = m_files[i];
        // What is left out of a file of no stream is said wherever its name fits.
        const bool own = m_stream.files.contains(i)
            || (!file.file.stream.empty() && file.file.stream == m_stream.name);
        if (!own)
            continue;
        if (file.unzoned)
            m_out.notes.push_back("Times without a zone in " + fileName(file.file.path)
                                  + " were read as UTC.");
        m_out.notes.insert(m_out.notes.end(), file.notes.begin(), file.notes.end());
        leftOut.insert(file.leftOut.begin(), file.leftOut.end());
        pages += file.paged ? 1U : 0U;
        goingOn += file.goesOn ? 1U : 0U;
    }
    if (pages > 0 && goingOn == pages)
        m_out.notes.emplace_back("The last page has a NextToken: what further pages hold counts "
                                 "as zero.");
    for (const auto& [key, chunks] : m_stream.series)
        if (!isUsed(key))
            leftOut.insert(nameOf(key.first) + std::string(key.second >= 0 ? " of shards" : ""));
    if (leftOut.empty())
        return;
    std::string names;
    for (const std::string& name : leftOut)
        names += (names.empty() ? "" : ", ") + name;
    m_out.notes.push_back("Not used: " + names + '.');
}

/// Says where the figures do not fit each other.
void MetricsCollector::Assembly::noteDoubts()
{
    std::size_t lone = 0;
    for (std::size_t i = 0; i < m_out.minutes(); ++i)
        lone += m_out.bytes[i] > 0 && m_out.records[i] <= 0 ? 1U : 0U;
    if (lone > 0)
        m_out.notes.push_back(counted(lone, "minute") + (lone == 1 ? " has" : " have")
                              + " bytes but no records: IncomingRecords may be incomplete.");
    if (m_out.shards.empty() || m_columns[0].source->shards)
        return;
    double shards = 0, stream = 0;
    for (const MeasuredStream::Shard& shard : m_out.shards)
        shards += shard.bytes;
    for (const double bytes : m_out.bytes)
        stream += bytes;
    if (shards > 0 && std::abs(shards - stream) > kAlike * stream)
        m_out.notes.push_back("The shards' bytes add up to "
                              + std::to_string(std::llround(100 * shards / stream))
                              + " % of the stream's; the stream's are used.");
}

Result<std::vector<MeasuredStream>> MetricsCollector::finish()
{
    if (m_files.empty())
        return fail(ErrorCode::BadInput,
                    "no metrics file is named; an answer of aws cloudwatch get-metric-data or a "
                    "CSV file would be right");
    if (m_streams.empty())
        return fail(ErrorCode::BadInput,
                    m_files.front().file.path
                        + ": IncomingBytes and IncomingRecords are not in the files; Sum of both "
                          "would be right");
    std::vector<MeasuredStream> streams;
    for (Stream& stream : m_streams) {
        auto made = Assembly(m_files, stream).make();
        if (!made)
            return tl::unexpected(made.error());
        streams.push_back(std::move(*made));
    }
    return streams;
}

} // namespace shardscope
