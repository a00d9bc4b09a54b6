#include <QTest>

#include <deque>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/storage/log_chunk.h"
#include "core/storage/record_log.h"

using namespace shardscope;

namespace {

constexpr std::size_t kHead = sizeof(LogRecordHead);

/// Bytes that are different for each number and at each place.
std::string bytesOf(std::uint64_t number, std::size_t size)
{
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(mix64(number + i / 8) >> (i % 8 * 8));
    return bytes;
}

LogRecordHead headOf(std::uint64_t number, std::int64_t arrivalMs)
{
    return {.position = number,
            .arrivalMs = arrivalMs,
            .hashHigh = mix64(number),
            .shard = static_cast<std::uint32_t>(number % 7),
            .flags = LogRecordHead::kEncrypted};
}

std::string keyOf(std::uint64_t number)
{
    return "key-" + std::to_string(number);
}

std::uint64_t add(RecordLog& log, std::uint64_t number, std::int64_t arrivalMs, std::size_t size)
{
    return log.append(headOf(number, arrivalMs), keyOf(number), bytesOf(number, size));
}

/// Whether the record at `place` is what add() wrote.
bool holds(const RecordLog& log, std::uint64_t place, std::uint64_t number, std::size_t size)
{
    RecordLog::View view;
    return log.read(place, view) && view.head.position == number
        && view.head.hashHigh == mix64(number) && view.head.shard == number % 7
        && view.head.flags == LogRecordHead::kEncrypted && view.key == keyOf(number)
        && view.data == bytesOf(number, size);
}

} // namespace

class RecordLogTest : public QObject {
    Q_OBJECT

private slots:
    void beginsEmptyAndHoldsNoMemory()
    {
        RecordLog log;
        RecordLog::View view;
        QVERIFY(log.empty());
        QCOMPARE(log.end(), 0U);
        QCOMPARE(log.memory(), 0);
        QCOMPARE(log.memoryAfterTrim(INT64_MAX), 0);
        QVERIFY(!log.read(0, view));
        log.trimBefore(INT64_MAX);
        QVERIFY(log.empty());
    }

    void placesAreBytesFromTheBeginning()
    {
        RecordLog log;
        QCOMPARE(log.append({}, "k", "data"), 0U);
        QCOMPARE(log.append({}, "", ""), kHead + 5);
        QCOMPARE(log.end(), 2 * kHead + 5);
        QCOMPARE(log.begin(), 0U);
        RecordLog::View view;
        QVERIFY(log.read(kHead + 5, view));
        QVERIFY(view.key.empty() && view.data.empty());
        QVERIFY(!log.read(log.end(), view));
    }

    void readsWhatWasAppended_data()
    {
        QTest::addColumn<quint64>("size");
        for (const quint64 size :
             {0U, 1U, 63U, 64U, 511U, 512U, 513U, 4000U, 4096U, 70000U, 524000U})
            QTest::addRow("%llu bytes", size) << size;
        QTest::newRow("a MiB") << quint64 {1} * 1_MiB;
        QTest::newRow("a chunk exactly") << quint64 {LogChunk::kLarge} - kHead - keyOf(0).size();
        QTest::newRow("a chunk and one")
            << quint64 {LogChunk::kLarge} - kHead - keyOf(0).size() + 1;
        QTest::newRow("10 MiB") << quint64 {10} * 1_MiB;
    }
    void readsWhatWasAppended()
    {
        QFETCH(quint64, size);
        RecordLog log;
        std::vector<std::uint64_t> places;
        for (std::uint64_t i = 0; i < 9; ++i)
            places.push_back(add(log, i, 1'000, i % 3 == 1 ? 5 : size));
        for (std::uint64_t i = 0; i < 9; ++i)
            QVERIFY(holds(log, places[i], i, i % 3 == 1 ? 5 : size));
    }

    void aLongKeyFits()
    {
        RecordLog log;
        const std::string key(65'535, 'k');
        log.append({}, key, "d");
        RecordLog::View view;
        QVERIFY(log.read(0, view));
        QVERIFY(view.key == key);
        QCOMPARE(view.head.keyBytes, 65'535);
        QCOMPARE(view.head.dataBytes, 1U);
    }

    void aRecordOrTwoCostLittle()
    {
        RecordLog log;
        add(log, 0, 1, 100);
        add(log, 1, 1, 100);
        QVERIFY(log.memory() < 5_KiB);
    }

    void memoryStaysNearWhatIsKept()
    {
        for (const std::size_t size : {20U, 1'000U, 30'000U, 600'000U, 1'100'000U}) {
            RecordLog log;
            for (std::uint64_t i = 0; i * size < 32U << 20; ++i)
                add(log, i, 1, size);
            QVERIFY(log.memory() >= static_cast<Bytes>(log.end()));
            QVERIFY2(log.memory() < static_cast<Bytes>(log.end() + log.end() / 8),
                     qPrintable(QString::number(size)));
        }
    }

    void trimsToTheChunk()
    {
        RecordLog log;
        std::vector<std::uint64_t> places;
        for (std::uint64_t i = 0; i < 20'000; ++i)
            places.push_back(add(log, i, static_cast<std::int64_t>(i), 500));
        const Bytes before = log.memory();
        QCOMPARE(log.memoryAfterTrim(0), before);
        const Bytes after = log.memoryAfterTrim(12'000);
        QVERIFY(after < before);
        log.trimBefore(0);
        QCOMPARE(log.begin(), 0U);
        log.trimBefore(12'000);
        QCOMPARE(log.memory(), after);
        // Nothing that is young enough has gone, and old records no more than fill a chunk.
        QVERIFY(log.begin() <= places[12'000]);
        QVERIFY(places[12'000] - log.begin() <= LogChunk::kLarge);
        RecordLog::View view;
        for (std::uint64_t i = 0; i < 20'000; ++i)
            QCOMPARE(log.read(places[i], view), places[i] >= log.begin());
        QVERIFY(holds(log, places[12'000], 12'000, 500));
    }

    void trimsTheNewestChunkWhenAllOfItIsOld()
    {
        RecordLog log;
        add(log, 0, 999, 10);
        const std::uint64_t second = add(log, 1, 1'000, 10);
        log.trimBefore(1'000);
        QVERIFY(holds(log, second, 1, 10));
        log.trimBefore(1'001);
        QVERIFY(log.empty());
        const std::uint64_t third = add(log, 2, 1'001, 10);
        QCOMPARE(log.begin(), third);
        QVERIFY(holds(log, third, 2, 10));
        QVERIFY(!holds(log, second, 1, 10));
    }

    void aSteadyStateKeepsItsMemory()
    {
        RecordLog log;
        Bytes most = 0;
        for (std::uint64_t i = 0; i < 200'000; ++i) {
            add(log, i, static_cast<std::int64_t>(i), 100);
            if (i % 50 == 0)
                log.trimBefore(static_cast<std::int64_t>(i) - 10'000);
            if (i > 50'000)
                most = std::max(most, log.memory());
        }
        // 10,000 records of 150 bytes, and what a chunk holds more.
        QVERIFY(most < 2_MiB + 512_KiB);
    }

    void copiesGoTheirOwnWay_data()
    {
        QTest::addColumn<quint64>("count");
        QTest::newRow("empty") << quint64 {0};
        QTest::newRow("one record") << quint64 {1};
        QTest::newRow("many chunks") << quint64 {30'000};
    }
    void copiesGoTheirOwnWay()
    {
        QFETCH(quint64, count);
        RecordLog first;
        std::vector<std::uint64_t> places;
        for (std::uint64_t i = 0; i < count; ++i)
            places.push_back(add(first, i, 1, 200));
        RecordLog second = first;
        RecordLog third;
        third = second;
        QVERIFY(second.memory() <= first.memory());
        const std::uint64_t ours = add(first, 70'000, 2, 300);
        const std::uint64_t theirs = add(second, 80'000, 2, 400);
        QCOMPARE(ours, theirs);
        QVERIFY(holds(first, ours, 70'000, 300));
        QVERIFY(holds(second, ours, 80'000, 400));
        RecordLog::View view;
        QVERIFY(!third.read(ours, view));
        first = RecordLog();
        second.trimBefore(INT64_MAX);
        for (std::uint64_t i = 0; i < count; ++i)
            QVERIFY(holds(third, places[i], i, 200));
    }

    void moves()
    {
        RecordLog log;
        add(log, 0, 1, 10);
        RecordLog taken = std::move(log);
        const std::uint64_t second = add(taken, 1, 1, 10);
        log = std::move(taken);
        QVERIFY(holds(log, 0, 0, 10));
        QVERIFY(holds(log, second, 1, 10));
    }

    void agreesWithAPlainQueue()
    {
        struct Plain {
            std::uint64_t place, number;
            std::int64_t arrivalMs;
            std::size_t size;
        };
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const CounterRng rng(seed, 0);
            RecordLog log;
            std::deque<Plain> plain;
            std::int64_t now = 0;
            for (std::uint64_t i = 0; i < 3'000; ++i) {
                now += static_cast<std::int64_t>(rng.below(4 * i, 3));
                const std::size_t size
                    = rng.below(4 * i + 1, rng.below(4 * i + 2, 100) == 0 ? 200'000 : 2'000);
                plain.push_back({add(log, i, now, size), i, now, size});
                if (rng.below(4 * i + 3, 40) == 0)
                    log.trimBefore(now - static_cast<std::int64_t>(rng.below(i, 400)));
                while (plain.front().place < log.begin()) {
                    QVERIFY(plain.front().arrivalMs < now);
                    plain.pop_front();
                }
            }
            QCOMPARE(plain.front().place, log.begin());
            for (const Plain& p : plain)
                QVERIFY2(holds(log, p.place, p.number, p.size), qPrintable(QString::number(seed)));
        }
    }
};

QTEST_APPLESS_MAIN(RecordLogTest)
#include "tst_record_log.moc"
