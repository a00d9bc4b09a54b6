#include <QTest>

#include <cmath>
#include <set>

#include "tests/support/reader_world.h"

using namespace shardscope;

namespace {

ConsumerSpec reader(double readsPerSecond, StartPosition start = StartPosition::TrimHorizon)
{
    ConsumerSpec spec;
    spec.readsPerSecond = readsPerSecond;
    spec.start = start;
    return spec;
}

ConsumerSpec fanOut()
{
    ConsumerSpec spec;
    spec.kind = ConsumerKind::FanOut;
    return spec;
}

} // namespace

class CustomReaderTest : public QObject {
    Q_OBJECT

private slots:
    void readsEverythingOnce()
    {
        ReaderWorld world(3);
        world.add(reader(1));
        world.run(SimDuration::seconds(10), 5);
        world.run(SimDuration::seconds(3));
        QCOMPARE(world.accepted, std::int64_t(5000));
        const auto& counts = world.consumers[0]->counts();
        QCOMPARE(counts.records, world.accepted);
        QCOMPARE(counts.bytes, Bytes(500'000));
        QCOMPARE(counts.calls, std::int64_t(3 * 13));
        QCOMPARE(counts.refusedCalls, std::int64_t(0));
        QCOMPARE(counts.orderViolations, std::int64_t(0));
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(0));
        QCOMPARE(world.consumers[0]->progress().ageMs(world.stream(), world.now), std::int64_t(0));
    }

    void tellsWhatItTakesOfAShard_data()
    {
        QTest::addColumn<bool>("pushed");
        QTest::addColumn<double>("calls");
        QTest::newRow("polling") << false << 2.0;
        QTest::newRow("fan-out") << true << 0.0;
    }
    void tellsWhatItTakesOfAShard()
    {
        QFETCH(bool, pushed);
        QFETCH(double, calls);
        ReaderWorld world(1);
        world.add(pushed ? fanOut() : reader(2));
        const Reader& it = *world.consumers[0];
        QCOMPARE(it.fanOut(), pushed);
        QCOMPARE(it.readRate(ShardSlot(0), world.now).bytesPerSecond, 0.0);
        world.run(SimDuration::seconds(60), 2);
        // 100 slices a second, two records of 100 bytes in each.
        const ReadRate steady = it.readRate(ShardSlot(0), world.now);
        QVERIFY2(std::abs(steady.bytesPerSecond - 20'000) < 2'500,
                 qPrintable(QString::number(steady.bytesPerSecond)));
        QVERIFY2(std::abs(steady.callsPerSecond - calls) < 0.5,
                 qPrintable(QString::number(steady.callsPerSecond)));
        // Twice the span after the last record nothing of it is left.
        world.run(kReadRateOver * 2);
        QCOMPARE(it.readRate(ShardSlot(0), world.now).bytesPerSecond, 0.0);
        QCOMPARE(it.readRate(ShardSlot(7), world.now).callsPerSecond, 0.0);
    }

    void itRegistersAndDeregistersAsItsSettingsChange_data()
    {
        QTest::addColumn<ConsumerSpec>("polling");
        QTest::addColumn<ConsumerSpec>("pushed");
        ConsumerSpec polling, pushed;
        polling.kind = pushed.kind = ConsumerKind::Kcl;
        polling.kcl.retrieval = KclSpec::Retrieval::Polling;
        pushed.kcl.retrieval = KclSpec::Retrieval::FanOut;
        QTest::newRow("KCL") << polling << pushed;
        polling.kind = pushed.kind = ConsumerKind::Lambda;
        pushed.lambda.fanOut = true;
        QTest::newRow("Lambda") << polling << pushed;
        polling.kind = pushed.kind = ConsumerKind::Analytics;
        pushed.analytics.fanOut = true;
        QTest::newRow("analytics") << polling << pushed;
    }
    void itRegistersAndDeregistersAsItsSettingsChange()
    {
        QFETCH(ConsumerSpec, polling);
        QFETCH(ConsumerSpec, pushed);
        polling.name = pushed.name = "reader";
        ReaderWorld world(2);
        world.add(polling);
        Reader& it = *world.consumers[0];
        const auto registered = [&] { return world.service.consumers(world.stream()); };
        world.run(SimDuration::seconds(30), 1);
        QCOMPARE(registered().size(), std::size_t(0));
        QVERIFY(it.counts().calls > 0);
        for (int turn = 0; turn < 2; ++turn) {
            it.change(pushed, world.now);
            world.run(SimDuration::seconds(60), 1);
            QCOMPARE(registered().size(), std::size_t(1));
            QCOMPARE(registered()[0].consumerName, std::string("reader"));
            QCOMPARE(registered()[0].status, ConsumerStatus::Active);
            const std::int64_t calls = it.counts().calls;
            world.run(SimDuration::seconds(10));
            QCOMPARE(it.counts().calls, calls);
            QCOMPARE(it.progress().lagRecords(world.stream()), std::int64_t(0));
            it.change(polling, world.now);
            world.run(SimDuration::seconds(60), 1);
            QCOMPARE(registered().size(), std::size_t(0));
            QVERIFY(it.counts().calls > calls);
        }
        world.run(SimDuration::seconds(10));
        QCOMPARE(it.counts().records, world.accepted);
        QCOMPARE(it.counts().orderViolations, std::int64_t(0));
        it.change(pushed, world.now);
        world.run(SimDuration::seconds(60));
        ReaderSurroundings around {world.service, world.stream()};
        it.leave(around, world.now);
        world.consumers.clear();
        world.run(SimDuration::seconds(60));
        QCOMPARE(registered().size(), std::size_t(0));
    }
    void itReadsNothingUntilItsConsumerIsActive()
    {
        ReaderWorld world(1);
        ConsumerSpec spec;
        spec.kind = ConsumerKind::Lambda;
        world.add(spec);
        world.run(SimDuration::seconds(10), 1);
        const std::int64_t before = world.consumers[0]->counts().records;
        spec.name = world.consumers[0]->spec().name;
        spec.lambda.fanOut = true;
        world.consumers[0]->change(spec, world.now);
        world.run(kSlice * 2, 1);
        QCOMPARE(world.service.consumers(world.stream()).at(0).status, ConsumerStatus::Creating);
        QCOMPARE(world.consumers[0]->counts().records, before);
    }

    void tellsRefusedCallsApart()
    {
        ReaderWorld world(1);
        world.add(reader(5));
        world.add(reader(5));
        world.run(SimDuration::seconds(20), 2);
        double answered = 0;
        double refused = 0;
        for (const auto& one : world.consumers) {
            const ReadRate rate = one->readRate(ShardSlot(0), world.now);
            answered += rate.callsPerSecond - rate.refusedCallsPerSecond;
            refused += rate.refusedCallsPerSecond;
        }
        QVERIFY2(answered > 4 && answered < 5.5, qPrintable(QString::number(answered)));
        QVERIFY(refused > 0);
    }

    void pollersShareFiveCallsASecond_data()
    {
        QTest::addColumn<int>("pollers");
        QTest::addColumn<double>("reads");
        QTest::addColumn<bool>("refused");
        QTest::newRow("two at 2/s fit") << 2 << 2.0 << false;
        QTest::newRow("one at 5/s fits") << 1 << 5.0 << false;
        QTest::newRow("three at 2/s do not") << 3 << 2.0 << true;
        QTest::newRow("one at 6/s does not") << 1 << 6.0 << true;
    }
    void pollersShareFiveCallsASecond()
    {
        QFETCH(int, pollers);
        QFETCH(double, reads);
        QFETCH(bool, refused);
        ReaderWorld world(2);
        for (int i = 0; i < pollers; ++i)
            world.add(reader(reads));
        world.run(SimDuration::seconds(60), 2);
        std::int64_t calls = 0, refusals = 0;
        for (const auto& consumer : world.consumers) {
            calls += consumer->counts().calls;
            refusals += consumer->counts().refusedCalls;
        }
        const auto due = std::int64_t(std::lround(2 * 60 * pollers * reads));
        QCOMPARE(refusals > 0, refused);
        if (!refused)
            QVERIFY2(std::abs(calls - due) <= due / 50, qPrintable(QString::number(calls)));
        if (refused) {
            // Who was refused waits longer than its step, so fewer calls are made than were due,
            // and a little of the five a second is left unused.
            const std::int64_t taken = calls - refusals;
            QVERIFY2(calls <= due, qPrintable(QString::number(calls)));
            QVERIFY2(taken <= 2 * 5 * (60 + 1) && taken >= 2 * 5 * 60 * 8 / 10,
                     qPrintable(QString::number(taken)));
            QVERIFY(world.stream().shards()[0].refusedReadCalls > 0);
        }
    }

    void readersOfOnePaceTakeTurnsBeingRefused()
    {
        ReaderWorld world(1);
        for (int i = 0; i < 6; ++i)
            world.add(reader(1));
        world.run(SimDuration::minutes(5), 2);
        std::int64_t least = INT64_MAX, most = 0;
        for (const auto& consumer : world.consumers) {
            const std::int64_t taken = consumer->counts().calls - consumer->counts().refusedCalls;
            least = std::min(least, taken);
            most = std::max(most, taken);
        }
        QVERIFY2(least * 10 >= most * 7,
                 qPrintable(QStringLiteral("%1 and %2 answers").arg(least).arg(most)));
    }
    void aRefusedCallIsTriedTwiceMoreBeforeTheNextStep()
    {
        // A hundred readers at a hundred calls a second: nearly every call is refused.
        ReaderWorld world(1);
        for (int i = 0; i < 100; ++i)
            world.add(reader(100));
        world.run(SimDuration::seconds(20), 2);
        // Waiting half a second and then a whole one on average, three tries take 1.5 s.
        std::int64_t calls = 0;
        for (const auto& consumer : world.consumers)
            calls += consumer->counts().calls;
        QVERIFY2(calls > 100 * 20 * 3 / 2 && calls < 100 * 20 * 3,
                 qPrintable(QString::number(calls)));
    }
    void latestSkipsWhatWasThere()
    {
        ReaderWorld world(2);
        world.run(SimDuration::seconds(1), 10);
        world.add(reader(2, StartPosition::Latest));
        world.add(reader(2, StartPosition::TrimHorizon));
        world.stepReaders();
        world.run(SimDuration::seconds(1), 10);
        world.run(SimDuration::seconds(2));
        QCOMPARE(world.consumers[0]->counts().records, std::int64_t(1000));
        QCOMPARE(world.consumers[1]->counts().records, std::int64_t(2000));
    }

    void childrenWaitUntilAllParentsAreRead()
    {
        ReaderWorld world(2);
        ConsumerSpec slow = reader(1);
        slow.recordsPerCall = 100; // 100 a second and shard, half of what comes in
        world.add(slow);
        world.run(SimDuration::seconds(20), 4);
        world.merge(0, 1);
        world.run(SimDuration::seconds(40), 4);
        QCOMPARE(world.stream().shards().size(), std::size_t(3));
        QCOMPARE(world.consumers[0]->progress().waitingForParents(), std::vector {ShardSlot(2)});
        QVERIFY(world.consumers[0]->progress().lagRecords(world.stream()) > 0);
        world.run(SimDuration::seconds(600));
        QVERIFY(world.consumers[0]->progress().waitingForParents().empty());
        const auto positions = world.consumers[0]->progress().reading(world.stream(), world.now);
        QCOMPARE(positions.size(), std::size_t(1));
        QCOMPARE(positions[0].shard, ShardSlot(2));
        QCOMPARE(world.consumers[0]->counts().records, world.accepted);
        QCOMPARE(world.consumers[0]->counts().orderViolations, std::int64_t(0));
    }

    void orderOfEveryKeyHoldsAcrossSplitsAndMerges()
    {
        ReaderWorld world(2);
        world.add(reader(4));
        ConsumerSpec behind = reader(1);
        behind.recordsPerSecond = 400;
        world.add(behind);
        world.run(SimDuration::seconds(5), 10);
        world.split(0);
        world.run(SimDuration::seconds(35), 10);
        world.split(1);
        world.run(SimDuration::seconds(35), 10);
        world.merge(2, 3);
        world.run(SimDuration::seconds(35), 10);
        world.run(SimDuration::seconds(400));
        QCOMPARE(world.stream().shards().size(), std::size_t(7));
        for (const auto& consumer : world.consumers) {
            QCOMPARE(consumer->counts().records, world.accepted);
            QCOMPARE(consumer->counts().orderViolations, std::int64_t(0));
            QCOMPARE(consumer->progress().reading(world.stream(), world.now).size(),
                     std::size_t(3));
        }
    }

    void latestReadsChildrenFromTheirBeginning()
    {
        ReaderWorld world(1);
        world.run(SimDuration::seconds(1), 2);
        world.add(reader(1, StartPosition::Latest));
        world.stepReaders();
        const std::int64_t before = world.accepted;
        world.split(0);
        world.run(SimDuration::seconds(40), 2);
        world.run(SimDuration::seconds(5));
        QCOMPARE(world.stream().shards().size(), std::size_t(3));
        QCOMPARE(world.consumers[0]->counts().records, world.accepted - before);
    }

    void theProcessingRateHoldsTheNextReadBack()
    {
        ReaderWorld world(1);
        ConsumerSpec spec = reader(5);
        spec.recordsPerSecond = 100;
        world.add(spec);
        world.run(SimDuration::seconds(10), 5); // 500 a second
        const std::int64_t read = world.consumers[0]->counts().records;
        const std::int64_t lag = world.consumers[0]->progress().lagRecords(world.stream());
        QCOMPARE(read + lag, world.accepted);
        QVERIFY2(lag > 2000, qPrintable(QString::number(lag)));
        QVERIFY(world.consumers[0]->progress().ageMs(world.stream(), world.now) > 4000);
        world.run(SimDuration::seconds(60));
        QCOMPARE(world.consumers[0]->counts().records, world.accepted);
    }

    void ageGrowsWhileItIsPausedAndFallsAfterwards()
    {
        ReaderWorld world(1);
        world.add(reader(2));
        world.run(SimDuration::seconds(2), 1);
        world.consumers[0]->setPaused(true);
        const std::int64_t calls = world.consumers[0]->counts().calls;
        world.run(SimDuration::seconds(30), 1);
        QCOMPARE(world.consumers[0]->counts().calls, calls);
        const std::int64_t age = world.consumers[0]->progress().ageMs(world.stream(), world.now);
        QVERIFY2(age >= 30'000 && age <= 30'500, qPrintable(QString::number(age)));
        QCOMPARE(world.consumers[0]->progress().reading(world.stream(), world.now)[0].ageMs, age);
        world.consumers[0]->setPaused(false);
        world.run(SimDuration::seconds(3), 1);
        QVERIFY(world.consumers[0]->progress().ageMs(world.stream(), world.now) <= 510);
        QVERIFY2(world.consumers[0]->counts().calls - calls <= 7, "missed calls are not made up");
    }

    void recordsTakenByRetentionAreLost()
    {
        ReaderWorld world(1);
        world.add(reader(1));
        world.run(SimDuration::seconds(2), 5);
        world.run(SimDuration::seconds(2));
        world.consumers[0]->setPaused(true);
        world.run(SimDuration::seconds(1), 5);
        world.now += SimDuration::hours(25);
        world.run(SimDuration::seconds(1), 3);
        world.consumers[0]->setPaused(false);
        world.run(SimDuration::seconds(3));
        const auto& counts = world.consumers[0]->counts();
        QCOMPARE(counts.lostRecords, std::int64_t(500));
        QCOMPARE(counts.records, std::int64_t(1300));
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(0));
    }

    void anotherPaceTakesOverAtOnce()
    {
        ReaderWorld world(4);
        world.add(reader(0.1));
        world.run(SimDuration::seconds(1), 1);
        const std::int64_t before = world.consumers[0]->counts().calls;
        ConsumerSpec faster = world.consumers[0]->spec();
        faster.readsPerSecond = 5;
        world.consumers[0]->change(faster, world.now);
        world.run(SimDuration::seconds(10), 1);
        const std::int64_t calls = world.consumers[0]->counts().calls - before;
        QVERIFY2(std::abs(calls - 4 * 5 * 10) <= 8, qPrintable(QString::number(calls)));
    }

    void fanOutIsPushedWithinTheSlice()
    {
        ReaderWorld world(2);
        world.add(fanOut());
        world.run(SimDuration::minutes(1)); // its consumer becomes ACTIVE
        QCOMPARE(world.service.consumers(world.stream()).size(), std::size_t(1));
        world.run(SimDuration::seconds(10), 5);
        const auto& counts = world.consumers[0]->counts();
        QCOMPARE(counts.records, world.accepted);
        QCOMPARE(counts.calls, std::int64_t(0));
        QCOMPARE(counts.subscriptions, std::int64_t(2));
        QCOMPARE(counts.orderViolations, std::int64_t(0));
        QVERIFY2(counts.maxAgeMs < 10, qPrintable(QString::number(counts.maxAgeMs)));
        std::uint64_t pushed = 0, polled = 0;
        for (const Shard& shard : world.stream().shards()) {
            pushed += shard.fanOutRecords;
            polled += shard.outRecords;
        }
        QCOMPARE(pushed, static_cast<std::uint64_t>(world.accepted));
        QCOMPARE(polled, std::uint64_t(0));
    }

    void everyFanOutConsumerHasItsOwnTwoMebibytes()
    {
        ReaderWorld world(1);
        for (int i = 0; i < 3; ++i)
            world.add(fanOut());
        world.recordBytes = 100'000;
        world.run(SimDuration::minutes(1), 0);
        for (int i = 0; i < 3; ++i)
            world.consumers[static_cast<std::size_t>(i)]->setPaused(true);
        // Ten seconds of 10 records of 100 kB each: what a shard takes at most.
        for (int s = 0; s < 10; ++s) {
            world.run(kSlice, 10);
            world.run(SimDuration::seconds(1) - kSlice);
        }
        for (auto& consumer : world.consumers)
            consumer->setPaused(false);
        world.run(SimDuration::seconds(1));
        for (const auto& consumer : world.consumers) {
            QVERIFY(consumer->counts().bytes <= 2_MiB);
            QVERIFY(consumer->counts().bytes > 2_MiB - 100'000);
        }
        world.run(SimDuration::seconds(5));
        for (const auto& consumer : world.consumers)
            QCOMPARE(consumer->counts().bytes, Bytes(world.accepted * 100'000));
    }

    void subscriptionsAreRenewedEveryFiveMinutes()
    {
        ReaderWorld world(3);
        world.add(fanOut());
        world.run(SimDuration::minutes(16), 1);
        const auto& counts = world.consumers[0]->counts();
        QCOMPARE(counts.subscriptions, std::int64_t(3 * 4));
        world.run(kSlice);
        QCOMPARE(counts.records, world.accepted);
    }

    void theTwentyFirstConsumerIsRefusedAndSaysSo()
    {
        ReaderWorld world(1);
        for (int i = 0; i < 21; ++i)
            world.add(fanOut());
        // Five may be CREATING at a time; the others try again.
        world.run(SimDuration::minutes(10), 1);
        int reading = 0, refused = 0;
        for (const auto& consumer : world.consumers) {
            reading += consumer->counts().records > 0 ? 1 : 0;
            refused += consumer->trouble().find("20 registered consumers") != std::string::npos;
        }
        QCOMPARE(reading, 20);
        QCOMPARE(refused, 1);
        // Who leaves makes room.
        ReaderSurroundings around {world.service, world.stream()};
        for (std::size_t i = 0; i < world.consumers.size(); ++i) {
            if (world.consumers[i]->counts().records > 0) {
                world.consumers[i]->leave(around, world.now);
                world.consumers[i]->setPaused(true);
                break;
            }
        }
        world.run(SimDuration::minutes(3), 1);
        refused = 0;
        for (const auto& consumer : world.consumers)
            refused += consumer->trouble().empty() ? 0 : 1;
        QCOMPARE(refused, 0);
    }

    void replayReadsAgainAndCountsItApart()
    {
        ReaderWorld world(2);
        world.add(reader(2));
        world.add(reader(2));
        world.run(SimDuration::seconds(60), 2);
        world.run(SimDuration::seconds(2));
        Reader& one = *world.consumers[0];
        QCOMPARE(one.counts().againRecords, std::int64_t(0));
        ReplayPoint halfAMinute {ReplayPoint::Kind::Time, SimDuration::seconds(32), {}};
        QVERIFY(one.replay(halfAMinute, world.stream(), world.now));
        const std::int64_t again = one.progress().lagAgain(world.stream());
        QCOMPARE(again, std::int64_t(30 * 200));
        QCOMPARE(one.progress().lagRecords(world.stream()), again);
        world.run(SimDuration::seconds(5), 1);
        world.run(SimDuration::seconds(2));
        QCOMPARE(one.counts().againRecords, again);
        QCOMPARE(one.counts().records, world.accepted + again);
        QCOMPARE(one.counts().orderViolations, std::int64_t(0));
        QCOMPARE(world.consumers[1]->counts().againRecords, std::int64_t(0));
    }

    void replayFollowsTheLineageOnceMore()
    {
        ReaderWorld world(2);
        world.add(reader(4));
        world.run(SimDuration::seconds(20), 2);
        world.split(0);
        world.run(SimDuration::seconds(60), 2);
        world.merge(3, 1);
        world.run(SimDuration::seconds(60), 2);
        world.run(SimDuration::seconds(3));
        const std::int64_t all = world.accepted;
        QCOMPARE(world.consumers[0]->counts().records, all);
        QVERIFY(world.consumers[0]->replay({}, world.stream(), world.now));
        QVERIFY(!world.consumers[0]->progress().waitingForParents().empty());
        world.run(SimDuration::seconds(60));
        const auto& counts = world.consumers[0]->counts();
        QCOMPARE(counts.records, 2 * all);
        QCOMPARE(counts.againRecords, all);
        QCOMPARE(counts.orderViolations, std::int64_t(0));
    }

    void aShardWithoutRecordsHoldsItsGrandparentsChildrenBack_data()
    {
        QTest::addColumn<bool>("byTime");
        QTest::newRow("replay by time") << true;
        QTest::newRow("replay of one shard") << false;
    }
    void aShardWithoutRecordsHoldsItsGrandparentsChildrenBack()
    {
        QFETCH(bool, byTime);
        ReaderWorld world(1);
        ConsumerSpec slow = reader(1);
        slow.recordsPerCall = 100;
        world.add(slow);
        world.run(SimDuration::seconds(10), 2);
        const SequenceNumber first {world.stream().shards()[0].openedAt.inSeconds(), ShardSlot(0),
                                    1, world.now.inSeconds()};
        world.split(0);
        world.run(SimDuration::seconds(60));
        world.split(1); // nothing was put into it
        world.run(SimDuration::seconds(60));
        QCOMPARE(world.stream().latest(ShardSlot(1)), std::uint64_t(0));
        world.run(SimDuration::seconds(10), 2);
        world.run(SimDuration::seconds(60));
        Reader& it = *world.consumers[0];
        QCOMPARE(it.counts().records, world.accepted);
        const ReplayPoint to = byTime
            ? ReplayPoint {ReplayPoint::Kind::Time, SimDuration::hours(1), {}}
            : ReplayPoint {ReplayPoint::Kind::SequenceNumber, {}, first.text()};
        QVERIFY(it.replay(to, world.stream(), world.now));
        world.run(SimDuration::seconds(90), 1);
        world.run(SimDuration::seconds(120));
        QCOMPARE(it.counts().orderViolations, std::int64_t(0));
        QCOMPARE(it.progress().lagRecords(world.stream()), std::int64_t(0));
    }

    void replayToTheTipSkipsAndOneRecordMeansItsShard()
    {
        ReaderWorld world(2);
        world.add(reader(0.1));
        world.run(SimDuration::seconds(30), 2);
        Reader& one = *world.consumers[0];
        QVERIFY(one.replay({ReplayPoint::Kind::Latest, {}, {}}, world.stream(), world.now));
        QCOMPARE(one.progress().lagRecords(world.stream()), std::int64_t(0));
        const SequenceNumber third {world.stream().shards()[1].openedAt.inSeconds(), ShardSlot(1),
                                    3, world.now.inSeconds()};
        QVERIFY(one.replay({ReplayPoint::Kind::SequenceNumber, {}, third.text()}, world.stream(),
                           world.now));
        QCOMPARE(one.progress().next(ShardSlot(1)), std::uint64_t(2));
        QCOMPARE(one.progress().next(ShardSlot(0)), world.stream().latest(ShardSlot(0)));
        const auto refused
            = one.replay({ReplayPoint::Kind::SequenceNumber, {}, "12"}, world.stream(), world.now);
        QVERIFY(!refused);
        QCOMPARE(refused.error().message,
                 std::string("\"12\" is no sequence number of a record of this stream."));
    }

    void sameSeedSameRunAndACopyGoesItsOwnWay()
    {
        ReaderWorld a(3), b(3);
        a.add(reader(2));
        b.add(reader(2));
        a.run(SimDuration::seconds(5), 7);
        b.run(SimDuration::seconds(5), 7);
        QCOMPARE(a.consumers[0]->digest(), b.consumers[0]->digest());
        const Cloned<Reader> copy = a.consumers[0];
        a.run(SimDuration::seconds(2), 7);
        QCOMPARE(copy->digest(), b.consumers[0]->digest());
        QVERIFY(copy->digest() != a.consumers[0]->digest());
    }

    void theOrderCheckSeesAMistake()
    {
        OrderCheck check;
        RecordMeta meta;
        meta.hashHigh = 42;
        meta.arrivalMs = 1000;
        QVERIFY(check.note(ShardSlot(0), 5, meta));
        QVERIFY2(check.note(ShardSlot(1), 0, meta), "a child may begin in the same millisecond");
        meta.arrivalMs = 999;
        QVERIFY2(!check.note(ShardSlot(2), 0, meta), "earlier after later");
        meta.arrivalMs = 999;
        QVERIFY2(!check.note(ShardSlot(2), 0, meta), "the same position twice");
    }
};

QTEST_APPLESS_MAIN(CustomReaderTest)
#include "tst_custom_reader.moc"
