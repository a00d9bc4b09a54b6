#include "core/planner/metrics_csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "core/base/json_writer.h"
#include "core/planner/metrics_csv_rows.h"
#include "core/planner/metrics_time.h"
#include "core/scenario/nearest.h"
#include "core/workload/trace_reader.h"

namespace shardscope {
namespace {

constexpr std::size_t kShownText = 40; // of a bad cell, in a message
constexpr std::size_t kHeadersKept = 100; // that a misspelt column is compared with

enum class Role { None, Time, Stream, Shard, Metric, Statistic, Value, Amount };

struct Column {
    Role role = Role::None;
    MetricName name; ///< of an Amount
    std::string header;
    bool picked = false;
};

/// A column that the user names.
struct Pick {
    Role role = Role::None;
    MeasuredMetric metric {};
    std::string column;
    bool found = false;
};

struct PickWord {
    const char* word;
    Role role;
    MeasuredMetric metric {};
};
constexpr std::array kPickWords {
    PickWord {"time", Role::Time},
    PickWord {"bytes", Role::Amount, MeasuredMetric::IncomingBytes},
    PickWord {"records", Role::Amount, MeasuredMetric::IncomingRecords},
    PickWord {"shard", Role::Shard},
    PickWord {"stream", Role::Stream},
    PickWord {"refused", Role::Amount, MeasuredMetric::WriteThrottled},
    PickWord {"readBytes", Role::Amount, MeasuredMetric::ReadBytes},
    PickWord {"age", Role::Amount, MeasuredMetric::IteratorAge},
};

std::string shown(std::string_view s)
{
    std::string text("\"");
    for (const char c : s.substr(0, kShownText))
        text.push_back(static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c);
    text += s.size() > kShownText ? "…\"" : "\"";
    return text;
}

std::optional<double> number(std::string_view s)
{
    double value = 0;
    const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
    if (error != std::errc() || end != s.data() + s.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

bool isOneOf(const std::string& word, std::initializer_list<const char*> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// What a header says by its name alone.
Column columnOf(std::string_view header)
{
    Column column;
    column.header = header;
    const std::string word = squashed(header);
    if (isOneOf(word, {"time", "timestamp", "timeutc", "timestamputc", "date", "datetime"}))
        column.role = Role::Time;
    else if (isOneOf(word, {"stream", "streamname"}))
        column.role = Role::Stream;
    else if (isOneOf(word, {"shard", "shardid"}))
        column.role = Role::Shard;
    else if (isOneOf(word, {"metric", "metricname"}))
        column.role = Role::Metric;
    else if (isOneOf(word, {"statistic", "stat"}))
        column.role = Role::Statistic;
    else if (word == "value")
        column.role = Role::Value;
    else if (isOneOf(word, {"refusedbybytes", "refusedbyrecords"})) // those of `run --csv`
        column.name.metric = MeasuredMetric::WriteThrottled;
    else if (const auto name = metricNameIn(header))
        column.name = *name;
    else
        return column;
    if (column.role == Role::None)
        column.role = Role::Amount;
    return column;
}

Result<std::vector<Pick>> picksOf(const std::string& text)
{
    std::vector<std::string> words;
    for (const PickWord& known : kPickWords)
        words.emplace_back(known.word);
    std::vector<Pick> picks;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        const std::string part = text.substr(at, end - at);
        at = end + 1;
        const std::size_t equals = part.find('=');
        const std::string word = part.substr(0, equals);
        const auto* known = std::find_if(kPickWords.begin(), kPickWords.end(),
                                         [&](const PickWord& one) { return word == one.word; });
        if (known == kPickWords.end()) {
            const std::string near = nearestWord(word, words);
            return fail(ErrorCode::BadInput,
                        "columns: " + shown(word) + " is no column that is read"
                            + (near.empty() ? "; " + orList(words) + " would be right"
                                            : "; did you mean " + near + '?'));
        }
        if (equals == std::string::npos || equals + 1 == part.size())
            return fail(ErrorCode::BadInput,
                        "columns: " + word + " needs the name of its column, e.g. " + word
                            + "=Column");
        picks.push_back({known->role, known->metric, part.substr(equals + 1)});
    }
    return picks;
}

bool sameName(std::string_view a, std::string_view b)
{
    const auto lower
        = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

class CsvReader {
public:
    CsvReader(const MetricsFile& file, std::string_view text, MetricsCollector& collector)
        : m_path(file.path)
        , m_rows(text)
        , m_collector(collector)
    {
    }

    Result<void> read(const std::string& columns);

private:
    /// Points of one metric that are gathered.
    struct Series {
        MetricName name;
        MetricPoints points;
    };
    static constexpr std::size_t kNoSeries = SIZE_MAX;
    /// The series of one stream and shard, one for each target.
    using Group = std::vector<std::size_t>;

    Result<void> findData();
    Result<void> readHeader();
    Result<void> setTargets();
    Result<void> readRow();
    Result<Group*> groupOfRow();
    Result<Group> makeGroup();
    Result<void> addSeries();
    [[nodiscard]] std::string_view cellOf(std::size_t column) const
    {
        return column < m_rows.cells().size() ? m_rows.cells()[column] : std::string_view {};
    }
    [[nodiscard]] std::size_t columnWith(Role role) const
    {
        const auto at = std::find_if(m_columns.begin(), m_columns.end(),
                                     [&](const Column& column) { return column.role == role; });
        return at == m_columns.end() ? kNoColumn : static_cast<std::size_t>(at - m_columns.begin());
    }
    [[nodiscard]] tl::unexpected<Error> bad(const std::string& what) const
    {
        return fail(ErrorCode::BadInput,
                    m_path + ':' + std::to_string(m_rows.line()) + ": " + what);
    }
    [[nodiscard]] tl::unexpected<Error> badTime(std::string_view cell) const
    {
        return bad("time " + shown(cell) + " cannot be read; " + kTimeForms);
    }
    static constexpr std::size_t kNoColumn = SIZE_MAX;

    const std::string& m_path;
    CsvRows m_rows;
    MetricsCollector& m_collector;
    TimeReader m_times;
    std::vector<Pick> m_picks;
    std::vector<Column> m_columns;
    std::vector<std::string> m_headers; ///< all that were seen
    std::size_t m_time = 0, m_stream = kNoColumn, m_shard = kNoColumn, m_metric = kNoColumn,
                m_statistic = kNoColumn;
    /// What a row gives an amount of, and the columns that it is the sum of.
    std::vector<MetricName> m_targets;
    std::vector<std::pair<std::size_t, std::size_t>> m_amounts; ///< column, target
    std::vector<double> m_row; ///< by target
    std::map<std::string, Group, std::less<>> m_groups;
    std::string m_key; ///< of the row's group
    std::vector<Series> m_series;
};

/// Looks at a row above the data.
Result<void> CsvReader::readHeader()
{
    const auto cells = m_rows.cells();
    if (m_columns.size() < cells.size())
        m_columns.resize(cells.size());
    bool names = false;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i].empty())
            continue;
        if (m_headers.size() < kHeadersKept)
            m_headers.emplace_back(cells[i]);
        Column column = columnOf(cells[i]);
        for (Pick& pick : m_picks) {
            if (sameName(pick.column, cells[i])) {
                column.role = pick.role;
                column.name = MetricName {.metric = pick.metric};
                column.picked = pick.found = true;
            } else if (!column.picked && column.role == pick.role
                       && column.name.metric == pick.metric) {
                column.role = Role::None;
            }
        }
        names = names || column.role != Role::None;
        if (column.role != Role::None || m_columns[i].role == Role::None)
            m_columns[i] = column;
    }
    const std::size_t time = columnWith(Role::Time);
    const std::string_view cell = cellOf(time);
    if (!names && time != kNoColumn && cell.find_first_of("0123456789") != std::string_view::npos)
        return badTime(cell);
    if (time != kNoColumn)
        m_time = time;
    return {};
}

/// Reads headers; stops on the first row with a time.
Result<void> CsvReader::findData()
{
    std::string first;
    while (m_rows.next()) {
        if (m_rows.isOpen())
            return bad("a quotation mark is never closed");
        const bool picked = std::all_of(m_picks.begin(), m_picks.end(),
                                        [](const Pick& pick) { return pick.found; });
        if (m_times.read(cellOf(m_time))) {
            if (picked)
                return {};
            break;
        }
        if (first.empty())
            first = m_rows.cells().front();
        if (auto header = readHeader(); !header)
            return header;
    }
    for (const Pick& pick : m_picks) {
        if (pick.found)
            continue;
        const std::string near = nearestWord(pick.column, m_headers);
        return fail(ErrorCode::BadInput,
                    m_path + ": has no column " + shown(pick.column)
                        + (near.empty() ? "; a name from its first lines would be right"
                                        : "; did you mean " + near + '?'));
    }
    return fail(ErrorCode::BadInput,
                m_path + ": no row has a time, the first begins with " + shown(first) + "; "
                    + kTimeForms);
}

Result<void> CsvReader::setTargets()
{
    m_stream = columnWith(Role::Stream);
    m_shard = columnWith(Role::Shard);
    m_metric = columnWith(Role::Metric);
    m_statistic = columnWith(Role::Statistic);
    const std::size_t value = columnWith(Role::Value);
    if (m_metric != kNoColumn && value != kNoColumn) {
        m_amounts.emplace_back(value, 0);
        m_targets.emplace_back();
    } else {
        m_metric = kNoColumn;
    }
    for (std::size_t i = 0; i < m_columns.size() && m_metric == kNoColumn; ++i) {
        const Column& column = m_columns[i];
        if (column.role != Role::Amount)
            continue;
        const auto same = [&](const MetricName& target) {
            return target.metric == column.name.metric && target.shard == column.name.shard
                && target.stream == column.name.stream && target.metric != MeasuredMetric::Other;
        };
        const auto at = std::find_if(m_targets.begin(), m_targets.end(), same);
        // Refusals may be told apart by their limit; they are one sum.
        if (at != m_targets.end() && at->metric != MeasuredMetric::WriteThrottled)
            return bad("two columns are " + std::string(nameOf(at->metric)) + ", the second is "
                       + shown(column.header) + "; name one with columns");
        m_amounts.emplace_back(i, static_cast<std::size_t>(at - m_targets.begin()));
        if (at == m_targets.end())
            m_targets.push_back(column.name);
    }
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        if (i != m_time && m_columns[i].role == Role::None && !m_columns[i].header.empty())
            m_collector.leaveOut(m_columns[i].header);
    if (m_amounts.empty())
        return bad(m_headers.empty()
                       ? "the columns have no names; a first line such as time,bytes,records would "
                         "be right"
                       : "no column is named bytes or records; name them with columns, e.g. "
                         "bytes=In,records=Count");
    m_row.resize(m_targets.size());
    return {};
}

Result<CsvReader::Group> CsvReader::makeGroup()
{
    std::optional<ShardSlot> shard;
    if (const std::string_view cell = cellOf(m_shard); !cell.empty()) {
        const auto slot = parseShardId(cell);
        if (!slot)
            return bad("shard " + shown(cell)
                       + " cannot be read; shardId-000000000012 or 12 would be right");
        shard = *slot;
    }
    Group group;
    for (MetricName name : m_targets) {
        if (m_metric != kNoColumn) {
            const std::string_view cell = cellOf(m_metric), statistic = cellOf(m_statistic);
            const auto known = metricNameIn(cell);
            if (known)
                name = *known;
            const bool age = name.metric == MeasuredMetric::IteratorAge;
            const bool wanted = statistic.empty() || sameName(statistic, age ? "Maximum" : "Sum");
            if (!known || !wanted) {
                m_collector.leaveOut(std::string(cell)
                                     + (known ? " (" + std::string(statistic) + ')' : ""));
                group.push_back(kNoSeries);
                continue;
            }
        }
        if (shard)
            name.shard = shard;
        if (const std::string_view cell = cellOf(m_stream); !cell.empty())
            name.stream = cell;
        group.push_back(m_series.size());
        m_series.push_back({name, {}});
    }
    return group;
}

Result<CsvReader::Group*> CsvReader::groupOfRow()
{
    m_key.clear();
    for (const std::size_t column : {m_stream, m_shard, m_metric, m_statistic}) {
        m_key += cellOf(column);
        m_key += '\n';
    }
    auto at = m_groups.find(m_key);
    if (at == m_groups.end()) {
        auto group = makeGroup();
        if (!group)
            return tl::unexpected(group.error());
        at = m_groups.emplace(m_key, std::move(*group)).first;
    }
    return &at->second;
}

Result<void> CsvReader::readRow()
{
    if (m_rows.isOpen())
        return bad("a quotation mark is never closed");
    const auto moment = m_times.read(cellOf(m_time));
    if (!moment)
        return badTime(cellOf(m_time));
    if (!moment->zoned)
        m_collector.unzoned();
    const auto group = groupOfRow();
    if (!group)
        return tl::unexpected(group.error());
    std::fill(m_row.begin(), m_row.end(), 0.0);
    for (const auto& [column, target] : m_amounts) {
        const std::string_view cell = cellOf(column);
        if (cell.empty() || (**group)[target] == kNoSeries)
            continue;
        const auto amount = number(cell);
        if (!amount || *amount < 0)
            return bad(m_columns[column].header + ' ' + shown(cell)
                       + (amount ? " is negative" : " is no number")
                       + "; 0 or more, with a point for the decimals, would be right");
        m_row[target] += *amount;
    }
    for (std::size_t target = 0; target < m_row.size(); ++target) {
        if ((**group)[target] == kNoSeries)
            continue;
        MetricPoints& points = m_series[(**group)[target]].points;
        points.at.push_back(moment->seconds);
        points.values.push_back(m_row[target]);
    }
    return {};
}

Result<void> CsvReader::addSeries()
{
    for (Series& series : m_series) {
        const std::string place
            = (series.name.metric == MeasuredMetric::Other ? series.name.name
                                                           : nameOf(series.name.metric))
            + (series.name.shard ? " of " + shardIdText(*series.name.shard) : "");
        if (auto added = m_collector.add(series.name, series.points, place); !added)
            return added;
        series.points = {};
    }
    return {};
}

Result<void> CsvReader::read(const std::string& columns)
{
    auto picks = picksOf(columns);
    if (!picks)
        return tl::unexpected(picks.error());
    m_picks = std::move(*picks);
    if (auto found = findData(); !found)
        return found;
    if (auto set = setTargets(); !set)
        return set;
    do {
        if (auto row = readRow(); !row)
            return row;
    } while (m_rows.next());
    return addSeries();
}

/// Whether the first row says or shows `time,key,size`.
bool isTrace(std::string_view text)
{
    CsvRows rows(text);
    if (!rows.next() || rows.cells().size() != 3)
        return false;
    const auto cells = rows.cells();
    if (columnOf(cells[0]).role == Role::Time)
        return isOneOf(squashed(cells[1]), {"key", "partitionkey"})
            && isOneOf(squashed(cells[2]), {"size", "bytes", "datasize", "recordsize"});
    const bool timed = TimeReader().read(cells[0]) || number(cells[0]) || cells[0].ends_with("ms");
    return timed && !number(cells[1]) && !cells[1].empty() && number(cells[2])
        && !parseShardId(cells[1]);
}

/// Counts a trace's records by the minute. A record is as large as its data and its key.
Result<void> readTraceMinutes(const MetricsFile& file, std::string_view text,
                              MetricsCollector& collector)
{
    constexpr std::int64_t kMinuteUs = 60'000'000;
    constexpr std::int64_t kFirstDateUs = 100'000'000'000'000; // 1973; below it, time has no date
    constexpr std::int64_t kMostMinutes = 401 * 1'440; // readMetrics refuses what is longer
    const auto trace = parseTrace(text, file.path);
    if (!trace)
        return tl::unexpected(trace.error());
    const bool dated = trace->firstUs >= kFirstDateUs;
    const std::int64_t first = dated ? trace->firstUs : kDefaultStart.inMicros();
    const std::int64_t start = first - first % kMinuteUs;
    const auto minuteOf = [&](std::size_t i) { return (first + trace->us[i] - start) / kMinuteUs; };
    const std::int64_t minutes = minuteOf(trace->size() - 1) + 1;
    if (minutes > kMostMinutes || first > std::int64_t {UINT32_MAX - 40'000'000} * 1'000'000)
        return fail(ErrorCode::BadInput,
                    file.path
                        + ": lasts more than 400 days or ends after 2104; a shorter trace "
                          "would be right");
    MetricPoints bytes, records;
    for (std::int64_t i = 0; i < minutes; ++i) {
        bytes.at.push_back(static_cast<std::uint32_t>((start + i * kMinuteUs) / 1'000'000));
        bytes.values.push_back(0);
    }
    records = bytes;
    for (std::size_t i = 0; i < trace->size(); ++i) {
        const auto minute = static_cast<std::size_t>(minuteOf(i));
        bytes.values[minute]
            += static_cast<double>(trace->bytes[i] + trace->keys[trace->key[i]].size());
        records.values[minute] += 1;
    }
    if (!dated)
        collector.note("The times of " + file.path.substr(file.path.find_last_of('/') + 1)
                       + " have no date; its first record is put at "
                       + minuteText(first / 1'000'000) + '.');
    if (auto added = collector.add({.metric = MeasuredMetric::IncomingBytes}, bytes, "bytes");
        !added)
        return added;
    return collector.add({.metric = MeasuredMetric::IncomingRecords}, records, "records");
}

} // namespace

Result<void> readMetricsCsv(const MetricsFile& file, std::string_view text,
                            MetricsCollector& collector)
{
    if (file.columns.empty() && isTrace(text))
        return readTraceMinutes(file, text, collector);
    return CsvReader(file, text, collector).read(file.columns);
}

} // namespace shardscope
