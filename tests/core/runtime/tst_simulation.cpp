#include <QTest>

#include "core/base/md5.h"
#include "core/engine/limits.h"
#include "core/runtime/simulation.h"

using namespace shardscope;

namespace {

ProducerSpec plain(const char* name, double perSecond, double bytes, std::int64_t keys)
{
    ProducerSpec spec;
    spec.name = name;
    spec.rate.recordsPerSecond = perSecond;
    spec.size = {SizeSpec::Shape::Fixed, bytes, 0};
    spec.keys.count = keys;
    spec.client.linger = {};
    spec.client.retry = ClientSpec::Retry::None;
    return spec;
}

ProducerSpec oneKey(const char* name, double perSecond, double bytes)
{
    ProducerSpec spec = plain(name, perSecond, bytes, 1);
    spec.keys.shape = KeySpec::Shape::Constant;
    spec.keys.prefix = "device-7";
    return spec;
}

ConsumerSpec poller(const std::string& name, double perSecond)
{
    ConsumerSpec spec;
    spec.name = name;
    spec.readsPerSecond = perSecond;
    return spec;
}

Scenario scenarioOf(std::int64_t shards, std::vector<ProducerSpec> producers,
                    std::vector<ConsumerSpec> consumers = {})
{
    Scenario s;
    s.name = "test";
    s.stream.shards = shards;
    s.producers = std::move(producers);
    s.consumers = std::move(consumers);
    return s;
}

Simulation started(const Scenario& s)
{
    auto made = Simulation::create(s, PriceBook {});
    if (!made)
        qFatal("scenario refused: %s", made.error().message.c_str());
    return std::move(*made);
}

Snapshot shown(const Simulation& simulation)
{
    Snapshot s;
    simulation.fill(s);
    return s;
}

/// A busy world with everything in it: three kinds of keys, retries, readers, acts.
Scenario busy(std::uint64_t seed)
{
    ProducerSpec hot = plain("hot", 900, 1'200, 500);
    hot.keys.shape = KeySpec::Shape::HotShare;
    hot.keys.hotKey = "eu-west";
    hot.keys.hotShare = 0.6;
    hot.client.retry = ClientSpec::Retry::Standard2026;
    ProducerSpec fleet = plain("fleet", 2'500, 200, 5'000);
    fleet.rate.spread = RateSpec::Spread::Poisson;
    ProducerSpec logs = plain("logs", 700, 284, 40);
    logs.client.retry = ClientSpec::Retry::Immediate;
    logs.keys.shape = KeySpec::Shape::Zipf;
    Scenario s = scenarioOf(3, {hot, fleet, logs}, {poller("a", 2), poller("b", 1)});
    s.seed = seed;
    s.timings.reshard = SimDuration::seconds(2);
    s.acts = {
        {SimDuration::seconds(3), ControlRequest {SplitShard {{}, "shardId-000000000001", {}}}},
        {SimDuration::seconds(9),
         ControlRequest {MergeShards {{}, "shardId-000000000003", "shardId-000000000004"}}},
        {SimDuration::seconds(12), PauseProducer {"fleet", true}},
        {SimDuration::seconds(14), PauseProducer {"fleet", false}},
        {SimDuration::seconds(15), RemoveConsumer {"b"}},
    };
    return s;
}

} // namespace

class SimulationTest : public QObject {
    Q_OBJECT

private slots:
    void smallRecordsMeetTheRecordLimit()
    {
        Simulation simulation = started(scenarioOf(1, {oneKey("p", 1'200, 100)}));
        WorkerPool pool(1);
        simulation.advance(simulation.start() + SimDuration::seconds(60), pool);
        const Snapshot s = shown(simulation);
        QCOMPARE(s.offered.records, std::int64_t {72'000});
        // The full bucket of the beginning, then what it regains: 1,000 records a second.
        QVERIFY2(s.accepted.records >= 60'900 && s.accepted.records <= 61'000,
                 qPrintable(QString::number(s.accepted.records)));
        QCOMPARE(s.refusedByBytes, std::int64_t {0});
        QCOMPARE(s.refusedByRecords, s.refused.records);
        QCOMPARE(s.stream.acceptedRecords, 1'000.0);
    }

    void bigRecordsMeetTheByteLimit()
    {
        Simulation simulation = started(scenarioOf(1, {oneKey("p", 30, 40 * 1'024)}));
        WorkerPool pool(1);
        simulation.advance(simulation.start() + SimDuration::seconds(60), pool);
        const Snapshot s = shown(simulation);
        const double perSecond
            = static_cast<double>(s.accepted.bytes - limits::kShardWriteBytes) / 60;
        QVERIFY2(std::abs(perSecond - static_cast<double>(limits::kShardWriteBytes)) < 42'000,
                 qPrintable(QString::number(perSecond)));
        QVERIFY(s.refusedByBytes > 0);
        QCOMPARE(s.refusedByRecords, std::int64_t {0});
    }

    void threePollersAtTwoASecondShareFiveCalls()
    {
        Simulation simulation = started(scenarioOf(
            1, {plain("p", 100, 100, 10)}, {poller("a", 2), poller("b", 2), poller("c", 2)}));
        WorkerPool pool(1);
        simulation.advance(simulation.start() + SimDuration::seconds(60), pool);
        const Snapshot s = shown(simulation);
        std::int64_t refused = 0;
        for (const ConsumerRow& row : s.consumers)
            refused += row.refusedCalls;
        // 360 calls are tried; 5 a second and the first five are answered.
        QVERIFY2(refused >= 50 && refused <= 62, qPrintable(QString::number(refused)));
        QCOMPARE(s.refusedReadCalls, refused);
    }

    void sameSeedSameDigestWithAnyNumberOfThreads()
    {
        std::optional<std::uint64_t> expected;
        for (const int threads : {1, 2, 4, 16}) {
            Simulation simulation = started(busy(7));
            WorkerPool pool(threads);
            simulation.advance(simulation.start() + SimDuration::seconds(20), pool);
            if (!expected)
                expected = simulation.digest();
            QCOMPARE(simulation.digest(), *expected);
            const InvariantReport report = simulation.checkInvariants();
            QVERIFY(report.checked > 0);
            QVERIFY2(report.violated == 0, report.firstViolation.c_str());
        }
        Simulation other = started(busy(8));
        WorkerPool pool(1);
        other.advance(other.start() + SimDuration::seconds(20), pool);
        QVERIFY(other.digest() != *expected);
    }

    void aForkGoesItsOwnWayAndTheSameWayWhenLeftAlone()
    {
        Simulation run = started(busy(3));
        WorkerPool pool(2);
        run.advance(run.start() + SimDuration::seconds(5), pool);
        Simulation same = run.fork();
        Simulation other = run.fork();
        QVERIFY(other.apply(PauseProducer {"hot", true}).has_value());
        const SimTime end = run.start() + SimDuration::seconds(12);
        other.advance(end, pool);
        run.advance(end, pool);
        same.advance(end, pool);
        QCOMPARE(same.digest(), run.digest());
        QVERIFY(other.digest() != run.digest());
        QVERIFY(run.checkInvariants().violated == 0);
        QVERIFY(other.checkInvariants().violated == 0);
    }

    void aScheduledActRepeatsWhatAPersonDid()
    {
        Simulation run = started(busy(4));
        WorkerPool pool(1);
        Simulation fork = run.fork();
        const SimTime when = run.start() + SimDuration::millis(4'210);
        const Act act = ControlRequest {SplitShard {{}, "shardId-000000000000", {}}};
        run.advance(when, pool);
        const bool taken = run.apply(act).has_value();
        fork.schedule(when, act);
        run.advance(run.start() + SimDuration::seconds(12), pool);
        fork.advance(run.now(), pool);
        QCOMPARE(fork.digest(), run.digest());
        Q_UNUSED(taken);
    }

    void storedRecordsCanBeMadeAgain()
    {
        Simulation simulation = started(busy(5));
        WorkerPool pool(1);
        simulation.advance(simulation.start() + SimDuration::seconds(2), pool);
        const Snapshot s = shown(simulation);
        QVERIFY(!s.refusals->empty());
        for (const Refusal& r : *s.refusals) {
            const std::string key = simulation.partitionKey(r.producer, r.number);
            QCOMPARE(md5(key), r.hash);
            QCOMPARE(key.size() + simulation.payload(r.producer, r.number).size(),
                     static_cast<std::size_t>(r.bytes));
        }
    }

    void everyRefusalCanBeExplained()
    {
        Simulation simulation = started(busy(6));
        WorkerPool pool(1);
        const Simulation beginning = simulation.fork();
        simulation.advance(simulation.start() + SimDuration::seconds(8), pool);
        const auto refusals = shown(simulation).refusals;
        QVERIFY(refusals->size() > 20);
        for (std::size_t i = 0; i < refusals->size(); i += refusals->size() / 8) {
            const Refusal& refusal = (*refusals)[i];
            Simulation replay = beginning.fork();
            const auto card = replay.explain(refusal, pool);
            QVERIFY2(card.has_value(), card ? "" : card.error().message.c_str());
            QCOMPARE(card->key, simulation.partitionKey(refusal.producer, refusal.number));
            QVERIFY(card->range.contains(card->hash));
            QCOMPARE(card->acceptedInSecond + card->refusedInSecond, card->arrivalsInSecond);
            QVERIFY(card->refusedInSecond >= 1);
            const auto self = std::find_if(card->arrivals.begin(), card->arrivals.end(),
                                           [](const auto& a) { return a.thisOne; });
            QVERIFY(self != card->arrivals.end());
            // The arithmetic must show why: the bucket held less than the record needs.
            const double cost = refusal.rule == Rule::W2WriteRecords ? 1.0 : refusal.bytes;
            QVERIFY2(self->bucketBefore < cost, qPrintable(QString::number(self->bucketBefore)));
            QVERIFY(card->wouldPassAt > refusal.at);
            QVERIFY(!card->whatIf.empty());
        }
    }

    void aSplitHelpsManyKeysAndNotOne()
    {
        for (const bool single : {true, false}) {
            const ProducerSpec producer
                = single ? oneKey("p", 1'800, 100) : plain("p", 1'800, 100, 5'000);
            Simulation simulation = started(scenarioOf(1, {producer}));
            WorkerPool pool(1);
            simulation.advance(simulation.start() + SimDuration::seconds(4), pool);
            const Simulation past = simulation.fork();
            simulation.advance(simulation.start() + SimDuration::seconds(8), pool);
            const auto refusals = shown(simulation).refusals;
            QVERIFY(!refusals->empty());
            Simulation replay = past.fork();
            const auto card = replay.explain(refusals->back(), pool);
            QVERIFY(card.has_value());
            const auto split
                = std::find_if(card->whatIf.begin(), card->whatIf.end(), [](const auto& w) {
                      return w.change.find("split") != std::string::npos;
                  });
            QVERIFY(split != card->whatIf.end());
            QCOMPARE(split->helps, !single);
        }
    }

    void aLagHasATrendOnlyWhenItReallyMoves()
    {
        // Read as fast as it comes: steady, however large the gulps.
        ConsumerSpec keepsUp = poller("keeps up", 0.5);
        ConsumerSpec tooSlow = poller("too slow", 1);
        tooSlow.recordsPerSecond = 300;
        tooSlow.recordsPerCall = 500;
        tooSlow.readsPerSecond = 2;
        Simulation simulation
            = started(scenarioOf(1, {plain("p", 600, 100, 50)}, {keepsUp, tooSlow}));
        WorkerPool pool(1);
        simulation.advance(simulation.start() + SimDuration::seconds(60), pool);
        Snapshot s = shown(simulation);
        QCOMPARE(s.consumers[0].trend, Trend::Steady);
        QCOMPARE(s.consumers[1].trend, Trend::Growing);
        QVERIFY(s.consumers[1].timeToDataLoss.has_value());

        ConsumerSpec faster = tooSlow;
        faster.recordsPerSecond = 900;
        QVERIFY(simulation.apply(ChangeConsumer {faster}).has_value());
        simulation.advance(simulation.start() + SimDuration::seconds(90), pool);
        s = shown(simulation);
        QCOMPARE(s.consumers[1].trend, Trend::Draining);
        QVERIFY(s.consumers[1].timeToDrain.has_value());
    }

    void actsAreRefusedWithTheServicesOwnSentence()
    {
        Simulation simulation = started(scenarioOf(2, {}));
        const auto refused
            = simulation.apply(ControlRequest {SplitShard {{}, "shardId-000000000009", {}}});
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, ErrorCode::ResourceNotFound);
        const auto twice = simulation.apply(AddProducer {plain("p", 10, 10, 1)});
        QVERIFY(twice.has_value());
        QVERIFY(!simulation.apply(AddProducer {plain("p", 10, 10, 1)}).has_value());
        QVERIFY(!simulation.apply(RemoveProducer {"nobody"}).has_value());
        QVERIFY(!simulation.apply(ControlRequest {DeleteStream {"orders", true}}).has_value());
    }
};

QTEST_APPLESS_MAIN(SimulationTest)
#include "tst_simulation.moc"
