#include <QTest>

#include "core/consumers/lambda_event.h"
#include "tests/support/reader_world.h"
#include "tests/support/scripted_function.h"

using namespace shardscope;

namespace {

ConsumerSpec function(const std::function<void(LambdaSpec&)>& change = {})
{
    ConsumerSpec spec;
    spec.kind = ConsumerKind::Lambda;
    spec.lambda.model.spread = 0;
    if (change)
        change(spec.lambda);
    return spec;
}

LambdaState stateOf(ReaderWorld& world, std::size_t i = 0)
{
    return std::get<LambdaState>(world.consumers[i]->state(world.stream(), world.now));
}

std::int64_t lagOf(ReaderWorld& world, std::size_t i = 0)
{
    return world.consumers[i]->progress().lagRecords(world.stream());
}

} // namespace

/// A Lambda event source mapping with a modelled function, in ten-millisecond slices.
class LambdaReaderTest : public QObject {
    Q_OBJECT

private slots:
    void everyRecordIsInOneSuccessfulBatch()
    {
        ReaderWorld world(3);
        world.add(function());
        world.run(SimDuration::seconds(20), 3);
        world.run(SimDuration::seconds(5));
        const LambdaState state = stateOf(world);
        QCOMPARE(state.counts.succeededRecords, world.accepted);
        QVERIFY(state.counts.invocations >= world.accepted / 100);
        QCOMPARE(state.counts.errors, std::int64_t(0));
        QCOMPARE(state.counts.mostConcurrent, std::int64_t(3)); // one a shard
        QCOMPARE(state.lastResult, std::string("OK"));
        QCOMPARE(world.consumers[0]->counts().againRecords, std::int64_t(0));
        QCOMPARE(world.consumers[0]->counts().orderViolations, std::int64_t(0));
        QCOMPARE(lagOf(world), std::int64_t(0));
    }

    void aWindowGathersWhatWouldGoInMoreBatches()
    {
        const auto invocations = [](SimDuration window) {
            ReaderWorld world(1);
            world.add(function([&](LambdaSpec& l) { l.batchingWindow = window; }));
            for (int i = 0; i < 60; ++i) {
                world.write(1);
                world.run(SimDuration::seconds(1));
            }
            return stateOf(world).counts.invocations;
        };
        QVERIFY(invocations({}) >= 55); // one for each poll that brings something
        const auto gathered = invocations(SimDuration::seconds(10));
        QVERIFY2(gathered >= 5 && gathered <= 6, qPrintable(QString::number(gathered)));
    }
    void aFullBatchDoesNotWaitForItsWindow()
    {
        ReaderWorld world(1);
        world.add(function([](LambdaSpec& l) {
            l.batchSize = 10;
            l.batchingWindow = SimDuration::seconds(300);
        }));
        world.write(9);
        world.run(SimDuration::seconds(20));
        QCOMPARE(stateOf(world).counts.invocations, std::int64_t(0));
        world.write(1);
        world.run(SimDuration::seconds(3));
        QCOMPARE(stateOf(world).counts.invocations, std::int64_t(1));
        QCOMPARE(stateOf(world).counts.succeededRecords, std::int64_t(10));
    }

    void aSlowFunctionFallsBehindUntilMoreRunAtOnce()
    {
        ReaderWorld world(1);
        const auto slow = [](LambdaSpec& l) { l.model.duration = SimDuration::seconds(1); };
        world.add(function(slow));
        world.add(function([&](LambdaSpec& l) {
            slow(l);
            l.parallelizationFactor = 5;
        }));
        world.run(SimDuration::seconds(60), 2); // 200/s, and 100/s pass one at a time
        QVERIFY(lagOf(world, 0) > 5'000);
        QVERIFY(lagOf(world, 1) < 1'000);
        QCOMPARE(stateOf(world, 0).counts.mostConcurrent, std::int64_t(1));
        QVERIFY(stateOf(world, 1).counts.mostConcurrent > 1);
        QCOMPARE(world.consumers[1]->counts().orderViolations, std::int64_t(0));
    }

    void concurrencyIsHeldAndThrottledBatchesDoNotCountAsTried()
    {
        ReaderWorld world(4);
        world.add(function([](LambdaSpec& l) {
            l.concurrency = 1;
            l.maximumRetryAttempts = 0;
        }));
        world.run(SimDuration::seconds(30), 2);
        world.run(SimDuration::minutes(5));
        const LambdaState state = stateOf(world);
        QCOMPARE(state.counts.mostConcurrent, std::int64_t(1));
        QVERIFY(state.counts.throttles > 0);
        QCOMPARE(state.counts.droppedRecords, std::int64_t(0));
        QCOMPARE(state.counts.succeededRecords, world.accepted);
    }

    void aPoisonRecordStopsItsShard()
    {
        ReaderWorld world(1);
        world.add(function([](LambdaSpec& l) { l.model.poisonShare = 0.002; }));
        world.run(SimDuration::seconds(60), 1);
        const LambdaState state = stateOf(world);
        QVERIFY(state.counts.errors > 3);
        QCOMPARE(state.counts.droppedRecords, std::int64_t(0));
        QVERIFY(lagOf(world) > 1'000);
        QCOMPARE(state.batches.size(), std::size_t(1));
        QVERIFY(state.batches[0].attempts > 3);
        QVERIFY(!world.consumers[0]->trouble().empty());
    }
    void bisectingGivesUpThePoisonAlone()
    {
        ReaderWorld world(1);
        world.add(function([](LambdaSpec& l) {
            l.model.poisonShare = 0.002;
            l.bisectOnError = true;
            l.maximumRetryAttempts = 0;
        }));
        world.run(SimDuration::seconds(30), 1);
        world.run(SimDuration::minutes(5));
        const LambdaState state = stateOf(world);
        QVERIFY(state.counts.droppedRecords > 0);
        QVERIFY(state.counts.droppedRecords < 20);
        QCOMPARE(state.counts.succeededRecords + state.counts.droppedRecords, world.accepted);
        QVERIFY(state.counts.bisects > 0);
        for (const auto& failure : state.failures)
            QCOMPARE(failure.records, std::int64_t(1));
        QCOMPARE(lagOf(world), std::int64_t(0));
    }
    void withoutBisectingItsWholeBatchIsGivenUp()
    {
        ReaderWorld world(1);
        world.add(function([](LambdaSpec& l) {
            l.model.poisonShare = 0.002;
            l.maximumRetryAttempts = 0;
        }));
        world.run(SimDuration::seconds(30), 1);
        world.run(SimDuration::minutes(1));
        const LambdaState state = stateOf(world);
        QVERIFY(state.failures.at(0).records > 20);
        QCOMPARE(state.counts.succeededRecords + state.counts.droppedRecords, world.accepted);
    }
    void whatPassedBeforeAReportedRecordIsNotTriedAgain()
    {
        ReaderWorld world(1);
        world.add(function([](LambdaSpec& l) {
            l.model.poisonShare = 0.002;
            l.reportBatchItemFailures = true;
            l.maximumRetryAttempts = 0;
        }));
        world.run(SimDuration::seconds(30), 1);
        world.run(SimDuration::minutes(1));
        const LambdaState state = stateOf(world);
        QVERIFY(!state.failures.empty());
        QCOMPARE(state.counts.succeededRecords + state.counts.droppedRecords, world.accepted);
    }

    void retriesAreCounted_data()
    {
        QTest::addColumn<int>("retries");
        QTest::addColumn<int>("invocations");
        QTest::newRow("none") << 0 << 1;
        QTest::newRow("one") << 1 << 2;
        QTest::newRow("three") << 3 << 4;
    }
    void retriesAreCounted()
    {
        QFETCH(int, retries);
        QFETCH(int, invocations);
        ReaderWorld world(1);
        world.add(function([&](LambdaSpec& l) {
            l.model.errorShare = 1;
            l.maximumRetryAttempts = retries;
        }));
        world.write(5);
        world.run(SimDuration::minutes(2));
        const LambdaState state = stateOf(world);
        QCOMPARE(state.counts.invocations, std::int64_t(invocations));
        QCOMPARE(state.failures.at(0).invocations, std::int64_t(invocations));
        QVERIFY(!state.failures.at(0).tooOld);
        QCOMPARE(state.counts.droppedRecords, std::int64_t(5));
        QCOMPARE(lagOf(world), std::int64_t(0));
    }

    void recordsAreGivenUpAtTheirAgeAndNotBefore()
    {
        ReaderWorld world(1);
        world.add(function([](LambdaSpec& l) {
            l.model.errorShare = 1;
            l.maximumRecordAge = SimDuration::seconds(60);
        }));
        world.write(5);
        world.run(SimDuration::seconds(59));
        QCOMPARE(stateOf(world).counts.droppedRecords, std::int64_t(0));
        // The recorded case of the real service: eight invocations within a minute.
        const auto invocations = stateOf(world).counts.invocations;
        QVERIFY2(invocations >= 7 && invocations <= 9, qPrintable(QString::number(invocations)));
        world.run(SimDuration::seconds(62)); // the next try comes within a minute
        const LambdaState state = stateOf(world);
        QCOMPARE(state.counts.droppedRecords, std::int64_t(5));
        QVERIFY(state.failures.at(0).tooOld);
    }
    void youngerRecordsOutliveTheOldOnesOfTheirBatch()
    {
        ReaderWorld world(1);
        world.add(function([](LambdaSpec& l) {
            l.model.errorShare = 1;
            l.maximumRecordAge = SimDuration::seconds(60);
            l.batchingWindow = SimDuration::seconds(40);
        }));
        world.write(1);
        world.run(SimDuration::seconds(30));
        world.write(5);
        world.run(SimDuration::seconds(45));
        const LambdaState state = stateOf(world);
        QCOMPARE(state.counts.droppedRecords, std::int64_t(1));
        QCOMPARE(lagOf(world), std::int64_t(5));
    }

    void parentsAreFinishedBeforeTheirChildren()
    {
        ReaderWorld world(1);
        world.add(function([](LambdaSpec& l) { l.parallelizationFactor = 3; }));
        world.run(SimDuration::seconds(5), 2);
        world.split(0);
        world.run(SimDuration::seconds(60), 2);
        world.run(SimDuration::seconds(10));
        QCOMPARE(stateOf(world).counts.succeededRecords, world.accepted);
        QCOMPARE(world.consumers[0]->counts().orderViolations, std::int64_t(0));
        QCOMPARE(lagOf(world), std::int64_t(0));
    }

    void aReplayHandsTheRecordsOutAgain()
    {
        ReaderWorld world(2);
        world.add(function());
        world.run(SimDuration::seconds(10), 2);
        world.run(SimDuration::seconds(3));
        const std::int64_t once = stateOf(world).counts.succeededRecords;
        QCOMPARE(once, world.accepted);
        QVERIFY(world.consumers[0]->replay({}, world.stream(), world.now));
        world.run(SimDuration::seconds(30));
        QCOMPARE(stateOf(world).counts.succeededRecords, 2 * once);
        QCOMPARE(world.consumers[0]->counts().againRecords, once);
        QCOMPARE(stateOf(world).concurrent, std::int64_t(0));
    }

    void filteredRecordsArePassedOverAndCounted()
    {
        ReaderWorld world(2);
        ScriptedFunction function(
            [](const QJsonObject&) { return ScriptedFunction::answerOf("null"); });
        world.outside = &function;
        ConsumerSpec spec;
        spec.kind = ConsumerKind::Lambda;
        spec.lambda.function = "scripted";
        spec.lambda.filters = {"{\"sequenceNumber\": [{\"suffix\": \"2\"}]}"};
        world.add(spec);
        world.run(SimDuration::seconds(20), 2);
        world.run(SimDuration::seconds(5));
        const LambdaState::Counts counts = stateOf(world).counts;
        QCOMPARE(counts.polledRecords, world.accepted);
        QVERIFY(counts.filteredOutRecords > 0);
        QCOMPARE(counts.succeededRecords + counts.filteredOutRecords, world.accepted);
        QCOMPARE(lagOf(world), std::int64_t(0));
        std::int64_t handedOut = 0;
        for (const QJsonObject& event : function.events)
            for (const auto& value : event.value("Records").toArray()) {
                const QJsonObject kinesis = value.toObject().value("kinesis").toObject();
                QVERIFY(kinesis.value("sequenceNumber").toString().endsWith('2'));
                ++handedOut;
            }
        QCOMPARE(handedOut, counts.succeededRecords);
        QVERIFY(handedOut > 0);
    }
    void whatNobodyWantsIsNeverHandedOut()
    {
        ReaderWorld world(1);
        world.add(function([](LambdaSpec& l) { l.filters = {"{\"awsRegion\": [\"nowhere\"]}"}; }));
        world.run(SimDuration::seconds(20), 2);
        world.run(SimDuration::seconds(3));
        QCOMPARE(stateOf(world).counts.invocations, std::int64_t(0));
        QCOMPARE(stateOf(world).counts.filteredOutRecords, world.accepted);
        QCOMPARE(stateOf(world).lastResult, std::string("No records processed"));
        QCOMPARE(lagOf(world), std::int64_t(0));
        QCOMPARE(world.consumers[0]->counts().orderViolations, std::int64_t(0));
    }
    void aFilterThatIsRefusedStopsItsReaderAlone()
    {
        ReaderWorld world(1);
        world.add(function([](LambdaSpec& l) { l.filters = {"{\"data\": {}}"}; }));
        world.add(function());
        world.run(SimDuration::seconds(10), 1);
        world.run(SimDuration::seconds(3));
        QCOMPARE(world.consumers[0]->trouble(),
                 std::string("Filter 1 is refused at data: an empty object matches nothing; name "
                             "a field of it."));
        QCOMPARE(world.consumers[0]->counts().records, std::int64_t(0));
        QCOMPARE(stateOf(world, 1).counts.succeededRecords, world.accepted);
        QCOMPARE(world.consumers[1]->trouble(), std::string());
        // Mended, it begins; broken again, it goes no further.
        ConsumerSpec spec = world.consumers[0]->spec();
        spec.lambda.filters.clear();
        world.consumers[0]->change(spec, world.now);
        world.run(SimDuration::seconds(20));
        QCOMPARE(world.consumers[0]->trouble(), std::string());
        QCOMPARE(stateOf(world).counts.succeededRecords, world.accepted);
        spec.lambda.filters = {"?"};
        world.consumers[0]->change(spec, world.now);
        const std::int64_t read = world.consumers[0]->counts().records;
        world.run(SimDuration::seconds(5), 1);
        QCOMPARE(world.consumers[0]->counts().records, read);
        QVERIFY(world.consumers[0]->trouble().starts_with("Filter 1 is no JSON at character 1"));
    }
    void eventsSayWhichSourceTheyComeFrom()
    {
        ReaderWorld world(1);
        ScriptedFunction called(
            [](const QJsonObject&) { return ScriptedFunction::answerOf("null"); });
        world.outside = &called;
        ConsumerSpec spec = function([](LambdaSpec& l) { l.function = "scripted"; });
        spec.name = "reader";
        world.add(spec);
        const auto arn = [&] {
            return called.events.back()
                .value("Records")
                .toArray()
                .at(0)
                .toObject()
                .value("eventSourceARN")
                .toString();
        };
        world.run(SimDuration::seconds(10), 1);
        QVERIFY2(arn().endsWith(":stream/orders"), qPrintable(arn()));
        spec.lambda.fanOut = true;
        world.consumers[0]->change(spec, world.now);
        world.run(SimDuration::seconds(30), 1);
        const auto consumer = world.service.consumers(world.stream()).at(0);
        const QString pushed
            = ":stream/orders/consumer/reader:" + QString::number(consumer.createdAt.inSeconds());
        QVERIFY2(arn().endsWith(pushed), qPrintable(arn()));
        spec.lambda.fanOut = false;
        world.consumers[0]->change(spec, world.now);
        world.run(SimDuration::seconds(10), 1);
        QVERIFY2(arn().endsWith(":stream/orders"), qPrintable(arn()));
    }

    void aCopyGoesItsOwnWay()
    {
        ReaderWorld world(2);
        world.add(function([](LambdaSpec& l) { l.model.poisonShare = 0.01; }));
        world.run(SimDuration::seconds(10), 2);
        const auto copy = world.consumers[0]->clone();
        const std::uint64_t before = copy->digest();
        QCOMPARE(before, world.consumers[0]->digest());
        world.run(SimDuration::seconds(10), 2);
        QCOMPARE(copy->digest(), before);
        QVERIFY(world.consumers[0]->digest() != before);
    }

    void answersAreReadAsLambdaReadsThem_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<int>("kind"); // 0 none, 1 from, 2 all
        const auto number = [](std::uint64_t counter, std::uint32_t shard = 0) {
            return QByteArray::fromStdString(
                SequenceNumber {1'767'614'400, ShardSlot(shard), counter, 1'767'614'460}.text());
        };
        const auto items = [](const QByteArray& inner) {
            return QByteArray("{\"batchItemFailures\":[" + inner + "]}");
        };
        const auto item = [](const QByteArray& id) {
            return QByteArray("{\"itemIdentifier\":\"" + id + "\"}");
        };
        QTest::newRow("no failures") << items("") << 0;
        QTest::newRow("null list") << QByteArray("{\"batchItemFailures\":null}") << 0;
        QTest::newRow("empty object") << QByteArray("{}") << 0;
        QTest::newRow("null") << QByteArray("null") << 0;
        QTest::newRow("one") << items(item(number(13))) << 1;
        QTest::newRow("several") << items(item(number(15)) + "," + item(number(13))) << 1;
        QTest::newRow("of another batch") << items(item(number(99))) << 2;
        QTest::newRow("of another shard") << items(item(number(13, 1))) << 2;
        QTest::newRow("empty identifier") << items(item("")) << 2;
        QTest::newRow("null identifier") << items("{\"itemIdentifier\":null}") << 2;
        QTest::newRow("wrong name") << items("{\"id\":\"" + number(13) + "\"}") << 2;
        QTest::newRow("rubbish") << QByteArray("<html>") << 2;
        QTest::newRow("a text") << QByteArray("\"done\"") << 2;
    }
    void answersAreReadAsLambdaReadsThem()
    {
        QFETCH(QByteArray, payload);
        QFETCH(int, kind);
        const ItemFailures read
            = itemFailures({payload.data(), static_cast<std::size_t>(payload.size())}, ShardSlot(0),
                           {10, 11, 12, 13, 14, 15});
        QCOMPARE(static_cast<int>(read.kind), kind);
        if (kind == 1)
            QCOMPARE(read.position, std::uint64_t(12)); // counters begin with 1
        QCOMPARE(read.why.empty(), kind != 2);
    }
};

QTEST_APPLESS_MAIN(LambdaReaderTest)
#include "tst_lambda_reader.moc"
