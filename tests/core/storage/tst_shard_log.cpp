#include <QTest>

#include <deque>
#include <thread>
#include <vector>

#include "core/base/rng.h"
#include "core/storage/shard_log.h"

using namespace shardscope;

namespace {

RecordMeta meta(std::uint64_t number, std::int64_t arrivalMs, std::uint32_t bytes)
{
    return {number, mix64(number), arrivalMs, bytes, 8, 1};
}

/// `count` records, one a millisecond from 1000 on, with 100, 101, 102 … bytes.
ShardLog filled(std::uint64_t count)
{
    ShardLog log;
    for (std::uint64_t i = 0; i < count; ++i)
        log.append(
            meta(i, 1'000 + static_cast<std::int64_t>(i), static_cast<std::uint32_t>(100 + i)));
    return log;
}

std::vector<std::uint64_t> numbers(const ShardLog& log)
{
    std::vector<std::uint64_t> all;
    for (std::uint64_t at = log.begin(); at != log.end();) {
        const auto run = log.from(at);
        for (const RecordMeta& m : run)
            all.push_back(m.source);
        at += run.size();
    }
    return all;
}

} // namespace

class ShardLogTest : public QObject {
    Q_OBJECT

private slots:
    void beginsEmpty()
    {
        ShardLog log;
        QVERIFY(log.empty());
        QCOMPARE(log.begin(), 0U);
        QCOMPARE(log.end(), 0U);
        QCOMPARE(log.bytesStored(), 0U);
        QCOMPARE(log.memory(), 0U);
        QVERIFY(log.from(0).empty());
        QCOMPARE(log.firstAt(0), 0U);
        QCOMPARE(log.trimBefore(INT64_MAX).records, 0U);
    }

    void readsRunsUpToABlock()
    {
        const ShardLog log = filled(300);
        QCOMPARE(log.from(0).size(), ShardLog::kBlockRecords);
        QCOMPARE(log.from(127).size(), 1U);
        QCOMPARE(log.from(128).size(), 128U);
        QCOMPARE(log.from(290).size(), 10U);
        QCOMPARE(log.from(290).front().source, 290U);
        QVERIFY(log.from(300).empty());
        QCOMPARE(numbers(log).size(), 300U);
    }

    void findsTheFirstRecordOfATime_data()
    {
        QTest::addColumn<qint64>("arrivalMs");
        QTest::addColumn<quint64>("position");
        QTest::newRow("before all") << qint64 {0} << quint64 {0};
        QTest::newRow("the first record's") << qint64 {1'000} << quint64 {0};
        QTest::newRow("one later") << qint64 {1'001} << quint64 {1};
        QTest::newRow("last of a block") << qint64 {1'127} << quint64 {127};
        QTest::newRow("first of a block") << qint64 {1'128} << quint64 {128};
        QTest::newRow("the newest") << qint64 {1'499} << quint64 {499};
        QTest::newRow("after all") << qint64 {1'500} << quint64 {500};
    }
    void findsTheFirstRecordOfATime()
    {
        QFETCH(qint64, arrivalMs);
        QFETCH(quint64, position);
        QCOMPARE(filled(500).firstAt(arrivalMs), position);
    }

    void findsTheFirstOfEqualTimes()
    {
        ShardLog log;
        for (std::uint64_t i = 0; i < 600; ++i)
            log.append(meta(i, static_cast<std::int64_t>(i / 200), 1));
        QCOMPARE(log.firstAt(0), 0U);
        QCOMPARE(log.firstAt(1), 200U);
        QCOMPARE(log.firstAt(2), 400U);
        QCOMPARE(log.firstAt(3), 600U);
    }

    void trimsToTheRecord_data()
    {
        QTest::addColumn<qint64>("beforeMs");
        QTest::addColumn<quint64>("records");
        QTest::newRow("nothing is old enough") << qint64 {1'000} << quint64 {0};
        QTest::newRow("one record") << qint64 {1'001} << quint64 {1};
        QTest::newRow("a block less one") << qint64 {1'127} << quint64 {127};
        QTest::newRow("a block") << qint64 {1'128} << quint64 {128};
        QTest::newRow("two blocks and a half") << qint64 {1'320} << quint64 {320};
        QTest::newRow("all but one") << qint64 {1'499} << quint64 {499};
        QTest::newRow("all") << qint64 {1'500} << quint64 {500};
        QTest::newRow("all, and time beyond") << qint64 {INT64_MAX} << quint64 {500};
    }
    void trimsToTheRecord()
    {
        QFETCH(qint64, beforeMs);
        QFETCH(quint64, records);
        ShardLog log = filled(500);
        const auto all = log.bytesStored();
        const ShardLog::Trimmed trimmed = log.trimBefore(beforeMs);
        QCOMPARE(trimmed.records, records);
        QCOMPARE(trimmed.bytes, records * 100 + records * (records - 1) / 2);
        QCOMPARE(log.bytesStored(), all - trimmed.bytes);
        QCOMPARE(log.begin(), records);
        QCOMPARE(log.end(), 500U);
        // Positions stay.
        if (records < 500)
            QCOMPARE(log.from(records).front().source, records);
        log.append(meta(500, 1'500, 7));
        QCOMPARE(log.from(500).front().source, 500U);
        QCOMPARE(log.end(), 501U);
    }

    void trimsWholeBlocksOnly_data()
    {
        QTest::addColumn<qint64>("beforeMs");
        QTest::addColumn<quint64>("records");
        QTest::newRow("the block's newest is not old enough") << qint64 {1'127} << quint64 {0};
        QTest::newRow("the block's newest is just old enough") << qint64 {1'128} << quint64 {128};
        QTest::newRow("into the next block") << qint64 {1'200} << quint64 {128};
        QTest::newRow("the newest block is not full and stays") << qint64 {9'999} << quint64 {384};
    }
    void trimsWholeBlocksOnly()
    {
        QFETCH(qint64, beforeMs);
        QFETCH(quint64, records);
        ShardLog log = filled(500);
        QCOMPARE(log.trimBlocksBefore(beforeMs).records, records);
        QCOMPARE(log.begin(), records);
        // Half a block is gone already: nothing comes back.
        log.trimBefore(1'400);
        QCOMPARE(log.trimBlocksBefore(1'401).records, 0U);
        QCOMPARE(log.begin(), 400U);
    }

    void listsWhatATrimOfBlocksCouldDrop()
    {
        ShardLog log = filled(3 * ShardLog::kBlockRecords - 1);
        log.trimBefore(log.from(5).front().arrivalMs);
        const std::uint64_t gone = log.begin();
        std::vector<ShardLog::FullBlock> blocks;
        log.listFullBlocks(blocks, INT64_MAX);
        // The third block still has room for a record.
        QCOMPARE(blocks.size(), 2U);
        QCOMPARE(blocks[0].records, ShardLog::kBlockRecords - gone);
        QCOMPARE(blocks[1].records, std::uint64_t {ShardLog::kBlockRecords});
        std::vector<ShardLog::FullBlock> some;
        log.listFullBlocks(some, blocks[0].newestMs - 1);
        QCOMPARE(some.size(), 0U);
        log.listFullBlocks(some, blocks[0].newestMs);
        QCOMPARE(some.size(), 1U);
        QCOMPARE(some[0].newestMs, blocks[0].newestMs);
        for (const ShardLog::FullBlock& block : blocks) {
            QCOMPARE(log.trimBlocksBefore(block.newestMs).records, 0U);
            QCOMPARE(log.trimBlocksBefore(block.newestMs + 1).records, block.records);
        }
        blocks.clear();
        log.listFullBlocks(blocks, INT64_MAX);
        QVERIFY(blocks.empty());
    }

    void trimmingGivesMemoryBack()
    {
        ShardLog log = filled(1'280);
        const std::size_t full = log.memory();
        log.trimBefore(1'000 + 640);
        QVERIFY(log.memory() <= full - 5 * sizeof(LogBlock));
        log.trimBefore(INT64_MAX);
        QVERIFY(log.memory() < sizeof(LogBlock));
    }

    void aSteadyStateTakesNoMemory()
    {
        ShardLog log;
        std::size_t before = 0;
        for (std::uint64_t i = 0; i < 200'000; ++i) {
            log.append(meta(i, static_cast<std::int64_t>(i), 1));
            if (i % 50 == 0)
                log.trimBefore(static_cast<std::int64_t>(i) - 1'000);
            if (i == 20'000)
                before = blockMemory();
        }
        QCOMPARE(blockMemory(), before);
        QVERIFY(log.end() - log.begin() >= 1'000 && log.end() - log.begin() <= 1'051);
    }

    void copiesGoTheirOwnWay_data()
    {
        QTest::addColumn<quint64>("count");
        QTest::newRow("empty") << quint64 {0};
        QTest::newRow("one record") << quint64 {1};
        QTest::newRow("a block less one") << quint64 {127};
        QTest::newRow("exactly a block") << quint64 {128};
        QTest::newRow("blocks and a half") << quint64 {450};
    }
    void copiesGoTheirOwnWay()
    {
        QFETCH(quint64, count);
        ShardLog first = filled(count);
        ShardLog second = first;
        ShardLog third = second;
        QCOMPARE(numbers(second), numbers(first));
        const auto add = [&](ShardLog& log, std::uint64_t from) {
            for (std::uint64_t i = 0; i < 300; ++i)
                log.append(meta(from + i, 5'000, 1));
        };
        add(first, 10'000);
        add(second, 20'000);
        const auto expect = [&](const ShardLog& log, std::uint64_t from) {
            const auto all = numbers(log);
            QCOMPARE(all.size(), count + (from != 0 ? 300 : 0));
            for (std::uint64_t i = 0; i < all.size(); ++i)
                QCOMPARE(all[i], i < count ? i : from + i - count);
        };
        expect(first, 10'000);
        expect(second, 20'000);
        expect(third, 0);
        first.trimBefore(INT64_MAX);
        second = ShardLog();
        add(third, 30'000);
        expect(third, 30'000);
        QCOMPARE(third.bytesStored(), filled(count).bytesStored() + 300);
    }

    void aCopyOutlivesItsOriginal()
    {
        ShardLog copy;
        {
            const ShardLog original = filled(200);
            copy = original;
        }
        QCOMPARE(numbers(copy).size(), 200U);
        copy.append(meta(200, 5'000, 1));
        QCOMPARE(copy.from(200).front().source, 200U);
    }

    void copiesShareTheirBlocks()
    {
        const ShardLog log = filled(100'000);
        const std::size_t before = blockMemory();
        std::vector<ShardLog> copies(100, log);
        QCOMPARE(blockMemory(), before);
        QCOMPARE(copies.back().end(), 100'000U);
    }

    void moves()
    {
        ShardLog log = filled(200);
        ShardLog taken = std::move(log);
        taken.append(meta(200, 9'999, 1));
        QCOMPARE(taken.end(), 201U);
        log = std::move(taken);
        log.append(meta(201, 9'999, 1));
        QCOMPARE(numbers(log).back(), 201U);
    }

    void agreesWithAPlainQueue()
    {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const CounterRng rng(seed, 0);
            ShardLog log;
            std::deque<RecordMeta> plain;
            std::uint64_t begin = 0;
            std::int64_t now = 0;
            for (std::uint64_t i = 0; i < 3'000; ++i) {
                now += static_cast<std::int64_t>(rng.below(3 * i, 3));
                const RecordMeta m
                    = meta(i, now, static_cast<std::uint32_t>(rng.below(3 * i + 1, 1'000)));
                log.append(m);
                plain.push_back(m);
                if (rng.below(3 * i + 2, 40) == 0) {
                    const std::int64_t horizon = now - static_cast<std::int64_t>(rng.below(i, 400));
                    const ShardLog::Trimmed trimmed = log.trimBefore(horizon);
                    ShardLog::Trimmed expected;
                    while (!plain.empty() && plain.front().arrivalMs < horizon) {
                        ++expected.records;
                        expected.bytes += plain.front().bytes;
                        plain.pop_front();
                    }
                    begin += expected.records;
                    QVERIFY2(trimmed.records == expected.records,
                             qPrintable(QString::number(seed)));
                    QVERIFY2(trimmed.bytes == expected.bytes, qPrintable(QString::number(seed)));
                }
            }
            QCOMPARE(log.begin(), begin);
            const auto all = numbers(log);
            QCOMPARE(all.size(), plain.size());
            for (std::size_t i = 0; i < all.size(); ++i)
                QCOMPARE(all[i], plain[i].source);
        }
    }

    void blocksMayBeDroppedByAnotherThread()
    {
        ShardLog original = filled(20'000);
        ShardLog copy = original;
        std::thread other([&] { copy = ShardLog(); });
        for (std::uint64_t i = 0; i < 20'000; ++i)
            original.append(meta(i, 100'000, 1));
        original.trimBefore(100'000);
        other.join();
        QCOMPARE(numbers(original).size(), 20'000U);
    }
};

QTEST_APPLESS_MAIN(ShardLogTest)
#include "tst_shard_log.moc"
