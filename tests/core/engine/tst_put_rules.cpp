#include <QTest>

#include "core/engine/limits.h"
#include "tests/core/engine/service_world.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

PutRecord one(std::string_view key, std::string_view data = "payload")
{
    return {kName, batch({{key, data}})};
}

PutRecord keyless(std::string_view data)
{
    PutRecord request = one("", data);
    request.record.rows[0].keyless = true;
    return request;
}

} // namespace

/// What may be put how, beyond sizes and rates: dry runs, record distribution, errors of several
/// members, and records that come back from a file.
class PutRulesTest : public QObject {
    Q_OBJECT

    static ServiceWorld withStrategy(RecordDistributionStrategy strategy)
    {
        CreateStream create = onDemand();
        create.recordDistribution = strategy;
        return ServiceWorld(create);
    }
    static std::uint64_t stored(ServiceWorld& w)
    {
        std::uint64_t count = 0;
        for (const Shard& shard : w.stream().shards())
            count += w.stream().latest(shard.slot) - w.stream().trimHorizon(shard.slot);
        return count;
    }
    static GetRecordsResult readFirst(ServiceWorld& w, const std::string& shard = "0")
    {
        const auto iterator = w.service.getShardIterator({kName, shard}, w.now);
        const auto answer = w.service.getRecords({iterator->shardIterator}, w.now);
        return answer ? *answer : GetRecordsResult {};
    }

private slots:
    void aDryRunChecksAndWritesNothing()
    {
        ServiceWorld w(provisioned(1));
        const auto codeOf = [&](const std::string& stream, std::string_view key) {
            const PutRecord dry {stream, batch({{key}}), {}, true};
            return w.service.putRecord(dry, w.now).error().code;
        };
        QCOMPARE(codeOf(kName, "k"), ErrorCode::DryRunOperation);
        QCOMPARE(codeOf(kName, ""), ErrorCode::Validation);
        QCOMPARE(codeOf("nowhere", "k"), ErrorCode::ResourceNotFound);
        PutRecords many {kName, batch({{"a"}, {"b"}}), true};
        QCOMPARE(w.service.putRecords(many, w.now).error().code, ErrorCode::DryRunOperation);
        QCOMPARE(stored(w), std::uint64_t {0});

        GetShardIterator get {.streamName = kName, .shardId = "0", .dryRun = true};
        QCOMPARE(w.service.getShardIterator(get, w.now).error().code, ErrorCode::DryRunOperation);
        get.shardId = std::string("7");
        QCOMPARE(w.service.getShardIterator(get, w.now).error().code, ErrorCode::ResourceNotFound);
        const auto iterator = w.service.getShardIterator({kName, "0"}, w.now);
        GetRecords read {.shardIterator = iterator->shardIterator, .dryRun = true};
        QCOMPARE(w.service.getRecords(read, w.now).error().code, ErrorCode::DryRunOperation);
        QCOMPARE(w.stream().shards()[0].readCalls, std::uint64_t {0});
    }

    void everyViolationIsListedUpToTen()
    {
        ServiceWorld w(provisioned(1));
        PutRecords request {kName, batch({{""}, {"k"}, {std::string(257, 'k')}})};
        QCOMPARE(w.service.putRecords(request, w.now).error().message,
                 std::string("2 validation errors detected: Value at "
                             "'records.1.member.partitionKey' failed to satisfy constraint: Member "
                             "must have length greater than or equal to 1; Value at "
                             "'records.3.member.partitionKey' failed to satisfy constraint: Member "
                             "must have length less than or equal to 256"));
        request.records = batch(std::vector<PutRow>(20, PutRow {""}));
        const std::string text = w.service.putRecords(request, w.now).error().message;
        QVERIFY(text.starts_with("10 validation errors detected: "));
        QCOMPARE(stored(w), std::uint64_t {0});
    }

    void aKeyMayBeLeftOutUnderAutoDistributionOnly()
    {
        ServiceWorld byKey = withStrategy(RecordDistributionStrategy::UserPartitionKey);
        const auto refused = byKey.service.putRecord(keyless("x"), byKey.now);
        QCOMPARE(refused.error().code, ErrorCode::Validation);
        QVERIFY(refused.error().message.find("'partitionKey'") != std::string::npos);

        ServiceWorld w = withStrategy(RecordDistributionStrategy::Auto);
        const auto put = w.service.putRecord(keyless("x"), w.now);
        QVERIFY(put);
        const auto answer = readFirst(w, shardIdText(put->number.shard));
        QVERIFY(answer.records.rows[0].keyless);
        QCOMPARE(answer.records.data(0), std::string_view("x"));
        QVERIFY(!w.service.putRecord(one(""), w.now)); // given, it must be a key
        const auto given = w.service.putRecord(one("given"), w.now);
        const auto other = readFirst(w, shardIdText(given->number.shard));
        QCOMPARE(other.records.key(other.records.rows.size() - 1), std::string_view("given"));
    }

    void autoDistributionUsesEveryShardAlike()
    {
        ServiceWorld w = withStrategy(RecordDistributionStrategy::Auto);
        PutRecords request {kName, {}};
        for (int i = 0; i < 400; ++i) // one key and one explicit hash key: neither counts
            request.records.add("same", "payload", HashKey {});
        request.records.hashKeys();
        QCOMPARE(w.service.putRecords(request, w.now)->failedRecordCount, std::int64_t {0});
        for (const Shard& shard : w.stream().shards())
            QCOMPARE(w.stream().latest(shard.slot), std::uint64_t {100});
        PutRecord chained = one("k");
        chained.sequenceNumberForOrdering = std::string(56, '4');
        QCOMPARE(w.service.putRecord(chained, w.now).error().code, ErrorCode::InvalidArgument);
    }

    void autoDistributionPassesFullShardsBy()
    {
        ServiceWorld w = withStrategy(RecordDistributionStrategy::Auto);
        const std::string large(1'000'000, 'd');
        for (int i = 0; i < 4; ++i)
            QVERIFY(w.service.putRecord(one("k", large), w.now));
        for (const Shard& shard : w.stream().shards())
            QCOMPARE(w.stream().latest(shard.slot), std::uint64_t {1});
        QVERIFY(!w.service.putRecord(one("k", large), w.now));
    }

    void anIteratorBelongsToItsStream()
    {
        ServiceWorld w(provisioned(1));
        QVERIFY(w.control(CreateStream {.streamName = "other", .shardCount = 1}));
        const auto iterator = w.service.getShardIterator({kName, "0"}, w.now);
        GetRecords read {.shardIterator = iterator->shardIterator, .streamName = kName};
        QVERIFY(w.service.getRecords(read, w.now));
        read.streamName = "other";
        QCOMPARE(w.service.getRecords(read, w.now).error().code, ErrorCode::InvalidArgument);
        read.shardIterator = std::string(513, 'A');
        QCOMPARE(w.service.getRecords(read, w.now).error().code, ErrorCode::Validation);
    }

    void recordsComeBackFromAFile()
    {
        ServiceWorld w(provisioned(2));
        RecordLog& log = w.service.log(w.stream().slot());
        const auto restore = [&](std::uint64_t position, std::uint32_t shard, std::string_view data,
                                 std::uint32_t flags) {
            LogRecordHead head;
            head.position = position;
            head.shard = shard;
            head.flags = flags;
            head.keyBytes = 1;
            head.dataBytes = static_cast<std::uint32_t>(data.size());
            head.arrivalMs = w.now.inMillis();
            const std::uint64_t place = log.append(head, "k", data);
            return w.service.restoreRecord(w.stream().slot(), place, head);
        };
        log.append({}, "k", std::string(1'000, 'x')); // stands where two records are lost
        // What was before position 130 was trimmed long ago; 131 and 132 are lost.
        QVERIFY(restore(130, 0, "a", LogRecordHead::kEncrypted));
        QVERIFY(restore(133, 0, "b", 0));
        QVERIFY(!restore(133, 0, "again", 0));
        QVERIFY(!restore(134, 2, "whose?", 0));
        QVERIFY(!restore(std::uint64_t {1} << 40, 0, "far", 0));
        QVERIFY(w.stream().restorePosition(ShardSlot {1}, 77));
        QVERIFY(!w.stream().restorePosition(ShardSlot {0}, std::uint64_t {1} << 40));

        const auto answer = readFirst(w);
        QCOMPARE(answer.records.rows.size(), std::size_t {2});
        QCOMPARE(answer.records.data(0), std::string_view("a"));
        QCOMPARE(answer.records.rows[0].number.counter, std::uint64_t {131});
        QVERIFY(answer.records.rows[0].encrypted && !answer.records.rows[1].encrypted);
        QCOMPARE(answer.records.rows[1].number.counter, std::uint64_t {134});
        const auto next = w.service.putRecord({kName, batch({{"k", "new", HashKey {}}})}, w.now);
        QCOMPARE(next->number.counter, std::uint64_t {135});
        const auto first
            = w.service.putRecord({kName, batch({{"k", "new", HashKey::max()}})}, w.now);
        QCOMPARE(first->number.counter, std::uint64_t {78});
        QCOMPARE(readFirst(w, "1").records.rows.size(), std::size_t {1});
    }
};

QTEST_APPLESS_MAIN(PutRulesTest)
#include "tst_put_rules.moc"
