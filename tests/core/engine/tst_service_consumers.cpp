#include <QTest>

#include "core/engine/limits.h"
#include "tests/core/engine/api_world.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

ConsumerDescription registered(ApiWorld& w, const std::string& name)
{
    return w.ask<ConsumerDescription>(RegisterStreamConsumer {kName, name, {}});
}
ConsumerStatus statusOf(ApiWorld& w, const std::string& name)
{
    return w.ask<ConsumerDescription>(DescribeStreamConsumer {kName, name}).status;
}

} // namespace

class ServiceConsumersTest : public QObject {
    Q_OBJECT

private slots:
    void aConsumerComesAndGoes()
    {
        ApiWorld w(provisioned(1));
        const auto made = registered(w, "reader");
        QCOMPARE(made.streamName, kName);
        QCOMPARE(made.consumerName, std::string("reader"));
        QVERIFY(made.createdAt == w.now);
        QVERIFY(made.status == ConsumerStatus::Creating);
        w.wait(SimDuration::seconds(1));
        QVERIFY(statusOf(w, "reader") == ConsumerStatus::Active);
        QVERIFY(w.handle(DeregisterStreamConsumer {kName, "reader"}));
        QVERIFY(statusOf(w, "reader") == ConsumerStatus::Deleting);
        QCOMPARE(w.codeOf(RegisterStreamConsumer {kName, "reader", {}}),
                 std::optional(ErrorCode::ResourceInUse));
        w.wait(SimDuration::seconds(1));
        QCOMPARE(w.codeOf(DescribeStreamConsumer {kName, "reader"}),
                 std::optional(ErrorCode::ResourceNotFound));
    }

    void itsCreationTimeTellsItFromItsNamesake()
    {
        ApiWorld w(provisioned(1));
        const std::int64_t first = registered(w, "reader").createdAt.inSeconds();
        QVERIFY(w.handle(DescribeStreamConsumer {kName, "reader", first}));
        QCOMPARE(w.codeOf(DescribeStreamConsumer {kName, "reader", first + 1}),
                 std::optional(ErrorCode::ResourceNotFound));
        QCOMPARE(w.codeOf(DeregisterStreamConsumer {kName, "reader", first + 1}),
                 std::optional(ErrorCode::ResourceNotFound));
        QVERIFY(w.handle(DeregisterStreamConsumer {kName, "reader", first}));
        w.wait(SimDuration::seconds(1));
        QVERIFY(registered(w, "reader").createdAt.inSeconds() > first);
        QCOMPARE(w.codeOf(DescribeStreamConsumer {kName, "reader", first}),
                 std::optional(ErrorCode::ResourceNotFound));
    }

    void requestsAreChecked()
    {
        ApiWorld w(provisioned(1), unhurriedOptions());
        QCOMPARE(w.codeOf(RegisterStreamConsumer {kName, "", {}}),
                 std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(RegisterStreamConsumer {kName, std::string(129, 'c'), {}}),
                 std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(RegisterStreamConsumer {kName, std::string(128, 'c'), {}}), kFine);
        QCOMPARE(w.codeOf(RegisterStreamConsumer {kName, "t", {{"a!", "b"}}}),
                 std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(w.codeOf(RegisterStreamConsumer {"another", "c", {}}),
                 std::optional(ErrorCode::ResourceNotFound));
        QCOMPARE(w.codeOf(ListStreamConsumers {.streamName = kName, .maxResults = 0}),
                 std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(ListStreamConsumers {.streamName = kName, .maxResults = 10'001}),
                 std::optional(ErrorCode::Validation));
    }

    void aStreamOnItsWayTakesNone()
    {
        ServiceOptions options = unhurriedOptions();
        options.timings.create = SimDuration::seconds(10);
        ApiWorld w(provisioned(1), options);
        QCOMPARE(w.textOf(RegisterStreamConsumer {kName, "c", {}}),
                 std::string("Stream orders under account 000000000000 not ACTIVE, instead in "
                             "state CREATING"));
    }

    void theyAreListedByNameInPages()
    {
        ApiWorld w(provisioned(1), unhurriedOptions());
        for (const char* name : {"c", "a", "b"}) {
            std::ignore = registered(w, name);
        }
        const auto first = w.ask<ListStreamConsumersResult>(
            ListStreamConsumers {.streamName = kName, .maxResults = 2});
        QCOMPARE(first.consumers.size(), std::size_t {2});
        QCOMPARE(first.consumers[0].consumerName, std::string("a"));
        const auto second = w.ask<ListStreamConsumersResult>(
            ListStreamConsumers {.streamName = kName, .nextToken = first.nextToken});
        QCOMPARE(second.consumers.size(), std::size_t {1});
        QCOMPARE(second.consumers[0].consumerName, std::string("c"));
        QVERIFY(!second.nextToken);

        QVERIFY(w.handle(CreateStream {.streamName = "two", .shardCount = 1}));
        QCOMPARE(w.codeOf(ListStreamConsumers {.streamName = "two", .nextToken = first.nextToken}),
                 std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(
            w.codeOf(ListStreamConsumers {
                .streamName = kName, .streamCreationTimestamp = w.now + SimDuration::seconds(1)}),
            std::optional(ErrorCode::ResourceNotFound));
        w.wait(limits::kPageTokenLifetime + SimDuration::millis(1));
        QCOMPARE(w.codeOf(ListStreamConsumers {.streamName = kName, .nextToken = first.nextToken}),
                 std::optional(ErrorCode::ExpiredNextToken));
    }

    void liftedQuotasStillHaveABudget()
    {
        ServiceOptions options = unhurriedOptions();
        options.throttling.quotas = false;
        ApiWorld w(provisioned(1), options);
        for (int i = 0; i < budgets::kConsumersPerStream; ++i)
            QCOMPARE(w.codeOf(RegisterStreamConsumer {
                         kName, std::string("c").append(std::to_string(i)), {}}),
                     kFine);
        QCOMPARE(w.codeOf(RegisterStreamConsumer {kName, "more", {}}),
                 std::optional(ErrorCode::LimitExceeded));
    }
};

QTEST_APPLESS_MAIN(ServiceConsumersTest)
#include "tst_service_consumers.moc"
