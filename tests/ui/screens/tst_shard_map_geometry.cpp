#include <QTest>

#include "tests/support/sample_snapshot.h"
#include "ui/screens/explore/board_layout.h"
#include "ui/screens/explore/shard_map_geometry.h"
#include "ui/screens/explore/split_preview.h"

using namespace shardscope;
using namespace shardscope::ui;

namespace {

ShardMapGeometry geometry()
{
    ShardMapGeometry g;
    g.axis = {50, 0, 800, 20};
    g.lineage = {50, 20, 800, 100};
    g.nowRow = {50, 122, 800, 40};
    g.heat = {50, 166, 800, 20};
    return g;
}

const ShardRow& rowOf(const Snapshot& s, std::uint32_t slot)
{
    for (const ShardRow& row : s.shards)
        if (row.slot.value == slot)
            return row;
    qFatal("the sample has no such shard");
}

} // namespace

class ShardMapGeometryTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void openShardsTileTheRowOfNow_data()
    {
        QTest::addColumn<int>("shards");
        for (const int n : {4, 16, 64, 1024})
            QTest::addRow("%d shards", n) << n;
    }
    void openShardsTileTheRowOfNow()
    {
        QFETCH(int, shards);
        sample::Options options;
        options.shards = shards;
        options.past = SimDuration::seconds(20);
        const auto s = sample::snapshot(options);
        ShardMapGeometry g = geometry();
        g.now = s->clock.now;
        const ShardMapModel model = mapModel(*s, g.depth);
        QCOMPARE(static_cast<int>(model.open.size()), shards);
        QCOMPARE(model.open.front().left, 0.0);
        QVERIFY(std::abs(model.open.back().right - 1.0) < 1e-12);
        for (std::size_t i = 1; i < model.open.size(); ++i)
            QVERIFY(std::abs(model.open[i].left - model.open[i - 1].right) < 1e-12);
        QCOMPARE(g.rectOf(model.open.front()).left(), 50);
        QVERIFY(std::abs(g.rectOf(model.open.back()).right() - 849) <= 1);
    }

    void parentsLieAboveTheirChildren()
    {
        const auto s = sample::snapshot();
        ShardMapGeometry g = geometry();
        g.now = s->clock.now;
        const ShardMapModel model = mapModel(*s, g.depth);
        const MapShard* parent = find(model, ShardSlot(0));
        const MapShard* child = find(model, ShardSlot(4));
        QVERIFY(parent != nullptr && child != nullptr);
        QVERIFY(!parent->open && child->open);
        QCOMPARE(g.lineageOf(*parent).bottom() + 1, g.lineageOf(*child).top());
        QCOMPARE(g.lineageOf(*child).bottom(), g.lineage.bottom());
    }

    void whatClosedBeforeTheDepthIsGone()
    {
        const auto s = sample::snapshot();
        QVERIFY(find(mapModel(*s, SimDuration::minutes(5)), ShardSlot(0)) != nullptr);
        QVERIFY(find(mapModel(*s, SimDuration::seconds(30)), ShardSlot(0)) == nullptr);
    }

    void zoomKeepsThePlaceUnderThePointer()
    {
        ShardMapGeometry g = geometry();
        const double before = g.fractionAt(300);
        g.zoom(0.25, 300);
        QVERIFY(std::abs(g.fractionAt(300) - before) < 1e-9);
        QVERIFY(std::abs(g.to - g.from - 0.25) < 1e-9);
        g.zoom(100, 300);
        QCOMPARE(g.from, 0.0);
        QCOMPARE(g.to, 1.0);
    }

    void theShardUnderAPlaceIsFound()
    {
        const auto s = sample::snapshot();
        const ShardMapModel model = mapModel(*s, SimDuration::minutes(5));
        QCOMPARE(openShardAt(model, 0.6)->slot, ShardSlot(2));
        QCOMPARE(openShardAt(model, 0.0)->slot, ShardSlot(4));
        QCOMPARE(openShardAt(model, 0.9999)->slot, ShardSlot(3));
    }

    void aSplitSharesTheLoadAndKeepsTheHotKeyWhole()
    {
        const auto s = sample::snapshot();
        const ShardRow& hot = rowOf(*s, 2);
        const double all = hot.minute.percentOfLimit();
        const SplitPreview middle = predictSplit(*s, hot, hot.range.middle());
        QVERIFY(std::abs(middle.leftPercent + middle.rightPercent - all) < 0.01);
        // eu-west lies in the left half with 78 % of the load.
        QVERIFY(middle.leftPercent > 0.78 * all);
        QVERIFY2(middle.sentence.contains(QStringLiteral("eu-west stays whole")),
                 qPrintable(middle.sentence));
        QVERIFY(middle.sentence.contains(QStringLiteral("left child")));
        const SplitPreview early = predictSplit(*s, hot, keyWithin(hot.range, 0.1));
        QVERIFY(early.rightPercent > 0.78 * all);
        QVERIFY(early.sentence.contains(QStringLiteral("right child")));
    }

    void anEvenShardSplitsEvenly()
    {
        const auto s = sample::snapshot();
        const ShardRow& calm = rowOf(*s, 3);
        const SplitPreview middle = predictSplit(*s, calm, calm.range.middle());
        QVERIFY(std::abs(middle.leftPercent - middle.rightPercent) < 0.2 * middle.leftPercent);
        QVERIFY(!middle.sentence.contains(QStringLiteral("stays whole")));
        const SplitPreview equal = predictSplit(*s, calm, equalLoadKey(*s, calm));
        QVERIFY(std::abs(equal.leftPercent - equal.rightPercent) < 0.5);
    }

    void neitherChildMayBeEmpty()
    {
        const auto s = sample::snapshot();
        const ShardRow& row = rowOf(*s, 3);
        QVERIFY(predictSplit(*s, row, HashKey {0}).at > row.range.start);
        QCOMPARE(predictSplit(*s, row, HashKey::max()).at, row.range.end);
        QVERIFY(keyWithin(row.range, 0.0) > row.range.start);
        QVERIFY(keyWithin(row.range, 1.0) <= row.range.end);
    }

    void onlyNeighboursMerge()
    {
        const auto s = sample::snapshot();
        const MergePreview good = predictMerge(*s, ShardSlot(3), ShardSlot(2));
        QVERIFY(good.possible);
        QVERIFY(std::abs(good.percent - rowOf(*s, 2).minute.percentOfLimit()
                         - rowOf(*s, 3).minute.percentOfLimit())
                < 0.01);
        const MergePreview far = predictMerge(*s, ShardSlot(4), ShardSlot(3));
        QVERIFY(!far.possible);
        QVERIFY(far.sentence.contains(QStringLiteral("do not touch")));
        QVERIFY(predictMerge(*s, ShardSlot(0), ShardSlot(2))
                    .sentence.contains(QStringLiteral("closed")));
    }

    void panesNeverOverlap_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("shards");
        for (const QSize size :
             {QSize(564, 480), QSize(980, 690), QSize(1900, 1000), QSize(300, 400)})
            for (const int n : {4, 16, 64, 1024})
                QTest::addRow("%dx%d, %d shards", size.width(), size.height(), n) << size << n;
    }
    void panesNeverOverlap()
    {
        QFETCH(QSize, size);
        QFETCH(int, shards);
        BoardNeeds needs;
        needs.size = size;
        needs.mapLeast = 120;
        needs.plotLeast = {175, 110};
        needs.openShards = shards;
        const BoardLayout layout = layoutBoard(needs);
        QVERIFY(layout.map.bottom() < layout.lower.top());
        for (std::size_t i = 0; i < layout.panes.size(); ++i) {
            QVERIFY(layout.panes[i].height() >= needs.plotLeast.height());
            QVERIFY(layout.panes[i].right() < layout.lower.width());
            QVERIFY(layout.panes[i].bottom() <= layout.contentHeight);
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY(!layout.panes[i].intersects(layout.panes[j]));
        }
        QCOMPARE(layout.scrolls, layout.contentHeight > layout.lower.height());
    }
};

QTEST_GUILESS_MAIN(ShardMapGeometryTest)
#include "tst_shard_map_geometry.moc"
