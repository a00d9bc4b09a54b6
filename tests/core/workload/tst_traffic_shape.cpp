#include <QTest>

#include "core/workload/traffic_shape.h"

using namespace shardscope;

namespace {

constexpr std::int64_t kHour = 3'600'000;
/// Midnight before the default start.
constexpr std::int64_t kMidnight = kDefaultStart.inMillis() - 12 * kHour;

double rateAt(const TrafficShape& shape, std::int64_t ms)
{
    return (shape.volume((ms + 500) * 1000) - shape.volume((ms - 500) * 1000));
}

bool close(double a, double b)
{
    return std::abs(a - b) <= 1e-6 * std::max(1.0, std::abs(b));
}

} // namespace

class TrafficShapeTest : public QObject {
    Q_OBJECT

private slots:
    void aDayHasItsPeakItsTroughAndItsMean()
    {
        RateSpec spec;
        spec.recordsPerSecond = 1000;
        spec.curve = RateSpec::Curve::Daily;
        const TrafficShape shape(spec, SimTime::fromMillis(kMidnight - 48 * kHour));
        QVERIFY(std::abs(rateAt(shape, kMidnight + 20 * kHour) - 1650) < 0.01);
        QVERIFY(std::abs(rateAt(shape, kMidnight + 8 * kHour) - 1650 / 3.5) < 0.01);
        const auto day = shape.before(kMidnight + 24 * kHour) - shape.before(kMidnight);
        QVERIFY(day >= 86'399'999 && day <= 86'400'001);
    }

    void rushHoursStandOut()
    {
        RateSpec spec;
        spec.recordsPerSecond = 1000;
        spec.curve = RateSpec::Curve::TwoHumps;
        const TrafficShape shape(spec, SimTime::fromMillis(kMidnight - 24 * kHour));
        const double rush = rateAt(shape, kMidnight + 8 * kHour);
        QVERIFY(std::abs(rush / rateAt(shape, kMidnight + 3 * kHour) - 4) < 1e-6);
        QVERIFY(std::abs(rateAt(shape, kMidnight + 17 * kHour) - rush) < 1e-3);
        const auto day = shape.before(kMidnight + 24 * kHour) - shape.before(kMidnight);
        QVERIFY(day >= 86'399'999 && day <= 86'400'001);
    }

    void aRampGoesStraightAndStays()
    {
        RateSpec spec;
        spec.recordsPerSecond = 100;
        spec.curve = RateSpec::Curve::Ramp;
        spec.rampTo = 300;
        spec.rampDuration = SimDuration::seconds(10);
        const TrafficShape shape(spec, kDefaultStart);
        const std::int64_t start = kDefaultStart.inMillis();
        QCOMPARE(shape.before(start), std::uint64_t(0));
        QCOMPARE(shape.before(start + 10'000), std::uint64_t(2000));
        QCOMPARE(shape.before(start + 20'000), std::uint64_t(5000));
        QVERIFY(close(rateAt(shape, start + 5000), 200));
    }

    void stepsHoldAndReachTheirFactors()
    {
        RateSpec spec;
        spec.recordsPerSecond = 100;
        spec.curve = RateSpec::Curve::Steps;
        spec.steps = {{SimDuration::seconds(10), 14, SimDuration::seconds(4)},
                      {SimDuration::seconds(20), 0, SimDuration()},
                      {SimDuration::seconds(30), 2, SimDuration()}};
        const TrafficShape shape(spec, kDefaultStart);
        const std::int64_t start = kDefaultStart.inMillis();
        QVERIFY(close(rateAt(shape, start + 5000), 100));
        QVERIFY(close(rateAt(shape, start + 12'000), 750));
        QVERIFY(close(rateAt(shape, start + 18'000), 1400));
        QVERIFY(close(rateAt(shape, start + 25'000), 0));
        QVERIFY(close(rateAt(shape, start + 40'000), 200));
        QCOMPARE(shape.before(start + 20'000), std::uint64_t(1000 + 3000 + 8400));
        QCOMPARE(shape.before(start + 30'000), shape.before(start + 20'000));
        QCOMPARE(TrafficShape::peakRate(spec), 1400.0);
    }

    void aStepInsideATransitionGoesOnFromThere()
    {
        RateSpec spec;
        spec.recordsPerSecond = 100;
        spec.curve = RateSpec::Curve::Steps;
        spec.steps = {{SimDuration::seconds(0), 3, SimDuration::seconds(10)},
                      {SimDuration::seconds(5), 1, SimDuration::seconds(5)}};
        const TrafficShape shape(spec, kDefaultStart);
        const std::int64_t start = kDefaultStart.inMillis();
        QVERIFY(close(rateAt(shape, start + 2500), 150));
        QVERIFY(close(rateAt(shape, start + 7500), 150));
        QVERIFY(close(rateAt(shape, start + 15'000), 100));
    }

    void countsNeverFallAndDoNotDrift_data()
    {
        QTest::addColumn<int>("curve");
        QTest::addColumn<int>("spread");
        using C = RateSpec::Curve;
        using S = RateSpec::Spread;
        QTest::newRow("constant") << int(C::Constant) << int(S::Even);
        QTest::newRow("daily") << int(C::Daily) << int(S::Even);
        QTest::newRow("daily bursts") << int(C::Daily) << int(S::MicroBursts);
        QTest::newRow("humps at once") << int(C::TwoHumps) << int(S::Aligned);
    }
    void countsNeverFallAndDoNotDrift()
    {
        QFETCH(int, curve);
        QFETCH(int, spread);
        RateSpec spec;
        spec.recordsPerSecond = 12'345.678;
        spec.curve = static_cast<RateSpec::Curve>(curve);
        spec.spread = static_cast<RateSpec::Spread>(spread);
        const TrafficShape shape(spec, kDefaultStart);
        const std::int64_t far = kDefaultStart.inMillis() + 365 * 24 * kHour;
        std::uint64_t last = shape.before(far);
        for (std::int64_t ms = far; ms < far + 3000; ++ms) {
            const std::uint64_t now = shape.before(ms);
            QVERIFY2(now >= last, qPrintable(QString::number(ms - far)));
            last = now;
        }
        const double year = 12'345.678 * 365 * 86'400;
        QVERIFY(std::abs(static_cast<double>(shape.before(far)) - year) < 1e-6 * year);
    }
};

QTEST_APPLESS_MAIN(TrafficShapeTest)
#include "tst_traffic_shape.moc"
