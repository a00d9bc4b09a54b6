#include <QTest>

#include <set>
#include <string>
#include <string_view>

#include "core/metrics/catalog.h"

using namespace shardscope;

namespace {

/// Null when the level has no metric of that name.
const Metric* findMetric(MetricLevel level, std::string_view name)
{
    for (const Metric& metric : metricCatalog()) {
        if (metric.level == level && metric.name == name)
            return &metric;
    }
    return nullptr;
}

/// Seconds from the default start, which is a full minute.
std::vector<ShardPoint> seconds(int count, const ShardSample& each)
{
    std::vector<ShardPoint> points;
    for (int i = 0; i < count; ++i)
        points.push_back({kDefaultStart + SimDuration::seconds(i), SimDuration::seconds(1), each});
    return points;
}

ShardSample busy()
{
    ShardSample s;
    s.inBytes = 1'000;
    s.inRecords = 10;
    s.refusedByBytes = 2;
    s.refusedByRecords = 3;
    s.refusedBytes = 500;
    s.outBytes = 2'000;
    s.outRecords = 20;
    s.readCalls = 1;
    s.refusedReads = 4;
    s.ageMs = 700;
    return s;
}

} // namespace

class CatalogTest : public QObject {
    Q_OBJECT

private slots:
    void everyMetricHasItsFigure_data()
    {
        QTest::addColumn<bool>("shardLevel");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<QString>("statistic");
        QTest::addColumn<double>("minute");
        const auto row = [](bool shard, const char* name, const char* unit, const char* statistic,
                            double minute) {
            QTest::addRow("%s of the %s", name, shard ? "shard" : "stream")
                << shard << QString::fromLatin1(name) << QString::fromLatin1(unit)
                << QString::fromLatin1(statistic) << minute;
        };
        row(false, "IncomingBytes", "Bytes", "Sum", 60'000);
        row(false, "IncomingRecords", "Count", "Sum", 600);
        row(false, "GetRecords.Bytes", "Bytes", "Sum", 120'000);
        row(false, "GetRecords.Records", "Count", "Sum", 1'200);
        row(false, "GetRecords.Success", "Count", "Sum", 60);
        row(false, "GetRecords.IteratorAgeMilliseconds", "Milliseconds", "Maximum", 700);
        row(false, "ReadProvisionedThroughputExceeded", "Count", "Sum", 240);
        row(false, "WriteProvisionedThroughputExceeded", "Count", "Sum", 300);
        row(true, "IncomingBytes", "Bytes", "Sum", 60'000);
        row(true, "IncomingRecords", "Count", "Sum", 600);
        row(true, "OutgoingBytes", "Bytes", "Sum", 120'000);
        row(true, "OutgoingRecords", "Count", "Sum", 1'200);
        row(true, "IteratorAgeMilliseconds", "Milliseconds", "Maximum", 700);
        row(true, "ReadProvisionedThroughputExceeded", "Count", "Sum", 240);
        row(true, "WriteProvisionedThroughputExceeded", "Count", "Sum", 300);
    }
    void everyMetricHasItsFigure()
    {
        QFETCH(bool, shardLevel);
        QFETCH(QString, name);
        QFETCH(QString, unit);
        QFETCH(QString, statistic);
        QFETCH(double, minute);
        const Metric* metric
            = findMetric(shardLevel ? MetricLevel::Shard : MetricLevel::Stream, name.toStdString());
        QVERIFY(metric != nullptr);
        QCOMPARE(QString::fromLatin1(unitText(metric->unit)), unit);
        QCOMPARE(QString::fromLatin1(statisticText(metric->statistic)), statistic);
        const auto points = seconds(60, busy());
        std::vector<StreamPoint> whole;
        for (const ShardPoint& p : points)
            whole.push_back({p.at, p.step, {.sum = p.sample}});
        const auto found = shardLevel ? datapoints(*metric, std::span(points))
                                      : datapoints(*metric, std::span(std::as_const(whole)));
        QCOMPARE(found.size(), std::size_t {1});
        QVERIFY(found[0].at == kDefaultStart);
        QCOMPARE(found[0].value, minute);
    }

    void namesAreUniqueWithinALevel()
    {
        std::set<std::pair<MetricLevel, std::string>> names;
        for (const Metric& metric : metricCatalog())
            QVERIFY2(names.insert({metric.level, metric.name}).second, metric.name);
        QVERIFY(findMetric(MetricLevel::Shard, "GetRecords.Bytes") == nullptr);
        QVERIFY(findMetric(MetricLevel::Stream, "OutgoingBytes") == nullptr);
    }

    void onlyWholePeriodsAreReported()
    {
        const Metric& metric = *findMetric(MetricLevel::Shard, "IncomingRecords");
        const auto points = seconds(119, busy());
        const std::span all(points);
        QCOMPARE(datapoints(metric, all.first(59)).size(), std::size_t {0});
        QCOMPARE(datapoints(metric, all.first(60)).size(), std::size_t {1});
        QCOMPARE(datapoints(metric, all).size(), std::size_t {1});
        QCOMPARE(datapoints(metric, all.subspan(1)).size(), std::size_t {0});
        const auto tens = datapoints(metric, all, SimDuration::seconds(10));
        QCOMPARE(tens.size(), std::size_t {11});
        QCOMPARE(tens[10].value, 100.0);
        QCOMPARE(tens[10].perSecond(), 10.0);
    }

    void anIteratorAgeNeedsAReader()
    {
        const Metric& age = *findMetric(MetricLevel::Shard, "IteratorAgeMilliseconds");
        ShardSample unread = busy();
        unread.readCalls = 0;
        auto points = seconds(60, unread);
        QCOMPARE(datapoints(age, std::span(std::as_const(points))).size(), std::size_t {0});
        points[59].sample.readCalls = 1;
        points[59].sample.ageMs = 900;
        const auto found = datapoints(age, std::span(std::as_const(points)));
        QCOMPARE(found.size(), std::size_t {1});
        QCOMPARE(found[0].value, 900.0);
        const Metric& bytes = *findMetric(MetricLevel::Shard, "IncomingBytes");
        QCOMPARE(datapoints(bytes, std::span(std::as_const(points))).size(), std::size_t {1});
    }
};

QTEST_APPLESS_MAIN(CatalogTest)
#include "tst_catalog.moc"
