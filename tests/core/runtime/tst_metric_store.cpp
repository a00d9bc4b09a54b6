#include <QTest>

#include <cmath>

#include "core/runtime/metric_store.h"

using namespace shardscope;
using namespace shardscope::cloudwatch;

namespace {

const SimTime kNow = SimTime::fromSeconds(1'800'000'000); // a whole minute

MetricRef metric(const std::string& name = "Lag")
{
    return {"App", name, {{"Worker", "one"}}};
}

PutMetricData put(double value, SimTime at, const std::string& name = "Lag",
                  const std::string& unit = "Count")
{
    Datum datum {name, {{"Worker", "one"}}, at, {}, unit};
    datum.statistics.add(value);
    return {"App", {datum}};
}

GetMetricStatistics ask(SimTime start, SimTime end, std::int64_t period)
{
    return {metric(), start, end, period, {Statistic::Sum}, ""};
}

GetMetricData query(SimTime start, SimTime end, std::int64_t period, Statistic statistic)
{
    GetMetricData get;
    get.queries.push_back({"q", "", metric(), period, statistic, "", true});
    get.start = start;
    get.end = end;
    get.ascending = true;
    return get;
}

} // namespace

class MetricStoreTest : public QObject {
    Q_OBJECT

private slots:
    void samplesOfOneMinuteAreOnePoint()
    {
        MetricStore store;
        QVERIFY(store.answer(put(4, kNow), kNow));
        QVERIFY(store.answer(put(1, kNow + SimDuration::seconds(59)), kNow));
        QVERIFY(store.answer(put(7, kNow + SimDuration::seconds(60)), kNow));
        const auto got = store.answer(ask(kNow, kNow + SimDuration::minutes(2), 60), kNow);
        QVERIFY(got);
        QCOMPARE(got->datapoints.size(), std::size_t {2});
        const StatisticSet& first = got->datapoints[0].statistics;
        QCOMPARE(first.sampleCount, 2.0);
        QCOMPARE(first.sum, 5.0);
        QCOMPARE(first.minimum, 1.0);
        QCOMPARE(first.maximum, 4.0);
        QCOMPARE(got->datapoints[1].at, kNow + SimDuration::minutes(1));
        QCOMPARE(got->unit, std::string("Count"));
    }

    void periodsBeginAtTheStartRoundedDownToTheMinute()
    {
        MetricStore store;
        for (int minute = 0; minute < 10; ++minute)
            QVERIFY(store.answer(put(1, kNow + SimDuration::minutes(minute)), kNow));
        const SimTime start = kNow + SimDuration::seconds(2 * 60 + 34);
        const auto got = store.answer(ask(start, kNow + SimDuration::minutes(10), 300), kNow);
        QVERIFY(got);
        QCOMPARE(got->datapoints.size(), std::size_t {2});
        QCOMPARE(got->datapoints[0].at, kNow + SimDuration::minutes(2));
        QCOMPARE(got->datapoints[0].statistics.sum, 5.0);
        QCOMPARE(got->datapoints[1].at, kNow + SimDuration::minutes(7));
        QCOMPARE(got->datapoints[1].statistics.sum, 3.0);
    }

    void theEndIsNotIncludedAndEmptyPeriodsAreLeftOut()
    {
        MetricStore store;
        QVERIFY(store.answer(put(1, kNow), kNow));
        QVERIFY(store.answer(put(1, kNow + SimDuration::minutes(5)), kNow));
        const auto until = store.answer(ask(kNow, kNow + SimDuration::minutes(5), 60), kNow);
        QVERIFY(until);
        QCOMPARE(until->datapoints.size(), std::size_t {1});
        const auto past = store.answer(ask(kNow, kNow + SimDuration::minutes(6), 60), kNow);
        QVERIFY(past);
        QCOMPARE(past->datapoints.size(), std::size_t {2});
    }

    void secondsAreThereForThreeHours()
    {
        MetricStore store;
        QVERIFY(store.answer(put(1, kNow + SimDuration::seconds(3)), kNow));
        QVERIFY(store.answer(put(2, kNow + SimDuration::seconds(12)), kNow));
        const GetMetricData fine
            = query(kNow, kNow + SimDuration::minutes(1), 10, Statistic::Average);
        auto got = store.answer(fine, kNow);
        QVERIFY(got);
        QCOMPARE(got->results[0].values.size(), std::size_t {2});
        QCOMPARE(got->results[0].values[1].first, kNow + SimDuration::seconds(10));
        const SimTime later = kNow + SimDuration::hours(3) + SimDuration::minutes(1);
        QVERIFY(store.answer(put(3, later), later));
        got = store.answer(fine, later);
        QVERIFY(got);
        QVERIFY(got->results[0].values.empty());
        const auto minutes = store.answer(ask(kNow, kNow + SimDuration::minutes(1), 60), later);
        QCOMPARE(minutes->datapoints.size(), std::size_t {1});
    }

    void anOldTimestampFindsItsPlace()
    {
        MetricStore store;
        for (const int minute : {5, 1, 3, 1})
            QVERIFY(store.answer(put(1, kNow - SimDuration::minutes(minute)), kNow));
        const auto got = store.answer(ask(kNow - SimDuration::minutes(6), kNow, 60), kNow);
        QVERIFY(got);
        QCOMPARE(got->datapoints.size(), std::size_t {3});
        QCOMPARE(got->datapoints[2].statistics.sampleCount, 2.0);
    }

    void statisticsComeFromTheSet_data()
    {
        QTest::addColumn<int>("statistic");
        QTest::addColumn<double>("value");
        QTest::newRow("count") << int(Statistic::SampleCount) << 2.0;
        QTest::newRow("sum") << int(Statistic::Sum) << 10.0;
        QTest::newRow("average") << int(Statistic::Average) << 5.0;
        QTest::newRow("minimum") << int(Statistic::Minimum) << 2.0;
        QTest::newRow("maximum") << int(Statistic::Maximum) << 8.0;
    }
    void statisticsComeFromTheSet()
    {
        QFETCH(int, statistic);
        QFETCH(double, value);
        MetricStore store;
        QVERIFY(store.answer(put(2, kNow), kNow));
        QVERIFY(store.answer(put(8, kNow), kNow));
        const auto got = store.answer(
            query(kNow, kNow + SimDuration::minutes(1), 60, static_cast<Statistic>(statistic)),
            kNow);
        QVERIFY(got);
        QCOMPARE(got->results[0].label, std::string("Lag"));
        QCOMPARE(got->results[0].values.at(0).second, value);
    }

    void pagesCountPointsOverAllQueries()
    {
        MetricStore store;
        for (int minute = 0; minute < 4; ++minute) {
            QVERIFY(store.answer(put(minute, kNow + SimDuration::minutes(minute)), kNow));
            QVERIFY(store.answer(put(10 + minute, kNow + SimDuration::minutes(minute), "B"), kNow));
        }
        GetMetricData get = query(kNow, kNow + SimDuration::minutes(4), 60, Statistic::Sum);
        get.queries.push_back(get.queries[0]);
        get.queries[1].metric = metric("B");
        get.maxDatapoints = 3;
        std::vector<double> values;
        for (int pages = 0; pages < 3; ++pages) {
            const auto got = store.answer(get, kNow);
            QVERIFY(got);
            for (const MetricDataResult& row : got->results)
                for (const auto& [at, value] : row.values)
                    values.push_back(value);
            QCOMPARE(got->nextToken.empty(), pages == 2);
            get.nextToken = got->nextToken;
        }
        QCOMPARE(values, (std::vector<double> {0, 1, 2, 3, 10, 11, 12, 13}));
        get.nextToken.clear();
        get.maxDatapoints = 8;
        QVERIFY(store.answer(get, kNow)->nextToken.empty());
        get.ascending = false;
        QCOMPARE(store.answer(get, kNow)->results[0].values[0].second, 3.0);
    }

    void listsWhatHasDataByFilter()
    {
        MetricStore store;
        QVERIFY(store.answer(put(1, kNow), kNow));
        QVERIFY(store.answer(put(1, kNow, "B"), kNow));
        store.add({"AWS/Kinesis", "IncomingBytes", {{"StreamName", "s"}}}, "Bytes", kNow,
                  {1, 1, 1, 1});
        QCOMPARE(store.answer(ListMetrics {}, kNow)->metrics.size(), std::size_t {3});
        QCOMPARE(store.answer(ListMetrics {"App", "", {}, ""}, kNow)->metrics.size(),
                 std::size_t {2});
        QCOMPARE(store.answer(ListMetrics {"", "B", {}, ""}, kNow)->metrics.size(),
                 std::size_t {1});
        QCOMPARE(store.answer(ListMetrics {"", "", {{"Worker", std::nullopt}}, ""}, kNow)
                     ->metrics.size(),
                 std::size_t {2});
        QVERIFY(store.answer(ListMetrics {"", "", {{"Worker", "two"}}, ""}, kNow)->metrics.empty());
        const SimTime later = kNow + SimDuration::days(15) + SimDuration::minutes(1);
        QVERIFY(store.answer(ListMetrics {}, later)->metrics.empty());
    }

    void listsFiveHundredAPage()
    {
        MetricStore store;
        for (int i = 0; i < 501; ++i)
            QVERIFY(store.answer(put(1, kNow, "m" + std::to_string(i)), kNow));
        const auto first = store.answer(ListMetrics {}, kNow);
        QCOMPARE(first->metrics.size(), std::size_t {500});
        const auto second = store.answer(ListMetrics {"", "", {}, first->nextToken}, kNow);
        QCOMPARE(second->metrics.size(), std::size_t {1});
        QVERIFY(second->nextToken.empty());
    }

    void unitsAreKeptApart()
    {
        MetricStore store;
        QVERIFY(store.answer(put(1, kNow), kNow));
        QVERIFY(store.answer(put(5, kNow, "Lag", "Bytes"), kNow));
        GetMetricStatistics one = ask(kNow, kNow + SimDuration::minutes(1), 60);
        one.unit = "Bytes";
        QCOMPARE(store.answer(one, kNow)->datapoints.at(0).statistics.sum, 5.0);
        one.unit = "Seconds";
        QVERIFY(store.answer(one, kNow)->datapoints.empty());
    }

    void wrongInputIsRefusedWhole()
    {
        MetricStore store;
        PutMetricData bad = put(1, kNow);
        bad.data.push_back(bad.data[0]);
        bad.data[1].statistics.sum = std::nan("");
        QVERIFY(!store.answer(bad, kNow));
        QCOMPARE(store.points(), std::size_t {0});
        bad = put(1, kNow);
        bad.metricNamespace = "AWS/Kinesis";
        QVERIFY(!store.answer(bad, kNow));
        bad = put(1, kNow - SimDuration::days(14) - SimDuration::seconds(1));
        QVERIFY(!store.answer(bad, kNow));
        QVERIFY(store.answer(put(1, kNow - SimDuration::days(14)), kNow));
        QVERIFY(store.answer(put(1, kNow + SimDuration::hours(2)), kNow));
        QVERIFY(
            !store.answer(put(1, kNow + SimDuration::hours(2) + SimDuration::seconds(1)), kNow));
        bad = put(1, kNow);
        bad.data.resize(1'001, bad.data[0]);
        QVERIFY(!store.answer(bad, kNow));
        for (int i = 0; i < 31; ++i)
            bad.data[0].dimensions["d" + std::to_string(i)] = "v";
        bad.data.resize(1);
        QVERIFY(!store.answer(bad, kNow));
    }

    void queriesAreChecked()
    {
        MetricStore store;
        for (const std::int64_t period : {std::int64_t {0}, std::int64_t {45}, std::int64_t {61}})
            QVERIFY(!store.answer(ask(kNow, kNow + SimDuration::minutes(1), period), kNow));
        QVERIFY(!store.answer(ask(kNow, kNow, 60), kNow));
        QVERIFY(store.answer(ask(kNow, kNow + SimDuration::minutes(1'440), 60), kNow));
        QVERIFY(!store.answer(ask(kNow, kNow + SimDuration::minutes(1'441), 60), kNow));
        GetMetricData get = query(kNow, kNow + SimDuration::minutes(1), 60, Statistic::Sum);
        get.nextToken = "-3";
        QVERIFY(!store.answer(get, kNow));
        get.nextToken.clear();
        get.maxDatapoints = 100'801;
        QVERIFY(!store.answer(get, kNow));
        get.queries.clear();
        QVERIFY(!store.answer(get, kNow));
    }

    void memoryStaysBounded()
    {
        MetricStore store({.metrics = 3, .points = 100});
        for (int minute = 0; minute < 500; ++minute) {
            const SimTime at = kNow + SimDuration::minutes(minute);
            for (const char* name : {"a", "b", "c"})
                QVERIFY(store.answer(put(1, at, name), at));
            QVERIFY(store.points() <= 100);
        }
        const SimTime end = kNow + SimDuration::minutes(500);
        QVERIFY(!store.answer(put(1, end, "d"), end));
        const SimTime later = end + SimDuration::days(16);
        QVERIFY(store.answer(put(1, later, "d"), later)); // the others have gone by then
        QCOMPARE(store.answer(ListMetrics {}, later)->metrics.size(), std::size_t {1});
    }
};

QTEST_APPLESS_MAIN(MetricStoreTest)
#include "tst_metric_store.moc"
