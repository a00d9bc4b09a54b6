#include <QTest>

#include "core/engine/service.h"
#include "tests/core/engine/service_world.h"

using namespace shardscope;
using namespace shardscope::testing;

Q_DECLARE_METATYPE(shardscope::ControlRequest)
Q_DECLARE_METATYPE(shardscope::ErrorCode)

namespace {

std::string refusal(const Result<void>& done)
{
    return done ? std::string() : done.error().message;
}
std::optional<ErrorCode> codeOf(const Result<void>& done)
{
    return done ? std::nullopt : std::optional(done.error().code);
}
QString longText(int length)
{
    return QString(length, QLatin1Char('a'));
}

} // namespace

class ServiceTest : public QObject {
    Q_OBJECT

    /// Waits until nothing is under way.
    static void settle(ServiceWorld& w)
    {
        while (const auto due = w.service.nextDue()) {
            w.now = std::max(w.now, *due);
            w.service.advance(w.now);
        }
        w.wait(SimDuration::seconds(2)); // and call rates recover
    }

private slots:
    void createStreamChecksItsRequest_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<qlonglong>("shards");
        QTest::addColumn<qlonglong>("kib");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("an ordinary stream") << "a-b_c.9" << 1LL << 1024LL << true;
        QTest::newRow("the longest name") << longText(128) << 1LL << 1024LL << true;
        QTest::newRow("a name one too long") << longText(129) << 1LL << 1024LL << false;
        QTest::newRow("no name") << "" << 1LL << 1024LL << false;
        QTest::newRow("a name with a space") << "a b" << 1LL << 1024LL << false;
        QTest::newRow("no shard") << "s" << 0LL << 1024LL << false;
        QTest::newRow("the largest records") << "s" << 1LL << 10240LL << true;
        QTest::newRow("records one KiB too large") << "s" << 1LL << 10241LL << false;
        QTest::newRow("records one KiB too small") << "s" << 1LL << 1023LL << false;
    }
    void createStreamChecksItsRequest()
    {
        QFETCH(QString, name);
        QFETCH(qlonglong, shards);
        QFETCH(qlonglong, kib);
        QFETCH(bool, accepted);
        Service service {quickOptions()};
        const auto done = service.control(CreateStream {.streamName = name.toStdString(),
                                                        .shardCount = shards,
                                                        .maxRecordSizeKiB = kib},
                                          kDefaultStart);
        QCOMPARE(done.has_value(), accepted);
        if (!done) {
            QCOMPARE(done.error().code, ErrorCode::Validation);
            QVERIFY(done.error().message.starts_with("1 validation error detected: Value at '"));
        }
    }

    void aProvisionedStreamNeedsAShardCount()
    {
        Service service {quickOptions()};
        QCOMPARE(codeOf(service.control(CreateStream {.streamName = "s"}, kDefaultStart)),
                 std::optional(ErrorCode::Validation));
        QVERIFY(service.control(CreateStream {.streamName = "s", .mode = StreamMode::OnDemand},
                                kDefaultStart));
    }

    void aStreamIsCreatingBeforeItIsActive()
    {
        ServiceOptions options;
        Service service {options};
        QVERIFY(service.control(provisioned(3), kDefaultStart));
        QCOMPARE(service.describeStreamSummary(kName)->status, StreamStatus::Creating);
        QVERIFY(service.listShards(kName)->empty());
        QCOMPARE(refusal(service.control(SplitShard {kName, "0", "5"}, kDefaultStart)),
                 std::string("Stream orders under account 000000000000 not ACTIVE, instead in "
                             "state CREATING"));
        const auto put = service.putRecord({kName, batch({{"k", "x"}})}, kDefaultStart);
        QCOMPARE(put.error().code, ErrorCode::ResourceNotFound);
        service.advance(kDefaultStart + SimDuration::millis(9'999));
        QCOMPARE(service.describeStreamSummary(kName)->status, StreamStatus::Creating);
        service.advance(kDefaultStart + SimDuration::seconds(10));
        QCOMPARE(service.describeStreamSummary(kName)->status, StreamStatus::Active);
        QCOMPARE(service.describeStreamSummary(kName)->streamArn,
                 std::string("arn:aws:kinesis:us-east-1:000000000000:stream/orders"));
        QCOMPARE(service.listShards(kName)->size(), std::size_t {3});
    }

    void fiveStreamsMayBeCreatingAtOnce()
    {
        ServiceOptions options;
        options.account.callRateFactor.reset();
        Service service {options};
        const auto create = [&](int i, SimTime at) {
            return codeOf(service.control(
                CreateStream {.streamName = std::string("s") + std::to_string(i), .shardCount = 1},
                at));
        };
        for (int i = 0; i < 5; ++i)
            QVERIFY(!create(i, kDefaultStart));
        QCOMPARE(create(5, kDefaultStart), std::optional(ErrorCode::LimitExceeded));
        QCOMPARE(create(0, kDefaultStart), std::optional(ErrorCode::ResourceInUse));
        QVERIFY(!create(5, kDefaultStart + SimDuration::seconds(10)));
    }

    void shardsOfTheAccountAreCounted()
    {
        ServiceOptions options = quickOptions();
        options.account.shards = 10;
        ServiceWorld w(provisioned(6), options);
        const auto other = [&](std::int64_t n) {
            return codeOf(w.control(CreateStream {.streamName = "other", .shardCount = n}));
        };
        QCOMPARE(other(5), std::optional(ErrorCode::LimitExceeded));
        QVERIFY(!other(4));
        QCOMPARE(codeOf(w.control(
                     SplitShard {kName, "0", toDecimal(w.stream().shards()[0].range.middle())})),
                 std::optional(ErrorCode::LimitExceeded));
        AccountLimits limits;
        limits.shards.reset();
        w.service.setAccountLimits(limits);
        QVERIFY(
            w.control(SplitShard {kName, "0", toDecimal(w.stream().shards()[0].range.middle())}));
    }

    void shortLivedShardsCountToo()
    {
        ServiceOptions options = quickOptions();
        options.account.shards = 4;
        ServiceWorld w(provisioned(4), options);
        // 4 to 3 passes through five.
        QCOMPARE(codeOf(w.control(UpdateShardCount {kName, 3})),
                 std::optional(ErrorCode::LimitExceeded));
        QVERIFY(w.control(UpdateShardCount {kName, 2}));
    }

    void onDemandStreamsAreCounted()
    {
        ServiceOptions options = quickOptions();
        options.account.onDemandStreams = 1;
        ServiceWorld w(onDemand(), options);
        QCOMPARE(
            codeOf(w.control(CreateStream {.streamName = "two", .mode = StreamMode::OnDemand})),
            std::optional(ErrorCode::LimitExceeded));
        QVERIFY(w.control(CreateStream {.streamName = "two", .shardCount = 1}));
        QCOMPARE(codeOf(w.control(UpdateStreamMode {"two", StreamMode::OnDemand})),
                 std::optional(ErrorCode::LimitExceeded));
    }

    void tagsAreLimited()
    {
        Service service {quickOptions()};
        const auto create = [&](int count, const std::string& value) {
            CreateStream request = provisioned(1);
            for (int i = 0; i < count; ++i)
                request.tags.emplace(std::string("key") + std::to_string(i), value);
            return codeOf(service.control(request, kDefaultStart));
        };
        QCOMPARE(create(51, "v"), std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(create(1, "a ! b"), std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(create(1, std::string(257, 'v')), std::optional(ErrorCode::Validation));
        QVERIFY(!create(50, "a+b=c@d:e/f"));
    }

    void deletingTakesAwayEverything()
    {
        ServiceWorld w(provisioned(2));
        QVERIFY(w.control(RegisterStreamConsumer {kName, "reader"}));
        QCOMPARE(codeOf(w.control(DeleteStream {kName})), std::optional(ErrorCode::ResourceInUse));
        const auto iterator = w.service.getShardIterator({kName, "0"}, w.now);
        QVERIFY(iterator);
        QVERIFY(w.control(DeleteStream {kName, true}));
        QVERIFY(w.service.find(kName) == nullptr);
        QCOMPARE(w.service.getRecords({iterator->shardIterator}, w.now).error().code,
                 ErrorCode::ResourceNotFound);
        QCOMPARE(codeOf(w.control(DeleteStream {kName})),
                 std::optional(ErrorCode::ResourceNotFound));
        QVERIFY(w.control(provisioned(1))); // the name is free again, and it is another stream
        QCOMPARE(w.service.getRecords({iterator->shardIterator}, w.now).error().code,
                 ErrorCode::ResourceNotFound);
    }

    void updatingRefusesOtherChanges_data()
    {
        QTest::addColumn<ControlRequest>("request");
        QTest::newRow("split") << ControlRequest {SplitShard {kName, "0", "1000"}};
        QTest::newRow("merge") << ControlRequest {MergeShards {kName, "0", "1"}};
        QTest::newRow("shard count") << ControlRequest {UpdateShardCount {kName, 3}};
        QTest::newRow("mode") << ControlRequest {UpdateStreamMode {kName, StreamMode::OnDemand}};
        QTest::newRow("record size") << ControlRequest {UpdateMaxRecordSize {kName, 2048}};
        QTest::newRow("longer retention")
            << ControlRequest {IncreaseStreamRetentionPeriod {kName, 48}};
        QTest::newRow("shorter retention")
            << ControlRequest {DecreaseStreamRetentionPeriod {kName, 24}};
        QTest::newRow("encryption") << ControlRequest {StartStreamEncryption {kName, "k"}};
        QTest::newRow("monitoring")
            << ControlRequest {EnableEnhancedMonitoring {kName, {ShardLevelMetric::IncomingBytes}}};
    }
    void updatingRefusesOtherChanges()
    {
        QFETCH(ControlRequest, request);
        ServiceWorld w(provisioned(2));
        QVERIFY(w.control(UpdateShardCount {kName, 4}));
        const auto done = w.control(request);
        QCOMPARE(codeOf(done), std::optional(ErrorCode::ResourceInUse));
        QCOMPARE(refusal(done),
                 std::string("Stream orders under account 000000000000 not ACTIVE, instead in "
                             "state UPDATING"));
    }

    void splitPointsAreChecked()
    {
        ServiceWorld w(provisioned(2));
        const HashKeyRange range = w.stream().shards()[0].range;
        const auto split = [&](U128 key) {
            return codeOf(w.control(SplitShard {kName, "0", toDecimal(HashKey {key})}));
        };
        QCOMPARE(split(range.start.value + 1), std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(split(range.end.value), std::optional(ErrorCode::InvalidArgument));
        w.wait(SimDuration::seconds(2));
        QVERIFY(!split(range.start.value + 2));
        settle(w);
        QCOMPARE(w.stream().shards()[2].range.width() < 1e-15, true);
        QCOMPARE(codeOf(w.control(SplitShard {kName, "0", "1000"})), // closed by now
                 std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(codeOf(w.control(SplitShard {kName, "77", "1000"})),
                 std::optional(ErrorCode::ResourceNotFound));
    }

    void onlyNeighboursInOrderAreMerged()
    {
        ServiceWorld w(provisioned(4));
        QCOMPARE(refusal(w.control(MergeShards {kName, "1", "0"})),
                 std::string("Shards shardId-000000000001 and shardId-000000000000 in stream "
                             "orders under account 000000000000 are not an adjacent pair of "
                             "shards eligible for merging"));
        QCOMPARE(codeOf(w.control(MergeShards {kName, "0", "2"})),
                 std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(codeOf(w.control(MergeShards {kName, "3", "0"})),
                 std::optional(ErrorCode::InvalidArgument));
        QVERIFY(w.control(MergeShards {kName, "2", "3"}));
    }

    void shardCountMovesBetweenHalfAndDouble_data()
    {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        QTest::addColumn<int>("code");
        const int fine = -1;
        QTest::newRow("double") << 4 << 8 << fine;
        QTest::newRow("one more than double")
            << 4 << 9 << static_cast<int>(ErrorCode::InvalidArgument);
        QTest::newRow("half") << 4 << 2 << fine;
        QTest::newRow("one less than half")
            << 4 << 1 << static_cast<int>(ErrorCode::InvalidArgument);
        QTest::newRow("half of an odd count, rounded up") << 5 << 3 << fine;
        QTest::newRow("half of an odd count, rounded down")
            << 5 << 2 << static_cast<int>(ErrorCode::InvalidArgument);
        QTest::newRow("none") << 1 << 0 << static_cast<int>(ErrorCode::Validation);
        QTest::newRow("ten thousand") << 5000 << 10000 << fine;
        QTest::newRow("one above ten thousand")
            << 5001 << 10001 << static_cast<int>(ErrorCode::LimitExceeded);
    }
    void shardCountMovesBetweenHalfAndDouble()
    {
        QFETCH(int, from);
        QFETCH(int, to);
        QFETCH(int, code);
        ServiceWorld w(provisioned(from));
        const auto done = codeOf(w.control(UpdateShardCount {kName, to}));
        QCOMPARE(done ? static_cast<int>(*done) : -1, code);
    }

    void shardCountChangesTenTimesInADay()
    {
        ServiceWorld w(provisioned(2));
        const SimTime first = w.now;
        for (int i = 0; i < 10; ++i) {
            QCOMPARE(w.stream().shardCountUpdatesLeft(w.now), 10 - i);
            QVERIFY(w.control(UpdateShardCount {kName, i % 2 == 0 ? 4 : 2}));
            settle(w);
        }
        QCOMPARE(codeOf(w.control(UpdateShardCount {kName, 4})),
                 std::optional(ErrorCode::LimitExceeded));
        w.wait(first + SimDuration::hours(24) - w.now - SimDuration::millis(1));
        QCOMPARE(w.stream().shardCountUpdatesLeft(w.now), 0);
        w.wait(SimDuration::millis(1));
        QVERIFY(w.control(UpdateShardCount {kName, 4}));
    }

    void modeChangesTwiceInADay()
    {
        ServiceWorld w(provisioned(2));
        const SimTime first = w.now;
        QCOMPARE(codeOf(w.control(UpdateStreamMode {kName, StreamMode::Provisioned})),
                 std::optional(ErrorCode::InvalidArgument));
        QVERIFY(w.control(UpdateStreamMode {kName, StreamMode::OnDemand}));
        settle(w);
        QVERIFY(w.control(UpdateStreamMode {kName, StreamMode::Provisioned}));
        settle(w);
        QCOMPARE(w.stream().modeSwitchesLeft(w.now), 0);
        QCOMPARE(codeOf(w.control(UpdateStreamMode {kName, StreamMode::OnDemand})),
                 std::optional(ErrorCode::LimitExceeded));
        w.wait(first + SimDuration::hours(24) - w.now);
        QVERIFY(w.control(UpdateStreamMode {kName, StreamMode::OnDemand}));
    }

    void onDemandStreamsReshardThemselves()
    {
        ServiceWorld w(onDemand());
        for (const ControlRequest& request : {ControlRequest {SplitShard {kName, "0", "1000"}},
                                              ControlRequest {MergeShards {kName, "0", "1"}},
                                              ControlRequest {UpdateShardCount {kName, 5}}})
            QCOMPARE(codeOf(w.control(request)), std::optional(ErrorCode::Validation));
    }

    void retentionHasBoundsAndADirection_data()
    {
        QTest::addColumn<bool>("longer");
        QTest::addColumn<int>("hours");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("the longest") << true << 8760 << true;
        QTest::newRow("one hour too long") << true << 8761 << false;
        QTest::newRow("the same") << true << 48 << true;
        QTest::newRow("one hour less by Increase") << true << 47 << false;
        QTest::newRow("the shortest") << false << 24 << true;
        QTest::newRow("one hour too short") << false << 23 << false;
        QTest::newRow("the same by Decrease") << false << 48 << true;
        QTest::newRow("one hour more by Decrease") << false << 49 << false;
    }
    void retentionHasBoundsAndADirection()
    {
        QFETCH(bool, longer);
        QFETCH(int, hours);
        QFETCH(bool, accepted);
        ServiceWorld w(provisioned(1));
        QVERIFY(w.control(IncreaseStreamRetentionPeriod {kName, 48}));
        const auto done = longer ? w.control(IncreaseStreamRetentionPeriod {kName, hours})
                                 : w.control(DecreaseStreamRetentionPeriod {kName, hours});
        QCOMPARE(done.has_value(), accepted);
        QCOMPARE(w.stream().summary().retentionHours, accepted ? hours : 48);
        if (!accepted)
            QCOMPARE(done.error().code, ErrorCode::InvalidArgument);
    }

    void consumersAreLimited()
    {
        ServiceOptions options = quickOptions();
        options.account.callRateFactor.reset();
        ServiceWorld w(provisioned(1), options);
        const auto add = [&](int i) {
            return codeOf(
                w.control(RegisterStreamConsumer {kName, std::string("c") + std::to_string(i)}));
        };
        for (int i = 0; i < 5; ++i)
            QVERIFY(!add(i));
        QCOMPARE(add(5), std::optional(ErrorCode::LimitExceeded)); // five in CREATING
        QCOMPARE(add(0), std::optional(ErrorCode::ResourceInUse));
        for (int i = 5; i < 20; ++i) {
            settle(w);
            QVERIFY(!add(i));
        }
        settle(w);
        QCOMPARE(add(20), std::optional(ErrorCode::LimitExceeded));
        QVERIFY(w.control(UpdateAccountSettings {true}));
        for (int i = 20; i < 50; ++i) {
            settle(w);
            QVERIFY(!add(i));
        }
        settle(w);
        QCOMPARE(add(50), std::optional(ErrorCode::LimitExceeded));
        QCOMPARE(w.stream().summary().consumerCount, std::int64_t {50});
        QVERIFY(w.control(DeregisterStreamConsumer {kName, "c7"}));
        QCOMPARE(codeOf(w.control(DeregisterStreamConsumer {kName, "c7"})),
                 std::optional(ErrorCode::ResourceNotFound));
        w.wait(SimDuration::seconds(1));
        QCOMPARE(w.stream().summary().consumerCount, std::int64_t {49});
    }

    void callsAreCountedPerOperation()
    {
        ServiceWorld w(provisioned(1));
        const auto call = [&] {
            return codeOf(w.control(IncreaseStreamRetentionPeriod {kName, 48}));
        };
        for (int i = 0; i < 5; ++i)
            QVERIFY(!call());
        QCOMPARE(call(), std::optional(ErrorCode::LimitExceeded));
        QVERIFY(w.control(DecreaseStreamRetentionPeriod {kName, 48})); // another operation
        w.wait(SimDuration::millis(199));
        QVERIFY(call());
        w.wait(SimDuration::millis(1));
        QVERIFY(!call());

        AccountLimits limits;
        limits.callRateFactor = 2;
        w.service.setAccountLimits(limits);
        w.wait(SimDuration::seconds(10));
        for (int i = 0; i < 10; ++i)
            QVERIFY(!call());
        QVERIFY(call());
        limits.callRateFactor.reset();
        w.service.setAccountLimits(limits);
        for (int i = 0; i < 50; ++i)
            QVERIFY(!call());
    }

    void warmThroughputNeedsOnDemandAdvantage()
    {
        ServiceWorld w(onDemand());
        QCOMPARE(codeOf(w.control(UpdateStreamWarmThroughput {kName, 10})),
                 std::optional(ErrorCode::Validation));
        QVERIFY(w.control(UpdateAccountSettings {true}));
        QVERIFY(w.service.advantage());
        QCOMPARE(codeOf(w.control(UpdateStreamWarmThroughput {kName, 10'241})),
                 std::optional(ErrorCode::LimitExceeded));
        QVERIFY(w.control(UpdateStreamWarmThroughput {kName, 10}));
        QVERIFY(w.control(CreateStream {.streamName = "p", .shardCount = 1}));
        QCOMPARE(codeOf(w.control(UpdateStreamWarmThroughput {"p", 10})),
                 std::optional(ErrorCode::Validation));
        QCOMPARE(codeOf(w.control(UpdateAccountSettings {false})), // warm throughput first
                 std::optional(ErrorCode::Validation));
    }

    void theCommitmentLastsADay()
    {
        ServiceWorld w(onDemand());
        QVERIFY(w.control(UpdateAccountSettings {true}));
        w.wait(SimDuration::hours(3));
        QVERIFY(w.control(UpdateAccountSettings {false}));
        QVERIFY(w.service.advantage());
        w.wait(SimDuration::hours(21) - SimDuration::millis(1));
        QVERIFY(w.service.advantage());
        w.wait(SimDuration::millis(1));
        QVERIFY(!w.service.advantage());

        QVERIFY(w.control(UpdateAccountSettings {true}));
        w.wait(SimDuration::seconds(1));
        QVERIFY(w.control(UpdateAccountSettings {false}));
        w.wait(SimDuration::seconds(1));
        QVERIFY(w.control(UpdateAccountSettings {true})); // taken back
        w.wait(SimDuration::hours(30));
        QVERIFY(w.service.advantage());
        QVERIFY(w.control(UpdateAccountSettings {false}));
        QVERIFY(!w.service.advantage());
    }

    void monitoringAddsAndTakesAway()
    {
        using M = ShardLevelMetric;
        ServiceWorld w(provisioned(1));
        QVERIFY(w.control(EnableEnhancedMonitoring {kName, {M::IncomingBytes, M::OutgoingBytes}}));
        QVERIFY(w.control(EnableEnhancedMonitoring {kName, {M::IncomingBytes}}));
        QCOMPARE(w.stream().summary().enhancedMonitoring.size(), std::size_t {2});
        QVERIFY(w.control(DisableEnhancedMonitoring {kName, {M::IncomingBytes}}));
        QCOMPARE(w.stream().summary().enhancedMonitoring, std::set<M> {M::OutgoingBytes});
        QCOMPARE(codeOf(w.control(EnableEnhancedMonitoring {kName, {}})),
                 std::optional(ErrorCode::Validation));
    }

    void encryptionStartsTwentyFiveTimesADay()
    {
        ServiceWorld w(provisioned(1));
        for (int i = 0; i < 25; ++i) {
            QVERIFY(w.control(StartStreamEncryption {kName, "alias/aws/kinesis"}));
            settle(w);
        }
        QCOMPARE(w.stream().summary().encryption, EncryptionType::Kms);
        QCOMPARE(codeOf(w.control(StartStreamEncryption {kName, "alias/aws/kinesis"})),
                 std::optional(ErrorCode::LimitExceeded));
        QVERIFY(w.control(StopStreamEncryption {kName, "alias/aws/kinesis"}));
        settle(w);
        QCOMPARE(w.stream().summary().encryption, EncryptionType::None);
    }

    void eventsCarryOneWordEach()
    {
        std::set<std::string> words;
        for (int k = 0; k <= static_cast<int>(EventKind::Refused); ++k) {
            const std::string word = kindText(static_cast<EventKind>(k));
            QVERIFY(!word.empty() && word.find(' ') == std::string::npos);
            QVERIFY(words.insert(word).second);
        }
        QVERIFY(words.contains("firstRefusal") && words.contains("modeChanged"));
    }
};

QTEST_APPLESS_MAIN(ServiceTest)
#include "tst_service.moc"
