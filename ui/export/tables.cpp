#include "ui/export/tables.h"

#include <map>
#include <optional>
#include <string>

#include "core/base/md5.h"
#include "core/workload/producer.h"
#include "ui/docks/why_text.h"

namespace shardscope::ui {

namespace {

constexpr int kRowsMost = 100'000;

QByteArray textCell(const std::string& text)
{
    QByteArray raw = QByteArray::fromStdString(text);
    raw.replace('"', "\"\"");
    return '"' + raw + '"';
}

void appendSample(QByteArray& line, const ShardSample& s)
{
    for (const std::uint64_t value :
         {std::uint64_t {s.inBytes}, std::uint64_t {s.inRecords}, std::uint64_t {s.refusedBytes},
          std::uint64_t {s.refusedByBytes}, std::uint64_t {s.refusedByRecords},
          std::uint64_t {s.outBytes}, std::uint64_t {s.outRecords}, std::uint64_t {s.readCalls},
          std::uint64_t {s.refusedReads}, std::uint64_t {s.ageMs}})
        line += ',' + QByteArray::number(static_cast<qulonglong>(value));
}

void appendHeading(QByteArray& line, const QByteArray& of)
{
    for (const char* name : {"acceptedBytes", "acceptedRecords", "refusedBytes", "refusedRecordsW1",
                             "refusedRecordsW2", "outgoingBytes", "outgoingRecords", "readCalls",
                             "refusedReads", "iteratorAgeMs"})
        line += ',' + of + '.' + name;
}

} // namespace

QByteArray windowCsv(const Snapshot& snapshot, TimeWindow window)
{
    const Resolution resolution = resolutionFor(snapshot.history, window, kRowsMost);
    const auto totals = streamPoints(snapshot.history, resolution, window);
    QByteArray csv = "time,seconds,openShards";
    appendHeading(csv, "stream");
    std::vector<std::map<SimTime, ShardSample>> columns;
    for (const ShardRow& shard : snapshot.shards) {
        appendHeading(csv, QByteArray::fromStdString(shardIdText(shard.slot)));
        auto& column = columns.emplace_back();
        for (const ShardPoint& p : shardPoints(snapshot.history, resolution, shard.slot, window))
            column.emplace(p.at, p.sample);
    }
    csv += '\n';
    for (const StreamPoint& point : totals) {
        csv += QByteArray::fromStdString(toIso(point.at)) + ','
            + QByteArray::number(point.step.inSeconds()) + ','
            + QByteArray::number(point.sample.openShards);
        appendSample(csv, point.sample.sum);
        for (const auto& column : columns) {
            const auto found = column.find(point.at);
            if (found != column.end())
                appendSample(csv, found->second);
            else // the shard was not there: empty, which is not zero
                csv += ",,,,,,,,,,";
        }
        csv += '\n';
    }
    return csv;
}

QByteArray refusedCsv(const Snapshot& snapshot)
{
    QByteArray csv
        = "time,shard,rule,producer,record,attempt,bytes,hashKey,partitionKey,wouldPassAt\n";
    if (!snapshot.refusals)
        return csv;
    std::map<ProducerSlot, std::pair<std::string, std::optional<Producer>>> producers;
    for (const ProducerRow& row : snapshot.producers) {
        auto made = Producer::create(row.slot, row.spec, snapshot.seed, snapshot.clock.start);
        std::optional<Producer> kept;
        if (made)
            kept.emplace(std::move(*made));
        producers.emplace(row.slot, std::pair(row.spec.name, std::move(kept)));
    }
    for (const Refusal& r : *snapshot.refusals) {
        const auto found = producers.find(r.producer);
        std::string name;
        std::string key;
        if (found != producers.end()) {
            name = found->second.first;
            if (const auto& producer = found->second.second)
                key = producer->partitionKey(r.number);
            if (md5(key) != r.hash)
                key.clear();
        }
        csv += QByteArray::fromStdString(toIso(r.at)) + ','
            + QByteArray::fromStdString(shardIdText(r.shard)) + ',' + ruleName(r.rule).toLatin1()
            + ',' + textCell(name) + ',' + QByteArray::number(static_cast<qulonglong>(r.number))
            + ',' + QByteArray::number(r.attempt) + ',' + QByteArray::number(r.bytes) + ','
            + QByteArray::fromStdString(toDecimal(r.hash)) + ',' + textCell(key) + ','
            + QByteArray::fromStdString(toIso(r.wouldPassAt)) + '\n';
    }
    return csv;
}

} // namespace shardscope::ui
