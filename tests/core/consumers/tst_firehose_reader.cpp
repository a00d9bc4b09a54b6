#include <QTest>

#include <set>

#include "core/consumers/firehose_names.h"
#include "tests/support/reader_world.h"

using namespace shardscope;

namespace {

ConsumerSpec firehose(const std::function<void(FirehoseSpec&)>& change)
{
    ConsumerSpec spec;
    spec.kind = ConsumerKind::Firehose;
    spec.name = "to-s3";
    change(spec.firehose);
    return spec;
}

FirehoseState stateOf(ReaderWorld& world)
{
    return std::get<FirehoseState>(world.consumers[0]->state(world.stream(), world.now));
}

} // namespace

/// A Firehose stream with a modelled target, in ten-millisecond slices.
class FirehoseReaderTest : public QObject {
    Q_OBJECT

private slots:
    void anObjectGoesWhenItsTimeIsOver()
    {
        ReaderWorld world(1);
        world.add(firehose([](FirehoseSpec& f) { f.bufferInterval = SimDuration::seconds(60); }));
        world.write(10);
        world.run(SimDuration::seconds(60));
        QCOMPARE(stateOf(world).objects, std::int64_t(0));
        QCOMPARE(stateOf(world).bufferedRecords, std::int64_t(10));
        world.run(SimDuration::seconds(2)); // it was read within a second
        QCOMPARE(stateOf(world).objects, std::int64_t(1));
        QCOMPARE(stateOf(world).deliveredRecords, std::int64_t(10));
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(0));
    }
    void anObjectGoesWhenItIsLargeEnough()
    {
        ReaderWorld world(1);
        world.recordBytes = 100'000;
        world.add(firehose([](FirehoseSpec& f) { f.bufferSize = 1_MiB; }));
        for (int i = 0; i < 10; ++i) { // one each, under the shard's limit
            world.write(1);
            world.run(SimDuration::seconds(1));
        }
        world.run(SimDuration::seconds(2));
        QCOMPARE(stateOf(world).objects, std::int64_t(0)); // 1,000,000 of 1,048,576 bytes
        world.write(1);
        world.run(SimDuration::seconds(2));
        QCOMPARE(stateOf(world).objects, std::int64_t(1));
        QCOMPARE(stateOf(world).deliveredRecords, std::int64_t(11));
    }

    void nothingIsLostWhileTheTargetIsGone()
    {
        ReaderWorld world(2);
        world.add(firehose([](FirehoseSpec& f) {
            f.bufferInterval = SimDuration::seconds(30);
            f.targetDownAfter = SimDuration::minutes(1);
            f.targetDownFor = SimDuration::minutes(5);
        }));
        world.run(SimDuration::minutes(5), 2);
        QVERIFY(stateOf(world).targetDown);
        QVERIFY(stateOf(world).failedWrites > 3);
        QVERIFY(!world.consumers[0]->trouble().empty());
        world.run(SimDuration::minutes(5), 2);
        world.run(SimDuration::minutes(2));
        const FirehoseState state = stateOf(world);
        QVERIFY(!state.targetDown);
        QVERIFY(world.consumers[0]->trouble().empty());
        QCOMPARE(state.deliveredRecords, world.accepted);
        QCOMPARE(state.deliveredTwice, std::int64_t(0));
        QCOMPARE(state.givenUpRecords, std::int64_t(0));
        QVERIFY(state.maxFreshnessMs >= 300'000);
        QCOMPARE(state.bufferSize, 5_MiB); // it had grown, and is back
    }
    void whatTheStreamTrimmedMeanwhileIsNotDelivered()
    {
        ServiceOptions options;
        options.memoryBudget = 1_MiB;
        ReaderWorld world(1, options);
        world.add(firehose([](FirehoseSpec& f) {
            f.bufferInterval = SimDuration::seconds(10);
            f.targetDownFor = SimDuration::minutes(3);
        }));
        world.run(SimDuration::seconds(170), 9); // some 150,000 records, 32 bytes and more each
        world.split(0);
        world.run(SimDuration::minutes(10));
        const FirehoseState state = stateOf(world);
        const std::int64_t lost = world.consumers[0]->counts().lostRecords;
        QVERIFY(lost > 0);
        QCOMPARE(state.deliveredRecords + lost, world.accepted);
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(0));
        QVERIFY(world.consumers[0]->progress().stage(ShardSlot(0))
                == ShardProgress::Stage::Finished);
    }
    void whatIsTriedTooLongIsGivenUp()
    {
        ReaderWorld world(1);
        world.add(firehose([](FirehoseSpec& f) {
            f.bufferInterval = SimDuration::seconds(10);
            f.retryFor = SimDuration::seconds(60);
            f.targetDownFor = SimDuration::minutes(10);
        }));
        world.write(7);
        world.run(SimDuration::seconds(70));
        QCOMPARE(stateOf(world).givenUpRecords, std::int64_t(0));
        world.run(SimDuration::seconds(80));
        QCOMPARE(stateOf(world).givenUpRecords, std::int64_t(7));
        QCOMPARE(stateOf(world).deliveredRecords, std::int64_t(0));
    }
    void aLostAnswerIsARecordDeliveredTwiceUnderAnotherName()
    {
        ReaderWorld world(1);
        world.add(firehose([](FirehoseSpec& f) {
            f.bufferInterval = SimDuration::seconds(5);
            f.answerLostShare = 0.3;
        }));
        world.run(SimDuration::minutes(2), 1);
        world.run(SimDuration::minutes(10)); // tries follow each other more and more slowly
        const FirehoseState state = stateOf(world);
        QCOMPARE(state.deliveredRecords, world.accepted);
        QVERIFY(state.deliveredTwice > 0);
        std::set<std::string> keys;
        for (const auto& object : state.newest)
            keys.insert(object.key);
        QCOMPARE(keys.size(), state.newest.size());
    }
    void childrenAreReadAfterTheirParentIsDelivered()
    {
        ReaderWorld world(1);
        world.add(firehose([](FirehoseSpec& f) { f.bufferInterval = SimDuration::seconds(20); }));
        world.run(SimDuration::seconds(5), 2);
        world.split(0);
        world.run(SimDuration::seconds(60), 2);
        world.run(SimDuration::seconds(30));
        QCOMPARE(stateOf(world).deliveredRecords, world.accepted);
        QCOMPARE(world.consumers[0]->counts().orderViolations, std::int64_t(0));
    }
    void aReplayDeliversAgain()
    {
        ReaderWorld world(1);
        world.add(firehose([](FirehoseSpec& f) { f.bufferInterval = SimDuration::seconds(5); }));
        world.run(SimDuration::seconds(20), 2);
        world.run(SimDuration::seconds(10));
        QVERIFY(world.consumers[0]->replay({}, world.stream(), world.now));
        world.run(SimDuration::seconds(30));
        QCOMPARE(stateOf(world).deliveredRecords, 2 * world.accepted);
        QCOMPARE(world.consumers[0]->counts().againRecords, world.accepted);
    }

    void prefixesAreEvaluated_data()
    {
        QTest::addColumn<QString>("prefix");
        QTest::addColumn<QString>("evaluated"); // empty: refused
        const auto row = [](const char* prefix, const char* evaluated) {
            QTest::newRow(prefix[0] == '\0' ? "(none)" : prefix) << prefix << evaluated;
        };
        row("", "2026/07/20/14/");
        row("logs/", "logs/2026/07/20/14/");
        row("logs/!{timestamp:yyyy/MM/dd}/", "logs/2026/07/20/");
        row("y=!{timestamp:yyyy}/t=!{timestamp:HH-mm-ss}/", "y=2026/t=14-30-05/");
        row("!{timestamp:'day'-dd}/", "day-20/");
        row("!{firehose:random-string}/!{timestamp:yy}/", "abcdefghijk/26/");
        row("!{firehose:random-string}/", "abcdefghijk/2026/07/20/14/");
        row("!{timestamp:'it''s'-dd}/", "it's-20/");
        row("!{timestamp:dd''HH}/", "20'14/");
        row("!{timestamp:YYYY}/", "");
        row("!{firehose:error-output-type}/", "");
        row("!{timestamp:EEE}/", "");
        row("!{timestamp:'day}/", "");
        row("!{partitionKeyFromQuery:k}/", "");
        row("!{timestamp:yyyy", "");
    }
    void prefixesAreEvaluated()
    {
        QFETCH(QString, prefix);
        QFETCH(QString, evaluated);
        const auto made = firehosePrefix(
            prefix.toStdString(),
            {.at = *parseIso("2026-07-20T14:30:05Z"), .random = "abcdefghijk", .errorType = {}});
        QCOMPARE(made.has_value(), !evaluated.isEmpty());
        if (made)
            QCOMPARE(QString::fromStdString(*made), evaluated);
        else
            QVERIFY(made.error().message.starts_with("The prefix has "));
    }
    void anEvaluatedPrefixHas512CharactersAtMost()
    {
        const PrefixValues values {.at = kDefaultStart, .random = {}, .errorType = {}};
        const std::string time = "!{timestamp:yyyy}";
        QVERIFY(firehosePrefix(std::string(508, 'x') + time, values));
        QVERIFY(!firehosePrefix(std::string(509, 'x') + time, values));
    }
    void keysAreNamedAsTheServiceNamesThem()
    {
        QCOMPARE(firehoseKey("2026/07/20/14/", "to-s3", 3, *parseIso("2026-07-20T14:30:05Z"),
                             "0b2e5f60-1111-4222-8333-444455556666", ".gz"),
                 std::string("2026/07/20/14/to-s3-3-2026-07-20-14-30-05-"
                             "0b2e5f60-1111-4222-8333-444455556666.gz"));
    }
};

QTEST_APPLESS_MAIN(FirehoseReaderTest)
#include "tst_firehose_reader.moc"
