#include <QTest>

#include <cmath>

#include "core/runtime/pacer.h"

using namespace shardscope;

namespace {
const SimTime kStart = kDefaultStart;
SimTime after(double seconds)
{
    return kStart + SimDuration::fromSeconds(seconds);
}
} // namespace

class PacerTest : public QObject {
    Q_OBJECT

private slots:
    void theTargetMovesAtItsSpeed_data()
    {
        QTest::addColumn<double>("speed");
        QTest::addColumn<double>("expected");
        QTest::newRow("real time") << 1.0 << 0.1;
        QTest::newRow("ten times") << 10.0 << 1.0;
        QTest::newRow("the slowest") << 0.1 << 0.01;
        QTest::newRow("slower than the slowest") << 0.01 << 0.01;
        QTest::newRow("the fastest") << 1'000.0 << 100.0;
        QTest::newRow("faster than the fastest") << 5'000.0 << 100.0;
    }
    void theTargetMovesAtItsSpeed()
    {
        QFETCH(double, speed);
        QFETCH(double, expected);
        Pacer pacer;
        pacer.start(speed, kStart, 50.0);
        QVERIFY(pacer.target(kStart, 50.0) == kStart);
        QVERIFY(pacer.target(kStart, 50.1) == after(expected));
    }

    void maxHasNoTarget()
    {
        Pacer pacer;
        pacer.start(Pacer::kMax, kStart, 0);
        QVERIFY(pacer.target(kStart, 0) == SimTime::max());
        QCOMPARE(pacer.secondsUntil(after(100), 0), 0.0);
    }

    void aStallIsForgottenBeyondAQuarterSecond()
    {
        Pacer pacer;
        pacer.start(10, kStart, 0);
        QVERIFY(pacer.target(kStart, 0.25) == after(2.5)); // exactly what may be caught up
        pacer.start(10, kStart, 0);
        QVERIFY(pacer.target(kStart, 8.0) == after(2.5)); // eight seconds asleep
        // From there on it moves at its speed again, as if nothing had been.
        QVERIFY(pacer.target(after(2.5), 8.1) == after(3.5));
        QVERIFY(pacer.target(after(3.5), 8.2) == after(4.5));
    }

    void aRunThatCannotFollowNeverOwesMoreThanAQuarterSecond()
    {
        Pacer pacer;
        pacer.start(1'000, kStart, 0);
        SimTime now = kStart;
        for (int i = 1; i <= 100; ++i) {
            const SimTime target = pacer.target(now, 0.1 * i);
            QVERIFY(target - now <= SimDuration::seconds(250));
            now += SimDuration::seconds(1); // a hundredth of what was asked
        }
    }

    void sleepLastsUntilTheTargetArrives()
    {
        Pacer pacer;
        pacer.start(10, kStart, 5);
        QVERIFY(std::abs(pacer.secondsUntil(after(1), 5) - 0.1) < 1e-9);
        QVERIFY(std::abs(pacer.secondsUntil(after(1), 5.06) - 0.04) < 1e-9);
        QCOMPARE(pacer.secondsUntil(after(1), 5.2), 0.0);
    }

    void theSpeedReachedIsThatOfTheLastHalfSecond()
    {
        Pacer pacer;
        pacer.start(1'000, kStart, 0);
        QCOMPARE(pacer.speedReached(), 0.0);
        double sim = 0;
        const auto run = [&](double fromWall, double toWall, double speed) {
            for (double wall = fromWall; wall < toWall - 1e-9; wall += 0.05) {
                pacer.reached(after(sim), wall);
                sim += 0.05 * speed;
            }
        };
        run(0, 1, 980);
        QVERIFY2(std::abs(pacer.speedReached() - 980) < 0.01,
                 qPrintable(QString::number(pacer.speedReached())));
        run(1, 2, 20); // a second later nothing of the first is left
        QVERIFY2(std::abs(pacer.speedReached() - 20) < 0.01,
                 qPrintable(QString::number(pacer.speedReached())));
        pacer.forgetSpeed();
        QCOMPARE(pacer.speedReached(), 0.0);
    }
};

QTEST_APPLESS_MAIN(PacerTest)
#include "tst_pacer.moc"
