#include <QTest>

#include <cmath>

#include "core/planner/key_weights.h"
#include "core/planner/plan.h"
#include "core/planner/plan_json.h"
#include "tests/core/planner/plan_samples.h"

using namespace shardscope;

namespace {

PlanResult planned(const PlanRequest& request)
{
    PlanProgress progress;
    const auto result = plan(request, progress);
    if (!result)
        qFatal("%s", result.error().message.c_str());
    return *result;
}

const PlanOption& optionOf(const StreamPlan& stream, PlanMode mode)
{
    for (const PlanOption& option : stream.options)
        if (option.mode == mode)
            return option;
    qFatal("no such option");
}

/// Within `percent` of what the facts print.
bool near(double value, double expected, double percent)
{
    const bool close = std::abs(value - expected) <= std::abs(expected) * percent / 100;
    if (!close)
        qWarning("%g is not within %g %% of %g", value, percent, expected);
    return close;
}

/// Case A of the facts: 50,000 vehicles.
PlanWorkload vehicles()
{
    PlanWorkload w = evenLoad(10'417, 180);
    w.curve = DayCurve::TwoHumps;
    w.peakFactor = 20'000.0 / 10'417;
    w.headroomPercent = 23;
    return w;
}

/// Case B: clicks with a campaign.
PlanWorkload clicks()
{
    PlanWorkload w = evenLoad(3'000, 1'229);
    w.curve = DayCurve::Daily;
    w.peakFactor = 5'000.0 / 3'000;
    w.headroomPercent = 30;
    w.fanOutReaders = 2;
    return w;
}

} // namespace

/// Plans from the workload to the answer; the figures are the worked examples of
/// facts/scaling-and-pricing.md 5.
class PlanTest : public QObject {
    Q_OBJECT
private slots:
    void sizesByTheLimitThatBinds_data()
    {
        QTest::addColumn<double>("records");
        QTest::addColumn<double>("bytes");
        QTest::addColumn<double>("readers");
        QTest::addColumn<double>("headroom");
        QTest::addColumn<int>("shards");
        QTest::addColumn<QString>("limit");
        QTest::newRow("records, bare") << 20'000.0 << 180.0 << 1.0 << 0.0 << 20 << "writeRecords";
        QTest::newRow("records, 77 %") << 20'000.0 << 180.0 << 1.0 << 23.0 << 26 << "writeRecords";
        QTest::newRow("bytes") << 5'000.0 << 1'229.0 << 1.0 << 30.0 << 9 << "writeBytes";
        QTest::newRow("campaign") << 12'000.0 << 1'229.0 << 1.0 << 30.0 << 21 << "writeBytes";
        QTest::newRow("one shard's bytes") << 512.0 << 2'048.0 << 1.0 << 0.0 << 1 << "writeBytes";
        QTest::newRow("a record more") << 513.0 << 2'048.0 << 1.0 << 0.0 << 2 << "writeBytes";
        QTest::newRow("three readers") << 512.0 << 2'048.0 << 3.0 << 0.0 << 2 << "readBytes";
        QTest::newRow("two readers") << 512.0 << 2'048.0 << 2.0 << 0.0 << 1 << "writeBytes";
    }
    void sizesByTheLimitThatBinds()
    {
        QFETCH(double, records);
        QFETCH(double, bytes);
        QFETCH(double, readers);
        QFETCH(double, headroom);
        QFETCH(int, shards);
        QFETCH(QString, limit);
        PlanWorkload w = evenLoad(records, bytes);
        w.sharedReaders = readers;
        w.headroomPercent = headroom;
        PlanRequest request = requestFor(w);
        request.days = 1;
        request.targetRefused = 1;
        const StreamPlan stream = planned(request).streams.front();
        QCOMPARE(stream.fixedShards, std::int64_t {shards});
        QCOMPARE(QString(wordOf(stream.binding)), limit);
    }

    void pricesTheVehicles()
    {
        const StreamPlan s = planned(requestFor(vehicles())).streams.front();
        const PlanOption& fixed = optionOf(s, PlanMode::Fixed);
        QCOMPARE(fixed.shardsFirst, std::int64_t {26});
        QVERIFY(near(*fixed.usd, 668, 0.2));
        QCOMPARE(fixed.refusedShare, 0.0);
        QVERIFY(near(*optionOf(s, PlanMode::Standard).usd, 2'301, 0.2));
        QVERIFY(near(*optionOf(s, PlanMode::Advantage).usd, 3'080, 0.1));
        QCOMPARE(int(s.binding), int(PlanLimit::WriteRecords));
    }

    void aggregatesTheVehicles()
    {
        PlanWorkload w = vehicles();
        w.aggregated = true;
        w.producers = 4;
        const StreamPlan s = planned(requestFor(w)).streams.front();
        const PlanOption& fixed = optionOf(s, PlanMode::Fixed);
        QCOMPARE(fixed.shardsFirst, std::int64_t {5});
        QVERIFY(near(*fixed.usd, 62, 1));
        QVERIFY(near(*optionOf(s, PlanMode::Standard).usd, 614, 2));
    }

    void pricesTheClicks()
    {
        const StreamPlan day = planned(requestFor(clicks())).streams.front();
        QCOMPARE(optionOf(day, PlanMode::Fixed).shardsFirst, std::int64_t {9});
        QVERIFY(near(*optionOf(day, PlanMode::Fixed).usd, 641, 0.2));
        QVERIFY(near(*optionOf(day, PlanMode::Standard).usd, 2'495, 0.2));
        QVERIFY(near(*optionOf(day, PlanMode::Advantage).usd, 3'080, 0.1));

        PlanWorkload w = clicks();
        w.retentionHours = 7 * 24;
        w.headroomPercent = 30;
        const StreamPlan kept = planned(requestFor(w)).streams.front();
        QVERIFY(near(*optionOf(kept, PlanMode::Fixed).usd - *optionOf(day, PlanMode::Fixed).usd,
                     9 * 730 * 0.020, 0.1));
        QVERIFY(
            near(*optionOf(kept, PlanMode::Standard).usd - *optionOf(day, PlanMode::Standard).usd,
                 177.98, 0.3));
        QVERIFY(
            near(*optionOf(kept, PlanMode::Advantage).usd - *optionOf(day, PlanMode::Advantage).usd,
                 40.94, 0.3));
    }

    void holdsTheCampaignWithMoreShardsAndAScheduleWithFewerHours()
    {
        PlanWorkload w = clicks();
        w.campaigns = {{SimDuration::hours(3 * 24 + 20), 2.4, SimDuration::minutes(10),
                        SimDuration::hours(1)}};
        PlanRequest request = requestFor(w);
        request.days = 7;
        const StreamPlan s = planned(request).streams.front();
        const PlanOption& fixed = optionOf(s, PlanMode::Fixed);
        const PlanOption& schedule = optionOf(s, PlanMode::Schedule);
        QCOMPARE(fixed.shardsFirst, std::int64_t {21});
        QCOMPARE(schedule.shardsMost, std::int64_t {21});
        QVERIFY(schedule.meetsTarget);
        QVERIFY(schedule.shardHours < 0.6 * fixed.shardHours);
        QVERIFY(*schedule.usd < *fixed.usd);
        QCOMPARE(s.cheapest, 1);
        // The policy sees the campaign only when it is there.
        QVERIFY(optionOf(s, PlanMode::Policy).refusedShare > schedule.refusedShare);
    }

    void pricesOneWebServer()
    {
        PlanWorkload w = evenLoad(221, 284);
        const StreamPlan s = planned(requestFor(w)).streams.front();
        QCOMPARE(optionOf(s, PlanMode::Fixed).shardsFirst, std::int64_t {1});
        QVERIFY(near(*optionOf(s, PlanMode::Fixed).usd, 19, 1));
        QVERIFY(near(*optionOf(s, PlanMode::Standard).usd, 80, 1));
    }

    void breaksEvenWhereTheFactsDo_data()
    {
        QTest::addColumn<double>("bytes");
        QTest::addColumn<double>("percent");
        QTest::newRow("100 B") << 100.0 << 6.3;
        QTest::newRow("500 B") << 500.0 << 5.2;
        QTest::newRow("1 KiB") << 1'024.0 << 4.2;
        QTest::newRow("5 KiB") << 5'120.0 << 3.6;
        QTest::newRow("25 KiB") << 25'600.0 << 3.6;
    }
    void breaksEvenWhereTheFactsDo()
    {
        QFETCH(double, bytes);
        QFETCH(double, percent);
        PlanRequest request = requestFor(evenLoad(500, bytes));
        request.days = 1;
        const BreakEven b = planned(request).streams.front().breakEven;
        QVERIFY(b.utilisation.has_value());
        QVERIFY(near(100 * *b.utilisation, percent, 1.5));
    }

    void advantagePaysFromTenSevenAndAHalfAndSix_data()
    {
        QTest::addColumn<double>("readers");
        QTest::addColumn<double>("mibps");
        QTest::newRow("one reader") << 1.0 << 10.0;
        QTest::newRow("two readers") << 2.0 << 7.5;
        QTest::newRow("three readers") << 3.0 << 6.0;
    }
    void advantagePaysFromTenSevenAndAHalfAndSix()
    {
        QFETCH(double, readers);
        QFETCH(double, mibps);
        PlanWorkload w = evenLoad(500, 1'024);
        w.sharedReaders = readers;
        PlanRequest request = requestFor(w);
        request.days = 1;
        const BreakEven b = planned(request).streams.front().breakEven;
        QVERIFY(b.advantageFromMiBps.has_value());
        QVERIFY(near(*b.advantageFromMiBps, mibps, 0.5));
    }

    void saysTheSkewOfZipfKeys_data()
    {
        QTest::addColumn<double>("keys");
        QTest::addColumn<double>("exponent");
        QTest::addColumn<double>("top");
        QTest::addColumn<double>("at4");
        QTest::addColumn<double>("at16");
        QTest::addColumn<double>("at64");
        QTest::newRow("1,000, 0.8") << 1e3 << 0.8 << 6.5 << 1.20 << 1.84 << 4.67;
        QTest::newRow("1,000, 1.0") << 1e3 << 1.0 << 13.4 << 1.33 << 2.79 << 8.91;
        QTest::newRow("100,000, 0.6") << 1e5 << 0.6 << 0.4 << 1.02 << 1.06 << 1.22;
        QTest::newRow("100,000, 0.8") << 1e5 << 0.8 << 2.2 << 1.07 << 1.27 << 2.24;
        QTest::newRow("100,000, 1.0") << 1e5 << 1.0 << 8.3 << 1.20 << 2.10 << 5.89;
        QTest::newRow("100,000, 1.2") << 1e5 << 1.2 << 19.6 << 1.48 << 3.70 << 12.9;
    }
    void saysTheSkewOfZipfKeys()
    {
        QFETCH(double, keys);
        QFETCH(double, exponent);
        QFETCH(double, top);
        PlanWorkload w = evenLoad(100, 500);
        w.keys.shape = KeySpec::Shape::Zipf;
        w.keys.count = keys;
        w.keys.exponent = exponent;
        PlanRequest request = requestFor(w);
        request.days = 1;
        const StreamPlan s = planned(request).streams.front();
        QVERIFY(near(100 * s.topKeyShare, top, 8));
        // The facts' rows are means over five sets of random keys, a plan's is of one set.
        for (const SkewRow& row : s.skew) {
            const char* column = row.shards == 4 ? "at4" : row.shards == 16 ? "at16" : "at64";
            if (row.shards == 4 || row.shards == 16 || row.shards == 64) {
                const double expected
                    = *static_cast<const double*>(QTest::qData(column, qMetaTypeId<double>()));
                QVERIFY(near(row.ratio, expected, 25));
                QVERIFY(near(row.usableMiBps * row.ratio, double(row.shards), 0.01));
            }
        }
    }

    void skewIsThatOfTheFactsOverManyKeySets()
    {
        for (const auto& [exponent, count, shards, expected] :
             {std::tuple {0.8, 1'000, 16, 1.84}, std::tuple {1.0, 100'000, 16, 2.10},
              std::tuple {1.0, 100'000, 64, 5.89}, std::tuple {0.0, 1'000, 64, 1.54}}) {
            double sum = 0;
            constexpr int kSets = 25;
            for (int set = 0; set < kSets; ++set) {
                KeySpec keys;
                keys.shape = KeySpec::Shape::Zipf;
                keys.exponent = exponent;
                keys.count = count;
                keys.prefix = "set-" + std::to_string(set) + '-';
                sum += KeyWeights::ofKeys(keys).skew(shards);
            }
            QVERIFY(near(sum / kSets, expected, 12));
        }
    }

    void aHotKeyThatNoCountHelpsIsSaidAndSalted()
    {
        PlanWorkload w = evenLoad(4'000, 400);
        w.keys.shape = KeySpec::Shape::HotShare;
        w.keys.hotShare = 0.4;
        const StreamPlan s = planned(requestFor(w)).streams.front();
        QCOMPARE(int(s.binding), int(PlanLimit::HottestKey));
        QVERIFY(!optionOf(s, PlanMode::Fixed).meetsTarget);
        QVERIFY(!optionOf(s, PlanMode::Standard).meetsTarget);
        QCOMPARE(s.cheapest, -1);
        bool salted = false;
        for (const PlanAdvice& advice : s.advice)
            salted = salted
                || (advice.text.find("Spread each hot key") == 0 && advice.refusedAfter <= 0.001
                    && advice.refusedBefore > 0.1);
        QVERIFY(salted);
        // A little less and the key has room.
        w.keys.hotShare = 0.2;
        QVERIFY(optionOf(planned(requestFor(w)).streams.front(), PlanMode::Fixed).meetsTarget);
    }

    void burstsInsideTheMinuteAskForMore()
    {
        PlanWorkload w = evenLoad(4'000, 400);
        w.headroomPercent = 20;
        const auto shardsWith = [&](double factor) {
            w.burstFactor = factor;
            return optionOf(planned(requestFor(w)).streams.front(), PlanMode::Fixed).shardsFirst;
        };
        QCOMPARE(shardsWith(1), std::int64_t {5});
        QVERIFY(shardsWith(4) > 5);
    }

    void rangesGiveQuantiles()
    {
        PlanWorkload w = evenLoad(4'000, 400);
        QVERIFY(planned(requestFor(w)).streams.front().quantiles.empty());
        w.recordsPerSecond = {2'000, 6'000};
        PlanRequest request = requestFor(w);
        request.days = 1;
        request.samples = 60;
        const StreamPlan s = planned(request).streams.front();
        QCOMPARE(s.quantiles.size(), std::size_t {5});
        const Quantiles& shards = s.quantiles.front().shards;
        QVERIFY(shards.p10 >= 2 && shards.p10 < shards.p50);
        QVERIFY(shards.p50 < shards.p90 && shards.p90 <= 6);
        QCOMPARE(planned(request).streams.front().quantiles.front().shards.p90, shards.p90);
    }

    void threadsDoNotChangeThePlan()
    {
        PlanWorkload w = clicks();
        w.burstFactor = 4;
        w.keys.shape = KeySpec::Shape::Zipf;
        PlanRequest request = requestFor(w);
        request.days = 2;
        const std::string one = planJson(planned(request));
        request.threads = 3;
        QCOMPARE(planJson(planned(request)), one);
    }

    void manyStreamsShareOneCommitment()
    {
        PlanRequest request = requestFor(clicks());
        request.days = 1;
        const double alone = *planned(request).advantageUsd;
        request.streams.push_back(request.streams.front());
        request.streams.back().workload.name = "more";
        const PlanResult both = planned(request);
        QVERIFY(near(*both.advantageUsd, alone, 0.01)); // still below 25 MiB/s each way
        QVERIFY(near(*both.standardUsd, 2 * *both.streams.front().options[3].usd, 0.01));
    }

    void aMissingPriceIsSaid()
    {
        PlanRequest request = requestFor(clicks());
        request.days = 1;
        request.prices.fanOutGb.reset();
        const StreamPlan s = planned(request).streams.front();
        QVERIFY(!optionOf(s, PlanMode::Fixed).usd);
        QVERIFY(optionOf(s, PlanMode::Standard).usd);
        QVERIFY(s.cheapest >= 0 && s.options[std::size_t(s.cheapest)].mode == PlanMode::Standard);
        QVERIFY(planJson(planned(request)).find("\"price\": null") != std::string::npos);
    }

    void cancels()
    {
        PlanProgress progress;
        progress.cancelled = true;
        const auto result = plan(requestFor(clicks()), progress);
        QVERIFY(!result);
        QCOMPARE(int(result.error().code), int(ErrorCode::Busy));
    }

    void refusesWhatCannotBeMeant()
    {
        PlanProgress progress;
        PlanRequest request = requestFor(clicks());
        request.days = 0;
        QVERIFY(!plan(request, progress));
        request.days = 367;
        QVERIFY(!plan(request, progress));
        request.days = 1;
        request.targetRefused = 1.1;
        QVERIFY(!plan(request, progress));
        request.targetRefused = 0.1;
        request.streams.clear();
        QVERIFY(!plan(request, progress));
    }
};

QTEST_APPLESS_MAIN(PlanTest)
#include "tst_plan.moc"
