#include <QTemporaryDir>
#include <QTest>

#include "tests/core/runtime/kept_service.h"

using namespace shardscope;
using namespace shardscope::testing;

class LocalServiceStoreTest : public QObject {
    Q_OBJECT

private slots:
    void whatWasAcknowledgedIsThereAfterARestart()
    {
        const QTemporaryDir folder;
        SimTime later;
        {
            KeptService kept(folder);
            kept.create("orders", 1);
            QVERIFY(kept.ask(batch("orders", 0, 100)));
            AddTags tag;
            tag.resource.streamName = "orders";
            tag.tags = {{"team", "blue"}};
            QVERIFY(kept.ask(tag));
            later = kept.now + SimDuration::seconds(5);
        }
        KeptService again(folder, later);
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
        const SimTime later = keepEncryptedOrders(folder);
        QVERIFY(QFile::remove(folder.filePath("keys.json")));
        KeptService again(folder, later); // makes a fresh key of the same name
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
            KeptService kept(folder);
            kept.create("orders", 1);
            QVERIFY(kept.ask(batch("orders", 0, 10)));
            SplitShard split {.streamName = "orders", .shardToSplit = "shardId-000000000000"};
            split.newStartingHashKey = "170141183460469231731687303715884105728";
            QVERIFY(kept.ask(split));
            kept.pass(SimDuration::seconds(31));
            QVERIFY(kept.ask(batch("orders", 10, 20)));
            later = kept.now;
        }
        KeptService again(folder, later);
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
            KeptService kept(folder);
            kept.create("orders", 1);
            QVERIFY(kept.ask(batch("orders", 0, 10)));
            QVERIFY(kept.ask(DeleteStream {.streamName = "orders"}));
            kept.pass(SimDuration::minutes(1));
            QVERIFY(kept.service->flush());
            later = kept.now;
        }
        const KeptService again(folder, later);
        QVERIFY(again.service->snapshot()->streams.empty());
        QVERIFY(again.service->snapshot()->store->findings.empty());
    }

    void flushComesBackWhenEverythingIsDurable()
    {
        const QTemporaryDir folder;
        KeptService kept(folder);
        kept.create("orders", 1);
        QVERIFY(kept.service->submit(batch("orders", 0, 10), [](const Result<ApiAnswer>&) {}));
        QVERIFY(kept.service->flush());
    }

    void twoServicesCannotHaveOneFolder()
    {
        const QTemporaryDir folder;
        const KeptService kept(folder);
        const auto second = LocalService::open(
            {.store = LocalService::Store {.folder = folder.path().toStdString()}});
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::BadInput);
    }
};

QTEST_APPLESS_MAIN(LocalServiceStoreTest)
#include "tst_local_service_store.moc"
