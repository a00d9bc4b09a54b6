#include <QSignalSpy>
#include <QTest>

#include "tests/support/monitor_fixture.h"
#include "ui/screens/monitor/record_reader.h"

namespace shardscope::ui {

namespace {

/// A stream of some shards that answers as the service does; what it answers can be changed.
struct FakeStream : FakeEndpoint {
    int shards = 1;
    int perCall = 1; ///< records
    std::optional<Error> refusal; ///< of GetRecords
    std::vector<ChildShard> children; ///< with the next answer the shard ends

    FakeStream()
    {
        answer = [this](const ApiRequest& request) { return reply(request); };
    }

    Result<ApiAnswer> reply(const ApiRequest& request)
    {
        if (std::holds_alternative<ListShards>(request)) {
            ListShardsResult result;
            for (int i = 0; i < shards; ++i) {
                ShardDescription shard;
                shard.shardId = shardIdText(ShardSlot(static_cast<std::uint32_t>(i)));
                result.shards.push_back(shard);
            }
            return ApiAnswer {result};
        }
        if (const auto* ask = std::get_if<GetShardIterator>(&request))
            return ApiAnswer {GetShardIteratorResult {"iterator of " + ask->shardId}};
        if (!std::holds_alternative<GetRecords>(request))
            return ApiAnswer {};
        if (refusal)
            return tl::unexpected<Error>(*refusal);
        GetRecordsResult result;
        for (int i = 0; i < perCall; ++i) {
            RecordPage::Row row;
            row.number = {1'767'614'400, ShardSlot(0), ++counter, 1'767'614'401};
            result.records.rows.push_back(row);
        }
        result.millisBehindLatest = 1'500;
        if (children.empty())
            result.nextShardIterator = "next";
        result.childShards = std::exchange(children, {});
        return ApiAnswer {result};
    }
    std::uint64_t counter = 0;
};

} // namespace

class RecordReaderTest : public QObject {
    Q_OBJECT

    static void run(RecordReader& reader, qint64 fromMs, qint64 toMs)
    {
        for (qint64 at = fromMs; at < toMs; at += 100)
            reader.tick(at);
    }

private slots:
    void aShardIsAskedOnceASecond()
    {
        FakeStream s;
        RecordReader reader(s.deck());
        QSignalSpy pages(&reader, &RecordReader::arrived);
        reader.start("orders", "shardId-000000000000", {ReadStart::Kind::TrimHorizon, {}, {}});
        run(reader, 0, 10'000);
        QCOMPARE(s.times<GetShardIterator>(), 1);
        QCOMPARE(s.times<GetRecords>(), 10);
        QCOMPARE(pages.count(), 10);
        QCOMPARE(s.last<GetShardIterator>()->type, IteratorType::TrimHorizon);
        QCOMPARE(s.last<GetShardIterator>()->streamName, std::string("orders"));
        QCOMPARE(reader.state().behindMs, 1'500);
        QCOMPARE(s.times<ListShards>(), 0);
    }

    void aSlowAnswerIsWaitedFor()
    {
        FakeStream s;
        s.holds = true;
        RecordReader reader(s.deck());
        reader.start("orders", "shardId-000000000000", {});
        run(reader, 0, 5'000);
        QCOMPARE(s.asked.size(), std::size_t {1});
        s.answerAll();
        run(reader, 5'000, 9'000);
        QCOMPARE(s.times<GetRecords>(), 1);
    }

    void manyShardsShareTheBudget()
    {
        FakeStream s;
        s.shards = 1'000;
        RecordReader reader(s.deck());
        reader.start("orders", {}, {});
        run(reader, 0, 1'000);
        QCOMPARE(s.times<GetShardIterator>() + s.times<GetRecords>(),
                 RecordReader::kCallsPerSecond);
        QCOMPARE(reader.state().callsLastSecond, RecordReader::kCallsPerSecond);
        run(reader, 1'000, 60'000);
        QCOMPARE(s.times<GetShardIterator>() + s.times<GetRecords>(),
                 60 * RecordReader::kCallsPerSecond);
        // In their turn, none forgotten.
        QCOMPARE(s.times<GetShardIterator>(), 1'000);
    }

    void throttledItSlowsDownAndSaysSo()
    {
        FakeStream s;
        s.refusal = Error {ErrorCode::ProvisionedThroughputExceeded, "Rate exceeded for shard 0."};
        RecordReader reader(s.deck());
        reader.start("orders", "shardId-000000000000", {});
        run(reader, 0, 1'900);
        QCOMPARE(s.times<GetRecords>(), 1);
        QCOMPARE(reader.state().trouble, QStringLiteral("Rate exceeded for shard 0."));
        QCOMPARE(reader.state().throttled, std::size_t {1});
        run(reader, 1'900, 30'000);
        // After 2, 4, 8 and 16 seconds.
        QCOMPARE(s.times<GetRecords>(), 4);
        s.refusal.reset();
        run(reader, 30'000, 33'000);
        QVERIFY(reader.state().trouble.isEmpty());
        QCOMPARE(reader.state().throttled, std::size_t {0});
        QVERIFY(s.times<GetRecords>() > 5);
    }

    void anExpiredIteratorGoesOnAfterTheLastRecord()
    {
        FakeStream s;
        RecordReader reader(s.deck());
        reader.start("orders", "shardId-000000000000", {});
        run(reader, 0, 1'000);
        s.refusal = Error {ErrorCode::ExpiredIterator, "Iterator expired."};
        run(reader, 1'000, 1'200);
        s.refusal.reset();
        run(reader, 1'200, 4'000);
        const auto* again = s.last<GetShardIterator>();
        QCOMPARE(s.times<GetShardIterator>(), 2);
        QCOMPARE(again->type, IteratorType::AfterSequenceNumber);
        QVERIFY(again->startingSequenceNumber.has_value());
        QVERIFY(reader.state().trouble.isEmpty());
    }

    void aShardThatEndsIsFollowedToItsChildren()
    {
        FakeStream s;
        RecordReader reader(s.deck());
        reader.start("orders", {}, {});
        run(reader, 0, 500);
        s.children = {{"shardId-000000000001", {"shardId-000000000000"}, {}},
                      {"shardId-000000000002", {"shardId-000000000000"}, {}}};
        run(reader, 500, 3'000);
        QCOMPARE(reader.state().shards, std::size_t {2});
        QCOMPARE(reader.state().ended, std::size_t {1});
        QCOMPARE(s.times<GetShardIterator>(), 3);
        QCOMPARE(s.last<GetShardIterator>()->type, IteratorType::TrimHorizon);
    }

    void oneShardAloneIsNotFollowed()
    {
        FakeStream s;
        s.children = {{"shardId-000000000001", {"shardId-000000000000"}, {}}};
        RecordReader reader(s.deck());
        reader.start("orders", "shardId-000000000000", {});
        run(reader, 0, 3'000);
        QCOMPARE(reader.state().shards, std::size_t {0});
        QCOMPARE(reader.state().ended, std::size_t {1});
    }

    void aNumberNamesItsShard()
    {
        FakeStream s;
        RecordReader reader(s.deck());
        const SequenceNumber number {1'767'614'400, ShardSlot(7), 12, 1'767'614'500};
        reader.start("orders", {}, {ReadStart::Kind::AtNumber, {}, number.text()});
        run(reader, 0, 300);
        const auto* asked = s.last<GetShardIterator>();
        QCOMPARE(asked->shardId, std::string("shardId-000000000007"));
        QCOMPARE(asked->type, IteratorType::AtSequenceNumber);
        QCOMPARE(asked->startingSequenceNumber.value(), number.text());
        reader.start("orders", {}, {ReadStart::Kind::AtNumber, {}, "17"});
        QVERIFY(!reader.state().running);
        QVERIFY(!reader.state().trouble.isEmpty());
    }

    void answersToWhatWasStoppedAreDropped()
    {
        FakeStream s;
        s.holds = true;
        RecordReader reader(s.deck());
        QSignalSpy pages(&reader, &RecordReader::arrived);
        reader.start("orders", "shardId-000000000000", {});
        reader.tick(0);
        s.answerAll();
        reader.tick(100); // GetRecords is under way
        reader.stop();
        s.answerAll();
        QCOMPARE(pages.count(), 0);
        QVERIFY(!reader.state().running);
    }

    void heldItAsksForNothing()
    {
        FakeStream s;
        RecordReader reader(s.deck());
        reader.start("orders", "shardId-000000000000", {});
        run(reader, 0, 1'000);
        const auto before = s.asked.size();
        reader.hold(true);
        run(reader, 1'000, 5'000);
        QCOMPARE(s.asked.size(), before);
        reader.hold(false);
        run(reader, 5'000, 5'100);
        QCOMPARE(s.asked.size(), before + 1);
    }

    void aStreamThatIsGoneEndsTheReading()
    {
        FakeStream s;
        s.answer = [](const ApiRequest&) -> Result<ApiAnswer> {
            return fail(ErrorCode::ResourceNotFound, "Stream orders not found.");
        };
        RecordReader reader(s.deck());
        reader.start("orders", {}, {});
        run(reader, 0, 1'000);
        QVERIFY(!reader.state().running);
        QCOMPARE(reader.state().trouble, QStringLiteral("Stream orders not found."));
        QCOMPARE(s.asked.size(), std::size_t {1});
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::RecordReaderTest)
#include "tst_record_reader.moc"
