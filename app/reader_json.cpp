#include "app/reader_json.h"

#include <algorithm>

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

} // namespace

void putReaderState(JsonWriter& json, const ReaderState& state)
{
    std::visit([&json](const auto& s) { putState(json, s); }, state);
}

} // namespace shardscope
