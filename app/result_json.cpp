#include "app/result_json.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "app/reader_json.h"
#include "core/base/json_writer.h"
#include "core/engine/requests.h"

namespace shardscope {
namespace {

using Layout = JsonWriter::Layout;

void putVolume(JsonWriter& json, const char* name, const Volume& volume)
{
    json.name(name);
    json.beginObject(Layout::Line);
    json.name("records");
    json.integer(volume.records);
    json.name("bytes");
    json.integer(volume.bytes);
    json.endObject();
}

void putInteger(JsonWriter& json, const char* name, std::int64_t value)
{
    json.name(name);
    json.integer(value);
}

void putText(JsonWriter& json, const char* name, std::string_view value)
{
    json.name(name);
    json.text(value);
}

void putNumber(JsonWriter& json, const char* name, double value)
{
    json.name(name);
    json.number(value);
}

const char* stateText(ShardState state)
{
    switch (state) {
    case ShardState::Open:
        return "OPEN";
    case ShardState::Closed:
        return "CLOSED";
    case ShardState::Expired:
        return "EXPIRED";
    }
    return "";
}

std::string hex(std::uint64_t value)
{
    std::array<char, 17> text {};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(value));
    return text.data();
}

void putTotals(JsonWriter& json, const Snapshot& s)
{
    putVolume(json, "offered", s.offered);
    putVolume(json, "accepted", s.accepted);
    json.name("refused");
    json.beginObject();
    putInteger(json, "records", s.refused.records);
    putInteger(json, "bytes", s.refused.bytes);
    json.name("byRule");
    json.beginObject(Layout::Line);
    putInteger(json, "writeRecords", s.refusedByRecords);
    putInteger(json, "writeBytes", s.refusedByBytes);
    json.endObject();
    json.endObject();
    putVolume(json, "stored", s.stored);
    json.name("read");
    json.beginObject(Layout::Line);
    putInteger(json, "records", s.read.records);
    putInteger(json, "bytes", s.read.bytes);
    putInteger(json, "refusedCalls", s.refusedReadCalls);
    json.endObject();
}

void putShards(JsonWriter& json, const Snapshot& s)
{
    std::vector<const ShardRow*> rows;
    for (const ShardRow& row : s.shards)
        rows.push_back(&row);
    std::sort(rows.begin(), rows.end(),
              [](const ShardRow* a, const ShardRow* b) { return a->slot < b->slot; });
    json.name("shards");
    json.beginList();
    for (const ShardRow* row : rows) {
        json.beginObject(Layout::Line);
        putText(json, "shardId", shardIdText(row->slot));
        putText(json, "state", stateText(row->state));
        putText(json, "startingHashKey", toDecimal(row->range.start));
        putText(json, "endingHashKey", toDecimal(row->range.end));
        json.name("parents");
        json.beginList();
        for (const auto& parent : {row->parent, row->adjacentParent})
            if (parent)
                json.text(shardIdText(*parent));
        json.endList();
        putVolume(json, "offered", row->offered);
        putVolume(json, "accepted", row->accepted);
        putVolume(json, "refused", row->refused);
        putVolume(json, "stored", row->stored);
        putNumber(json, "peakPercentOfLimit", row->peakPercentOfLimit);
        json.endObject();
    }
    json.endList();
}

void putProducers(JsonWriter& json, const Snapshot& s)
{
    json.name("producers");
    json.beginList();
    for (const ProducerRow& row : s.producers) {
        json.beginObject(Layout::Line);
        putText(json, "name", row.spec.name);
        putText(json, "kind", kindText(row.spec.kind));
        putInteger(json, "attempts", row.attempts());
        putInteger(json, "retries", row.retries);
        putInteger(json, "dropped", row.dropped);
        putInteger(json, "accepted", row.accepted);
        putInteger(json, "refused", row.refused);
        putInteger(json, "waiting", row.waiting);
        json.endObject();
    }
    json.endList();
}

void putConsumers(JsonWriter& json, const Snapshot& s)
{
    json.name("consumers");
    json.beginList();
    for (const ConsumerRow& row : s.consumers) {
        json.beginObject(Layout::Line);
        putText(json, "name", row.spec.name);
        putText(json, "kind", kindText(row.spec.kind));
        putInteger(json, "records", row.records);
        putInteger(json, "maxIteratorAgeMs", row.maxAgeMs);
        putInteger(json, "refusedCalls", row.refusedCalls);
        putInteger(json, "lagRecords", row.lagRecords);
        putInteger(json, "lostRecords", row.lostRecords);
        putInteger(json, "againRecords", row.againRecords);
        if (row.subscriptions > 0)
            putInteger(json, "subscriptions", row.subscriptions);
        if (!row.trouble.empty())
            putText(json, "trouble", row.trouble);
        putReaderState(json, row.state);
        json.endObject();
    }
    json.endList();
}

void putEvents(JsonWriter& json, const RunResult& result)
{
    json.name("events");
    json.beginList();
    if (result.snapshot.events) {
        for (const Event& event : *result.snapshot.events) {
            json.beginObject(Layout::Line);
            putInteger(json, "atMs", (event.at - result.scenario.start).inMillis());
            putText(json, "kind", kindText(event.kind));
            json.name("shards");
            json.beginList();
            for (const ShardSlot slot : event.shards)
                json.text(shardIdText(slot));
            json.endList();
            putText(json, "text", event.text);
            json.endObject();
        }
    }
    json.endList();
}

void putExpectations(JsonWriter& json, const RunResult& result)
{
    json.name("expectations");
    json.beginList();
    for (const RunResult::Judged& judged : result.expectations) {
        json.beginObject(Layout::Line);
        putText(json, "metric", judged.expectation.metric);
        putText(json, "state", stateText(judged.outcome.state));
        putNumber(json, "value", judged.outcome.value);
        putNumber(json, "least", judged.expectation.least);
        putNumber(json, "most", judged.expectation.most);
        putText(json, "text", judged.outcome.sentence);
        json.endObject();
    }
    json.endList();
}

} // namespace

std::string resultJson(const RunResult& result)
{
    const Snapshot& s = result.snapshot;
    JsonWriter json;
    json.beginObject();
    putText(json, "schema", "shardscope.result/1");
    putText(json, "scenario", result.scenario.name);
    json.name("seed");
    json.natural(result.scenario.seed);
    putInteger(json, "threads", result.threads);
    putNumber(json, "simulatedSeconds", (result.end - result.scenario.start).inSeconds());
    putNumber(json, "wallSeconds", result.wallSeconds);
    putText(json, "digest", hex(result.digest));
    putTotals(json, s);
    putShards(json, s);
    putProducers(json, s);
    putConsumers(json, s);
    putEvents(json, result);
    json.name("invariants");
    json.beginObject(Layout::Line);
    putInteger(json, "checked", s.invariants.checked);
    putInteger(json, "violated", s.invariants.violated);
    putText(json, "firstViolation", s.invariants.firstViolation);
    json.endObject();
    putExpectations(json, result);
    putText(json, "mode",
            s.stream.summary.mode == StreamMode::OnDemand ? "onDemand" : "provisioned");
    putInteger(json, "openShards", s.stream.summary.openShardCount);
    json.name("trimmedByBudget");
    json.flag(s.trimmedByBudget);
    json.name("cost");
    json.beginObject(Layout::Line);
    putText(json, "region", s.cost.region);
    putText(json, "priceDate", s.cost.priceDate);
    putNumber(json, "provisioned", s.cost.provisioned);
    putNumber(json, "onDemand", s.cost.onDemand);
    json.endObject();
    json.endObject();
    return json.take();
}

namespace {

std::string grouped(std::int64_t value)
{
    std::string digits = std::to_string(value);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (value < 0 ? 1 : 0);
         at -= 3)
        digits.insert(digits.begin() + at, ',');
    return digits;
}

std::string fixed(double value, int decimals)
{
    std::array<char, 64> text {};
    std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    return text.data();
}

std::string volumeLine(const char* name, const Volume& volume)
{
    std::string line = name;
    line.resize(12, ' ');
    return line + grouped(volume.records) + " records, "
        + fixed(static_cast<double>(volume.bytes) / 1048576.0, 1) + " MiB\n";
}

} // namespace

std::string resultText(const RunResult& result)
{
    const Snapshot& s = result.snapshot;
    const double simulated = (result.end - result.scenario.start).inSeconds();
    std::string text
        = (result.scenario.title.empty() ? result.scenario.name : result.scenario.title) + ": "
        + toText(result.end - result.scenario.start) + " simulated in "
        + fixed(result.wallSeconds, 2) + " s";
    if (result.wallSeconds > 0)
        text += " (" + fixed(simulated / result.wallSeconds, 0) + "x)";
    text += ", seed " + std::to_string(result.scenario.seed) + "\n";
    if (!result.scenario.lesson.empty())
        text += "  " + result.scenario.lesson + "\n";
    text += volumeLine("offered", s.offered) + volumeLine("accepted", s.accepted)
        + volumeLine("refused", s.refused);
    text += "  by W1 (1 MiB/s)      " + grouped(s.refusedByBytes) + "\n";
    text += "  by W2 (1,000/s)      " + grouped(s.refusedByRecords) + "\n";
    text += volumeLine("read", s.read) + volumeLine("stored", s.stored);
    text += "open shards " + grouped(s.stream.summary.openShardCount) + ", events "
        + grouped(s.events ? static_cast<std::int64_t>(s.events->size()) : 0) + "\n";
    for (const RunResult::Judged& judged : result.expectations)
        text += std::string("expected    ") + stateText(judged.outcome.state) + ": "
            + judged.outcome.sentence + "\n";
    text += "invariants  " + grouped(s.invariants.checked) + " checked, "
        + grouped(s.invariants.violated) + " violated\n";
    if (s.invariants.violated > 0)
        text += "  first: " + s.invariants.firstViolation + "\n";
    if (s.trimmedByBudget)
        text += "note        the memory budget took records before retention would have\n";
    text += "digest      " + hex(result.digest) + "\n";
    return text;
}

} // namespace shardscope
