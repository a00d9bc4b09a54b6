#include "app/bench/bench_analytics.h"

#include <array>
#include <cstdio>
#include <map>
#include <simdjson.h>
#include <string>
#include <unordered_map>

#include "app/bench/rounds.h"
#include "core/base/rng.h"
#include "core/consumers/query_engine.h"
#include "core/consumers/record_fields.h"

namespace shardscope {
namespace {

constexpr std::size_t kRecords = 20'000;
constexpr std::uint64_t kDevices = 1'000;
constexpr std::size_t kBatch = 1'024;
constexpr std::int64_t kSpanMs = 20'000; ///< of the records: two windows

/// Readings of a fleet as JSON texts of some 200 bytes, side by side.
struct Readings {
    std::string text;
    std::vector<std::uint32_t> at; ///< of each, and of the end
    std::vector<std::int64_t> ms;
    std::vector<std::string> device;
    std::vector<double> temperature;

    Readings()
    {
        const CounterRng chance(1, 1);
        std::array<char, 320> line {};
        for (std::size_t i = 0; i < kRecords; ++i) {
            device.push_back(
                std::string("device-").append(std::to_string(chance.below(2 * i, kDevices))));
            ms.push_back(kDefaultStart.inMillis()
                         + static_cast<std::int64_t>(i) * kSpanMs
                             / static_cast<std::int64_t>(kRecords));
            temperature.push_back(static_cast<double>(chance.below(2 * i + 1, 400)) / 10);
            std::snprintf(line.data(), line.size(),
                          "{\"device\":\"%s\",\"ts\":\"%s\",\"temperature\":%.1f,\"lat\":48.13715,"
                          "\"lon\":11.57612,\"speed\":54.2,\"battery\":71,\"status\":\"moving\","
                          "\"rssi\":-71,\"seq\":%zu,\"humidity\":48.1,\"pressure\":1013.2}",
                          device.back().c_str(), toIso(SimTime::fromMillis(ms.back())).c_str(),
                          temperature.back(), i);
            at.push_back(static_cast<std::uint32_t>(text.size()));
            text += line.data();
        }
        at.push_back(static_cast<std::uint32_t>(text.size()));
        text.append(simdjson::SIMDJSON_PADDING, ' ');
    }
    [[nodiscard]] std::string_view record(std::size_t i) const
    {
        return std::string_view(text).substr(at[i], at[i + 1] - at[i]);
    }
};

AnalyticsSpec job()
{
    AnalyticsSpec spec;
    spec.query = AnalyticsSpec::Query::DeviceAverage;
    return resolved(spec);
}

/// The job over the same records as a few lines would do it.
struct PlainLoop {
    struct Sum {
        double sum = 0;
        std::int64_t count = 0;
    };
    std::map<std::int64_t, std::unordered_map<std::string, Sum>> windows;

    void add(std::int64_t ms, std::string_view device, double value)
    {
        Sum& sum = windows[ms - ms % 10'000][std::string(device)];
        sum.sum += value;
        ++sum.count;
    }
    /// All but the newest window are answered and forgotten.
    void fire()
    {
        double answers = 0;
        while (windows.size() > 1) {
            for (const auto& [device, sum] : windows.begin()->second)
                answers += sum.sum / static_cast<double>(sum.count);
            windows.erase(windows.begin());
        }
        consume(static_cast<std::uint64_t>(answers));
    }
};

} // namespace

std::vector<BenchResult> benchAnalytics(const BenchOptions& options)
{
    const Readings readings;
    const auto json = [&] {
        RecordFields fields(job());
        QueryEngine query(job());
        query.openInput(0, 0);
        QueryColumns columns;
        for (std::size_t at = 0; at < kRecords;) {
            columns.clear();
            for (const std::size_t end = std::min(kRecords, at + kBatch); at < end; ++at)
                fields.readData(readings.record(at), readings.text.size() - readings.at[at], 0, 0,
                                query.keys(), columns);
            query.add(0, columns, static_cast<std::int64_t>(at));
            query.advance(static_cast<std::int64_t>(at));
        }
        consume(query.digest());
        return static_cast<double>(kRecords);
    };
    const auto plainJson = [&] {
        PlainLoop loop;
        simdjson::ondemand::parser parser;
        for (std::size_t i = 0; i < kRecords; ++i) {
            const std::string_view record = readings.record(i);
            simdjson::ondemand::document document;
            std::string_view device, ts;
            double value = 0;
            if (parser.iterate(record.data(), record.size(), readings.text.size() - readings.at[i])
                        .get(document)
                    != simdjson::SUCCESS
                || document["device"].get_string().get(device) != simdjson::SUCCESS
                || document["ts"].get_string().get(ts) != simdjson::SUCCESS
                || document["temperature"].get_double().get(value) != simdjson::SUCCESS)
                continue;
            if (const auto time = parseIso(ts))
                loop.add(time->inMillis(), device, value);
            if (i % kBatch == 0)
                loop.fire();
        }
        loop.fire();
        return static_cast<double>(kRecords);
    };
    // The query alone, of fields that are read already; every pass is later than the one before.
    QueryEngine query(job());
    query.openInput(0, 0);
    QueryColumns columns;
    std::int64_t shift = 0;
    const auto windows = [&] {
        for (std::size_t at = 0; at < kRecords;) {
            columns.clear();
            for (const std::size_t end = std::min(kRecords, at + kBatch); at < end; ++at) {
                columns.ms.push_back(readings.ms[at] + shift);
                columns.key.push_back(query.keys().idOf(readings.device[at]));
                columns.value.push_back(readings.temperature[at]);
            }
            query.add(0, columns, readings.ms[at - 1] + shift);
            query.advance(readings.ms[at - 1] + shift);
        }
        shift += kSpanMs;
        consume(query.digest());
        return static_cast<double>(kRecords);
    };
    PlainLoop loop;
    std::int64_t loopShift = 0;
    const auto plainWindows = [&] {
        for (std::size_t i = 0; i < kRecords; ++i) {
            loop.add(readings.ms[i] + loopShift, readings.device[i], readings.temperature[i]);
            if (i % kBatch == 0)
                loop.fire();
        }
        loopShift += kSpanMs;
        return static_cast<double>(kRecords);
    };
    const auto rates = interleave(options, {{json}, {plainJson}, {windows}, {plainWindows}});
    const auto against = [&](const char* name, std::size_t ours, const char* reference) {
        return compare(rates,
                       {.name = name,
                        .ours = ours,
                        .referenceName = reference,
                        .reference = ours + 1,
                        .unit = "M events/s",
                        .unitSize = 1e6});
    };
    return {against("Averages per device of 200 B JSON, one core", 0,
                    "a loop with simdjson and unordered_map"),
            against("the same of fields that are read", 2, "a loop with unordered_map")};
}

} // namespace shardscope
