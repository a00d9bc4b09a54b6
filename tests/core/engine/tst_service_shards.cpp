#include <QTest>

#include "core/engine/limits.h"
#include "tests/core/engine/api_world.h"

using namespace shardscope;
using namespace shardscope::testing;

Q_DECLARE_METATYPE(shardscope::ShardFilter)

namespace {

using Type = ShardFilter::Type;

QString slotsOf(const ListShardsResult& listed)
{
    QStringList texts;
    for (const ShardDescription& shard : listed.shards)
        texts << QString::number(shard.slot.value);
    return texts.join(' ');
}

/// Two shards; an hour later the first is split, which takes a second.
struct SplitWorld : ApiWorld {
    SimTime splitAt;
    SplitWorld()
        : ApiWorld(provisioned(2))
    {
        wait(SimDuration::hours(1));
        const HashKey middle = stream().shards()[0].range.middle();
        std::ignore = ask<std::monostate>(SplitShard {kName, "0", toDecimal(middle)});
        wait(SimDuration::seconds(1));
        splitAt = now;
        wait(SimDuration::seconds(1));
    }
    QString filtered(const ShardFilter& filter)
    {
        return slotsOf(ask<ListShardsResult>(ListShards {.streamName = kName, .filter = filter}));
    }
};

} // namespace

/// ListShards, and what the resharding requests answer.
class ServiceShardsTest : public QObject {
    Q_OBJECT

private slots:
    void filtersChooseByTimeAndId_data()
    {
        QTest::addColumn<ShardFilter>("filter");
        QTest::addColumn<QString>("expected");
        const SplitWorld w;
        const SimTime split = w.splitAt;
        const auto at = [](Type type, SimTime t) { return ShardFilter {type, {}, t}; };
        QTest::newRow("from the horizon") << ShardFilter {} << "0 1 2 3";
        QTest::newRow("at the horizon") << ShardFilter {Type::AtTrimHorizon, {}, {}} << "0 1";
        QTest::newRow("at the tip") << ShardFilter {Type::AtLatest, {}, {}} << "1 2 3";
        QTest::newRow("at a moment before the split")
            << at(Type::AtTimestamp, split - SimDuration::micros(1)) << "0 1";
        QTest::newRow("at the split") << at(Type::AtTimestamp, split) << "0 1 2 3";
        QTest::newRow("at a moment after the split")
            << at(Type::AtTimestamp, split + SimDuration::micros(1)) << "1 2 3";
        QTest::newRow("at a moment before the stream")
            << at(Type::AtTimestamp, split - SimDuration::days(9)) << "0 1";
        QTest::newRow("from before the stream")
            << at(Type::FromTimestamp, split - SimDuration::days(9)) << "0 1 2 3";
        QTest::newRow("from the split") << at(Type::FromTimestamp, split) << "0 1 2 3";
        QTest::newRow("from after the split")
            << at(Type::FromTimestamp, split + SimDuration::micros(1)) << "1 2 3";
        QTest::newRow("after a shard")
            << ShardFilter {Type::AfterShardId, "shardId-000000000001", {}} << "2 3";
        QTest::newRow("after a shard, its id short")
            << ShardFilter {Type::AfterShardId, "0", {}} << "1 2 3";
        QTest::newRow("after the last shard") << ShardFilter {Type::AfterShardId, "3", {}} << "";
    }
    void filtersChooseByTimeAndId()
    {
        QFETCH(ShardFilter, filter);
        QFETCH(QString, expected);
        SplitWorld w;
        QCOMPARE(w.filtered(filter), expected);
    }

    void aFilterNeedsWhatItsTypeLooksAt()
    {
        ApiWorld w(provisioned(1));
        for (const Type type : {Type::AfterShardId, Type::AtTimestamp, Type::FromTimestamp})
            QCOMPARE(
                w.codeOf(ListShards {.streamName = kName, .filter = ShardFilter {type, {}, {}}}),
                std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(w.codeOf(ListShards {.streamName = kName,
                                      .filter = ShardFilter {Type::AfterShardId, "x", {}}}),
                 std::optional(ErrorCode::ResourceNotFound));
    }

    void expiredShardsAreGone()
    {
        SplitWorld w;
        w.wait(SimDuration::hours(24) - SimDuration::seconds(2));
        QCOMPARE(w.filtered({}), QString("0 1 2 3"));
        w.wait(SimDuration::seconds(2));
        QCOMPARE(w.filtered({}), QString("1 2 3"));
        QCOMPARE(w.filtered({Type::AtTrimHorizon, {}, {}}), QString("1 2 3"));
    }

    void aClosedShardSaysWhereItEnded()
    {
        SplitWorld w;
        const auto listed = w.ask<ListShardsResult>(ListShards {.streamName = kName});
        QVERIFY(listed.shards[0].endingSequenceNumber.has_value());
        QVERIFY(!listed.shards[1].endingSequenceNumber.has_value());
        QVERIFY(listed.shards[2].parent == listed.shards[0].slot);
        QVERIFY(!listed.shards[2].adjacentParent);
    }

    void aClosedShardIsNeitherSplitNorMerged()
    {
        SplitWorld w;
        const std::string told = "Shard shardId-000000000000 in stream orders under account "
                                 "000000000000 has already been merged or split, and thus is not "
                                 "eligible for merging or splitting.";
        for (const ApiRequest& request : {ApiRequest {SplitShard {kName, "0", "1000"}},
                                          ApiRequest {MergeShards {kName, "0", "1"}}}) {
            QCOMPARE(w.codeOf(request), std::optional(ErrorCode::InvalidArgument));
            QCOMPARE(w.textOf(request), told);
        }
        QCOMPARE(w.codeOf(SplitShard {kName, "2", "1000"}), kFine);
    }

    void pagesFollowEachOther()
    {
        SplitWorld w;
        const ShardFilter latest {Type::AtLatest, {}, {}};
        auto page = w.ask<ListShardsResult>(
            ListShards {.streamName = kName, .maxResults = 2, .filter = latest});
        QCOMPARE(slotsOf(page), QString("1 2"));
        page = w.ask<ListShardsResult>(ListShards {.nextToken = page.nextToken, .maxResults = 2});
        QCOMPARE(slotsOf(page), QString("3"));
        QVERIFY(!page.nextToken);

        page = w.ask<ListShardsResult>(
            ListShards {.streamName = kName,
                        .maxResults = 1,
                        .filter = ShardFilter {Type::AfterShardId, "a|b-1", {}}});
        QCOMPARE(slotsOf(page), QString("2"));
        page = w.ask<ListShardsResult>(ListShards {.nextToken = page.nextToken});
        QCOMPARE(slotsOf(page), QString("3"));
    }

    void aPageHoldsAThousand()
    {
        ApiWorld w(provisioned(1'001));
        auto page = w.ask<ListShardsResult>(ListShards {.streamName = kName, .maxResults = 10'000});
        QCOMPARE(page.shards.size(), std::size_t {1'000});
        page = w.ask<ListShardsResult>(ListShards {.nextToken = page.nextToken});
        QCOMPARE(slotsOf(page), QString("1000"));
        QVERIFY(!page.nextToken);
        for (const std::int64_t wrong : {std::int64_t {0}, std::int64_t {10'001}})
            QCOMPARE(w.codeOf(ListShards {.streamName = kName, .maxResults = wrong}),
                     std::optional(ErrorCode::Validation));
    }

    void aTokenExpires()
    {
        ApiWorld w(provisioned(2));
        const auto token
            = w.ask<ListShardsResult>(ListShards {.streamName = kName, .maxResults = 1}).nextToken;
        w.wait(limits::kPageTokenLifetime);
        QCOMPARE(w.codeOf(ListShards {.nextToken = token}), kFine);
        w.wait(SimDuration::millis(1));
        QCOMPARE(w.codeOf(ListShards {.nextToken = token}),
                 std::optional(ErrorCode::ExpiredNextToken));
    }

    void aTokenStandsAlone()
    {
        ApiWorld w(provisioned(2));
        const auto token
            = w.ask<ListShardsResult>(ListShards {.streamName = kName, .maxResults = 1}).nextToken;
        QCOMPARE(w.textOf(ListShards {}),
                 std::string("Either NextToken or StreamName should be provided."));
        QCOMPARE(w.textOf(ListShards {.streamName = kName, .nextToken = token}),
                 std::string("NextToken and StreamName cannot be provided together."));
        QCOMPARE(w.codeOf(ListShards {.nextToken = token, .exclusiveStartShardId = "0"}),
                 std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(w.codeOf(ListShards {.nextToken = token, .streamCreationTimestamp = w.now}),
                 std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(w.codeOf(ListShards {.nextToken = "made up"}),
                 std::optional(ErrorCode::InvalidArgument));
    }

    void anotherStreamOfTheNameIsAnother()
    {
        ApiWorld w(provisioned(2));
        const SimTime created = w.stream().summary().createdAt;
        const auto token
            = w.ask<ListShardsResult>(ListShards {.streamName = kName, .maxResults = 1}).nextToken;
        QCOMPARE(w.codeOf(ListShards {.streamName = kName, .streamCreationTimestamp = created}),
                 kFine);
        QVERIFY(w.handle(DeleteStream {kName}));
        w.wait(SimDuration::seconds(2));
        QVERIFY(w.handle(provisioned(2)));
        QVERIFY(w.stream().summary().createdAt > created);
        QCOMPARE(w.codeOf(ListShards {.streamName = kName, .streamCreationTimestamp = created}),
                 std::optional(ErrorCode::ResourceNotFound));
        QCOMPARE(w.codeOf(ListShards {.nextToken = token}),
                 std::optional(ErrorCode::ResourceNotFound));
    }

    void shardsAreListedWhenTheStreamIsActive()
    {
        ServiceOptions options = quickOptions();
        options.timings.create = SimDuration::seconds(10);
        ApiWorld w(provisioned(2), options);
        QVERIFY(w.ask<ListShardsResult>(ListShards {.streamName = kName}).shards.empty());
        w.wait(SimDuration::seconds(10));
        QCOMPARE(w.ask<ListShardsResult>(ListShards {.streamName = kName}).shards.size(),
                 std::size_t {2});
    }

    void updateShardCountTellsBothCounts()
    {
        ApiWorld w(provisioned(3));
        const auto answer = w.ask<UpdateShardCountResult>(UpdateShardCount {kName, 6});
        QCOMPARE(answer.currentShardCount, std::int64_t {3});
        QCOMPARE(answer.targetShardCount, std::int64_t {6});
    }

    void liftedQuotasStillHaveABudget()
    {
        ServiceOptions options = unhurriedOptions();
        options.throttling.quotas = false;
        ApiWorld w(provisioned(25'000), options); // above the account's 20,000
        QCOMPARE(w.codeOf(CreateStream {.streamName = "more",
                                        .shardCount = budgets::kShardsMost - 25'000 + 1}),
                 std::optional(ErrorCode::LimitExceeded));
        QCOMPARE(w.codeOf(CreateStream {.streamName = "huge", .shardCount = INT32_MAX}),
                 std::optional(ErrorCode::LimitExceeded));
        w.service.setThrottling({.control = false});
        QCOMPARE(w.codeOf(CreateStream {.streamName = "one", .shardCount = 1}),
                 std::optional(ErrorCode::LimitExceeded));
    }
};

QTEST_APPLESS_MAIN(ServiceShardsTest)
#include "tst_service_shards.moc"
