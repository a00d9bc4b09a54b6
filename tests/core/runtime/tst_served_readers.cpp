#include <QTest>

#include <algorithm>
#include <optional>
#include <tuple>

#include "core/engine/service.h"
#include "core/runtime/local_service.h"
#include "core/runtime/served_readers.h"

using namespace shardscope;

namespace {

/// A local service with a stream of one shard that is watched, and a clock the test moves.
struct Watched {
    SimTime now = SimTime::fromSeconds(1'800'000'000);
    std::unique_ptr<LocalService> service;

    Watched()
    {
        auto opened = LocalService::open({.clock = [this] { return now; }, .byHand = true});
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        service = std::move(*opened);
        CreateStream create {.streamName = "orders"};
        create.shardCount = 1;
        ask(create);
        pass(SimDuration::seconds(11));
        service->watch("orders");
    }
    ApiAnswer ask(ApiRequest request)
    {
        std::optional<Result<ApiAnswer>> answer;
        if (!service->submit(std::move(request),
                             [&](Result<ApiAnswer> a) { answer = std::move(a); })
            || !answer || !*answer)
            qFatal("not answered");
        return **std::move(answer);
    }
    void pass(SimDuration time)
    {
        for (const SimTime end = now + time; now < end;) {
            now = std::min(end, now + SimDuration::millis(100));
            service->work();
        }
    }
    void put(int records)
    {
        PutRecords put {.streamName = "orders"};
        for (int i = 0; i < records; ++i)
            put.records.add("key", "data");
        put.records.hashKeys();
        ask(std::move(put));
    }
    std::string iterator()
    {
        return std::get<GetShardIteratorResult>(
                   ask(GetShardIterator {.streamName = "orders", .shardId = "shardId-0"}))
            .shardIterator;
    }
    /// Reads at most `limit` and hands back where to go on.
    std::string read(const std::string& iterator, int limit)
    {
        const auto answer = ask(GetRecords {.shardIterator = iterator, .limit = limit});
        return std::get<GetRecordsResult>(answer).nextShardIterator.value_or(std::string());
    }
    std::vector<ConsumerRow> consumers()
    {
        service->work();
        return service->snapshot()->board->consumers;
    }
};

/// Takes every event.
struct Open : SubscriptionSink {
    int events = 0;
    bool event(SubscribeToShardEvent /*event*/) override
    {
        ++events;
        return true;
    }
    void end(std::optional<Error> /*why*/) override { }
    [[nodiscard]] std::int64_t unsent() const override { return 0; }
};

} // namespace

/// Who reads a served stream, as its board says it.
class ServedReadersTest : public QObject {
    Q_OBJECT

private slots:
    void nobodyReadsUntilSomebodyDoes()
    {
        Watched w;
        w.put(10);
        w.pass(SimDuration::seconds(1));
        QVERIFY(w.consumers().empty());
        w.read(w.iterator(), 4);
        const auto rows = w.consumers();
        QCOMPARE(rows.size(), std::size_t {1});
        QVERIFY(!rows[0].removed);
        QCOMPARE(rows[0].spec.name, std::string(ServedReaders::kPollingName));
        QCOMPARE(rows[0].records, std::int64_t {4});
        QCOMPARE(rows[0].lagRecords, std::int64_t {6});
        QCOMPARE(rows[0].ageMs, std::int64_t {1'000});
        QCOMPARE(rows[0].reading, std::vector<ShardSlot> {ShardSlot(0)});
    }

    void whatIsReadIsOnTheBoardAsEgressAndLag()
    {
        Watched w;
        std::string at = w.iterator();
        for (int tenth = 0; tenth < 30; ++tenth) {
            w.put(10);
            if (tenth % 5 == 0) // twice a second
                at = w.read(at, 10'000);
            w.pass(SimDuration::millis(100));
        }
        const auto board = w.service->snapshot()->board;
        QVERIFY(board->shards[0].second.outBytes > 0);
        QCOMPARE(board->shards[0].second.readCalls, 2.0);
        QCOMPARE(board->consumers[0].callsPerSecond, 2.0);
        QCOMPARE(board->consumers[0].recordsPerSecond, 100.0);
        const auto& totals = board->history.of(Resolution::Ms100).back()->totals;
        QVERIFY(totals.back().consumers[0].present());
        QCOMPARE(totals.back().consumers[0].lagRecords, std::uint32_t {40}); // read 0.4 s ago
    }

    void whoHasNotReadForTenSecondsIsGone()
    {
        Watched w;
        w.read(w.iterator(), 1);
        w.pass(SimDuration::millis(9'900));
        QVERIFY(!w.consumers()[0].removed);
        w.pass(SimDuration::millis(100));
        QVERIFY(w.consumers()[0].removed);
        QCOMPARE(w.consumers()[0].lagRecords, std::int64_t {0});
    }

    void aSubscriptionReadsUnderItsConsumersName()
    {
        Watched w;
        w.ask(RegisterStreamConsumer {.streamName = "orders", .consumerName = "fraud"});
        w.pass(SimDuration::seconds(11));
        auto sink = std::make_shared<Open>();
        bool opened = false;
        QVERIFY(w.service->subscribe(
            {.streamName = "orders", .consumerName = "fraud", .shardId = "shardId-000000000000"},
            sink, [&](const Result<ApiAnswer>& a) { opened = a.has_value(); }));
        QVERIFY(opened);
        w.put(5);
        w.pass(SimDuration::seconds(1));
        QVERIFY(sink->events > 0);
        const auto rows = w.consumers();
        QCOMPARE(rows.size(), std::size_t {1});
        QCOMPARE(rows[0].spec.name, std::string("fraud"));
        QCOMPARE(rows[0].records, std::int64_t {5});
        QCOMPARE(rows[0].lagRecords, std::int64_t {0});
    }

    void namesThatChangeForEverTakeBoundedRoom()
    {
        Watched w;
        ServedReaders readers;
        SimTime now = w.now;
        for (int i = 0; i < 1'000; ++i)
            readers.note("reader-" + std::to_string(i), ShardSlot(0), {},
                         now += SimDuration::millis(1));
        Service service {ServiceOptions {}};
        std::ignore = service.control(CreateStream {.streamName = "s", .shardCount = 1}, now);
        service.advance(now + SimDuration::minutes(1));
        const auto rows = readers.rows(*service.find("s"), now);
        QCOMPARE(rows.size(), std::size_t {32});
        QVERIFY(std::any_of(rows.begin(), rows.end(),
                            [](const ConsumerRow& row) { return row.spec.name == "reader-999"; }));
    }
};

QTEST_APPLESS_MAIN(ServedReadersTest)
#include "tst_served_readers.moc"
