#include <QTest>

#include <set>

#include "core/base/md5.h"
#include "core/base/worker_pool.h"
#include "core/consumers/polling_consumer.h"
#include "core/engine/service.h"

using namespace shardscope;

namespace {

constexpr auto kStream = "orders";

std::string shardId(std::uint32_t slot)
{
    return QStringLiteral("shardId-%1").arg(slot, 12, 10, QLatin1Char('0')).toStdString();
}

/// A real stream with a steady writer and the readers of a test.
class World {
public:
    explicit World(std::int64_t shards, ServiceOptions options = {})
        : service(std::move(options))
    {
        CreateStream create;
        create.streamName = kStream;
        create.shardCount = shards;
        must(service.control(create, now));
        now += SimDuration::seconds(60);
        service.advance(now);
    }
    static void must(const Result<void>& done)
    {
        if (!done)
            qFatal("%s", done.error().message.c_str());
    }
    Stream& stream() { return *service.find(kStream); }
    void add(ConsumerSpec spec)
    {
        spec.name = "reader";
        consumers.emplace_back(ConsumerSlot(static_cast<std::uint32_t>(consumers.size())), spec, 5,
                               now);
    }
    /// Runs slices; `perSlice` records are written in each, over 100 keys in turn.
    void run(SimDuration span, int perSlice = 0)
    {
        for (const SimTime end = now + span; now < end; now += kSlice) {
            service.advance(now);
            write(perSlice);
            for (PollingConsumer& consumer : consumers)
                consumer.step(now, stream());
        }
    }
    void write(int records)
    {
        OfferBatch batch;
        for (int i = 0; i < records; ++i, ++number) {
            const HashKey key = md5("key-" + std::to_string(number % 100));
            batch.number.push_back(number);
            batch.hashHigh.push_back(key.high());
            batch.hashLow.push_back(key.low());
            batch.bytes.push_back(100);
            batch.keyBytes.push_back(6);
            batch.attempt.push_back(1);
            batch.userRecords.push_back(1);
        }
        // All in the slice's first tick.
        batch.tickBegin.fill(static_cast<std::uint32_t>(records));
        batch.tickBegin[0] = 0;
        OfferBatch* one = &batch;
        std::vector<RefusedRecord> refusals;
        stream().offer({&one, 1}, now, admission, pool, refusals);
        for (const Outcome outcome : batch.outcome)
            accepted += outcome == Outcome::Accepted ? 1 : 0;
    }
    void split(std::uint32_t slot)
    {
        SplitShard request;
        request.streamName = kStream;
        request.shardToSplit = shardId(slot);
        request.newStartingHashKey = toDecimal(stream().shards()[slot].range.middle());
        must(service.control(request, now));
    }
    void merge(std::uint32_t lower, std::uint32_t upper)
    {
        MergeShards request;
        request.streamName = kStream;
        request.shardToMerge = shardId(lower);
        request.adjacentShardToMerge = shardId(upper);
        must(service.control(request, now));
    }

    SimTime now = kDefaultStart;
    Service service;
    WorkerPool pool {1};
    Admission admission;
    std::vector<PollingConsumer> consumers;
    std::uint64_t number = 0;
    std::int64_t accepted = 0;
};

ConsumerSpec reader(double readsPerSecond, StartPosition start = StartPosition::TrimHorizon)
{
    ConsumerSpec spec;
    spec.readsPerSecond = readsPerSecond;
    spec.start = start;
    return spec;
}

} // namespace

class PollingConsumerTest : public QObject {
    Q_OBJECT

private slots:
    void readsEverythingOnce()
    {
        World world(3);
        world.add(reader(1));
        world.run(SimDuration::seconds(10), 5);
        world.run(SimDuration::seconds(3));
        QCOMPARE(world.accepted, std::int64_t(5000));
        const auto& counts = world.consumers[0].counts();
        QCOMPARE(counts.records, world.accepted);
        QCOMPARE(counts.bytes, Bytes(500'000));
        QCOMPARE(counts.calls, std::int64_t(3 * 13));
        QCOMPARE(counts.refusedCalls, std::int64_t(0));
        QCOMPARE(counts.orderViolations, std::int64_t(0));
        QCOMPARE(world.consumers[0].lagRecords(world.stream()), std::int64_t(0));
        QCOMPARE(world.consumers[0].ageMs(world.stream(), world.now), std::int64_t(0));
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
        World world(2);
        for (int i = 0; i < pollers; ++i)
            world.add(reader(reads));
        world.run(SimDuration::seconds(60), 2);
        std::int64_t calls = 0, refusals = 0;
        for (const PollingConsumer& consumer : world.consumers) {
            calls += consumer.counts().calls;
            refusals += consumer.counts().refusedCalls;
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
        World world(1);
        for (int i = 0; i < 6; ++i)
            world.add(reader(1));
        world.run(SimDuration::minutes(5), 2);
        std::int64_t least = INT64_MAX, most = 0;
        for (const PollingConsumer& consumer : world.consumers) {
            const std::int64_t taken = consumer.counts().calls - consumer.counts().refusedCalls;
            least = std::min(least, taken);
            most = std::max(most, taken);
        }
        QVERIFY2(least * 10 >= most * 7,
                 qPrintable(QStringLiteral("%1 and %2 answers").arg(least).arg(most)));
    }
    void aRefusedCallIsTriedTwiceMoreBeforeTheNextStep()
    {
        // A hundred readers at a hundred calls a second: nearly every call is refused.
        World world(1);
        for (int i = 0; i < 100; ++i)
            world.add(reader(100));
        world.run(SimDuration::seconds(20), 2);
        // Waiting half a second and then a whole one on average, three tries take 1.5 s.
        std::int64_t calls = 0;
        for (const PollingConsumer& consumer : world.consumers)
            calls += consumer.counts().calls;
        QVERIFY2(calls > 100 * 20 * 3 / 2 && calls < 100 * 20 * 3,
                 qPrintable(QString::number(calls)));
    }
    void latestSkipsWhatWasThere()
    {
        World world(2);
        world.run(SimDuration::seconds(1), 10);
        world.add(reader(2, StartPosition::Latest));
        world.add(reader(2, StartPosition::TrimHorizon));
        world.consumers[0].step(world.now, world.stream());
        world.run(SimDuration::seconds(1), 10);
        world.run(SimDuration::seconds(2));
        QCOMPARE(world.consumers[0].counts().records, std::int64_t(1000));
        QCOMPARE(world.consumers[1].counts().records, std::int64_t(2000));
    }

    void childrenWaitUntilAllParentsAreRead()
    {
        World world(2);
        ConsumerSpec slow = reader(1);
        slow.recordsPerCall = 100; // 100 a second and shard, half of what comes in
        world.add(slow);
        world.run(SimDuration::seconds(20), 4);
        world.merge(0, 1);
        world.run(SimDuration::seconds(40), 4);
        QCOMPARE(world.stream().shards().size(), std::size_t(3));
        QCOMPARE(world.consumers[0].waitingForParents(), std::vector {ShardSlot(2)});
        QVERIFY(world.consumers[0].lagRecords(world.stream()) > 0);
        world.run(SimDuration::seconds(600));
        QVERIFY(world.consumers[0].waitingForParents().empty());
        const auto positions = world.consumers[0].reading(world.stream(), world.now);
        QCOMPARE(positions.size(), std::size_t(1));
        QCOMPARE(positions[0].shard, ShardSlot(2));
        QCOMPARE(world.consumers[0].counts().records, world.accepted);
        QCOMPARE(world.consumers[0].counts().orderViolations, std::int64_t(0));
    }

    void orderOfEveryKeyHoldsAcrossSplitsAndMerges()
    {
        World world(2);
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
        for (const PollingConsumer& consumer : world.consumers) {
            QCOMPARE(consumer.counts().records, world.accepted);
            QCOMPARE(consumer.counts().orderViolations, std::int64_t(0));
            QCOMPARE(consumer.reading(world.stream(), world.now).size(), std::size_t(3));
        }
    }

    void latestReadsChildrenFromTheirBeginning()
    {
        World world(1);
        world.run(SimDuration::seconds(1), 2);
        world.add(reader(1, StartPosition::Latest));
        world.consumers[0].step(world.now, world.stream());
        const std::int64_t before = world.accepted;
        world.split(0);
        world.run(SimDuration::seconds(40), 2);
        world.run(SimDuration::seconds(5));
        QCOMPARE(world.stream().shards().size(), std::size_t(3));
        QCOMPARE(world.consumers[0].counts().records, world.accepted - before);
    }

    void theProcessingRateHoldsTheNextReadBack()
    {
        World world(1);
        ConsumerSpec spec = reader(5);
        spec.recordsPerSecond = 100;
        world.add(spec);
        world.run(SimDuration::seconds(10), 5); // 500 a second
        const std::int64_t read = world.consumers[0].counts().records;
        const std::int64_t lag = world.consumers[0].lagRecords(world.stream());
        QCOMPARE(read + lag, world.accepted);
        QVERIFY2(lag > 2000, qPrintable(QString::number(lag)));
        QVERIFY(world.consumers[0].ageMs(world.stream(), world.now) > 4000);
        world.run(SimDuration::seconds(60));
        QCOMPARE(world.consumers[0].counts().records, world.accepted);
    }

    void ageGrowsWhileItIsPausedAndFallsAfterwards()
    {
        World world(1);
        world.add(reader(2));
        world.run(SimDuration::seconds(2), 1);
        world.consumers[0].setPaused(true, world.now);
        const std::int64_t calls = world.consumers[0].counts().calls;
        world.run(SimDuration::seconds(30), 1);
        QCOMPARE(world.consumers[0].counts().calls, calls);
        const std::int64_t age = world.consumers[0].ageMs(world.stream(), world.now);
        QVERIFY2(age >= 30'000 && age <= 30'500, qPrintable(QString::number(age)));
        QCOMPARE(world.consumers[0].reading(world.stream(), world.now)[0].ageMs, age);
        world.consumers[0].setPaused(false, world.now);
        world.run(SimDuration::seconds(3), 1);
        QVERIFY(world.consumers[0].ageMs(world.stream(), world.now) <= 510);
        QVERIFY2(world.consumers[0].counts().calls - calls <= 7, "missed calls are not made up");
    }

    void recordsTakenByRetentionAreLost()
    {
        World world(1);
        world.add(reader(1));
        world.run(SimDuration::seconds(2), 5);
        world.run(SimDuration::seconds(2));
        world.consumers[0].setPaused(true, world.now);
        world.run(SimDuration::seconds(1), 5);
        world.now += SimDuration::hours(25);
        world.run(SimDuration::seconds(1), 3);
        world.consumers[0].setPaused(false, world.now);
        world.run(SimDuration::seconds(3));
        const auto& counts = world.consumers[0].counts();
        QCOMPARE(counts.lostRecords, std::int64_t(500));
        QCOMPARE(counts.records, std::int64_t(1300));
        QCOMPARE(world.consumers[0].lagRecords(world.stream()), std::int64_t(0));
    }

    void anotherPaceTakesOverAtOnce()
    {
        World world(4);
        world.add(reader(0.1));
        world.run(SimDuration::seconds(1), 1);
        const std::int64_t before = world.consumers[0].counts().calls;
        ConsumerSpec faster = world.consumers[0].spec();
        faster.readsPerSecond = 5;
        world.consumers[0].change(faster, world.now);
        world.run(SimDuration::seconds(10), 1);
        const std::int64_t calls = world.consumers[0].counts().calls - before;
        QVERIFY2(std::abs(calls - 4 * 5 * 10) <= 8, qPrintable(QString::number(calls)));
    }

    void sameSeedSameRunAndACopyGoesItsOwnWay()
    {
        World a(3), b(3);
        a.add(reader(2));
        b.add(reader(2));
        a.run(SimDuration::seconds(5), 7);
        b.run(SimDuration::seconds(5), 7);
        QCOMPARE(a.consumers[0].digest(), b.consumers[0].digest());
        const PollingConsumer copy = a.consumers[0];
        a.run(SimDuration::seconds(2), 7);
        QCOMPARE(copy.digest(), b.consumers[0].digest());
        QVERIFY(copy.digest() != a.consumers[0].digest());
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

QTEST_APPLESS_MAIN(PollingConsumerTest)
#include "tst_polling_consumer.moc"
