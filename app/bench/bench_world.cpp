#include "app/bench/bench_world.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <functional>
#include <vector>

#include "app/bundled.h"
#include "core/base/check.h"
#include "core/runtime/simulation.h"

namespace shardscope {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Measures ours and the reference in turns, so that both see the same machine.
BenchResult compare(BenchResult result, int rounds, const std::function<double()>& ours,
                    const std::function<double()>& reference)
{
    std::vector<double> values, references, ratios;
    for (int i = 0; i < rounds; ++i) {
        values.push_back(ours());
        references.push_back(reference());
        ratios.push_back(values.back() / references.back());
    }
    result.value = median(values);
    result.referenceValue = median(references);
    result.ratio = median(ratios);
    result.ratioLeast = *std::min_element(ratios.begin(), ratios.end());
    result.ratioMost = *std::max_element(ratios.begin(), ratios.end());
    return result;
}

Simulation worldOf(const Scenario& scenario)
{
    auto world = Simulation::create(scenario, bundledPrices());
    SHARDSCOPE_CHECK(world.has_value());
    return *std::move(world);
}

/// Simulated seconds per second of `world` over at least `least` seconds of wall time.
double paceOf(Simulation& world, WorkerPool& pool, double least)
{
    const SimTime from = world.now();
    const auto begin = Clock::now();
    double wall = 0;
    do {
        world.advance(world.now() + SimDuration::millis(50), pool);
        wall = secondsSince(begin);
    } while (wall < least);
    return (world.now() - from).inSeconds() / wall;
}

std::vector<BenchResult> accountRealtime(const BenchOptions& options)
{
    const auto scenario = loadScenario("account");
    SHARDSCOPE_CHECK(scenario.has_value());
    std::vector<BenchResult> results;
    for (const int threads : {1, 2}) {
        Simulation world = worldOf(*scenario);
        WorkerPool pool(threads);
        // Until the memory budget is used up the world writes to memory that has never been used;
        // what lasts is what comes after the first seconds: 1 GiB holds 1.6 s, and a second is kept
        // beyond it before the next trim.
        world.advance(world.now() + SimDuration::millis(3'200), pool);
        results.push_back(compare(
            {.name = "account-realtime-" + std::to_string(threads),
             .unit = "simulated s/s",
             .referenceName = "real time",
             .goal = threads == 2 ? 1.0 : 0.0},
            std::min(options.rounds, 3),
            [&] { return paceOf(world, pool, std::max(0.5, options.roundSeconds)); },
            [] { return 1.0; }));
    }
    return results;
}

constexpr int kVirtualShards = 100;
constexpr double kVirtualGoal = 500; ///< simulated seconds a second
constexpr int kVirtualRecords = 100'000; ///< per simulated second: every shard at its limit
constexpr int kVirtualKeys = 100'000; ///< devices that send once a second
constexpr Bytes kVirtualBudget = 64_MiB; ///< holds 20 s, so that the warm-up fills it

Scenario fullShards(std::int64_t shards, double recordsPerSecond)
{
    Scenario scenario;
    scenario.name = "bench";
    scenario.stream.shards = shards;
    ProducerSpec producer = producerPreset(ProducerKind::Custom, "load");
    producer.rate.recordsPerSecond = recordsPerSecond;
    producer.size.shape = SizeSpec::Shape::Fixed;
    producer.size.bytes = 200;
    producer.keys.shape = KeySpec::Shape::Uniform;
    producer.keys.count = kVirtualKeys;
    producer.client.retry = ClientSpec::Retry::None;
    scenario.producers = {producer};
    return scenario;
}

/// How many simulated seconds a second would pass if a record cost no more than OpenSSL's MD5.
double opensslPace(double least)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned int length = 0;
    std::int64_t hashed = 0;
    const auto begin = Clock::now();
    double wall = 0;
    do {
        for (int i = 0; i < 1000; ++i, ++hashed) {
            const std::string key = "key-" + std::to_string(hashed % kVirtualKeys);
            EVP_Digest(key.data(), key.size(), digest.data(), &length, EVP_md5(), nullptr);
        }
        wall = secondsSince(begin);
    } while (wall < least);
    return static_cast<double>(hashed) / kVirtualRecords / wall;
}

std::vector<BenchResult> virtualSpeed(const BenchOptions& options)
{
    std::vector<BenchResult> results;
    for (const int threads : {1, 2}) {
        Scenario scenario = fullShards(kVirtualShards, kVirtualRecords);
        scenario.memoryBudget = kVirtualBudget;
        Simulation world = worldOf(scenario);
        WorkerPool pool(threads);
        world.advance(world.now() + SimDuration::seconds(30), pool);
        results.push_back(compare(
            {.name = "virtual-speed-" + std::to_string(threads),
             .unit = "simulated s/s",
             .referenceName = "OpenSSL MD5 of the same keys alone",
             .valueGoal = kVirtualGoal},
            options.rounds, [&] { return paceOf(world, pool, options.roundSeconds); },
            [&] { return opensslPace(options.roundSeconds); }));
    }
    return results;
}

/// Microseconds per call of `work`.
double microsOf(double least, const std::function<void()>& work)
{
    std::int64_t calls = 0;
    const auto begin = Clock::now();
    double wall = 0;
    do {
        work();
        ++calls;
        wall = secondsSince(begin);
    } while (wall < least);
    return wall * 1e6 / static_cast<double>(calls);
}

std::vector<BenchResult> snapshotCost(const BenchOptions& options)
{
    std::vector<BenchResult> results;
    for (const std::int64_t shards : {64, 1024}) {
        Simulation world = worldOf(fullShards(shards, static_cast<double>(shards) * 500));
        WorkerPool pool(options.threads);
        world.advance(world.now() + SimDuration::seconds(10), pool);
        Snapshot probe;
        world.fill(probe);
        // What has to be new in every snapshot: its rows and the open tails of the history.
        std::size_t bytes = probe.shards.size() * sizeof(ShardRow);
        for (const SeriesBlocks& blocks : probe.history.series)
            if (!blocks.empty())
                bytes += blocks.back()->cells.size() * sizeof(ShardSample);
        const std::vector<char> from(bytes, 1);
        std::vector<char> to(bytes);
        results.push_back(compare(
            {.name = "snapshot-" + std::to_string(shards),
             .unit = "us",
             .higherIsBetter = false,
             .referenceName = "memcpy of its rows and open tails"},
            options.rounds,
            [&] {
                return microsOf(options.roundSeconds, [&] {
                    Snapshot snapshot;
                    world.fill(snapshot);
                });
            },
            [&] {
                return microsOf(options.roundSeconds, [&] {
                    std::memcpy(to.data(), from.data(), bytes);
                    // The copy must be seen to be used, or it is left out.
                    asm volatile("" : : "r"(to.data()) : "memory");
                });
            }));
    }
    return results;
}

constexpr int kReadShards = 1'000;
constexpr int kReadRecords = 100'000; ///< per simulated second, of some 200 bytes

/// A fleet whose records are read by nobody yet.
Scenario devices(std::int64_t shards, double recordsPerSecond)
{
    Scenario scenario = fullShards(shards, recordsPerSecond);
    ProducerSpec producer = producerPreset(ProducerKind::Iot, "devices");
    producer.rate = scenario.producers[0].rate;
    producer.keys = scenario.producers[0].keys;
    scenario.producers = {producer};
    return scenario;
}

ConsumerSpec readerOf(ConsumerKind kind, const char* name)
{
    ConsumerSpec reader;
    reader.kind = kind;
    reader.name = name;
    reader.analytics.query = AnalyticsSpec::Query::DeviceAverage;
    return reader;
}

std::vector<BenchResult> readersRealtime(const BenchOptions& options)
{
    Scenario scenario = devices(kReadShards, kReadRecords);
    const Scenario unread = scenario;
    scenario.consumers
        = {readerOf(ConsumerKind::Polling, "polling"), readerOf(ConsumerKind::Kcl, "kcl"),
           readerOf(ConsumerKind::Lambda, "lambda"), readerOf(ConsumerKind::Firehose, "firehose"),
           readerOf(ConsumerKind::Analytics, "analytics")};
    std::vector<BenchResult> results;
    for (const int threads : {1, 2}) {
        Simulation world = worldOf(scenario), without = worldOf(unread);
        WorkerPool pool(threads);
        for (Simulation* w : {&world, &without})
            w->advance(w->now() + SimDuration::seconds(30), pool);
        results.push_back(compare(
            {.name = "readers-realtime-" + std::to_string(threads),
             .unit = "simulated s/s",
             .referenceName = "the same world without readers",
             .valueGoal = threads == 2 ? 1.0 : 0.0},
            options.rounds, [&] { return paceOf(world, pool, options.roundSeconds); },
            [&] { return paceOf(without, pool, options.roundSeconds); }));
    }
    return results;
}

std::vector<BenchResult> lambdaSim(const BenchOptions& options)
{
    Scenario scenario = fullShards(kVirtualShards, kVirtualRecords / 2.0);
    scenario.memoryBudget = kVirtualBudget;
    Scenario polled = scenario;
    ConsumerSpec lambda = readerOf(ConsumerKind::Lambda, "lambda");
    lambda.lambda.batchSize = 1'000;
    lambda.lambda.parallelizationFactor = 10;
    scenario.consumers = {lambda};
    polled.consumers = {readerOf(ConsumerKind::Polling, "polling")};
    Simulation world = worldOf(scenario), plain = worldOf(polled);
    WorkerPool pool(options.threads);
    for (Simulation* w : {&world, &plain})
        w->advance(w->now() + SimDuration::seconds(30), pool);
    return {compare(
        {.name = "lambda-sim",
         .unit = "simulated s/s",
         .referenceName = "the same world with a polling reader"},
        options.rounds, [&] { return paceOf(world, pool, options.roundSeconds); },
        [&] { return paceOf(plain, pool, options.roundSeconds); })};
}

constexpr std::array kBenches {
    Bench {"account-realtime", "20,000 shards offered 1,000 records/s each, producers included",
           &accountRealtime},
    Bench {"virtual-speed", "100 full shards in virtual time, every record for itself",
           &virtualSpeed},
    Bench {"readers-realtime", "1,000 shards, 100,000 records/s, a reader of each kind",
           &readersRealtime},
    Bench {"lambda-sim", "100 half full shards into functions, ten lanes a shard", &lambdaSim},
    Bench {"snapshot", "what publishing one picture of 64 and of 1,024 shards costs",
           &snapshotCost},
};

} // namespace

std::span<const Bench> worldBenches()
{
    return kBenches;
}

} // namespace shardscope
