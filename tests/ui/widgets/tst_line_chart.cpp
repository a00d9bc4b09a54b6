#include <QAccessible>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "ui/style/palette.h"
#include "ui/widgets/line_chart.h"

using namespace shardscope;
using namespace shardscope::ui;

namespace {

constexpr SimDuration kSecond = SimDuration::seconds(1);

PlotModel model()
{
    PlotModel m;
    m.title = QStringLiteral("Ingest · shard 2");
    m.sentence = QStringLiteral("Shard 2 is offered 132 % of its limit.");
    m.spokenValue = 132;
    m.window = {kDefaultStart, kDefaultStart + SimDuration::seconds(60)};
    m.high = 150;
    m.markRow = true;
    m.valueText = [](double v) { return QString::number(v); };
    Curve accepted;
    for (int i = 0; i < 60; ++i)
        accepted.points.push_back({kDefaultStart + kSecond * i, kSecond, 60, 0});
    Curve refused {QString(), Ink::Refused, Stroke::None, Fill::Hatch, {}};
    refused.points.push_back({kDefaultStart + kSecond * 30, kSecond, 130, 60});
    m.curves = {accepted, refused};
    m.limits.push_back({100, QStringLiteral("W1"), {QStringLiteral("W1 · 1 MiB a second")}});
    m.marks.push_back({kDefaultStart + kSecond * 30, kSecond, 41, QStringLiteral("✕")});
    return m;
}

bool near(QRgb a, const QColor& b)
{
    return std::abs(qRed(a) - b.red()) < 40 && std::abs(qGreen(a) - b.green()) < 40
        && std::abs(qBlue(a) - b.blue()) < 40;
}

int countOf(const QImage& image, const QRect& where, const QColor& color)
{
    int count = 0;
    for (int y = where.top(); y <= where.bottom(); ++y)
        for (int x = where.left(); x <= where.right(); ++x)
            count += image.rect().contains(x, y) && near(image.pixel(x, y), color) ? 1 : 0;
    return count;
}

} // namespace

class LineChartTest : public QObject {
    Q_OBJECT

    static std::unique_ptr<LineChart> shown()
    {
        setLook(Look::Light);
        auto chart = std::make_unique<LineChart>();
        chart->resize(500, 200);
        chart->setModel(model());
        chart->show();
        return chart;
    }

private slots:
    void theLimitLineLiesAtItsValue()
    {
        const auto chart = shown();
        const QImage image = chart->grab().toImage();
        const PlotArea a = chart->area();
        const int expected = qRound(a.yOf(100));
        int best = -1;
        int most = 0;
        for (int y = a.rect.top() + 2; y < a.rect.bottom() - 2; ++y) {
            // Left of the label and of the refusals.
            const int n = countOf(image, QRect(a.rect.left(), y, 150, 1), palette().limit);
            if (n > most) {
                most = n;
                best = y;
            }
        }
        QVERIFY(most > 60);
        QVERIFY2(std::abs(best - expected) <= 1, qPrintable(QString::number(best - expected)));
    }

    void theCurveIsDrawnByItsValue()
    {
        const auto chart = shown();
        const QImage image = chart->grab().toImage();
        const PlotArea a = chart->area();
        const int y = qRound(a.yOf(60));
        QVERIFY(countOf(image, QRect(a.rect.left() + 5, y - 1, 100, 3), palette().ingest) >= 95);
    }

    void refusalsAreHatchedInTheirBucketAndNowhereElse()
    {
        const auto chart = shown();
        const QImage image = chart->grab().toImage();
        const PlotArea a = chart->area();
        const int left = qRound(a.xOf(kDefaultStart + kSecond * 30));
        const int right = qRound(a.xOf(kDefaultStart + kSecond * 31));
        const int top = qRound(a.yOf(130));
        const int bottom = qRound(a.yOf(60));
        QVERIFY(countOf(image, QRect(left, top, right - left, bottom - top), palette().refused)
                > 5);
        QCOMPARE(countOf(image, QRect(a.rect.left(), top, left - a.rect.left() - 2, bottom - top),
                         palette().refused),
                 0);
        QCOMPARE(countOf(image, QRect(right + 2, top, a.rect.right() - right - 2, bottom - top),
                         palette().refused),
                 0);
    }

    void theMarkStandsUnderItsBucket()
    {
        const auto chart = shown();
        const QImage image = chart->grab().toImage();
        const QRect row = chart->markRow();
        const int x = qRound(chart->area().xOf(kDefaultStart + SimDuration::millis(30'500)));
        const auto inked = [&](int from, int to) {
            int count = 0;
            for (int column = from; column < to; ++column)
                for (int y = row.top() + 1; y <= row.bottom(); ++y)
                    count += qRed(image.pixel(column, y)) - qBlue(image.pixel(column, y)) > 60;
            return count;
        };
        QVERIFY(inked(x - 6, x + 7) > 4);
        QCOMPARE(inked(row.left(), x - 8), 0);
        QCOMPARE(inked(x + 9, row.right()), 0);
    }

    void pointingRepaintsNothingBelowTheCrossHair()
    {
        const auto chart = shown();
        const QImage before = chart->grab().toImage();
        chart->setCursor(kDefaultStart + kSecond * 10);
        const QImage with = chart->grab().toImage();
        const PlotArea a = chart->area();
        const int x = qRound(a.xOf(kDefaultStart + kSecond * 10));
        for (int column = 0; column < before.width(); ++column)
            if (column != x)
                for (int y = 0; y < before.height(); ++y)
                    QCOMPARE(with.pixel(column, y), before.pixel(column, y));
        QVERIFY(with.pixel(x, a.rect.top() + 5) != before.pixel(x, a.rect.top() + 5));
    }

    void draggingChoosesAWindow()
    {
        const auto chart = shown();
        QSignalSpy spy(chart.get(), &LineChart::windowChosen);
        const PlotArea a = chart->area();
        const int y = a.rect.center().y();
        const QPoint from(qRound(a.xOf(kDefaultStart + kSecond * 40)), y);
        const QPoint to(qRound(a.xOf(kDefaultStart + kSecond * 10)), y);
        QTest::mousePress(chart.get(), Qt::LeftButton, {}, from);
        QTest::mouseMove(chart.get(), to);
        QTest::mouseRelease(chart.get(), Qt::LeftButton, {}, to);
        QCOMPARE(spy.size(), 1);
        const auto window = spy[0][0].value<TimeWindow>();
        QVERIFY(std::abs((window.from - kDefaultStart).inSeconds() - 10) < 0.2);
        QVERIFY(std::abs((window.to - kDefaultStart).inSeconds() - 40) < 0.2);
    }

    void aClickOnAMarkAsksForIt()
    {
        const auto chart = shown();
        QSignalSpy mark(chart.get(), &LineChart::markChosen);
        QSignalSpy window(chart.get(), &LineChart::windowChosen);
        const int x = qRound(chart->area().xOf(kDefaultStart + SimDuration::millis(30'500)));
        QTest::mouseClick(chart.get(), Qt::LeftButton, {}, {x, chart->markRow().center().y()});
        QCOMPARE(mark.size(), 1);
        QCOMPARE(window.size(), 0);
    }

    void aDoubleClickGoesBack()
    {
        const auto chart = shown();
        QSignalSpy spy(chart.get(), &LineChart::backAsked);
        QTest::mouseDClick(chart.get(), Qt::LeftButton, {}, chart->area().rect.center());
        QCOMPARE(spy.size(), 1);
    }

    void itSpeaksItsNameSentenceAndValue()
    {
        const auto chart = shown();
        QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(chart.get());
        QVERIFY(spoken != nullptr);
        QCOMPARE(spoken->role(), QAccessible::Chart);
        QCOMPARE(spoken->text(QAccessible::Name), QStringLiteral("Ingest · shard 2"));
        QCOMPARE(spoken->text(QAccessible::Description),
                 QStringLiteral("Shard 2 is offered 132 % of its limit."));
        QVERIFY(spoken->valueInterface() != nullptr);
        QCOMPARE(spoken->valueInterface()->currentValue().toDouble(), 132.0);
    }
};

QTEST_MAIN(LineChartTest)
#include "tst_line_chart.moc"
