#include <QTest>

#include <map>

#include "core/consumers/analytics_reader.h"
#include "tests/support/reader_world.h"

using namespace shardscope;

namespace {

constexpr SimDuration kSecond = SimDuration::seconds(1);

ConsumerSpec counting(const char* keyBy, std::int64_t sizeMs = 1000)
{
    ConsumerSpec spec;
    spec.kind = ConsumerKind::Analytics;
    spec.analytics.keyBy = keyBy;
    spec.analytics.size = SimDuration::millis(sizeMs);
    return spec;
}

AnalyticsState stateOf(ReaderWorld& world, std::size_t i = 0)
{
    return std::get<AnalyticsState>(world.consumers[i]->state(world.stream(), world.now));
}

AnalyticsReader& readerOf(ReaderWorld& world, std::size_t i = 0)
{
    return dynamic_cast<AnalyticsReader&>(*world.consumers[i]);
}

std::int64_t recordsIn(const AnalyticsState& state)
{
    std::int64_t sum = 0;
    for (const AnalyticsTotal& total : state.totals)
        sum += total.records;
    return sum;
}

void put(ReaderWorld& world, const std::string& key, const std::string& data)
{
    PutRecord request;
    request.streamName = "orders";
    request.record.add(key, data);
    request.record.hashKeys();
    QVERIFY(world.service.putRecord(request, world.now).has_value());
}

} // namespace

class AnalyticsReaderTest : public QObject {
    Q_OBJECT

private slots:
    void countsByShardFromWhatIsKeptOfRecords()
    {
        ReaderWorld world(2);
        world.add(counting(kByShard));
        world.run(kSecond * 10, 4);
        world.run(kSecond * 4);
        const AnalyticsState state = stateOf(world);
        QCOMPARE(state.lateDropped, std::int64_t(0));
        QCOMPARE(state.unreadable, std::int64_t(0));
        std::map<std::string, std::int64_t> counted;
        for (const AnalyticsResult& result : state.results)
            counted[result.key] += result.records;
        QCOMPARE(counted.size(), std::size_t(2));
        // The watermark is a millisecond behind the last record, so the last window stays open.
        QCOMPARE(recordsIn(state), std::int64_t(9 * 400));
        QCOMPARE(state.openWindows, std::int64_t(1));
        QCOMPARE(world.consumers[0]->counts().records, world.accepted);
    }

    void countsByPartitionKey()
    {
        ReaderWorld world(2);
        world.add(counting(kByPartitionKey));
        world.run(kSecond * 4, 1);
        const AnalyticsState state = stateOf(world);
        QVERIFY(state.results.size() >= 100);
        for (const AnalyticsResult& result : state.results) {
            QCOMPARE(result.key.size(), std::size_t(16));
            QCOMPARE(result.records, std::int64_t(1)); // 100 keys in turn, 100 records a second
        }
    }

    void averagesFieldsOfJsonByTheirOwnTime()
    {
        ReaderWorld world(1);
        ConsumerSpec spec = counting("device", 10'000);
        spec.analytics.value = "t";
        spec.analytics.aggregate = AnalyticsSpec::Aggregate::Average;
        spec.analytics.timeField = "ts";
        world.add(spec);
        const auto record = [](const char* device, int second, const char* t) {
            return std::string("{\"device\":\"") + device + "\",\"t\":" + t
                + ",\"x\":{\"t\":7},\"ts\":\"" + toIso(SimTime::fromSeconds(second)) + "\"}";
        };
        put(world, "a", record("a\\u0031", 1000, "1.5"));
        put(world, "a", record("a1", 1009, "2.5"));
        put(world, "b", record("b", 1003, "-8"));
        put(world, "b", "{\"device\":\"b\",\"ts\":1004000,\"t\":-4}");
        // Each lacks something else.
        put(world, "b", "not json");
        put(world, "b", "{\"device\":\"b\",\"ts\":1004000,\"t\":\"warm\"}");
        put(world, "b", "{\"device\":\"b\",\"ts\":\"yesterday\",\"t\":1}");
        put(world, "b", "{\"ts\":1004000,\"t\":1}");
        put(world, "b", record("b", 1011, "1"));
        world.run(kSecond);
        const AnalyticsState state = stateOf(world);
        QCOMPARE(state.results.size(), std::size_t(2));
        QCOMPARE(state.results[0].window, (QueryWindow {1'000'000, 1'010'000}));
        QCOMPARE(state.results[0].key, std::string("a1"));
        QCOMPARE(state.results[0].value, 2.0);
        QCOMPARE(state.results[1].key, std::string("b"));
        QCOMPARE(state.results[1].value, -6.0);
        QCOMPARE(state.results[1].records, std::int64_t(2));
        QCOMPARE(state.unreadable, std::int64_t(4));
        QCOMPARE(world.consumers[0]->trouble(),
                 std::string("1 record has data that is no JSON object; the query leaves them "
                             "out."));
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(0));
    }

    void aQueryOnAMissingFieldSaysSoAndGoesOn()
    {
        ReaderWorld world(1);
        world.add(counting("customer"));
        world.add(counting(kWholeStream));
        put(world, "a", "{\"user\":\"x\"}");
        world.run(kSecond * 2, 1);
        world.run(kSecond * 2);
        QCOMPARE(world.consumers[1]->trouble(), std::string());
        QVERIFY(world.consumers[0]->trouble().find("the query leaves them out")
                != std::string::npos);
        QCOMPARE(stateOf(world).unreadable, world.consumers[0]->counts().records);
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(0));
    }

    void aFailedJobGoesOnFromItsCheckpointWithTheSameResults()
    {
        ReaderWorld world(3);
        ConsumerSpec spec = counting(kByShard);
        spec.analytics.checkpointInterval = kSecond * 5;
        spec.analytics.outOfOrderness = kSecond * 4;
        world.add(spec);
        world.add(spec);
        world.run(kSecond * 8, 3);
        QCOMPARE(stateOf(world).checkpoints.taken, std::int64_t(1));
        QVERIFY(stateOf(world).checkpoints.bytes > 0);
        QVERIFY(readerOf(world).crash({}, world.now));
        world.run(kSecond * 12, 3);
        world.run(kSecond * 3);
        const AnalyticsState failed = stateOf(world, 0), whole = stateOf(world, 1);
        QCOMPARE(failed.checkpoints.restored, std::int64_t(1));
        QCOMPARE(whole.checkpoints.restored, std::int64_t(0));
        QVERIFY(world.consumers[0]->counts().againRecords > 500);
        QCOMPARE(world.consumers[1]->counts().againRecords, std::int64_t(0));
        QCOMPARE(failed.windowsFired, whole.windowsFired);
        QCOMPARE(recordsIn(failed), recordsIn(whole));
        QVERIFY(recordsIn(whole) > 4000);
        QCOMPARE(failed.lateDropped, std::int64_t(0));
    }

    void aJobThatFailsBeforeItsFirstCheckpointBeginsAgain()
    {
        ReaderWorld world(1);
        world.add(counting(kWholeStream));
        world.run(kSecond * 3, 2);
        QVERIFY(readerOf(world).crash({}, world.now));
        world.run(AnalyticsReader::kRestartDelay);
        QCOMPARE(stateOf(world).windowsFired, std::int64_t(2));
        world.run(kSecond * 2, 2);
        QVERIFY(world.consumers[0]->counts().againRecords > 300);
        QCOMPARE(stateOf(world).results[0].records, std::int64_t(200));
    }

    void aFailureAcrossAReshardReadsTheParentAgainBeforeItsChildren()
    {
        ReaderWorld world(1);
        ConsumerSpec spec = counting(kWholeStream);
        spec.analytics.outOfOrderness = kSecond * 2;
        world.add(spec);
        world.run(kSecond * 3, 2);
        world.split(0);
        world.run(kSecond * 60, 2);
        QVERIFY(readerOf(world).crash({}, world.now));
        world.run(kSecond * 30, 2);
        world.run(kSecond * 5);
        const auto& counts = world.consumers[0]->counts();
        QCOMPARE(counts.orderViolations, std::int64_t(0));
        QCOMPARE(counts.records - counts.againRecords, world.accepted);
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(0));
        QCOMPARE(stateOf(world).lateDropped, std::int64_t(0));
    }

    void aSubtaskWithoutAShardHoldsTheWatermarkBackUnlessItMayBeIdle()
    {
        for (const bool idle : {false, true}) {
            ReaderWorld world(2);
            ConsumerSpec spec = counting(kWholeStream);
            spec.analytics.parallelism = 3;
            spec.analytics.idleness = idle ? kSecond : SimDuration();
            world.add(spec);
            world.run(kSecond * 5, 4);
            const AnalyticsState state = stateOf(world);
            QCOMPARE(state.subtasksWithoutShard, std::int64_t(1));
            QCOMPARE(state.inputs.size(), std::size_t(2));
            QCOMPARE(state.inputs[0].subtask, std::int64_t(0));
            QCOMPARE(state.inputs[1].subtask, std::int64_t(2));
            QCOMPARE(state.windowsFired > 0, idle);
            QCOMPARE(state.watermarkMs.has_value(), idle);
        }
    }

    void asManySubtasksAsShardsGetThroughAsMuchMore()
    {
        for (const int parallelism : {1, 4}) {
            ReaderWorld world(4);
            ConsumerSpec spec = counting(kWholeStream);
            spec.analytics.parallelism = parallelism;
            spec.recordsPerSecond = 500;
            world.add(spec);
            world.run(kSecond * 20, 12); // 1,200 a second
            const std::int64_t lag = world.consumers[0]->progress().lagRecords(world.stream());
            QCOMPARE(lag > 5000, parallelism == 1);
        }
    }

    void fanOutGivesTheSameAnswers()
    {
        ReaderWorld world(2);
        ConsumerSpec spec = counting(kWholeStream);
        spec.analytics.fanOut = true;
        world.add(spec);
        world.run(kSecond * 60, 1);
        QVERIFY(world.consumers[0]->counts().subscriptions >= 2);
        QCOMPARE(world.consumers[0]->counts().calls, std::int64_t(0));
        QCOMPARE(stateOf(world).lateDropped, std::int64_t(0));
        QVERIFY(stateOf(world).windowsFired >= 40);
    }

    void aReplayBeginsTheQueryAnew()
    {
        ReaderWorld world(1);
        world.add(counting(kWholeStream));
        world.run(kSecond * 5, 2);
        QVERIFY(world.consumers[0]->replay({}, world.stream(), world.now).has_value());
        QCOMPARE(stateOf(world).windowsFired, std::int64_t(0));
        world.run(kSecond * 2);
        QCOMPARE(stateOf(world).windowsFired, std::int64_t(4));
        QCOMPARE(stateOf(world).lateDropped, std::int64_t(0));
    }

    void anotherQueryGoesOnAtTheSamePlace()
    {
        ReaderWorld world(1);
        world.add(counting(kWholeStream));
        world.run(kSecond * 5, 2);
        ConsumerSpec spec = world.consumers[0]->spec();
        spec.analytics.size = kSecond * 2;
        world.consumers[0]->change(spec, world.now);
        QCOMPARE(stateOf(world).windowsFired, std::int64_t(0));
        world.run(kSecond * 6, 2);
        QCOMPARE(world.consumers[0]->counts().againRecords, std::int64_t(0));
        QVERIFY(stateOf(world).windowsFired >= 2);
    }

    void aCopyGoesOnAlike()
    {
        ReaderWorld world(2);
        ConsumerSpec spec = counting(kByPartitionKey);
        spec.analytics.window = AnalyticsSpec::Window::Session;
        spec.analytics.gap = SimDuration::millis(700);
        world.add(spec);
        world.run(kSecond * 3, 1);
        Cloned<Reader> copy = world.consumers[0];
        QCOMPARE(copy->digest(), world.consumers[0]->digest());
        const std::uint64_t before = copy->digest();
        world.run(kSecond * 3, 1);
        QVERIFY(world.consumers[0]->digest() != before);
        QCOMPARE(copy->digest(), before);
    }
};

QTEST_APPLESS_MAIN(AnalyticsReaderTest)
#include "tst_analytics_reader.moc"
