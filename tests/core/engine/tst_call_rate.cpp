#include <QTest>

#include "tests/core/engine/api_world.h"

using namespace shardscope;
using namespace shardscope::testing;

Q_DECLARE_METATYPE(shardscope::ApiRequest)

/// How often an operation may be called, by the table of the facts (API 1.3).
class CallRateTest : public QObject {
    Q_OBJECT

    static constexpr std::int64_t kUnlimited = 1'001;

private slots:
    void everyOperationHasItsRate_data()
    {
        QTest::addColumn<ApiRequest>("request");
        QTest::addColumn<qlonglong>("perSecond");
        const ResourceRef stream {.streamName = kName};
        const auto row = [](const char* name, const ApiRequest& request, qlonglong perSecond) {
            QTest::newRow(name) << request << perSecond;
        };
        row("CreateStream", provisioned(1), 5); // refused, but called
        row("DeleteStream", DeleteStream {kName}, 5);
        row("DescribeStream", DescribeStream {kName}, 10);
        row("DescribeStreamSummary", DescribeStreamSummary {kName}, 20);
        row("ListStreams", ListStreams {}, 5);
        row("UpdateStreamMode", UpdateStreamMode {kName, StreamMode::Provisioned, {}}, kUnlimited);
        row("UpdateMaxRecordSize", UpdateMaxRecordSize {kName, 1'024}, kUnlimited);
        row("IncreaseStreamRetentionPeriod", IncreaseStreamRetentionPeriod {kName, 24}, 5);
        row("DecreaseStreamRetentionPeriod", DecreaseStreamRetentionPeriod {kName, 24}, 5);
        row("EnableEnhancedMonitoring",
            EnableEnhancedMonitoring {kName, {ShardLevelMetric::IncomingBytes}}, 5);
        row("DisableEnhancedMonitoring",
            DisableEnhancedMonitoring {kName, {ShardLevelMetric::IncomingBytes}}, 5);
        row("ListShards", ListShards {.streamName = kName}, 1'000);
        row("SplitShard", SplitShard {kName, "9", "1"}, 5);
        row("MergeShards", MergeShards {kName, "9", "8"}, 5);
        row("UpdateShardCount", UpdateShardCount {kName, 9}, 10);
        row("RegisterStreamConsumer", RegisterStreamConsumer {kName, "c", {}}, 5);
        row("DeregisterStreamConsumer", DeregisterStreamConsumer {kName, "c"}, 5);
        row("DescribeStreamConsumer", DescribeStreamConsumer {kName, "c"}, 20);
        row("ListStreamConsumers", ListStreamConsumers {.streamName = kName}, 5);
        row("AddTagsToStream", AddTags {stream, {{"a", "b"}}}, 5);
        row("RemoveTagsFromStream", RemoveTags {stream, {"a"}}, 5);
        row("ListTagsForStream", ListTagsForStream {kName}, 5);
        row("TagResource", AddTags {stream, {{"a", "b"}}, true}, kUnlimited);
        row("UntagResource", RemoveTags {stream, {"a"}, true}, kUnlimited);
        row("ListTagsForResource", ListTagsForResource {stream}, kUnlimited);
        row("PutResourcePolicy", PutResourcePolicy {stream, "{}"}, 5);
        row("GetResourcePolicy", GetResourcePolicy {stream}, 5);
        row("DeleteResourcePolicy", DeleteResourcePolicy {stream}, 5);
        row("DescribeLimits", DescribeLimits {}, 1);
        row("DescribeAccountSettings", DescribeAccountSettings {}, 5);
        row("UpdateAccountSettings", UpdateAccountSettings {}, 5);
        row("DescribeChannel", DescribeChannel {"x"}, 5);
        row("ListChannels", ListChannels {}, 5);
        row("UpdateChannel", UpdateChannel {.channelId = "x"}, 5);
        row("DeleteChannel", DeleteChannel {"x"}, 5);
    }
    void everyOperationHasItsRate()
    {
        QFETCH(ApiRequest, request);
        QFETCH(qlonglong, perSecond);
        ServiceOptions options = quickOptions();
        options.throttling.quotas = false; // whose refusals have the same code
        options.timings.create = SimDuration::seconds(10);
        ApiWorld w(provisioned(1), options);
        w.wait(SimDuration::seconds(10));
        const auto isRefused = [&] { return w.textOf(request).starts_with("Rate exceeded for "); };
        for (qlonglong i = 0; i < perSecond; ++i)
            QVERIFY2(!isRefused(), qPrintable(QString::number(i)));
        if (perSecond == kUnlimited)
            return;
        QVERIFY(isRefused());
        QCOMPARE(w.codeOf(request), std::optional(ErrorCode::LimitExceeded));
        const auto between = SimDuration::micros(1'000'000 / perSecond);
        w.now += between - SimDuration::micros(1);
        QVERIFY(isRefused());
        w.now += SimDuration::micros(1);
        QVERIFY(!isRefused());
    }

    void pastCallsAreForgottenAndFreshOnesAreNot()
    {
        CallRates rates;
        const auto call = [&](std::uint32_t stream, SimTime now) {
            return rates.admit(Operation::SplitShard, stream, 0, now, 1);
        };
        // A second in which more streams are called than are remembered at first.
        for (std::uint32_t stream = 0; stream < 3'000; ++stream) {
            for (int i = 0; i < 5; ++i)
                QVERIFY(call(stream, kDefaultStart));
        }
        for (std::uint32_t stream = 0; stream < 3'000; ++stream)
            QVERIFY(!call(stream, kDefaultStart));
        for (std::uint32_t stream = 0; stream < 9'000; ++stream)
            QVERIFY(call(stream, kDefaultStart + SimDuration::seconds(1)));
    }

    void streamsHaveTheirOwnRatesAndTheAccountItsOwn()
    {
        ApiWorld w(provisioned(1));
        QVERIFY(w.handle(CreateStream {.streamName = "two", .shardCount = 1}));
        for (int i = 0; i < 5; ++i) {
            QVERIFY(w.handle(IncreaseStreamRetentionPeriod {kName, 24}));
            QVERIFY(w.handle(IncreaseStreamRetentionPeriod {"two", 24}));
        }
        QVERIFY(!w.handle(IncreaseStreamRetentionPeriod {"two", 24}));
        for (int i = 0; i < 5; ++i) {
            QVERIFY(w.handle(DescribeStream {kName}));
            QVERIFY(w.handle(DescribeStream {"two"}));
        }
        QVERIFY(!w.handle(DescribeStream {"two"}));
    }
};

QTEST_APPLESS_MAIN(CallRateTest)
#include "tst_call_rate.moc"
