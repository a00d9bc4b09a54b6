#include <QTest>

#include "core/engine/limits.h"
#include "core/storage/key_ring.h"
#include "tests/core/engine/api_world.h"

using namespace shardscope;
using namespace shardscope::testing;

Q_DECLARE_METATYPE(shardscope::ApiRequest)

namespace {

ServiceOptions slowOptions()
{
    ServiceOptions options = unhurriedOptions();
    options.timings.create = SimDuration::seconds(10);
    return options;
}

StreamStatus statusOf(ApiWorld& w)
{
    return w.ask<DescribeStreamResult>(DescribeStream {kName}).summary.status;
}

} // namespace

/// Streams as they are described and listed, and the account's settings.
class ServiceStreamsTest : public QObject {
    Q_OBJECT

private slots:
    void aWaiterSeesTheStreamComeAndGo()
    {
        ApiWorld w(provisioned(2), slowOptions());
        const auto young = w.ask<DescribeStreamResult>(DescribeStream {kName});
        QVERIFY(young.summary.status == StreamStatus::Creating);
        QVERIFY(young.shards.empty() && !young.hasMoreShards);
        w.wait(SimDuration::seconds(10));
        QVERIFY(statusOf(w) == StreamStatus::Active);
        QVERIFY(w.handle(DeleteStream {kName}));
        QVERIFY(statusOf(w) == StreamStatus::Deleting);
        QCOMPARE(w.codeOf(provisioned(1)), std::optional(ErrorCode::ResourceInUse));
        w.wait(SimDuration::seconds(10));
        QCOMPARE(w.textOf(DescribeStream {kName}),
                 std::string("Stream orders under account 000000000000 not found."));
    }

    void aNameComesBackAsAnotherStream()
    {
        ApiWorld w(provisioned(2), unhurriedOptions());
        const auto first = w.ask<StreamDescriptionSummary>(DescribeStreamSummary {kName});
        QVERIFY(w.handle(AddTags {{.streamName = kName}, {{"team", "a"}}}));
        const auto consumer
            = w.ask<ConsumerDescription>(RegisterStreamConsumer {kName, "reader", {}});
        QVERIFY(w.handle(DeleteStream {kName, true}));
        w.wait(SimDuration::seconds(3));
        QVERIFY(w.handle(provisioned(1)));
        const auto second = w.ask<DescribeStreamResult>(DescribeStream {kName});
        QVERIFY(second.summary.createdAt > first.createdAt);
        QCOMPARE(second.summary.streamArn, first.streamArn);
        QCOMPARE(second.shards.size(), std::size_t {1});
        QVERIFY(w.ask<TagsResult>(ListTagsForStream {kName}).tags.empty());
        QCOMPARE(w.codeOf(DescribeStreamConsumer {kName, "reader"}),
                 std::optional(ErrorCode::ResourceNotFound));
    }

    void changesPassThroughUpdating_data()
    {
        QTest::addColumn<ApiRequest>("request");
        QTest::addColumn<bool>("onDemandStream");
        QTest::newRow("split") << ApiRequest {SplitShard {kName, "0", "1000"}} << false;
        QTest::newRow("merge") << ApiRequest {MergeShards {kName, "0", "1"}} << false;
        QTest::newRow("shard count") << ApiRequest {UpdateShardCount {kName, 3}} << false;
        QTest::newRow("encryption on")
            << ApiRequest {StartStreamEncryption {kName, "alias/aws/kinesis"}} << false;
        QTest::newRow("encryption off")
            << ApiRequest {StopStreamEncryption {kName, "alias/aws/kinesis"}} << false;
        QTest::newRow("mode") << ApiRequest {UpdateStreamMode {kName, StreamMode::OnDemand, {}}}
                              << false;
        QTest::newRow("record size") << ApiRequest {UpdateMaxRecordSize {kName, 2'048}} << false;
        QTest::newRow("warm throughput")
            << ApiRequest {UpdateStreamWarmThroughput {kName, 8}} << true;
    }
    void changesPassThroughUpdating()
    {
        QFETCH(ApiRequest, request);
        QFETCH(bool, onDemandStream);
        ServiceOptions options = unhurriedOptions();
        options.advantage = true;
        ApiWorld w(onDemandStream ? onDemand() : provisioned(2), options);
        QCOMPARE(w.textOf(request), std::string());
        QVERIFY(statusOf(w) == StreamStatus::Updating);
        QCOMPARE(w.textOf(UpdateMaxRecordSize {kName, 4'096}),
                 std::string("Stream orders under account 000000000000 not ACTIVE, instead in "
                             "state UPDATING"));
        for (int i = 0; i < 40 && statusOf(w) != StreamStatus::Active; ++i)
            w.wait(SimDuration::seconds(1));
        QVERIFY(statusOf(w) == StreamStatus::Active);
    }

    void otherChangesAreThereAtOnce()
    {
        ApiWorld w(onDemand(), unhurriedOptions());
        for (const ApiRequest& request :
             {ApiRequest {IncreaseStreamRetentionPeriod {kName, 48}},
              ApiRequest {EnableEnhancedMonitoring {kName, {ShardLevelMetric::IncomingBytes}}},
              ApiRequest {UpdateStreamRecordDistributionStrategy {
                  kName, RecordDistributionStrategy::Auto}}}) {
            QCOMPARE(w.textOf(request), std::string());
            QVERIFY(statusOf(w) == StreamStatus::Active);
        }
        const auto summary = w.ask<StreamDescriptionSummary>(DescribeStreamSummary {kName});
        QCOMPARE(summary.retentionHours, std::int64_t {48});
        QVERIFY(summary.recordDistribution == RecordDistributionStrategy::Auto);
    }

    void shardsOfADescriptionComeInPages()
    {
        ApiWorld w(provisioned(101), unhurriedOptions());
        const auto whole
            = w.ask<DescribeStreamResult>(DescribeStream {.streamName = kName, .limit = 10'000});
        QCOMPARE(whole.shards.size(), std::size_t {100});
        QVERIFY(whole.hasMoreShards);
        const auto rest = w.ask<DescribeStreamResult>(DescribeStream {
            .streamName = kName, .exclusiveStartShardId = whole.shards.back().shardId});
        QCOMPARE(rest.shards.size(), std::size_t {1});
        QCOMPARE(rest.shards[0].shardId, std::string("shardId-000000000100"));
        QVERIFY(!rest.hasMoreShards);
        const auto three = w.ask<DescribeStreamResult>(
            DescribeStream {.streamName = kName, .limit = 3, .exclusiveStartShardId = "97"});
        QCOMPARE(three.shards.size(), std::size_t {3});
        QVERIFY(!three.hasMoreShards);
        for (const std::int64_t wrong : {std::int64_t {0}, std::int64_t {10'001}})
            QCOMPARE(w.codeOf(DescribeStream {.streamName = kName, .limit = wrong}),
                     std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(DescribeStream {.streamName = kName, .exclusiveStartShardId = "x"}),
                 std::optional(ErrorCode::ResourceNotFound));
    }

    void streamsAreListedByNameInPages()
    {
        ApiWorld w(provisioned(1), unhurriedOptions());
        for (int i = 0; i < 100; ++i)
            QVERIFY(w.handle(CreateStream {.streamName = std::string("s") + std::to_string(i),
                                           .shardCount = 1}));
        const auto first = w.ask<ListStreamsResult>(ListStreams {.limit = 10'000});
        QCOMPARE(first.streams.size(), std::size_t {100});
        QCOMPARE(first.streams.front().streamName, kName);
        QVERIFY(std::is_sorted(
            first.streams.begin(), first.streams.end(),
            [](const auto& a, const auto& b) { return a.streamName < b.streamName; }));
        QVERIFY(first.hasMoreStreams && first.nextToken);
        const auto second = w.ask<ListStreamsResult>(ListStreams {.nextToken = first.nextToken});
        QCOMPARE(second.streams.size(), std::size_t {1});
        QCOMPARE(second.streams[0].streamName, std::string("s99"));
        QVERIFY(!second.hasMoreStreams && !second.nextToken);
        // Whoever pages repeats the name to start after beside the token.
        const auto again = w.ask<ListStreamsResult>(
            ListStreams {.exclusiveStartStreamName = "a", .nextToken = first.nextToken});
        QCOMPARE(again.streams.size(), std::size_t {1});
        const auto after
            = w.ask<ListStreamsResult>(ListStreams {.limit = 1, .exclusiveStartStreamName = "s98"});
        QCOMPARE(after.streams[0].streamName, std::string("s99"));
        QVERIFY(!after.hasMoreStreams);
        w.wait(limits::kPageTokenLifetime + SimDuration::millis(1));
        QCOMPARE(w.codeOf(ListStreams {.nextToken = first.nextToken}),
                 std::optional(ErrorCode::ExpiredNextToken));
        QCOMPARE(w.codeOf(ListStreams {.limit = 10'001}), std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(ListStreams {.limit = 0}), std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(ListStreams {.exclusiveStartStreamName = "a b"}),
                 std::optional(ErrorCode::Validation));
    }

    void limitsAreTold()
    {
        ApiWorld w(provisioned(3), unhurriedOptions());
        QVERIFY(w.handle(CreateStream {.streamName = "two", .mode = StreamMode::OnDemand}));
        const auto told = w.ask<DescribeLimitsResult>(DescribeLimits {});
        QCOMPARE(told.shardLimit, std::int64_t {20'000});
        QCOMPARE(told.openShardCount, std::int64_t {3});
        QCOMPARE(told.onDemandStreamCount, std::int64_t {1});
        QCOMPARE(told.onDemandStreamCountLimit, std::int64_t {50});
        QCOMPARE(told.channelCount, std::int64_t {0});
        QCOMPARE(told.channelCountLimit, std::int64_t {100});
        AccountLimits lifted;
        lifted.shards.reset();
        lifted.onDemandStreams.reset();
        w.service.setAccountLimits(lifted);
        QCOMPARE(w.ask<DescribeLimitsResult>(DescribeLimits {}).shardLimit, limits::kCountMost);
    }

    void theCommitmentTellsItsTimes()
    {
        using Status = AccountSettings::Status;
        ApiWorld w(onDemand(), unhurriedOptions());
        const auto never = w.ask<AccountSettings>(DescribeAccountSettings {});
        QVERIFY(never.status == Status::Disabled);
        QVERIFY(!never.startedAt && !never.endedAt && !never.earliestAllowedEndAt);

        const SimTime begun = w.now;
        const auto on = w.ask<AccountSettings>(UpdateAccountSettings {true});
        QVERIFY(on.status == Status::Enabled);
        QVERIFY(on.startedAt == begun && !on.endedAt);
        QVERIFY(on.earliestAllowedEndAt == begun + SimDuration::hours(24));

        w.wait(SimDuration::hours(1));
        const auto leaving = w.ask<AccountSettings>(UpdateAccountSettings {false});
        QVERIFY(leaving.status == Status::EnabledUntilEarliestAllowedEnd);
        QVERIFY(!leaving.endedAt);
        w.wait(SimDuration::hours(23));
        const auto off = w.ask<AccountSettings>(DescribeAccountSettings {});
        QVERIFY(off.status == Status::Disabled);
        QVERIFY(off.startedAt == begun);
        QVERIFY(off.endedAt == begun + SimDuration::hours(24));
        QVERIFY(!off.earliestAllowedEndAt);
    }

    void monitoringTellsBeforeAndAfter()
    {
        using M = ShardLevelMetric;
        ApiWorld w(provisioned(1));
        const auto on = w.ask<EnhancedMonitoringResult>(
            EnableEnhancedMonitoring {kName, {M::IncomingBytes, M::OutgoingBytes}});
        QVERIFY(on.before.empty());
        QCOMPARE(on.after.size(), std::size_t {2});
        const auto off = w.ask<EnhancedMonitoringResult>(
            DisableEnhancedMonitoring {kName, {M::IncomingBytes, M::IncomingRecords}});
        QCOMPARE(off.before.size(), std::size_t {2});
        QCOMPARE(off.after, std::set<M> {M::OutgoingBytes});
    }

    void warmThroughputTellsWhereItGoes()
    {
        ServiceOptions options = unhurriedOptions();
        options.advantage = true;
        ApiWorld w(onDemand(), options);
        const auto answer = w.ask<WarmThroughputResult>(UpdateStreamWarmThroughput {kName, 8});
        QCOMPARE(answer.targetMiBps, std::int64_t {8});
        QCOMPARE(answer.currentMiBps, std::int64_t {0});
    }

    void distributionIsForOnDemandStreams()
    {
        using S = RecordDistributionStrategy;
        ApiWorld w(provisioned(1), unhurriedOptions());
        QCOMPARE(w.codeOf(UpdateStreamRecordDistributionStrategy {kName, S::Auto}),
                 std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(w.codeOf(CreateStream {
                     .streamName = "two", .shardCount = 1, .recordDistribution = S::Auto}),
                 std::optional(ErrorCode::InvalidArgument));
        QVERIFY(w.handle(CreateStream {
            .streamName = "three", .mode = StreamMode::OnDemand, .recordDistribution = S::Auto}));
        QVERIFY(w.service.find("three")->summary().recordDistribution == S::Auto);
        QVERIFY(w.handle(UpdateStreamMode {"three", StreamMode::Provisioned, {}}));
        w.wait(SimDuration::seconds(1));
        QVERIFY(w.service.find("three")->summary().recordDistribution == S::UserPartitionKey);
    }

    void aShardCountMeansNothingToAnOnDemandStream()
    {
        ApiWorld w(provisioned(1), unhurriedOptions());
        QVERIFY(w.handle(CreateStream {
            .streamName = "two", .mode = StreamMode::OnDemand, .shardCount = 1'000'000}));
        QCOMPARE(w.service.find("two")->summary().openShardCount, limits::kOnDemandShards);
    }

    void keysAreLookedUp()
    {
        ApiWorld w(provisioned(1), unhurriedOptions());
        QCOMPARE(w.codeOf(StartStreamEncryption {kName, "alias/mine"}),
                 std::optional(ErrorCode::KmsNotFound)); // no ring: the service's own key alone
        KeyRing ring {KeyRing::Options {}};
        w.service.setKeyRing(&ring);
        QCOMPARE(w.codeOf(StartStreamEncryption {kName, "alias/mine"}),
                 std::optional(ErrorCode::KmsNotFound));
        const auto made = ring.create({}, {}, w.now);
        QVERIFY(made);
        const std::string id = (*made)->id;
        QVERIFY(ring.addAlias("alias/mine", id));
        QVERIFY(ring.setEnabled(id, false));
        QCOMPARE(w.codeOf(StartStreamEncryption {kName, "alias/mine"}),
                 std::optional(ErrorCode::KmsDisabled));
        QVERIFY(ring.setEnabled(id, true));
        QCOMPARE(w.codeOf(StartStreamEncryption {kName, "alias/mine"}), kFine);
        w.wait(SimDuration::seconds(1));
        const auto summary = w.ask<StreamDescriptionSummary>(DescribeStreamSummary {kName});
        QVERIFY(summary.encryption == EncryptionType::Kms);
        QCOMPARE(summary.keyId, std::string("alias/mine"));
        QCOMPARE(w.codeOf(StartStreamEncryption {kName, ""}), std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(StartStreamEncryption {kName, std::string(2'049, 'k')}),
                 std::optional(ErrorCode::Validation));
    }

    void quotasCanBeLifted()
    {
        ServiceOptions options = unhurriedOptions();
        options.account.onDemandStreams = 0;
        ApiWorld w(provisioned(1), options);
        QCOMPARE(w.codeOf(CreateStream {.streamName = "two", .mode = StreamMode::OnDemand}),
                 std::optional(ErrorCode::LimitExceeded));
        w.service.setThrottling({.control = false, .quotas = false});
        QCOMPARE(w.codeOf(CreateStream {.streamName = "two", .mode = StreamMode::OnDemand}), kFine);
        for (int i = 0; i < 6; ++i) {
            const StreamMode mode = i % 2 == 0 ? StreamMode::OnDemand : StreamMode::Provisioned;
            QCOMPARE(w.textOf(UpdateStreamMode {kName, mode, {}}), std::string());
            w.wait(SimDuration::seconds(1));
        }
    }
};

QTEST_APPLESS_MAIN(ServiceStreamsTest)
#include "tst_service_streams.moc"
