#include <QTest>

#include "core/metrics/series.h"

using namespace shardscope;

namespace {

SimTime at(std::int64_t seconds)
{
    return kDefaultStart + SimDuration::seconds(seconds);
}

/// `rows` buckets whose cells count 0, 1, 2 …
std::shared_ptr<const SeriesBlock> block(SimTime start, Resolution r, int rows,
                                         std::vector<ShardSlot> shards)
{
    auto b = std::make_shared<SeriesBlock>();
    b->start = start;
    b->step = stepOf(r);
    b->shards = std::move(shards);
    for (int row = 0; row < rows; ++row) {
        for (std::size_t i = 0; i < b->shards.size(); ++i) {
            b->cells.emplace_back();
            b->cells.back().inRecords = static_cast<std::uint32_t>(b->cells.size() - 1);
        }
        b->totals.emplace_back();
        b->totals.back().openShards = static_cast<std::uint32_t>(row);
    }
    return b;
}

const ShardSlot kTwo(2), kFive(5), kNine(9);

/// 100 ms: the last 10 of 100 s. Seconds and minutes: from the start.
History threeResolutions()
{
    History h;
    h.series[0] = {block(at(90), Resolution::Ms100, 100, {kTwo})};
    h.series[1] = {block(at(0), Resolution::Second, 100, {kTwo})};
    h.series[2] = {block(at(0), Resolution::Minute, 1, {kTwo})};
    return h;
}

} // namespace

class SeriesTest : public QObject {
    Q_OBJECT

private slots:
    void aSampleAddsSumsAndKeepsTheLargestAge()
    {
        ShardSample a;
        a.inBytes = 1;
        a.inRecords = 2;
        a.refusedByBytes = 3;
        a.refusedByRecords = 4;
        a.outRecords = 5;
        a.refusedBytes = 6;
        a.outBytes = 7;
        a.readCalls = 8;
        a.refusedReads = 9;
        a.ageMs = 10;
        ShardSample sum = a;
        a.ageMs = 4;
        sum.add(a);
        QCOMPARE(sum.inBytes, std::uint64_t {2});
        QCOMPARE(sum.inRecords, 4U);
        QCOMPARE(sum.refusedByBytes, 6U);
        QCOMPARE(sum.refusedByRecords, 8U);
        QCOMPARE(sum.outRecords, 10U);
        QCOMPARE(sum.refusedBytes, std::uint64_t {12});
        QCOMPARE(sum.outBytes, std::uint64_t {14});
        QCOMPARE(sum.readCalls, 16U);
        QCOMPARE(sum.refusedReads, 18U);
        QCOMPARE(sum.ageMs, 10U);
        QCOMPARE(sum.offeredRecords(), std::uint64_t {18});
        QCOMPARE(sum.offeredBytes(), std::uint64_t {14});
    }

    void aColumnIsFoundOrNot()
    {
        const auto b = block(at(0), Resolution::Second, 1, {kTwo, kFive, kNine});
        QCOMPARE(b->column(kTwo), std::ptrdiff_t {0});
        QCOMPARE(b->column(kNine), std::ptrdiff_t {2});
        QCOMPARE(b->column(ShardSlot(3)), std::ptrdiff_t {-1});
        QCOMPARE(b->column(ShardSlot(10)), std::ptrdiff_t {-1});
    }

    void pointsBeginInsideTheHalfOpenWindow_data()
    {
        QTest::addColumn<qint64>("fromMs");
        QTest::addColumn<qint64>("toMs");
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("count");
        QTest::newRow("both ends on a bucket") << qint64 {2'000} << qint64 {5'000} << 2 << 3;
        QTest::newRow("a millisecond past a bucket's start")
            << qint64 {2'001} << qint64 {5'000} << 3 << 2;
        QTest::newRow("a millisecond past the last start")
            << qint64 {2'000} << qint64 {5'001} << 2 << 4;
        QTest::newRow("before and after everything")
            << qint64 {-99'000} << qint64 {99'000} << 0 << 10;
        QTest::newRow("up to the first bucket") << qint64 {-5'000} << qint64 {0} << 0 << 0;
        QTest::newRow("from the end on") << qint64 {10'000} << qint64 {20'000} << 0 << 0;
    }
    void pointsBeginInsideTheHalfOpenWindow()
    {
        QFETCH(qint64, fromMs);
        QFETCH(qint64, toMs);
        QFETCH(int, first);
        QFETCH(int, count);
        History h;
        h.series[1] = {block(at(0), Resolution::Second, 4, {kTwo}),
                       block(at(4), Resolution::Second, 6, {kTwo, kFive})};
        const TimeWindow window {at(0) + SimDuration::millis(fromMs),
                                 at(0) + SimDuration::millis(toMs)};
        const auto points = shardPoints(h, Resolution::Second, kTwo, window);
        QCOMPARE(points.size(), static_cast<std::size_t>(count));
        QCOMPARE(streamPoints(h, Resolution::Second, window).size(), points.size());
        for (std::size_t i = 0; i < points.size(); ++i)
            QVERIFY(points[i].at == at(first + static_cast<std::int64_t>(i)));
    }

    void gapsStayGaps()
    {
        History h;
        h.series[1] = {block(at(0), Resolution::Second, 2, {kTwo, kFive}),
                       block(at(2), Resolution::Second, 2, {kFive}),
                       block(at(7), Resolution::Second, 1, {kTwo, kFive})};
        const auto two = shardPoints(h, Resolution::Second, kTwo, {at(0), at(100)});
        QCOMPARE(two.size(), std::size_t {3});
        QVERIFY(two[1].at == at(1));
        QCOMPARE(two[1].sample.inRecords, 2U);
        QVERIFY(two[2].at == at(7));
        QCOMPARE(shardPoints(h, Resolution::Second, kFive, {at(0), at(100)}).size(),
                 std::size_t {5});
        QVERIFY(shardPoints(h, Resolution::Second, kNine, {at(0), at(100)}).empty());
        QVERIFY(shardPoints(h, Resolution::Minute, kTwo, {at(0), at(100)}).empty());
    }

    void theFinestResolutionThatCoversAndFitsIsChosen_data()
    {
        QTest::addColumn<qint64>("from");
        QTest::addColumn<qint64>("to");
        QTest::addColumn<int>("most");
        QTest::addColumn<int>("resolution");
        QTest::newRow("ten fresh seconds") << qint64 {90} << qint64 {100} << 100 << 0;
        QTest::newRow("ten fresh seconds, one bucket short")
            << qint64 {90} << qint64 {100} << 99 << 1;
        QTest::newRow("one second older than the finest")
            << qint64 {89} << qint64 {99} << 1'000 << 1;
        QTest::newRow("all of it in seconds") << qint64 {0} << qint64 {100} << 100 << 1;
        QTest::newRow("all of it, one bucket short") << qint64 {0} << qint64 {100} << 99 << 2;
        QTest::newRow("from before the run began") << qint64 {-500} << qint64 {100} << 600 << 1;
    }
    void theFinestResolutionThatCoversAndFitsIsChosen()
    {
        QFETCH(qint64, from);
        QFETCH(qint64, to);
        QFETCH(int, most);
        QFETCH(int, resolution);
        QCOMPARE(static_cast<int>(resolutionFor(threeResolutions(), {at(from), at(to)}, most)),
                 resolution);
    }

    void aMinuteThatBeganBeforeTheHistoryKnowsNoMoreOfIt()
    {
        History h;
        h.series[0] = {block(at(24), Resolution::Ms100, 600, {kTwo})};
        h.series[1] = {block(at(24), Resolution::Second, 60, {kTwo})};
        h.series[2] = {block(at(0), Resolution::Minute, 1, {kTwo})};
        QVERIFY(resolutionFor(h, {at(0), at(84)}, 1'000) == Resolution::Ms100);
        QVERIFY(resolutionFor(h, {at(0), at(84)}, 100) == Resolution::Second);
    }

    void anEmptyResolutionIsNeverChosen()
    {
        History h = threeResolutions();
        h.series[2].clear();
        QVERIFY(resolutionFor(h, {at(0), at(100)}, 5) == Resolution::Second);
        h.series[1].clear();
        QVERIFY(resolutionFor(h, {at(0), at(100)}, 5) == Resolution::Ms100);
        QVERIFY(resolutionFor(History {}, {at(0), at(100)}, 5) == Resolution::Ms100);
    }
};

QTEST_APPLESS_MAIN(SeriesTest)
#include "tst_series.moc"
