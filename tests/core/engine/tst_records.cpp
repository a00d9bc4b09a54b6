#include <QTest>

#include "core/base/md5.h"
#include "core/engine/sequence_number.h"
#include "core/engine/service.h"
#include "tests/core/engine/service_world.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

const std::string kNumberAfterKey(56, '4');

PutRecord one(std::string_view key, std::string_view data = "payload",
              std::optional<HashKey> place = {})
{
    return {kName, batch({{key, data, place}}), {}};
}

std::string dataOf(const GetRecordsResult& answer, std::size_t row = 0)
{
    return std::string(answer.records.data(row));
}

} // namespace

class RecordsTest : public QObject {
    Q_OBJECT

    static std::string iterator(ServiceWorld& w, const GetShardIterator& request)
    {
        const auto it = w.service.getShardIterator(request, w.now);
        return it ? it->shardIterator : "refused: " + it.error().message;
    }
    static GetRecordsResult read(ServiceWorld& w, const std::string& it)
    {
        auto answer = w.service.getRecords({it}, w.now);
        return answer ? *answer : GetRecordsResult {};
    }

private slots:
    void aRecordComesBackAsItWasPut()
    {
        ServiceWorld w(provisioned(4));
        const auto put = w.service.putRecord(one("user-1", std::string("a\0b", 3)), w.now);
        QVERIFY(put);
        const ShardSlot shard = w.stream().map().route(md5("user-1"));
        QCOMPARE(put->number.shard, shard);
        QCOMPARE(put->number.counter, std::uint64_t {1});

        const auto answer = read(w, iterator(w, {kName, shardIdText(shard)}));
        QCOMPARE(answer.records.rows.size(), std::size_t {1});
        QCOMPARE(dataOf(answer), std::string("a\0b", 3));
        QCOMPARE(answer.records.key(0), std::string_view("user-1"));
        QCOMPARE(answer.records.rows[0].number, put->number);
        QCOMPARE(answer.records.rows[0].arrivalMs, w.now.inMillis());
        QCOMPARE(answer.millisBehindLatest, std::int64_t {0});
        QVERIFY(answer.nextShardIterator && answer.childShards.empty());
    }

    void keysHaveOneTo256Characters_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("none") << QString() << false;
        QTest::newRow("one") << QStringLiteral("k") << true;
        QTest::newRow("256 letters") << QString(256, QLatin1Char('k')) << true;
        QTest::newRow("257 letters") << QString(257, QLatin1Char('k')) << false;
        QTest::newRow("256 letters of two bytes") << QString(256, QChar(0xe4)) << true;
    }
    void keysHaveOneTo256Characters()
    {
        QFETCH(QString, key);
        QFETCH(bool, accepted);
        ServiceWorld w(provisioned(1));
        const auto put = w.service.putRecord(one(key.toStdString()), w.now);
        QCOMPARE(put.has_value(), accepted);
        if (!accepted) {
            QCOMPARE(put.error().code, ErrorCode::Validation);
            QVERIFY(put.error().message.find("'partitionKey'") != std::string::npos);
        }
    }

    void sizeIsDataAndKey_data()
    {
        QTest::addColumn<int>("dataBytes");
        QTest::addColumn<int>("keyBytes");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("no data at all") << 0 << 1 << true;
        QTest::newRow("data and key are just the limit") << 1'048'570 << 6 << true;
        QTest::newRow("the key is one byte too much") << 1'048'570 << 7 << false;
        QTest::newRow("data alone is one byte too much") << 1'048'577 << 1 << false;
    }
    void sizeIsDataAndKey()
    {
        QFETCH(int, dataBytes);
        QFETCH(int, keyBytes);
        QFETCH(bool, accepted);
        ServiceWorld w(provisioned(1));
        const std::string key(static_cast<std::size_t>(keyBytes), 'k');
        const std::string data(static_cast<std::size_t>(dataBytes), 'd');
        const auto put = w.service.putRecord(one(key, data), w.now);
        QCOMPARE(put.has_value(), accepted);
        if (!accepted)
            QCOMPARE(put.error().code, ErrorCode::Validation);
        const auto many = w.service.putRecords({kName, batch({{"k"}, {key, data}})}, w.now);
        QCOMPARE(many.has_value(), accepted);
        if (dataBytes > 1'048'576)
            QCOMPARE(many.error().message,
                     std::string("1 validation error detected: Value at 'records.2.member.data' "
                                 "failed to satisfy constraint: Member must have length less than "
                                 "or equal to 1048576"));
    }

    void aRequestTakes500RecordsAnd10MiB()
    {
        ServiceWorld w(provisioned(64));
        const auto put = [&](std::size_t count, std::size_t bytes) {
            PutRecords request {kName, {}};
            for (std::size_t i = 0; i < count; ++i)
                request.records.add(std::string("key") + std::to_string(i % 10),
                                    std::string(bytes, 'd'));
            request.records.hashKeys();
            const auto done = w.service.putRecords(request, w.now);
            return done ? std::optional<ErrorCode>() : std::optional(done.error().code);
        };
        QCOMPARE(put(0, 0), std::optional(ErrorCode::Validation));
        QCOMPARE(put(500, 10), std::nullopt);
        QCOMPARE(put(501, 10), std::optional(ErrorCode::Validation));
        QCOMPARE(put(10, 1'048'572), std::nullopt); // 10 MiB to the byte, keys included
        QCOMPARE(put(11, 1'048'000), std::optional(ErrorCode::InvalidArgument));
    }

    void eachRecordIsRefusedForItself()
    {
        ServiceWorld w(provisioned(1));
        PutRecords request {kName, {}};
        for (int i = 0; i < 5; ++i)
            request.records.add("k", std::string(1'000'000, 'd'));
        request.records.hashKeys();
        const auto done = w.service.putRecords(request, w.now);
        QVERIFY(done);
        QCOMPARE(done->failedRecordCount, std::int64_t {4});
        QCOMPARE(done->records[0].counter, std::uint64_t {1});
        for (std::size_t i = 1; i < 5; ++i) {
            QCOMPARE(done->records[i].counter, std::uint64_t {0});
            QCOMPARE(done->records[i].shard, ShardSlot {0});
        }
        const auto refused = w.service.putRecord(one("k", std::string(1'000'000, 'd')), w.now);
        QCOMPARE(refused.error().code, ErrorCode::ProvisionedThroughputExceeded);
        QCOMPARE(refused.error().message,
                 std::string("Rate exceeded for shard shardId-000000000000 in stream orders "
                             "under account 000000000000."));
        w.wait(SimDuration::seconds(1));
        QVERIFY(w.service.putRecord(one("k", std::string(1'000'000, 'd')), w.now));
        const auto answer = read(w, iterator(w, {kName, "0"}));
        QCOMPARE(answer.records.rows.size(), std::size_t {2}); // the refused left nothing behind
        QCOMPARE(answer.records.data(1).size(), std::size_t {1'000'000});
    }

    void explicitHashKeysDecideAlone()
    {
        ServiceWorld w(provisioned(4));
        const auto shardOf = [&](HashKey place) {
            return w.service.putRecord(one("whatever", "payload", place), w.now)->number.shard;
        };
        QCOMPARE(shardOf(HashKey::max()), ShardSlot {3});
        QCOMPARE(shardOf(HashKey {}), ShardSlot {0});
    }

    void orderingNumbersMustBeThisStreams()
    {
        ServiceWorld w(provisioned(1));
        const auto first = w.service.putRecord(one("k"), w.now);
        const auto chain = [&](const std::string& number) {
            PutRecord request = one("k");
            request.sequenceNumberForOrdering = number;
            return w.service.putRecord(request, w.now);
        };
        const auto second = chain(first->number.text());
        QVERIFY(second);
        QVERIFY(second->number.text() > first->number.text());
        SequenceNumber future = second->number;
        future.counter += 1;
        const std::string text = future.text();
        QCOMPARE(chain(text).error().message,
                 "ExclusiveMinimumSequenceNumber " + text
                     + " used in PutRecord on stream orders under account 000000000000 is "
                       "invalid.");
        QVERIFY(!chain("17"));
        QVERIFY(!chain("abc"));
        future.counter = 1;
        future.shardCreatedAt += 1;
        QVERIFY(!chain(future.text()));
    }

    // --- iterators ------------------------------------------------------------------------------

    void iteratorsStandWhereTheirTypeSays()
    {
        ServiceWorld w(provisioned(1));
        std::vector<std::string> numbers;
        for (int i = 0; i < 4; ++i) {
            numbers.push_back(
                w.service.putRecord(one("k", std::to_string(i)), w.now)->number.text());
            w.wait(SimDuration::seconds(10));
        }
        const SimTime begin = w.now - SimDuration::seconds(40);
        const auto first = [&](const GetShardIterator& request) {
            w.wait(SimDuration::seconds(1));
            const auto answer = read(w, iterator(w, request));
            return answer.records.rows.empty() ? std::string("nothing") : dataOf(answer);
        };
        using T = IteratorType;
        QCOMPARE(first({kName, "0", T::TrimHorizon, {}, {}}), std::string("0"));
        QCOMPARE(first({kName, "0", T::Latest, {}, {}}), std::string("nothing"));
        QCOMPARE(first({kName, "0", T::AtSequenceNumber, numbers[2], {}}), std::string("2"));
        QCOMPARE(first({kName, "0", T::AfterSequenceNumber, numbers[2], {}}), std::string("3"));
        QCOMPARE(first({kName, "0", T::AfterSequenceNumber, numbers[3], {}}),
                 std::string("nothing"));
        QCOMPARE(first({kName, "0", T::AtTimestamp, {}, begin + SimDuration::seconds(10)}),
                 std::string("1"));
        QCOMPARE(first({kName, "0", T::AtTimestamp, {}, begin + SimDuration::millis(10'001)}),
                 std::string("2"));
        QCOMPARE(first({kName, "0", T::AtTimestamp, {}, begin - SimDuration::days(3)}),
                 std::string("0"));
        const std::string start = w.service.listShards(kName)->front().startingSequenceNumber;
        QCOMPARE(first({kName, "0", T::AtSequenceNumber, start, {}}), std::string("0"));
        QCOMPARE(first({kName, "0", T::AfterSequenceNumber, start, {}}), std::string("0"));
    }

    void iteratorsAreRefusedWithAReason()
    {
        ServiceWorld w(provisioned(2));
        const auto put = w.service.putRecord(one("k", "payload", HashKey {}), w.now);
        const auto code = [&](const GetShardIterator& request) {
            w.wait(SimDuration::seconds(1));
            const auto it = w.service.getShardIterator(request, w.now);
            return it ? std::nullopt : std::optional(it.error().code);
        };
        using T = IteratorType;
        QCOMPARE(code({kName, "5", T::Latest, {}, {}}), std::optional(ErrorCode::ResourceNotFound));
        QCOMPARE(code({kName, "what", T::Latest, {}, {}}),
                 std::optional(ErrorCode::ResourceNotFound));
        QCOMPARE(code({"nowhere", "0", T::Latest, {}, {}}),
                 std::optional(ErrorCode::ResourceNotFound));
        const auto invalid = std::optional(ErrorCode::InvalidArgument);
        QCOMPARE(code({kName, "0", T::AtTimestamp, {}, w.now + SimDuration::seconds(5)}), invalid);
        QCOMPARE(code({kName, "0", T::AtTimestamp, {}, {}}), invalid);
        QCOMPARE(code({kName, "0", T::Latest, {}, w.now}), std::nullopt);
        QCOMPARE(code({kName, "0", T::TrimHorizon, {}, w.now + SimDuration::days(1)}),
                 std::nullopt);
        QCOMPARE(code({kName, "0", T::AtSequenceNumber, {}, {}}), invalid);
        QCOMPARE(code({kName, "0", T::Latest, put->number.text(), {}}), invalid);
        QCOMPARE(code({kName, "0", T::AtSequenceNumber, kNumberAfterKey, {}}), invalid);
        SequenceNumber future = put->number;
        future.counter = 2;
        QCOMPARE(code({kName, "0", T::AtSequenceNumber, future.text(), {}}), invalid);
        const auto other = w.service.getShardIterator(
            {kName, "1", T::AtSequenceNumber, put->number.text()}, w.now);
        QCOMPARE(other.error().message,
                 std::string("Invalid StartingSequenceNumber. It encodes shardId-000000000000, "
                             "while it was used in a call to a shard with shardId-000000000001"));
    }

    void iteratorsLiveFiveMinutes()
    {
        ServiceWorld w(provisioned(1));
        const std::string it = iterator(w, {kName, "0"});
        w.wait(SimDuration::millis(300'000));
        QVERIFY(w.service.getRecords({it}, w.now));
        w.wait(SimDuration::millis(1));
        const auto late = w.service.getRecords({it}, w.now);
        QCOMPARE(late.error().code, ErrorCode::ExpiredIterator);
        QVERIFY(late.error().message.find("tolerated delay of 300000 milliseconds")
                != std::string::npos);
        QCOMPARE(w.service.getRecords({"nonsense"}, w.now).error().message,
                 std::string("Invalid ShardIterator."));
    }

    void iteratorCallsAreFiveASecondAndShard()
    {
        ServiceWorld w(provisioned(2));
        for (int i = 0; i < 5; ++i)
            QVERIFY(w.service.getShardIterator({kName, "0"}, w.now));
        QCOMPARE(w.service.getShardIterator({kName, "0"}, w.now).error().code,
                 ErrorCode::ProvisionedThroughputExceeded);
        QVERIFY(w.service.getShardIterator({kName, "1"}, w.now));
    }

    // --- GetRecords -----------------------------------------------------------------------------

    void theLimitOfACallIsTenThousand()
    {
        ServiceWorld w(provisioned(1));
        for (int i = 0; i < 3; ++i)
            QVERIFY(w.service.putRecord(one("k", std::to_string(i)), w.now));
        const std::string it = iterator(w, {kName, "0"});
        QCOMPARE(w.service.getRecords({it, 0}, w.now).error().code, ErrorCode::Validation);
        QCOMPARE(w.service.getRecords({it, 10'001}, w.now).error().code, ErrorCode::Validation);
        QVERIFY(w.service.getRecords({it, 10'000}, w.now));
        w.wait(SimDuration::seconds(3));
        const auto two = w.service.getRecords({it, 2}, w.now);
        QCOMPARE(two->records.rows.size(), std::size_t {2});
        QCOMPARE(two->millisBehindLatest, std::int64_t {3'000});
        w.wait(SimDuration::seconds(1));
        const auto rest = w.service.getRecords({*two->nextShardIterator}, w.now);
        QCOMPARE(rest->records.rows.size(), std::size_t {1});
        QCOMPARE(dataOf(*rest), std::string("2"));
    }

    void theSixthCallOfASecondIsRefused()
    {
        ServiceWorld w(provisioned(1));
        const std::string it = iterator(w, {kName, "0"});
        for (int i = 0; i < 5; ++i)
            QVERIFY(w.service.getRecords({it}, w.now));
        const auto sixth = w.service.getRecords({it}, w.now);
        QCOMPARE(sixth.error().code, ErrorCode::ProvisionedThroughputExceeded);
        QCOMPARE(sixth.error().message,
                 std::string("Rate exceeded for Shard - 000000000000/orders/shardId-000000000000"));
    }

    void theEndOfAClosedShardNamesItsChildren()
    {
        ServiceWorld w(provisioned(2));
        for (int i = 0; i < 2; ++i)
            QVERIFY(w.service.putRecord(one("k", "payload", HashKey {}), w.now));
        QVERIFY(w.control(MergeShards {kName, "0", "1"}));
        w.wait(SimDuration::seconds(2));

        const auto one = w.service.getRecords({iterator(w, {kName, "0"}), 1}, w.now);
        QVERIFY(one->nextShardIterator && one->childShards.empty());
        const auto end = w.service.getRecords({*one->nextShardIterator}, w.now);
        QCOMPARE(end->records.rows.size(), std::size_t {1});
        QVERIFY(!end->nextShardIterator);
        QCOMPARE(end->childShards.size(), std::size_t {1});
        QCOMPARE(end->childShards[0].shardId, std::string("shardId-000000000002"));
        QCOMPARE(end->childShards[0].parentShards,
                 (std::vector<std::string> {"shardId-000000000000", "shardId-000000000001"}));
        QVERIFY(end->childShards[0].range == HashKeyRange {});

        // A LATEST iterator on a closed shard stands at its end, and so does its ending number.
        w.wait(SimDuration::seconds(2));
        const auto latest = w.service.getRecords(
            {iterator(w, {kName, "0", IteratorType::Latest, {}, {}})}, w.now);
        QVERIFY(latest->records.rows.empty() && !latest->nextShardIterator);
        QCOMPARE(latest->childShards.size(), std::size_t {1});
        const auto shards = w.service.listShards(kName);
        QVERIFY(shards->at(0).endingSequenceNumber && !shards->at(2).endingSequenceNumber);
        const auto after = w.service.getRecords({iterator(w,
                                                          {kName,
                                                           "1",
                                                           IteratorType::AfterSequenceNumber,
                                                           shards->at(1).endingSequenceNumber,
                                                           {}}),
                                                 {}},
                                                w.now);
        QVERIFY(after->records.rows.empty() && !after->nextShardIterator);
    }

    void encryptionIsTheRecordsOwn()
    {
        ServiceWorld w(provisioned(1));
        QVERIFY(w.service.putRecord(one("k"), w.now));
        QVERIFY(w.control(StartStreamEncryption {kName, "alias/aws/kinesis"}));
        w.wait(SimDuration::seconds(2));
        QCOMPARE(w.service.putRecord(one("k"), w.now)->encryption, EncryptionType::Kms);
        const auto answer = read(w, iterator(w, {kName, "0"}));
        QCOMPARE(answer.records.rows[0].encrypted, false);
        QCOMPARE(answer.records.rows[1].encrypted, true);
    }

    void simulatedRecordsAreMadeAgain()
    {
        ServiceWorld w(provisioned(1));
        w.offer(SimDuration::seconds(1), 10, 100);
        QCOMPARE(dataOf(read(w, iterator(w, {kName, "0"})), 3), std::string());
        w.service.setRegenerate([](ProducerSlot, std::uint64_t number) {
            return Service::Regenerated {"key", std::string("record ") + std::to_string(number)};
        });
        w.wait(SimDuration::seconds(1));
        QCOMPARE(dataOf(read(w, iterator(w, {kName, "0"})), 3), std::string("record 3"));
    }

    void payloadsCountInTheBudget()
    {
        ServiceOptions options = quickOptions();
        options.memoryBudget = 1_MiB;
        ServiceWorld w(provisioned(2), options);
        const auto fill = [&](int from, int to) {
            for (int i = from; i < to; ++i) {
                QVERIFY(
                    w.service.putRecord(one(std::to_string(i), std::string(10'000, 'd')), w.now));
                w.wait(SimDuration::millis(100));
            }
        };
        fill(0, 90);
        QVERIFY(!w.stream().trimmedByBudget());
        fill(90, 300);
        QVERIFY(w.stream().trimmedByBudget());
        for (const Shard& s : w.stream().shards()) {
            const auto answer = read(w, iterator(w, {kName, shardIdText(s.slot)}));
            QVERIFY(!answer.records.rows.empty());
            for (const RecordPage::Row& row : answer.records.rows)
                QCOMPARE(row.dataBytes, std::uint32_t {10'000});
        }
    }
};

QTEST_APPLESS_MAIN(RecordsTest)
#include "tst_records.moc"
