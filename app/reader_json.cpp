#include "app/reader_json.h"

#include <algorithm>
#include <string>

#include "core/engine/requests.h"

namespace shardscope {
namespace {

using Layout = JsonWriter::Layout;

/// A run's result names the newest answers only; the window shows more.
constexpr std::size_t kResultsNamed = 20;

void putInteger(JsonWriter& json, const char* name, std::int64_t value)
{
    json.name(name);
    json.integer(value);
}

void putMoment(JsonWriter& json, const char* name, std::optional<std::int64_t> ms)
{
    json.name(name);
    ms ? json.text(toIso(SimTime::fromMillis(*ms))) : json.null();
}

void putState(JsonWriter&, const std::monostate&) { }

void putState(JsonWriter& json, const AnalyticsState& s)
{
    json.name("analytics");
    json.beginObject();
    putMoment(json, "watermark", s.watermarkMs);
    putInteger(json, "parallelism", s.parallelism);
    putInteger(json, "subtasksWithoutShard", s.subtasksWithoutShard);
    putInteger(json, "idleShards",
               std::count_if(s.inputs.begin(), s.inputs.end(),
                             [](const AnalyticsState::Input& input) { return input.idle; }));
    putInteger(json, "openWindows", s.openWindows);
    putInteger(json, "stateKeys", s.stateKeys);
    putInteger(json, "stateBytes", s.stateBytes);
    putInteger(json, "lateDropped", s.lateDropped);
    putInteger(json, "unreadable", s.unreadable);
    putInteger(json, "windowsFired", s.windowsFired);
    putInteger(json, "checkpoints", s.checkpoints.taken);
    putInteger(json, "restored", s.checkpoints.restored);
    json.name("results");
    json.beginList();
    const std::size_t named = std::min(kResultsNamed, s.results.size());
    for (std::size_t i = s.results.size() - named; i < s.results.size(); ++i) {
        const AnalyticsResult& result = s.results[i];
        json.beginObject(Layout::Line);
        putMoment(json, "windowStart", result.window.startMs);
        putMoment(json, "windowEnd", result.window.endMs);
        json.name("key");
        json.text(result.key);
        json.name("value");
        json.number(result.value);
        putInteger(json, "records", result.records);
        json.endObject();
    }
    json.endList();
    json.endObject();
}

std::string workerName(int worker)
{
    return worker == KclState::kNobody ? std::string() : "worker-" + std::to_string(worker + 1);
}

void putState(JsonWriter& json, const KclState& s)
{
    json.name("kcl");
    json.beginObject(Layout::Line);
    putInteger(json, "taken", s.taken);
    putInteger(json, "expired", s.expired);
    putInteger(json, "stolen", s.stolen);
    putInteger(json, "handedOver", s.handedOver);
    putInteger(json, "userRecords", s.opened.userRecords);
    putInteger(json, "droppedAggregates", s.opened.droppedAggregates);
    putInteger(json, "droppedUserRecords", s.opened.droppedUserRecords);
    putInteger(json, "longestGapMs", s.longestGapMs);
    json.name("leases");
    json.beginObject(Layout::Line);
    for (const KclState::LeaseRow& lease : s.leases) {
        json.name(shardIdText(lease.shard));
        json.text(lease.ended ? "SHARD_END" : workerName(lease.owner));
    }
    json.endObject();
    json.endObject();
}

void putState(JsonWriter& json, const LambdaState& s)
{
    const LambdaState::Counts& counts = s.counts;
    json.name("lambda");
    json.beginObject();
    json.name("lastResult");
    json.text(s.lastResult);
    putInteger(json, "polledRecords", counts.polledRecords);
    putInteger(json, "filteredOutRecords", counts.filteredOutRecords);
    putInteger(json, "invocations", counts.invocations);
    putInteger(json, "errors", counts.errors);
    putInteger(json, "throttles", counts.throttles);
    putInteger(json, "bisects", counts.bisects);
    putInteger(json, "succeededRecords", counts.succeededRecords);
    putInteger(json, "droppedRecords", counts.droppedRecords);
    putInteger(json, "onFailureDocuments", counts.toldOf);
    putInteger(json, "onFailureRefused", counts.notToldOf);
    putInteger(json, "mostConcurrent", counts.mostConcurrent);
    putInteger(json, "meanDurationMs",
               counts.duration.inMillis() / std::max<std::int64_t>(1, counts.invocations));
    putInteger(json, "longestDurationMs", counts.longest.inMillis());
    putInteger(json, "iteratorAgeMs", s.iteratorAgeMs);
    putInteger(json, "windows", counts.windows);
    putInteger(json, "windowsTerminatedEarly", counts.windowsEarly);
    putInteger(json, "windowsLost", counts.windowsLost);
    json.name("newestWindows");
    json.beginList();
    for (const LambdaState::Window& window : s.windows) {
        json.beginObject(Layout::Line);
        json.name("start");
        json.text(toIso(window.begin));
        json.name("end");
        json.text(toIso(window.end));
        json.name("shard");
        json.text(shardIdText(window.shard));
        putInteger(json, "lane", window.lane);
        putInteger(json, "records", window.records);
        json.name("terminatedEarly");
        json.flag(window.early);
        json.name("state");
        json.text(window.state);
        json.endObject();
    }
    json.endList();
    json.name("failures");
    json.beginList();
    for (const LambdaState::Failure& failure : s.failures) {
        json.beginObject(Layout::Line);
        json.name("at");
        json.text(toIso(failure.at));
        json.name("shard");
        json.text(shardIdText(failure.shard));
        json.name("first");
        json.text(failure.first);
        json.name("last");
        json.text(failure.last);
        putInteger(json, "records", failure.records);
        json.name("condition");
        json.text(failure.tooOld ? "RecordAgeExceeded" : "RetryAttemptsExhausted");
        json.name("error");
        json.text(failure.error);
        json.endObject();
    }
    json.endList();
    json.endObject();
}

void putState(JsonWriter& json, const FirehoseState& s)
{
    json.name("firehose");
    json.beginObject();
    putInteger(json, "objects", s.objects);
    putInteger(json, "deliveredRecords", s.deliveredRecords);
    putInteger(json, "deliveredBytes", s.deliveredBytes);
    putInteger(json, "writtenBytes", s.writtenBytes);
    putInteger(json, "deliveredTwice", s.deliveredTwice);
    putInteger(json, "failedWrites", s.failedWrites);
    putInteger(json, "givenUpRecords", s.givenUpRecords);
    putInteger(json, "freshnessMs", s.freshnessMs);
    putInteger(json, "maxFreshnessMs", s.maxFreshnessMs);
    putInteger(json, "bufferedRecords", s.bufferedRecords);
    putInteger(json, "bufferSize", s.bufferSize);
    putInteger(json, "millisBehindLatest", s.millisBehindLatest);
    putInteger(json, "errorObjects", s.errorObjects);
    putInteger(json, "errorRecords", s.errorRecords);
    putInteger(json, "invocations", s.invocations);
    putInteger(json, "functionErrors", s.functionErrors);
    putInteger(json, "droppedRecords", s.droppedRecords);
    putInteger(json, "activePartitions", s.activePartitions);
    json.name("newest");
    json.beginList();
    for (const FirehoseState::Object& object : s.newest) {
        json.beginObject(Layout::Line);
        json.name("at");
        json.text(toIso(object.at));
        json.name("key");
        json.text(object.key);
        putInteger(json, "records", object.records);
        putInteger(json, "bytes", object.bytes);
        json.endObject();
    }
    json.endList();
    json.endObject();
}

} // namespace

void putReaderState(JsonWriter& json, const ReaderState& state)
{
    std::visit([&json](const auto& s) { putState(json, s); }, state);
}

} // namespace shardscope
