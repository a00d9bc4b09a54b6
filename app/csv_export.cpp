#include "app/csv_export.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "core/base/json_writer.h"
#include "core/engine/requests.h"
#include "core/metrics/catalog.h"
#include "core/scenario/words.h"

namespace shardscope {
namespace {

constexpr const char* kSampleColumns
    = "acceptedRecords,acceptedBytes,refusedByBytes,refusedByRecords,refusedBytes,readRecords,"
      "readBytes,readCalls,refusedReadCalls,iteratorAgeMs";

void putSample(std::ostream& out, const ShardSample& s)
{
    out << s.inRecords << ',' << s.inBytes << ',' << s.refusedByBytes << ',' << s.refusedByRecords
        << ',' << s.refusedBytes << ',' << s.outRecords << ',' << s.outBytes << ',' << s.readCalls
        << ',' << s.refusedReads << ',' << s.ageMs;
}

/// In quotation marks when it holds a comma, a quotation mark or a line break (RFC 4180).
std::string cell(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

} // namespace

Result<CsvExport> CsvExport::open(const std::string& folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    CsvExport out;
    out.m_folder = folder;
    out.m_shards.open(folder + "/shards.csv");
    out.m_stream.open(folder + "/stream.csv");
    out.m_events.open(folder + "/events.csv");
    out.m_cloudWatch.open(folder + "/cloudwatch.csv");
    if (!out.m_shards || !out.m_stream || !out.m_events || !out.m_cloudWatch)
        return fail(ErrorCode::BadInput,
                    "--csv: cannot write into " + folder + "; name a folder that can be written");
    for (std::ofstream* file : {&out.m_shards, &out.m_stream, &out.m_events, &out.m_cloudWatch})
        file->imbue(std::locale::classic());
    out.m_shards << "timeUtc,shardId," << kSampleColumns << '\n';
    out.m_stream << "timeUtc,openShards," << kSampleColumns << ",costProvisioned,costOnDemand\n";
    out.m_events << "timeUtc,kind,shards,text\n";
    out.m_cloudWatch << "timeUtc,streamName,shardId,metric,statistic,unit,value\n";
    return out;
}

void CsvExport::append(const History& history)
{
    SimTime newest = m_next;
    for (const auto& block : history.of(Resolution::Second)) {
        for (std::size_t row = 0; row < block->rows(); ++row) {
            if (block->timeOf(row) < m_next)
                continue;
            const std::string at = toIso(block->timeOf(row));
            const StreamSample& total = block->totals[row];
            m_stream << at << ',' << total.openShards << ',';
            putSample(m_stream, total.sum);
            m_stream << ',' << numberText(total.costProvisioned) << ','
                     << numberText(total.costOnDemand) << '\n';
            for (std::size_t col = 0; col < block->shards.size(); ++col) {
                m_shards << at << ',' << shardIdText(block->shards[col]) << ',';
                putSample(m_shards, block->cell(row, col));
                m_shards << '\n';
            }
        }
        newest = std::max(newest, block->end());
    }
    m_next = newest;
}

void CsvExport::putMinutes(const Snapshot& snapshot)
{
    const StreamDescriptionSummary& stream = snapshot.stream.summary;
    const TimeWindow all {snapshot.clock.start, SimTime::max()};
    const auto put = [&](const Metric& metric, const std::string& shardId, const auto& points) {
        for (const Datapoint& point : datapoints(metric, points))
            m_cloudWatch << toIso(point.at) << ',' << stream.streamName << ',' << shardId << ','
                         << metric.name << ',' << statisticText(metric.statistic) << ','
                         << unitText(metric.unit) << ',' << numberText(point.value) << '\n';
    };
    for (const Metric& metric : metricCatalog()) {
        if (metric.level == MetricLevel::Stream) {
            put(metric, {}, streamPoints(snapshot.history, Resolution::Minute, all));
            continue;
        }
        const bool on
            = std::any_of(stream.enhancedMonitoring.begin(), stream.enhancedMonitoring.end(),
                          [&](ShardLevelMetric enabled) { return wordOf(enabled) == metric.name; });
        for (const ShardRow& shard : snapshot.shards) {
            if (on)
                put(metric, shardIdText(shard.slot),
                    shardPoints(snapshot.history, Resolution::Minute, shard.slot, all));
        }
    }
}

Result<void> CsvExport::finish(const Snapshot& snapshot)
{
    putMinutes(snapshot);
    for (const Event& event : *snapshot.events) {
        m_events << toIso(event.at) << ',' << kindText(event.kind) << ',';
        for (std::size_t i = 0; i < event.shards.size(); ++i)
            m_events << (i > 0 ? " " : "") << shardIdText(event.shards[i]);
        m_events << ',' << cell(event.text) << '\n';
    }
    for (std::ofstream* file : {&m_shards, &m_stream, &m_events, &m_cloudWatch}) {
        file->close();
        if (file->fail())
            return fail(ErrorCode::Io, "--csv: " + m_folder + " could not be written to its end");
    }
    return {};
}

} // namespace shardscope
