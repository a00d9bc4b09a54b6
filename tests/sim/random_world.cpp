#include "tests/sim/random_world.h"

#include <algorithm>

#include "core/base/rng.h"

namespace shardscope {
namespace {

class Dice {
public:
    explicit Dice(std::uint64_t seed)
        : m_rng(seed, 0x776f726c64)
    {
    }
    std::int64_t between(std::int64_t least, std::int64_t most)
    {
        return least
            + static_cast<std::int64_t>(
                   m_rng.below(m_next++, static_cast<std::uint64_t>(most - least + 1)));
    }
    bool oneIn(std::int64_t n) { return between(1, n) == 1; }
    template <typename E> E any(E last)
    {
        return static_cast<E>(between(0, static_cast<std::int64_t>(last)));
    }

private:
    CounterRng m_rng;
    std::uint64_t m_next = 0;
};

std::string named(const char* what, std::int64_t number)
{
    return what + std::to_string(number);
}

ProducerSpec randomProducer(Dice& dice, std::string name)
{
    ProducerSpec spec = producerPreset(dice.any(ProducerKind::Custom), std::move(name));
    spec.rate.recordsPerSecond = static_cast<double>(dice.between(1, 2500));
    spec.rate.spread = dice.any(RateSpec::Spread::MicroBursts);
    spec.rate.period = SimDuration::millis(dice.between(10, 3000));
    spec.rate.burstWidth = SimDuration::millis(dice.between(1, 500));
    if (dice.oneIn(3)) {
        spec.rate.curve = RateSpec::Curve::Steps;
        spec.rate.steps = {{SimDuration::seconds(dice.between(0, 5)),
                            static_cast<double>(dice.between(0, 30)) / 10,
                            SimDuration::millis(dice.between(0, 4000))}};
    }
    spec.size.shape = dice.any(SizeSpec::Shape::LogNormal);
    spec.size.bytes = static_cast<double>(dice.between(1, dice.oneIn(8) ? 60'000 : 1500));
    spec.size.spread
        = spec.size.shape == SizeSpec::Shape::LogNormal ? spec.size.bytes * 3 : spec.size.bytes / 2;
    spec.keys.shape = dice.any(KeySpec::Shape::Timestamp);
    spec.keys.count = dice.between(1, 5000);
    spec.keys.hotKey = "hot";
    spec.keys.hotShare = static_cast<double>(dice.between(0, 100)) / 100;
    spec.keys.salt = dice.oneIn(4) ? dice.between(1, 20) : 1;
    spec.client.api = dice.any(ClientSpec::Api::Agent);
    spec.client.retry = dice.any(ClientSpec::Retry::Kpl);
    spec.client.batchRecords = dice.between(1, 500);
    spec.client.linger = SimDuration::millis(dice.between(0, 300));
    spec.client.inFlight = dice.between(1, 50);
    spec.client.callTime = SimDuration::millis(dice.between(0, 200));
    spec.client.timeToLive = SimDuration::millis(dice.between(100, 5000));
    spec.client.aggregation = dice.oneIn(2);
    spec.startAfter = SimDuration::millis(dice.oneIn(3) ? dice.between(0, 3000) : 0);
    spec.paused = dice.oneIn(10);
    return spec;
}

AnalyticsSpec randomAnalytics(Dice& dice)
{
    AnalyticsSpec spec;
    spec.query = dice.any(AnalyticsSpec::Query::ErrorRate);
    const char* const keys[] = {kWholeStream, kByPartitionKey, kByShard, "device", "none"};
    spec.keyBy = std::string(keys[dice.between(0, 4)]);
    spec.value = std::string("n");
    spec.aggregate = dice.any(AnalyticsSpec::Aggregate::Share);
    spec.window = dice.any(AnalyticsSpec::Window::Session);
    spec.size = SimDuration::millis(dice.between(100, 3000));
    spec.slide = SimDuration::millis(dice.between(50, 3000));
    spec.gap = SimDuration::millis(dice.between(10, 1000));
    spec.time = dice.any(AnalyticsSpec::Time::Processing);
    spec.timeField = std::string(dice.oneIn(2) ? "ts" : "");
    spec.outOfOrderness = SimDuration::millis(dice.between(0, 500));
    spec.idleness = SimDuration::millis(dice.oneIn(2) ? dice.between(100, 2000) : 0);
    spec.allowedLateness = SimDuration::millis(dice.oneIn(3) ? dice.between(1, 1000) : 0);
    spec.parallelism = dice.between(1, 6);
    spec.checkpointInterval = SimDuration::millis(dice.between(1000, 5000));
    spec.fanOut = dice.oneIn(3);
    return spec;
}

ConsumerSpec randomConsumer(Dice& dice, std::string name)
{
    ConsumerSpec spec;
    spec.name = std::move(name);
    spec.kind = dice.any(ConsumerKind::Firehose);
    if (spec.kind == ConsumerKind::Analytics)
        spec.analytics = randomAnalytics(dice);
    spec.kcl.version = dice.any(KclSpec::Version::V3);
    spec.kcl.retrieval = dice.any(KclSpec::Retrieval::FanOut);
    spec.kcl.workers = dice.between(1, 5);
    spec.kcl.checkpointEvery = SimDuration::millis(dice.between(0, 3000));
    spec.firehose.bufferInterval = SimDuration::millis(dice.between(0, 5000));
    if (dice.oneIn(3)) {
        spec.firehose.prefix = "!{partitionKeyFromQuery:event}/!{timestamp:HH}/";
        spec.firehose.errorPrefix = "errors/";
        spec.firehose.partitionBy = {{"event", ".event"}};
    }
    spec.firehose.targetDownAfter = SimDuration::millis(dice.between(0, 5000));
    spec.firehose.targetDownFor = SimDuration::millis(dice.oneIn(2) ? dice.between(1, 5000) : 0);
    spec.firehose.answerLostShare = dice.oneIn(2) ? 0.3 : 0;
    spec.lambda.batchSize = dice.between(1, 500);
    spec.lambda.batchingWindow = SimDuration::millis(dice.oneIn(2) ? dice.between(1, 2000) : 0);
    spec.lambda.parallelizationFactor = dice.between(1, 10);
    spec.lambda.maximumRetryAttempts = dice.between(-1, 3);
    spec.lambda.bisectOnError = dice.oneIn(2);
    spec.lambda.reportBatchItemFailures = dice.oneIn(2);
    spec.lambda.fanOut = dice.oneIn(3);
    spec.lambda.tumblingWindow = SimDuration::seconds(dice.oneIn(2) ? dice.between(1, 5) : 0);
    const char* const filters[] = {
        "{\"partitionKey\":[{\"suffix\":\"1\"}]}", "{\"data\":{\"n\":[{\"numeric\":[\">\",50]}]}}",
        "{\"data\":{\"key\":[{\"exists\":true}]}}",
        "{\"$or\":[{\"data\":[1]},{\"eventName\":[\"x\"]}]}", "no pattern"};
    for (std::int64_t n = dice.oneIn(2) ? dice.between(1, 2) : 0; n > 0; --n)
        spec.lambda.filters.emplace_back(filters[dice.between(0, dice.oneIn(4) ? 4 : 3)]);
    spec.lambda.concurrency = dice.oneIn(3) ? dice.between(1, 5) : 1000;
    spec.lambda.model.errorShare = dice.oneIn(2) ? 0.1 : 0;
    spec.lambda.model.poisonShare = dice.oneIn(2) ? 0.001 : 0;
    spec.start = dice.any(StartPosition::Latest);
    spec.readsPerSecond = static_cast<double>(dice.between(1, 60)) / 10;
    spec.recordsPerCall = dice.oneIn(3) ? dice.between(1, 500) : 10'000;
    spec.recordsPerSecond = dice.oneIn(3) ? static_cast<double>(dice.between(1, 2000)) : 0;
    spec.paused = dice.oneIn(10);
    return spec;
}

Act randomControl(Dice& dice)
{
    const auto shard
        = [&] { return shardIdText(ShardSlot(static_cast<std::uint32_t>(dice.between(0, 14)))); };
    const auto low = static_cast<std::uint32_t>(dice.between(0, 12));
    switch (dice.between(0, 9)) {
    case 0:
    case 1:
    case 2:
        return ControlRequest {SplitShard {"", shard(), ""}};
    case 3:
        return ControlRequest {
            SplitShard {"", shard(),
                        toDecimal(HashKey::fromWords(
                            static_cast<std::uint64_t>(dice.between(0, INT64_MAX - 1)) * 2,
                            static_cast<std::uint64_t>(dice.between(0, 1000))))}};
    case 4:
    case 5:
        return ControlRequest {
            MergeShards {"", shardIdText(ShardSlot(low)), shardIdText(ShardSlot(low + 1))}};
    case 6:
        return ControlRequest {UpdateShardCount {"", dice.between(1, 10)}};
    case 7:
        return ControlRequest {UpdateStreamMode {"", dice.any(StreamMode::OnDemand), std::nullopt}};
    case 8:
        return ControlRequest {UpdateMaxRecordSize {"", dice.between(1024, 10'240)}};
    default:
        return ControlRequest {IncreaseStreamRetentionPeriod {"", dice.between(20, 60)}};
    }
}

Act randomAct(Dice& dice)
{
    switch (dice.between(0, 17)) {
    case 0:
        return AddProducer {randomProducer(dice, named("p", dice.between(0, 5)))};
    case 1:
        return ChangeProducer {randomProducer(dice, named("p", dice.between(0, 5)))};
    case 2:
        return PauseProducer {named("p", dice.between(0, 5)), dice.oneIn(2)};
    case 3:
        return RemoveProducer {named("p", dice.between(0, 5))};
    case 4:
        return AddConsumer {randomConsumer(dice, named("c", dice.between(0, 5)))};
    case 5:
        return ChangeConsumer {randomConsumer(dice, named("c", dice.between(0, 5)))};
    case 6:
        return PauseConsumer {named("c", dice.between(0, 5)), dice.oneIn(2)};
    case 7:
        return RemoveConsumer {named("c", dice.between(0, 5))};
    case 8:
        return AttachPolicy {dice.oneIn(3) ? std::nullopt : std::optional(ScalingPolicySpec {})};
    case 16:
        return ReplayConsumer {
            named("c", dice.between(0, 5)),
            {dice.any(ReplayPoint::Kind::Time), SimDuration::millis(dice.between(1, 5000)), {}}};
    case 17:
        return CrashConsumer {named("c", dice.between(0, 5)),
                              {dice.between(0, 3), SimDuration::millis(dice.between(0, 3000))}};
    case 9:
        return SetAccountLimits {
            {dice.oneIn(2) ? std::optional<std::int64_t>(dice.between(1, 30)) : std::nullopt, 50,
             1}};
    case 10:
        return Note {"a note"};
    default:
        return randomControl(dice);
    }
}

} // namespace

Scenario randomWorld(std::uint64_t seed)
{
    Dice dice(seed);
    Scenario s;
    s.name = named("random-", static_cast<std::int64_t>(seed));
    s.seed = seed;
    s.duration = SimDuration::seconds(dice.between(5, 15));
    s.timings.reshard = SimDuration::millis(dice.between(0, 3000));
    s.timings.update = SimDuration::millis(dice.between(0, 1000));
    s.timings.onDemandReaction = SimDuration::millis(dice.between(100, 5000));
    // Small budgets too: what they trim must be accounted for like retention.
    s.memoryBudget = dice.oneIn(4) ? 2_MiB : 256_MiB;
    s.stream.mode = dice.oneIn(4) ? StreamMode::OnDemand : StreamMode::Provisioned;
    s.stream.shards = dice.between(1, 8);
    for (std::int64_t i = dice.between(1, 3); i > 0; --i)
        s.producers.push_back(randomProducer(dice, named("p", i)));
    for (std::int64_t i = dice.between(0, 3); i > 0; --i)
        s.consumers.push_back(randomConsumer(dice, named("c", i)));
    for (std::int64_t i = dice.between(0, 25); i > 0; --i)
        s.acts.push_back({SimDuration::millis(dice.between(0, s.duration.inMillis())), Note {}});
    std::sort(s.acts.begin(), s.acts.end(),
              [](const ScheduledAct& a, const ScheduledAct& b) { return a.at < b.at; });
    for (ScheduledAct& scheduled : s.acts)
        scheduled.act = randomAct(dice);
    return s;
}

} // namespace shardscope
