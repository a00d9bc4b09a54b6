#include <QTest>

#include "core/engine/resharding.h"

using namespace shardscope;

namespace {

std::vector<ShardMap::Entry> even(std::uint32_t count)
{
    std::vector<ShardMap::Entry> open;
    for (std::uint32_t i = 0; i < count; ++i)
        open.push_back({evenRange(i, count), ShardSlot {i}});
    return open;
}

/// Plays a plan: what is open afterwards, by range.
std::vector<ShardMap::Entry> play(std::vector<ShardMap::Entry> open, const ReshardPlan& plan)
{
    std::uint32_t next = 0;
    for (const auto& e : open)
        next = std::max(next, e.slot.value + 1);
    for (const ReshardStep& step : plan.steps) {
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (open[i].slot != step.shard)
                continue;
            const HashKeyRange range = open[i].range;
            if (step.kind == ReshardStep::Kind::Split) {
                open[i] = {{range.start, HashKey {step.cut.value - 1}}, ShardSlot {next++}};
                open.insert(open.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                            {{step.cut, range.end}, ShardSlot {next++}});
            } else {
                open[i] = {{range.start, open[i + 1].range.end}, ShardSlot {next++}};
                open.erase(open.begin() + static_cast<std::ptrdiff_t>(i) + 1);
            }
            break;
        }
    }
    return open;
}

QString slotsOf(const std::vector<ShardMap::Entry>& open)
{
    QStringList out;
    for (const auto& e : open)
        out << QString::number(e.slot.value);
    return out.join(QLatin1Char(' '));
}

} // namespace

class ReshardingTest : public QObject {
    Q_OBJECT

private slots:
    void sweepsAsObserved_data()
    {
        QTest::addColumn<unsigned>("from");
        QTest::addColumn<int>("to");
        QTest::addColumn<QString>("open");
        QTest::addColumn<int>("most");
        QTest::newRow("two are doubled") << 2U << 4 << "2 3 4 5" << 4;
        QTest::newRow("four are halved") << 4U << 2 << "4 5" << 4;
        QTest::newRow("four become three by way of intermediates") << 4U << 3 << "6 9 10" << 5;
        QTest::newRow("two become three") << 2U << 3 << "2 6 5" << 4;
        QTest::newRow("the same count needs nothing") << 4U << 4 << "0 1 2 3" << 4;
        QTest::newRow("three become six without slivers") << 3U << 6 << "3 4 5 6 7 8" << 6;
        QTest::newRow("six become three without slivers") << 6U << 3 << "6 7 8" << 6;
    }
    void sweepsAsObserved()
    {
        QFETCH(unsigned, from);
        QFETCH(int, to);
        QFETCH(QString, open);
        QFETCH(int, most);
        const ReshardPlan plan = planUniform(even(from), ShardSlot {from}, to);
        QCOMPARE(slotsOf(play(even(from), plan)), open);
        QCOMPARE(plan.openMost, most);
        QCOMPARE(plan.openAfter, to);
    }

    void anyCountLeadsToAnyOther()
    {
        for (unsigned from = 1; from <= 40; ++from) {
            for (int to = 1; to <= 40; ++to) {
                const auto after = play(even(from), planUniform(even(from), ShardSlot {from}, to));
                QCOMPARE(static_cast<int>(after.size()), to);
                U128 next = 0;
                for (const auto& e : after) {
                    QVERIFY2(e.range.start.value == next,
                             qPrintable(QStringLiteral("%1 -> %2").arg(from).arg(to)));
                    QVERIFY(std::abs(e.range.width() * to - 1) < 1e-9);
                    next = e.range.end.value + 1;
                }
                QVERIFY(after.back().range.end == HashKey::max());
            }
        }
    }

    void levelsCountStepsThatWaitForEachOther()
    {
        QCOMPARE(planUniform(even(4), ShardSlot {4}, 8).levels, 1);
        QCOMPARE(planUniform(even(4), ShardSlot {4}, 3).levels, 2);
        QCOMPARE(planHalving(even(4), ShardSlot {4}, 16).levels, 2);
    }

    void halvesTheWidestFirst()
    {
        const ReshardPlan plan = planHalving(even(4), ShardSlot {4}, 6);
        QCOMPARE(slotsOf(play(even(4), plan)), QStringLiteral("4 5 6 7 2 3"));
        const auto many = play(even(3), planHalving(even(3), ShardSlot {3}, 20));
        QCOMPARE(static_cast<int>(many.size()), 20);
    }

    void joinsTheNarrowestFirst()
    {
        const auto halved = play(even(4), planHalving(even(4), ShardSlot {4}, 6));
        const auto joined = play(halved, planJoining(halved, ShardSlot {8}, 4));
        QCOMPARE(static_cast<int>(joined.size()), 4);
        for (const auto& e : joined)
            QCOMPARE(e.range.width(), 0.25);
        QCOMPARE(static_cast<int>(play(even(50), planJoining(even(50), ShardSlot {50}, 1)).size()),
                 1);
    }

    void splitsLeaveBothChildrenRoom()
    {
        const HashKeyRange range {HashKey {100}, HashKey {200}};
        QVERIFY(!canSplitAt(range, HashKey {100}));
        QVERIFY(!canSplitAt(range, HashKey {101}));
        QVERIFY(canSplitAt(range, HashKey {102}));
        QVERIFY(canSplitAt(range, HashKey {199}));
        QVERIFY(!canSplitAt(range, HashKey {200}));
        QVERIFY(!canSplitAt(range, HashKey {50}));
    }
};

QTEST_APPLESS_MAIN(ReshardingTest)
#include "tst_resharding.moc"
