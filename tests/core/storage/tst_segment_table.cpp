#include <QTest>

#include "core/storage/segment_table.h"
#include "core/storage/stretch_cache.h"

using namespace shardscope;

namespace {

constexpr std::uint64_t kBlock = 10'000; ///< places and bytes of a block

/// `blocks` blocks a segment, one behind the other in places and files.
SegmentTable tableOf(std::uint64_t segments, std::uint64_t blocks)
{
    SegmentTable table;
    for (std::uint64_t s = 0; s < segments; ++s)
        for (std::uint64_t b = 0; b < blocks; ++b) {
            const std::uint64_t first = (s * blocks + b) * kBlock;
            table.add({.segment = s * blocks * kBlock,
                       .marker = s + 1,
                       .first = first,
                       .end = first + kBlock,
                       .newestMs = static_cast<std::int64_t>(100 * s + b),
                       .offset = 64 + b * kBlock,
                       .fileEnd = 64 + (b + 1) * kBlock});
        }
    return table;
}

DecodedStretch stretchOf(std::size_t size)
{
    DecodedStretch stretch;
    stretch.bytes.assign(size, 's');
    stretch.runs = {{0, size, 0}};
    return stretch;
}

} // namespace

class SegmentTableTest : public QObject {
    Q_OBJECT

private slots:
    void beginsEmpty()
    {
        const SegmentTable table;
        QVERIFY(table.empty());
        QCOMPARE(table.bytes(), 0);
        QVERIFY(!table.find(0).has_value());
    }

    void findsTheStretchOfAPlace()
    {
        const SegmentTable table = tableOf(3, 20);
        QCOMPARE(table.size(), 3U);
        QCOMPARE(table.bytes(), Bytes {3 * (64 + 20 * kBlock)});
        for (std::uint64_t place = 0; place < 60 * kBlock; place += 999) {
            const auto stretch = table.find(place);
            QVERIFY(stretch.has_value());
            const std::uint64_t segment = place / (20 * kBlock);
            QCOMPARE(stretch->segment, segment * 20 * kBlock);
            QCOMPARE(stretch->marker, segment + 1);
            const std::uint64_t offset = 64 + (place - stretch->segment) / kBlock * kBlock;
            QVERIFY(stretch->from <= offset && offset + kBlock <= stretch->to);
            QVERIFY(stretch->to - stretch->from < SegmentTable::kStretchBytes + kBlock);
        }
        QVERIFY(!table.find(60 * kBlock).has_value());
    }

    void dropsTheOldestFirst()
    {
        SegmentTable table = tableOf(2, 3);
        QCOMPARE(table.oldest().newestMs, 2);
        table.dropOldest();
        QCOMPARE(table.oldest().first, 3 * kBlock);
        QCOMPARE(table.oldest().newestMs, 102);
        QCOMPARE(table.bytes(), Bytes {64 + 3 * kBlock});
        QVERIFY(!table.find(3 * kBlock - 1).has_value());
        QVERIFY(table.find(3 * kBlock).has_value());
        table.dropOldest();
        QVERIFY(table.empty());
        QCOMPARE(table.bytes(), 0);
    }

    void aStretchKnowsItsGaps()
    {
        DecodedStretch stretch;
        stretch.bytes = {'a', 'b', 'c', 'd', 'e'};
        stretch.runs = {{10, 12, 0}, {20, 23, 2}};
        QVERIFY(stretch.from(9).empty());
        QVERIFY(stretch.from(10) == "ab");
        QVERIFY(stretch.from(11) == "b");
        QVERIFY(stretch.from(12).empty());
        QVERIFY(stretch.from(19).empty());
        QVERIFY(stretch.from(22) == "e");
        QVERIFY(stretch.from(23).empty());
    }

    void theCacheKeepsWhatWasReadLast()
    {
        StretchCache cache(1'000);
        cache.add({1, 0, 0, 1}, stretchOf(400));
        cache.add({1, 0, 1, 2}, stretchOf(400));
        QVERIFY(cache.find({1, 0, 0, 1}) != nullptr);
        cache.add({1, 0, 2, 3}, stretchOf(400));
        QVERIFY(cache.find({1, 0, 1, 2}) == nullptr);
        QVERIFY(cache.find({1, 0, 0, 1}) != nullptr);
        // One that is larger than all room stays until the next comes.
        cache.add({2, 0, 0, 9}, stretchOf(5'000));
        QVERIFY(cache.find({1, 0, 0, 1}) == nullptr);
        QVERIFY(cache.find({2, 0, 0, 9}) != nullptr);
        cache.add({1, 0, 0, 1}, stretchOf(1'000));
        QVERIFY(cache.find({2, 0, 0, 9}) == nullptr);
        cache.forget(2);
        QVERIFY(cache.find({1, 0, 0, 1}) != nullptr);
        cache.forget(1);
        QVERIFY(cache.find({1, 0, 0, 1}) == nullptr);
    }
};

QTEST_APPLESS_MAIN(SegmentTableTest)
#include "tst_segment_table.moc"
