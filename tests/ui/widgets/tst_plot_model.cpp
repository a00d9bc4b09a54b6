#include <QPointF>
#include <QTest>

#include "ui/widgets/plot_model.h"

using namespace shardscope;
using namespace shardscope::ui;

namespace {

PlotArea area(int width, SimDuration span)
{
    return {QRect(40, 20, width, 100), {kDefaultStart, kDefaultStart + span}, 0, 100};
}

Curve steady(int buckets, SimDuration step, double value)
{
    Curve curve;
    for (int i = 0; i < buckets; ++i)
        curve.points.push_back({kDefaultStart + step * i, step, value, 0});
    return curve;
}

} // namespace

class PlotModelTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void timeAndPixelsAreInverse()
    {
        const PlotArea a = area(300, SimDuration::seconds(60));
        QCOMPARE(a.xOf(kDefaultStart), 40.0);
        QCOMPARE(a.xOf(kDefaultStart + SimDuration::seconds(60)), 340.0);
        for (int x = 40; x <= 340; x += 25)
            QVERIFY(std::abs(a.xOf(a.timeAt(x)) - x) < 0.001);
    }

    void valuesStayInsideThePlot()
    {
        PlotArea a = area(300, SimDuration::seconds(60));
        QCOMPARE(a.yOf(0), 120.0);
        QCOMPARE(a.yOf(100), 20.0);
        QCOMPARE(a.yOf(1000), 20.0);
        QCOMPARE(a.yOf(-5), 120.0);
        a.logarithmic = true;
        a.low = 1;
        a.high = 10'000;
        QCOMPARE(a.yOf(100), 70.0);
        QCOMPARE(a.yOf(0), 120.0);
    }

    void oneBucketAmongThousandsIsStillSeen()
    {
        Curve curve = steady(36'000, SimDuration::millis(100), 10);
        curve.points[20'001].value = 90;
        const PlotArea a = area(300, SimDuration::hours(1));
        const auto columns = columnsOf(curve, a);
        QCOMPARE(columns.size(), std::size_t {300});
        int peaks = 0;
        for (const Column& c : columns) {
            QVERIFY(c.used);
            QCOMPARE(c.least, 10.0);
            peaks += c.most == 90.0 ? 1 : 0;
        }
        QCOMPARE(peaks, 1);
        double highest = 1e9;
        for (const auto& part : linesOf(curve, a))
            for (const QPointF& p : part)
                highest = std::min(highest, p.y());
        QCOMPARE(highest, a.yOf(90));
    }

    void aLineHasAtMostTwoPointsAPixel()
    {
        Curve curve = steady(36'000, SimDuration::millis(100), 10);
        for (std::size_t i = 0; i < curve.points.size(); ++i)
            curve.points[i].value = static_cast<double>(i * 7919 % 101);
        const auto lines = linesOf(curve, area(300, SimDuration::hours(1)));
        QCOMPARE(lines.size(), std::size_t {1});
        QVERIFY(lines[0].size() <= 600);
    }

    void aLevelStretchIsOneSegment()
    {
        const auto lines
            = linesOf(steady(60, SimDuration::seconds(1), 50), area(300, SimDuration::seconds(60)));
        QCOMPARE(lines.size(), std::size_t {1});
        QCOMPARE(lines[0].size(), std::size_t {2});
        QCOMPARE(lines[0][0], QPointF(40, 70));
        QCOMPARE(lines[0][1], QPointF(340, 70));
    }

    void aHoleInTheDataIsAHoleInTheLine()
    {
        Curve curve = steady(60, SimDuration::seconds(1), 50);
        curve.points.erase(curve.points.begin() + 20, curve.points.begin() + 40);
        const auto lines = linesOf(curve, area(300, SimDuration::seconds(60)));
        QCOMPARE(lines.size(), std::size_t {2});
        QCOMPARE(lines[0].back().x(), 140.0);
        QCOMPARE(lines[1].front().x(), 240.0);
    }

    void whatLiesOutsideOfTheWindowIsNotDrawn()
    {
        Curve curve = steady(10, SimDuration::seconds(1), 50);
        PlotArea a = area(300, SimDuration::seconds(60));
        a.window
            = {kDefaultStart + SimDuration::seconds(10), kDefaultStart + SimDuration::seconds(70)};
        QVERIFY(linesOf(curve, a).empty());
        a.window.from = kDefaultStart + SimDuration::seconds(9);
        QVERIFY(!linesOf(curve, a).empty());
    }

    void timeTicksAreRound_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<qint64>("step");
        QTest::addColumn<QString>("first");
        QTest::newRow("ten seconds") << qint64 {10} << qint64 {5} << QStringLiteral("12:00:00");
        QTest::newRow("two minutes") << qint64 {120} << qint64 {30} << QStringLiteral("12:00:00");
        QTest::newRow("an hour") << qint64 {3'600} << qint64 {900} << QStringLiteral("12:00");
        QTest::newRow("a day") << qint64 {86'400} << qint64 {21'600} << QStringLiteral("12:00");
        QTest::newRow("a month") << qint64 {2'592'000} << qint64 {604'800}
                                 << QStringLiteral("01-08");
    }
    void timeTicksAreRound()
    {
        QFETCH(qint64, seconds);
        QFETCH(qint64, step);
        QFETCH(QString, first);
        const auto ticks
            = timeTicks({kDefaultStart, kDefaultStart + SimDuration::seconds(seconds)}, 400, 90);
        QVERIFY(ticks.size() >= 2);
        QCOMPARE(ticks[0].text, first);
        for (std::size_t i = 1; i < ticks.size(); ++i)
            QCOMPARE((ticks[i].at - ticks[i - 1].at).inMicros(), step * 1'000'000);
    }

    void topsAreOneTwoOrFive_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<double>("top");
        QTest::newRow("nothing") << 0.0 << 1.0;
        QTest::newRow("exactly round") << 5.0 << 5.0;
        QTest::newRow("just above") << 5.01 << 10.0;
        QTest::newRow("thousands") << 1'234.0 << 2'000.0;
        QTest::newRow("small") << 0.0031 << 0.005;
    }
    void topsAreOneTwoOrFive()
    {
        QFETCH(double, value);
        QFETCH(double, top);
        QVERIFY(std::abs(niceTop(value) - top) < 1e-9);
    }

    void theCardNamesTheBucketUnderTheCrossHair()
    {
        PlotModel model;
        model.valueText = [](double v) { return QString::number(v); };
        Curve accepted = steady(10, SimDuration::seconds(1), 80);
        accepted.name = QStringLiteral("accepted");
        Curve refused;
        refused.name = QStringLiteral("refused");
        refused.fill = Fill::Hatch;
        refused.points.push_back(
            {kDefaultStart + SimDuration::seconds(4), SimDuration::seconds(1), 120, 80});
        model.curves = {accepted, refused};
        const QStringList at = hoverLines(model, kDefaultStart + SimDuration::millis(4'500));
        QCOMPARE(at,
                 (QStringList {QStringLiteral("12:00:04.0 · 1.0 s"), QStringLiteral("accepted  80"),
                               QStringLiteral("refused  40")}));
        QCOMPARE(hoverLines(model, kDefaultStart + SimDuration::millis(5'500)).size(), 2);
        QVERIFY(hoverLines(model, kDefaultStart + SimDuration::seconds(10)).isEmpty());
    }

    void theTableHasTheNewestBucketFirstAndGapsStayEmpty()
    {
        PlotModel model;
        model.unit = QStringLiteral("records/s");
        model.valueText = [](double v) { return QString::number(v); };
        Curve accepted = steady(3, SimDuration::seconds(1), 80);
        accepted.name = QStringLiteral("accepted");
        Curve refused;
        refused.name = QStringLiteral("a \"name\"");
        refused.fill = Fill::Hatch;
        refused.points.push_back(
            {kDefaultStart + SimDuration::seconds(1), SimDuration::seconds(1), 120, 80});
        model.curves = {accepted, refused};
        const PlotTable all = tableOf(model, 60);
        QCOMPARE(all.heads.size(), 3);
        QCOMPARE(all.rows.size(), std::size_t {3});
        QCOMPARE(all.rows[0],
                 (QStringList {QStringLiteral("12:00:02.0"), QStringLiteral("80"), QString()}));
        QCOMPARE(all.rows[1][2], QStringLiteral("40"));
        QCOMPARE(tableOf(model, 2).rows.size(), std::size_t {2});
        const QList<QByteArray> lines = csvOf(model).split('\n');
        QCOMPARE(
            lines[0],
            QByteArray("time,seconds,\"accepted (records/s)\",\"a \"\"name\"\" (records/s)\""));
        QVERIFY2(lines[1].endsWith("T12:00:00.000Z,1,80,"), lines[1].constData());
        QVERIFY(lines[2].endsWith("T12:00:01.000Z,1,80,40"));
    }
};

QTEST_GUILESS_MAIN(PlotModelTest)
#include "tst_plot_model.moc"
