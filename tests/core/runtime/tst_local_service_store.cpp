#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <future>
#include <memory>
#include <optional>

#include "core/runtime/local_service.h"

using namespace shardscope;

namespace {

/// A local service in a folder, whose clock the test moves.
struct Kept {
    SimTime now = SimTime::fromSeconds(1'800'000'000);
    std::unique_ptr<LocalService> service;

    explicit Kept(const QTemporaryDir& folder, SimTime begin = {})
    {
        now = std::max(now, begin);
        auto opened = LocalService::open(
            {.store = LocalService::Store {.folder = folder.path().toStdString()},
             .clock = [this] { return now; },
             .byHand = true});
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        service = std::move(*opened);
    }
    /// Waits for the disk, which answers from its own thread.
    Result<ApiAnswer> ask(ApiRequest request)
    {
        auto answer = std::make_shared<std::promise<Result<ApiAnswer>>>();
        auto got = answer->get_future();
        if (!service->submit(std::move(request),
                             [answer](Result<ApiAnswer> a) { answer->set_value(std::move(a)); }))
            return fail(ErrorCode::Busy, "full");
        while (got.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready)
            service->work();
        return got.get();
    }
    void pass(SimDuration time)
    {
        for (const SimTime end = now + time; now < end;) {
            now = std::min(end, now + SimDuration::seconds(1));
            service->work();
        }
    }
    void create(const std::string& name, std::int64_t shards)
    {
        CreateStream create {.streamName = name};
        create.shardCount = shards;
        QVERIFY(ask(create));
        pass(SimDuration::seconds(11));
    }
    std::vector<std::string> read(const std::string& stream, const std::string& shard)
    {
        std::vector<std::string> out;
        const auto start = ask(GetShardIterator {.streamName = stream, .shardId = shard});
        if (!start)
            return out;
        const auto got = ask(
            GetRecords {.shardIterator = std::get<GetShardIteratorResult>(*start).shardIterator});
        if (!got)
            return out;
        const RecordPage& page = std::get<GetRecordsResult>(*got).records;
        for (std::size_t i = 0; i < page.rows.size(); ++i)
            out.emplace_back(page.data(i));
        return out;
    }
};

PutRecords batch(const std::string& stream, int from, int to)
{
    PutRecords put {.streamName = stream};
    for (int i = from; i < to; ++i)
        put.records.add("key", "data-" + std::to_string(i));
    put.records.hashKeys();
    return put;
}

} // namespace

class LocalServiceStoreTest : public QObject {
    Q_OBJECT

private slots:
    void whatWasAcknowledgedIsThereAfterARestart()
    {
        const QTemporaryDir folder;
        SimTime later;
        {
            Kept kept(folder);
            kept.create("orders", 1);
            QVERIFY(kept.ask(batch("orders", 0, 100)));
            AddTags tag;
            tag.resource.streamName = "orders";
            tag.tags = {{"team", "blue"}};
            QVERIFY(kept.ask(tag));
            later = kept.now + SimDuration::seconds(5);
        }
        Kept again(folder, later);
        const auto before = again.read("orders", "shardId-000000000000");
        QCOMPARE(before.size(), std::size_t {100});
        QCOMPARE(before.front(), std::string("data-0"));
        QCOMPARE(before.back(), std::string("data-99"));
        QVERIFY(again.ask(batch("orders", 100, 101)));
        again.now += SimDuration::seconds(1);
        const auto after = again.read("orders", "shardId-000000000000");
        QCOMPARE(after.size(), std::size_t {101});
        QCOMPARE(after.back(), std::string("data-100"));
        again.service->work();
        const auto snapshot = again.service->snapshot();
        QCOMPARE(snapshot->streams.at(0).tags.at("team"), std::string("blue"));
        QVERIFY(snapshot->store.has_value());
        QVERIFY(snapshot->store->findings.empty());
        QVERIFY(snapshot->store->bytesOnDisk > 0);
        QCOMPARE(snapshot->streams.at(0).acceptedRecords, 1.0); // no spike out of the past
    }

    void nothingIsWrittenPlainWhenTheKeyFileIsLost()
    {
        const QTemporaryDir folder;
        SimTime later;
        {
            Kept kept(folder);
            kept.create("orders", 1);
            QVERIFY(kept.ask(
                StartStreamEncryption {.streamName = "orders", .keyId = "alias/aws/kinesis"}));
            kept.pass(SimDuration::seconds(20));
            QVERIFY(kept.ask(batch("orders", 0, 3)));
            later = kept.now + SimDuration::seconds(5);
        }
        QVERIFY(QFile::remove(folder.filePath("keys.json")));
        Kept again(folder, later); // makes a fresh key of the same name
        const auto put = again.ask(batch("orders", 3, 4));
        QVERIFY(!put);
        QCOMPARE(put.error().code, ErrorCode::KmsNotFound);
        QVERIFY(
            again.ask(StopStreamEncryption {.streamName = "orders", .keyId = "alias/aws/kinesis"}));
        again.pass(SimDuration::seconds(20));
        QVERIFY(again.ask(
            StartStreamEncryption {.streamName = "orders", .keyId = "alias/aws/kinesis"}));
        again.pass(SimDuration::seconds(20));
        QVERIFY(again.ask(batch("orders", 4, 5)));
    }

    void aSplitSurvivesWithItsRecords()
    {
        const QTemporaryDir folder;
        SimTime later;
        {
            Kept kept(folder);
            kept.create("orders", 1);
            QVERIFY(kept.ask(batch("orders", 0, 10)));
            SplitShard split {.streamName = "orders", .shardToSplit = "shardId-000000000000"};
            split.newStartingHashKey = "170141183460469231731687303715884105728";
            QVERIFY(kept.ask(split));
            kept.pass(SimDuration::seconds(31));
            QVERIFY(kept.ask(batch("orders", 10, 20)));
            later = kept.now;
        }
        Kept again(folder, later);
        std::size_t records = 0;
        for (const char* shard : {"shardId-0", "shardId-1", "shardId-2"})
            records += again.read("orders", shard).size();
        QCOMPARE(records, std::size_t {20});
    }

    void aDeletedStreamIsGoneFromTheFolder()
    {
        const QTemporaryDir folder;
        SimTime later;
        {
            Kept kept(folder);
            kept.create("orders", 1);
            QVERIFY(kept.ask(batch("orders", 0, 10)));
            QVERIFY(kept.ask(DeleteStream {.streamName = "orders"}));
            kept.pass(SimDuration::minutes(1));
            QVERIFY(kept.service->flush());
            later = kept.now;
        }
        const Kept again(folder, later);
        QVERIFY(again.service->snapshot()->streams.empty());
        QVERIFY(again.service->snapshot()->store->findings.empty());
    }

    void flushComesBackWhenEverythingIsDurable()
    {
        const QTemporaryDir folder;
        Kept kept(folder);
        kept.create("orders", 1);
        QVERIFY(kept.service->submit(batch("orders", 0, 10), [](const Result<ApiAnswer>&) {}));
        QVERIFY(kept.service->flush());
    }

    void twoServicesCannotHaveOneFolder()
    {
        const QTemporaryDir folder;
        const Kept kept(folder);
        const auto second = LocalService::open(
            {.store = LocalService::Store {.folder = folder.path().toStdString()}});
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::BadInput);
    }
};

QTEST_APPLESS_MAIN(LocalServiceStoreTest)
#include "tst_local_service_store.moc"
