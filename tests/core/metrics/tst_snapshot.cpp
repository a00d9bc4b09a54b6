#include <QTest>

#include "core/metrics/snapshot.h"

using namespace shardscope;

class SnapshotTest : public QObject {
    Q_OBJECT

private slots:
    void theLimitThatBindsCounts_data()
    {
        QTest::addColumn<double>("bytes");
        QTest::addColumn<double>("records");
        QTest::addColumn<double>("percent");
        QTest::newRow("bytes at the limit") << 1'048'576.0 << 10.0 << 100.0;
        QTest::newRow("records at the limit") << 10.0 << 1'000.0 << 100.0;
        QTest::newRow("bytes ahead of records") << 524'288.0 << 499.0 << 50.0;
        QTest::newRow("records ahead of bytes") << 524'288.0 << 510.0 << 51.0;
        QTest::newRow("nothing") << 0.0 << 0.0 << 0.0;
    }
    void theLimitThatBindsCounts()
    {
        QFETCH(double, bytes);
        QFETCH(double, records);
        QFETCH(double, percent);
        ShardRates accepted;
        accepted.acceptedBytes = bytes;
        accepted.acceptedRecords = records;
        QCOMPARE(accepted.percentOfLimit(), percent);
        ShardRates refused; // what was refused was offered all the same
        refused.refusedBytes = bytes;
        refused.refusedByBytes = records / 2;
        refused.refusedByRecords = records / 2;
        QCOMPARE(refused.percentOfLimit(), percent);
    }

    void readingHasTwoLimits()
    {
        ShardRates rates;
        rates.outBytes = 1'048'576;
        QCOMPARE(rates.readPercentOfLimit(), 50.0);
        rates.readCalls = 5;
        QCOMPARE(rates.readPercentOfLimit(), 100.0);
        rates.outBytes = 4'194'304;
        QCOMPARE(rates.readPercentOfLimit(), 200.0);
    }

    void amplificationIsAttemptsPerFirstTry()
    {
        ProducerRow row;
        QCOMPARE(row.amplification(), 1.0);
        row.firstTries = 100;
        QCOMPARE(row.amplification(), 1.0);
        row.retries = 50;
        QCOMPARE(row.amplification(), 1.5);
    }

    void aShardIsFoundByItsSlot()
    {
        Snapshot snapshot;
        snapshot.shards.resize(2);
        snapshot.shards[0].slot = ShardSlot(4);
        snapshot.shards[1].slot = ShardSlot(1);
        QCOMPARE(snapshot.find(ShardSlot(1)), &snapshot.shards[1]);
        QCOMPARE(snapshot.find(ShardSlot(4)), &snapshot.shards[0]);
        QVERIFY(snapshot.find(ShardSlot(0)) == nullptr);
    }
};

QTEST_APPLESS_MAIN(SnapshotTest)
#include "tst_snapshot.moc"
