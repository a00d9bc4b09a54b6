#include <QTest>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "core/runtime/local_service.h"

using namespace shardscope;

namespace {

const SimTime kStart = SimTime::fromSeconds(1'800'000'000);

/// A local service whose clock the test moves.
struct ByHand {
    SimTime now = kStart;
    std::unique_ptr<LocalService> service;

    explicit ByHand(ServiceOptions options = {})
    {
        auto opened = LocalService::open(
            {.service = options, .clock = [this] { return now; }, .byHand = true});
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        service = std::move(*opened);
    }
    Result<ApiAnswer> ask(ApiRequest request)
    {
        std::optional<Result<ApiAnswer>> answer;
        if (!service->submit(std::move(request),
                             [&](Result<ApiAnswer> a) { answer = std::move(a); }))
            return fail(ErrorCode::Busy, "full");
        return answer ? std::move(*answer) : fail(ErrorCode::Busy, "no answer yet");
    }
    void pass(SimDuration time, SimDuration step = SimDuration::millis(100))
    {
        for (const SimTime end = now + time; now < end;) {
            now = std::min(end, now + step);
            service->work();
        }
    }
    void create(const std::string& name, std::int64_t shards)
    {
        CreateStream create {.streamName = name};
        create.shardCount = shards;
        QVERIFY(ask(create));
        pass(SimDuration::seconds(11), SimDuration::seconds(1));
    }
};

PutRecords batch(const std::string& stream, int records, const std::string& data = "data")
{
    PutRecords put {.streamName = stream};
    for (int i = 0; i < records; ++i)
        put.records.add("key-" + std::to_string(i), data);
    put.records.hashKeys();
    return put;
}

std::string iterator(ByHand& local, const std::string& stream, const std::string& shard)
{
    const auto got = local.ask(GetShardIterator {.streamName = stream, .shardId = shard});
    return got ? std::get<GetShardIteratorResult>(*got).shardIterator : std::string();
}

const ServedStreamRow* rowOf(const ServedSnapshot& snapshot, const std::string& name)
{
    for (const ServedStreamRow& row : snapshot.streams) {
        if (row.summary.streamName == name)
            return &row;
    }
    return nullptr;
}

} // namespace

class LocalServiceTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsPutIsRead()
    {
        ByHand local;
        local.create("orders", 1);
        const auto put = local.ask(batch("orders", 3));
        QVERIFY(put);
        QCOMPARE(std::get<PutRecordsResult>(*put).failedRecordCount, 0);
        const auto got
            = local.ask(GetRecords {.shardIterator = iterator(local, "orders", "shardId-0")});
        QVERIFY(got);
        const RecordPage& page = std::get<GetRecordsResult>(*got).records;
        QCOMPARE(page.rows.size(), std::size_t {3});
        QCOMPARE(page.key(2), std::string_view("key-2"));
        QCOMPARE(page.data(2), std::string_view("data"));
        QCOMPARE(page.rows[0].arrivalMs, local.now.inMillis());
    }

    void whatIsBeyondTheMemoryGoesBeforeTheSecondIsOver()
    {
        ServiceOptions options;
        options.memoryBudget = 4_MiB;
        options.throttling = {.write = false, .read = false};
        ByHand local(options);
        local.create("orders", 1);
        const std::string first = iterator(local, "orders", "shardId-0");
        // Half the memory: all is kept. Twice: the oldest are gone, in the same second.
        const SimTime second = SimTime::fromSeconds(local.now.inSeconds() + 1);
        const auto put = [&](Bytes bytes) {
            for (Bytes done = 0; done < bytes; done += 64_KiB) {
                local.now += SimDuration::millis(2);
                QVERIFY(local.ask(batch("orders", 64, std::string(1'024, 'd'))));
            }
        };
        const auto oldest = [&] {
            const auto got = local.ask(GetRecords {.shardIterator = first});
            return got ? std::get<GetRecordsResult>(*got).records.rows.front().number.counter : 0;
        };
        put(2_MiB);
        QCOMPARE(oldest(), std::uint64_t {1});
        put(6_MiB);
        QVERIFY(oldest() > 1);
        QVERIFY(local.now < second);
    }

    void recordsAreAdmittedAtTheirOwnMillisecond()
    {
        ByHand local;
        local.create("orders", 1);
        local.now += SimDuration::millis(7);
        QVERIFY(local.ask(batch("orders", 1)));
        local.now += SimDuration::millis(4);
        QVERIFY(local.ask(batch("orders", 1)));
        const auto got
            = local.ask(GetRecords {.shardIterator = iterator(local, "orders", "shardId-0")});
        QVERIFY(got);
        const RecordPage& page = std::get<GetRecordsResult>(*got).records;
        QCOMPARE(page.rows[1].arrivalMs - page.rows[0].arrivalMs, std::int64_t {4});
    }

    void whatIsDueIsDoneBeforeARequest()
    {
        ByHand local;
        CreateStream create {.streamName = "orders"};
        create.shardCount = 1;
        QVERIFY(local.ask(create));
        local.now += SimDuration::seconds(10);
        QVERIFY(local.ask(batch("orders", 1)));
    }

    void aClockThatGoesBackStandsStill()
    {
        ByHand local;
        local.create("orders", 1);
        const SimTime before = local.now;
        local.now = before - SimDuration::hours(1);
        QVERIFY(local.ask(batch("orders", 1)));
        local.service->work();
        QCOMPARE(local.service->snapshot()->now, before);
    }

    void aRequestFromInsideAReplyIsAnswered()
    {
        ByHand local;
        local.create("orders", 1);
        bool answered = false;
        QVERIFY(local.service->submit(batch("orders", 1), [&](const Result<ApiAnswer>&) {
            QVERIFY(local.service->submit(
                batch("orders", 1), [&](const Result<ApiAnswer>& a) { answered = a.has_value(); }));
            QVERIFY(!answered); // it waits for its turn
        }));
        QVERIFY(answered);
    }

    void theSnapshotShowsStreamsByNameWithTheirRates()
    {
        ByHand local;
        local.create("orders", 2);
        local.create("audit", 1);
        for (int tenth = 0; tenth < 20; ++tenth) {
            QVERIFY(local.ask(batch("orders", 50)));
            local.pass(SimDuration::millis(100));
        }
        const auto snapshot = local.service->snapshot();
        QCOMPARE(snapshot->streams.size(), std::size_t {2});
        QCOMPARE(snapshot->streams[0].summary.streamName, std::string("audit"));
        const ServedStreamRow& row = snapshot->streams[1];
        QCOMPARE(row.acceptedRecords, 500.0);
        QCOMPARE(row.refusedRecords, 0.0);
        QCOMPARE(row.stored.records, std::int64_t {1'000});
        QCOMPARE(row.capacityBytes, 2.0 * 1024 * 1024);
        QVERIFY(row.hottestPercentOfLimit > 25 && row.hottestPercentOfLimit < 50);
        QCOMPARE(snapshot->streams[0].acceptedRecords, 0.0);
    }

    void aStreamThatRestsHasNoRates()
    {
        ByHand local;
        local.create("orders", 1);
        QVERIFY(local.ask(batch("orders", 500)));
        local.pass(SimDuration::seconds(3));
        QCOMPARE(rowOf(*local.service->snapshot(), "orders")->acceptedRecords, 0.0);
        local.pass(SimDuration::hours(1), SimDuration::minutes(1));
        QVERIFY(local.ask(batch("orders", 5)));
        local.pass(SimDuration::seconds(1));
        QCOMPARE(rowOf(*local.service->snapshot(), "orders")->acceptedRecords, 5.0);
    }

    void refusalsCountAsOffered()
    {
        ByHand local;
        local.create("orders", 1);
        QVERIFY(local.ask(batch("orders", 500)));
        QVERIFY(local.ask(batch("orders", 500)));
        const auto third = local.ask(batch("orders", 500));
        QVERIFY(third);
        QCOMPARE(std::get<PutRecordsResult>(*third).failedRecordCount, 500);
        local.pass(SimDuration::seconds(1));
        const auto snapshot = local.service->snapshot();
        const ServedStreamRow* row = rowOf(*snapshot, "orders");
        QCOMPARE(row->offeredRecords, 1'500.0);
        QCOMPARE(row->acceptedRecords, 1'000.0);
        QCOMPARE(row->refusedRecords, 500.0);
    }

    void theWatchedStreamHasABoardThatAddsUp()
    {
        ByHand local;
        local.create("orders", 2);
        local.service->watch("orders");
        for (int tenth = 0; tenth < 30; ++tenth) {
            QVERIFY(local.ask(batch("orders", 400)));
            local.pass(SimDuration::millis(100));
        }
        const auto snapshot = local.service->snapshot();
        QVERIFY(snapshot->board != nullptr);
        const Snapshot& board = *snapshot->board;
        QCOMPARE(board.shards.size(), std::size_t {2});
        QCOMPARE(board.offered.records, std::int64_t {12'000});
        QCOMPARE(board.offered, board.accepted + board.refused);
        QVERIFY(board.refused.records > 0);
        QVERIFY(!board.refusals->empty());
        const Refusal& refusal = board.refusals->back();
        QCOMPARE(refusal.rule, Rule::W2WriteRecords);
        QVERIFY(refusal.wouldPassAt > refusal.at);
        QVERIFY(!board.events->empty());
        QCOMPARE(board.events->front().kind, EventKind::StreamCreated);
        QCOMPARE(board.history.of(Resolution::Second).empty(), false);
        QVERIFY(board.stream.offeredRecords > 3'900);
        // A refused record's key is not kept, so some of the hottest may have no text.
        const auto& keys = board.shards[0].topKeys;
        QVERIFY(std::any_of(keys.begin(), keys.end(),
                            [](const TopKey& k) { return k.key.rfind("key-", 0) == 0; }));

        local.service->watch("nobody");
        local.service->work();
        QVERIFY(local.service->snapshot()->board == nullptr);
    }

    void callsAreMetricsByTheMinute()
    {
        ByHand local;
        local.create("orders", 1);
        local.now = SimTime::fromSeconds((local.now.inSeconds() / 60 + 1) * 60);
        const SimTime minute = local.now;
        QVERIFY(local.ask(batch("orders", 500)));
        QVERIFY(local.ask(batch("orders", 500)));
        QVERIFY(local.ask(batch("orders", 10)));
        const auto statistics = [&](const std::string& name) {
            cloudwatch::GetMetricStatistics ask;
            ask.metric = {"AWS/Kinesis", name, {{"StreamName", "orders"}}};
            ask.start = minute;
            ask.end = minute + SimDuration::minutes(1);
            ask.statistics = {cloudwatch::Statistic::Sum};
            const auto got = local.ask(ask);
            const auto& points = std::get<cloudwatch::GetMetricStatisticsResult>(*got).datapoints;
            return points.size() == 1 ? points[0].statistics : cloudwatch::StatisticSet {};
        };
        QCOMPARE(statistics("IncomingRecords").sum, 1'000.0);
        QCOMPARE(statistics("IncomingRecords").sampleCount, 2.0);
        QCOMPARE(statistics("IncomingRecords").maximum, 500.0);
        QCOMPARE(statistics("WriteProvisionedThroughputExceeded").sum, 10.0);
        QCOMPARE(statistics("PutRecords.TotalRecords").sum, 1'010.0);
        QCOMPARE(statistics("PutRecords.ThrottledRecords").maximum, 10.0);
        QCOMPARE(statistics("PutRecords.Success").sum, 2.0);
        QCOMPARE(statistics("PutRecords.Success").sampleCount, 3.0);
        QCOMPARE(statistics("GetRecords.Success").sampleCount, 0.0);
        QVERIFY(local.ask(
            GetRecords {.shardIterator = iterator(local, "orders", "shardId-000000000000")}));
        QCOMPARE(statistics("GetRecords.Records").sum, 1'000.0);
    }

    void shardsReportWhileTheyAreMonitored()
    {
        ByHand local;
        local.create("orders", 2);
        EnableEnhancedMonitoring monitor {.streamName = "orders"};
        monitor.metrics = {ShardLevelMetric::IncomingRecords};
        QVERIFY(local.ask(monitor));
        local.pass(SimDuration::seconds(11), SimDuration::seconds(1));
        QVERIFY(local.ask(batch("orders", 100)));
        cloudwatch::ListMetrics list;
        list.dimensions = {{"ShardId", std::nullopt}};
        const auto got = local.ask(list);
        QVERIFY(got);
        const auto& metrics = std::get<cloudwatch::ListMetricsResult>(*got).metrics;
        QCOMPARE(metrics.size(), std::size_t {2});
        QCOMPARE(metrics[0].metricName, std::string("IncomingRecords"));
    }

    void keysAreAnsweredByTheirOwnService()
    {
        ByHand local;
        const auto made = local.ask(kms::CreateKey {.description = "mine"});
        QVERIFY(made);
        local.service->work();
        const auto snapshot = local.service->snapshot();
        QVERIFY(std::any_of(snapshot->keys.begin(), snapshot->keys.end(),
                            [](const auto& key) { return key.description == "mine"; }));
    }

    void aDeletedStreamLeavesTheList()
    {
        ByHand local;
        local.create("orders", 1);
        QVERIFY(local.ask(DeleteStream {.streamName = "orders"}));
        local.pass(SimDuration::minutes(1), SimDuration::seconds(1));
        QVERIFY(local.service->snapshot()->streams.empty());
    }

    void settingsAreShownAndHold()
    {
        ByHand local;
        local.create("orders", 1);
        local.service->setThrottling({.write = false});
        for (int i = 0; i < 5; ++i) {
            const auto put = local.ask(batch("orders", 500));
            QVERIFY(put);
            QCOMPARE(std::get<PutRecordsResult>(*put).failedRecordCount, 0);
        }
        local.service->work();
        QVERIFY(!local.service->snapshot()->throttling.write);
    }

    /// With its own thread and the machine's clock: many callers, every one is answered, and what
    /// they were told adds up.
    void answersManyCallersAtOnce()
    {
        constexpr int kCallers = 6, kEach = 400;
        ServiceOptions options;
        options.throttling = {.write = false, .read = false, .control = false, .quotas = false};
        options.timings.create = {};
        auto opened = LocalService::open({.service = options});
        QVERIFY(opened);
        LocalService& local = **opened;
        CreateStream create {.streamName = "orders"};
        create.shardCount = 4;
        std::atomic<int> made {0};
        QVERIFY(local.submit(create, [&](const Result<ApiAnswer>& a) { made += a ? 1 : 0; }));
        QTRY_COMPARE(made.load(), 1);

        std::atomic<int> answered {0}, refused {0};
        std::atomic<std::int64_t> taken {0};
        std::vector<std::thread> callers;
        for (int c = 0; c < kCallers; ++c) {
            callers.emplace_back([&] {
                for (int i = 0; i < kEach; ++i) {
                    const bool in
                        = local.submit(batch("orders", 5), [&](const Result<ApiAnswer>& a) {
                              ++answered;
                              if (a)
                                  taken += 5 - std::get<PutRecordsResult>(*a).failedRecordCount;
                          });
                    refused += in ? 0 : 1;
                    if (i % 50 == 0)
                        local.watch(i % 100 == 0 ? "orders" : "");
                    std::ignore = local.snapshot();
                }
            });
        }
        for (std::thread& caller : callers)
            caller.join();
        QTRY_COMPARE(answered.load() + refused.load(), kCallers * kEach);
        QTRY_COMPARE(rowOf(*local.snapshot(), "orders")->stored.records, taken.load());
    }

    void whatWasLeftIsAnsweredBeforeTheEnd()
    {
        std::atomic<int> answered {0};
        {
            auto opened = LocalService::open({});
            QVERIFY(opened);
            for (int i = 0; i < 200; ++i)
                QVERIFY((*opened)->submit(ListStreams {},
                                          [&](const Result<ApiAnswer>&) { ++answered; }));
        }
        QCOMPARE(answered.load(), 200);
    }
};

QTEST_APPLESS_MAIN(LocalServiceTest)
#include "tst_local_service.moc"
