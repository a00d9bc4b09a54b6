#include <QTest>

#include "core/engine/scaling_policy.h"
#include "tests/core/engine/service_world.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

using Design = ScalingPolicySpec::Design;

/// Feeds a policy minute by minute, far from any stream.
struct Feed {
    ScalingPolicy policy;
    SimTime now = kDefaultStart; ///< a multiple of five minutes
    std::int64_t shards;
    std::vector<PolicyMinute> minutes;

    Feed(const ScalingPolicySpec& spec, std::int64_t count)
        : policy(spec)
        , shards(count)
    {
    }
    /// A minute at shares of the write and read capacity; acts on a wish as a stream would.
    std::optional<std::int64_t> minute(double in, double out = 0, std::int64_t ageMs = 0)
    {
        now += SimDuration::minutes(1);
        const auto n = static_cast<double>(shards) * 60;
        minutes.push_back({now,
                           shards,
                           {0, static_cast<Bytes>(in * n * 1'048'576)},
                           {0, static_cast<Bytes>(out * n * 2'097'152)},
                           ageMs});
        const auto wish = policy.decide(minutes);
        if (wish) {
            policy.acted(shards, *wish, now);
            shards = *wish;
        }
        return wish;
    }
    int minutesUntilWish(double in, int most, double out = 0, std::int64_t ageMs = 0)
    {
        for (int m = 1; m <= most; ++m) {
            if (minute(in, out, ageMs))
                return m;
        }
        return 0;
    }
};

ScalingPolicySpec utils()
{
    return {};
}

} // namespace

class ScalingPolicyTest : public QObject {
    Q_OBJECT

private slots:
    void scalingUtilsGoesUpAfterItsMinutes()
    {
        Feed feed(utils(), 4);
        QCOMPARE(feed.minutesUntilWish(0.74, 60, 0.5), 0);
        Feed busy(utils(), 4);
        QCOMPARE(busy.minutesUntilWish(0.76, 60), 5);
        QCOMPARE(busy.shards, std::int64_t {5});
        QCOMPARE(busy.minutesUntilWish(0.9, 60), 15); // the cool-off
        QCOMPARE(busy.shards, std::int64_t {6});
    }

    void scalingUtilsGoesUpForReadsToo()
    {
        Feed feed(utils(), 4);
        QCOMPARE(feed.minutesUntilWish(0.5, 60, 0.8), 5);
    }

    void scalingUtilsGoesDownWhenBothAreLow()
    {
        Feed reading(utils(), 4);
        for (int i = 0; i < 60; ++i)
            QVERIFY(!reading.minute(i < 15 ? 0.5 : 0.1, 0.5)); // reads hold it up
        Feed idle(utils(), 4);
        for (int i = 0; i < 15; ++i)
            QVERIFY(!idle.minute(0.5, 0.5));
        QCOMPARE(idle.minutesUntilWish(0.1, 60, 0.1), 15);
        QCOMPARE(idle.shards, std::int64_t {3});
        QCOMPARE(idle.minutesUntilWish(0.1, 120, 0.1), 60);
    }

    void scalingUtilsCountsMissingMinutesAsLow()
    {
        Feed feed(utils(), 2);
        QCOMPARE(feed.minute(0), std::optional<std::int64_t>(1)); // users complain about that
        for (int i = 0; i < 100; ++i)
            QVERIFY(!feed.minute(0)); // never below one
    }

    void percentagesAsCodedAndAsDocumented_data()
    {
        QTest::addColumn<int>("shards");
        QTest::addColumn<double>("percent");
        QTest::addColumn<bool>("documented");
        QTest::addColumn<int>("after");
        QTest::newRow("150 % as coded") << 75 << 150.0 << false << 113;
        QTest::newRow("150 % as documented") << 75 << 150.0 << true << 188;
        QTest::newRow("20 % either way") << 10 << 20.0 << false << 12;
        QTest::newRow("20 % either way, documented") << 10 << 20.0 << true << 12;
    }
    void percentagesAsCodedAndAsDocumented()
    {
        QFETCH(int, shards);
        QFETCH(double, percent);
        QFETCH(bool, documented);
        QFETCH(int, after);
        ScalingPolicySpec spec;
        spec.upCount = 0;
        spec.upByPercent = percent;
        spec.asDocumented = documented;
        Feed feed(spec, shards);
        QCOMPARE(feed.minutesUntilWish(0.9, 10), 5);
        QCOMPARE(feed.shards, std::int64_t {after});
    }

    void percentagesDownRoundDifferently_data()
    {
        QTest::addColumn<double>("percent");
        QTest::addColumn<bool>("documented");
        QTest::addColumn<int>("after");
        QTest::newRow("25 % of ten as coded") << 25.0 << false << 8;
        QTest::newRow("25 % of ten as documented") << 25.0 << true << 7;
        QTest::newRow("divided by 1.5 as coded") << 150.0 << false << 6;
        QTest::newRow("divided by 1.5 as documented") << 150.0 << true << 7;
    }
    void percentagesDownRoundDifferently()
    {
        QFETCH(double, percent);
        QFETCH(bool, documented);
        QFETCH(int, after);
        ScalingPolicySpec spec;
        spec.downCount = 0;
        spec.downByPercent = percent;
        spec.asDocumented = documented;
        Feed feed(spec, 10);
        QCOMPARE(feed.minute(0), std::optional<std::int64_t>(after));
    }

    void boundsHold()
    {
        ScalingPolicySpec spec;
        spec.shardsMost = 4;
        Feed feed(spec, 4);
        QCOMPARE(feed.minutesUntilWish(0.9, 60), 0);
        spec.upCount = 10;
        Feed below(spec, 3);
        QCOMPARE(below.minutesUntilWish(0.9, 60), 5);
        QCOMPARE(below.shards, std::int64_t {4});
    }

    void alarmsDoubleAfter25Minutes()
    {
        ScalingPolicySpec spec;
        spec.design = Design::AlarmLambda;
        Feed feed(spec, 2);
        QCOMPARE(feed.minutesUntilWish(0.74, 60), 0);
        QCOMPARE(feed.minutesUntilWish(0.76, 60), 25);
        QCOMPARE(feed.shards, std::int64_t {4});
    }

    void alarmsHalveAfter285Of300Minutes()
    {
        ScalingPolicySpec spec;
        spec.design = Design::AlarmLambda;
        Feed feed(spec, 8);
        QCOMPARE(feed.minutesUntilWish(0.2, 400), 285);
        QCOMPARE(feed.shards, std::int64_t {4});
        Feed late(spec, 8);
        for (int i = 0; i < 15; ++i)
            QVERIFY(!late.minute(0.5)); // three outliers are tolerated
        QCOMPARE(late.minutesUntilWish(0.2, 400), 285);
        Feed four(spec, 8);
        for (int i = 0; i < 20; ++i)
            QVERIFY(!four.minute(0.5)); // a fourth has to leave the 300 minutes first
        QCOMPARE(four.minutesUntilWish(0.2, 400), 285);
        Feed behind(spec, 8);
        QCOMPARE(behind.minutesUntilWish(0.2, 400, 0, 1'800'001), 0); // readers are behind
        Feed one(spec, 1);
        QCOMPARE(one.minutesUntilWish(0, 400), 0); // disarmed
    }

    void aDownNeverFollowsAnUpWithin300Minutes()
    {
        ScalingPolicySpec spec;
        spec.design = Design::AlarmLambda;
        Feed feed(spec, 2);
        QCOMPARE(feed.minutesUntilWish(0.9, 60), 25);
        QVERIFY(feed.minutesUntilWish(0.01, 600) > 270);
    }

    void theSampleLooksAtRecordsOnly()
    {
        ScalingPolicySpec spec;
        spec.design = Design::ApplicationAutoScaling;
        spec.shardsMost = 8;
        ScalingPolicy policy(spec);
        std::vector<PolicyMinute> minutes;
        SimTime now = kDefaultStart;
        const auto minute = [&](std::int64_t shards, std::int64_t records, Bytes bytes) {
            now += SimDuration::minutes(1);
            minutes.push_back({now, shards, {records, bytes}, {}, 0});
            return policy.decide(minutes);
        };
        for (int i = 0; i < 14; ++i)
            QVERIFY(!minute(1, 900, 60 * 1'048'576)); // full by bytes, and nothing happens
        QCOMPARE(minute(1, 1'001, 0), std::optional<std::int64_t>(2)); // its first threshold
        policy.acted(1, 2, now);
        for (int i = 0; i < 9; ++i)
            QVERIFY(!minute(2, 100'000, 0)); // cooling off
        QVERIFY(!minute(2, 96'000, 0)); // 80 % of two shards
        QCOMPARE(minute(2, 96'001, 0), std::optional<std::int64_t>(3));
        policy.acted(2, 3, now);
        // Down only below a sixth of what went up: five minutes against one minute's number.
        for (int i = 0; i < 60; ++i)
            QVERIFY(!minute(3, 29'000, 0));
        int until = 0;
        while (!minute(3, 28'700, 0) && until < 60)
            ++until;
        QVERIFY(until < 20);
    }

    // --- at work on a stream --------------------------------------------------------------------

    void aPolicyScalesItsStream()
    {
        ServiceWorld w(provisioned(2));
        QVERIFY(w.service.attachPolicy(kName, ScalingPolicySpec {}, w.now));
        QVERIFY(w.service.policy(kName).has_value());
        w.offer(SimDuration::minutes(7), 1'800, 50);
        QCOMPARE(w.stream().map().size(), std::size_t {3});
        QCOMPARE(w.stream().shardCountUpdatesLeft(w.now), 9);
        QVERIFY(w.service.attachPolicy(kName, std::nullopt, w.now));
        QVERIFY(!w.service.policy(kName));
        w.offer(SimDuration::minutes(20), 3'000, 50);
        QCOMPARE(w.stream().map().size(), std::size_t {3});
    }

    void scalingUtilsGoesOnByHandWhenUpdatesAreUsedUp()
    {
        ServiceWorld w(provisioned(2));
        for (int i = 0; i < 10; ++i) {
            QVERIFY(w.control(UpdateShardCount {kName, i % 2 == 0 ? 4 : 2}));
            w.wait(SimDuration::seconds(5));
        }
        ScalingPolicySpec spec;
        spec.upCount = 2;
        spec.shardsLeast = 2; // its first, hardly used minute must not take one away
        QVERIFY(w.service.attachPolicy(kName, spec, w.now));
        w.offer(SimDuration::minutes(6), 1'900, 50);
        QCOMPARE(w.stream().map().size(), std::size_t {3}); // one a minute
        w.offer(SimDuration::minutes(2), 1'900, 50);
        QCOMPARE(w.stream().map().size(), std::size_t {4});
    }

    void otherDesignsReportTheRefusal()
    {
        ServiceWorld w(provisioned(2));
        for (int i = 0; i < 10; ++i) {
            QVERIFY(w.control(UpdateShardCount {kName, i % 2 == 0 ? 4 : 2}));
            w.wait(SimDuration::seconds(5));
        }
        ScalingPolicySpec spec;
        spec.design = Design::ApplicationAutoScaling;
        QVERIFY(w.service.attachPolicy(kName, spec, w.now));
        w.offer(SimDuration::minutes(2), 100, 50);
        QCOMPARE(w.stream().map().size(), std::size_t {2});
        const auto events = w.service.takeEvents();
        QVERIFY(std::any_of(events.begin(), events.end(),
                            [](const Event& e) { return e.kind == EventKind::Refused; }));
    }

    void onDemandStreamsTakeNoPolicy()
    {
        ServiceWorld w(onDemand());
        const auto done = w.service.attachPolicy(kName, ScalingPolicySpec {}, w.now);
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Validation);
        ServiceWorld p(provisioned(2));
        QVERIFY(p.service.attachPolicy(kName, ScalingPolicySpec {}, p.now));
        QVERIFY(p.control(UpdateStreamMode {kName, StreamMode::OnDemand}));
        QVERIFY(!p.service.policy(kName)); // the switch detaches it
    }
};

QTEST_APPLESS_MAIN(ScalingPolicyTest)
#include "tst_scaling_policy.moc"
