#include <QTest>

#include <algorithm>

#include "core/consumers/flink_job.h"

using namespace shardscope;

namespace {

const FlinkSource kSource {"arn:aws:kinesis:us-east-1:000000000000:stream/orders", "us-east-1",
                           "https://localhost:4567"};

ConsumerSpec job(AnalyticsSpec::Query query)
{
    ConsumerSpec spec;
    spec.name.assign("Averages \"by\" device");
    spec.kind = ConsumerKind::Analytics;
    spec.analytics.query = query;
    return spec;
}

bool has(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class FlinkJobTest : public QObject {
    Q_OBJECT

private slots:
    void readsThisEndpoint()
    {
        ConsumerSpec spec = job(AnalyticsSpec::Query::DeviceAverage);
        std::string text = flinkJob(spec, kSource);
        QVERIFY(
            has(text, ".setStreamArn(\"arn:aws:kinesis:us-east-1:000000000000:stream/orders\")"));
        QVERIFY(has(text, "(\"aws.endpoint\", \"https://localhost:4567\")"));
        QVERIFY(has(text, "(\"aws.region\", \"us-east-1\")"));
        QVERIFY(has(text, "(\"source.init.position\", \"TRIM_HORIZON\")"));
        QVERIFY(!has(text, "EFO"));
        QVERIFY(has(text, "env.execute(\"Averages \\\"by\\\" device\")"));
        spec.start = StartPosition::Latest;
        spec.analytics.fanOut = true;
        text = flinkJob(spec, {kSource.streamArn, kSource.region, ""});
        QVERIFY(has(text, "\"LATEST\""));
        QVERIFY(has(text, "(\"source.reader.type\", \"EFO\")"));
        QVERIFY(has(text, "source.efo.consumer.name"));
        QVERIFY(!has(text, "aws.endpoint"));
    }

    void hasTheSameWindowAndTime()
    {
        ConsumerSpec spec = job(AnalyticsSpec::Query::DeviceAverage);
        spec.analytics.outOfOrderness = SimDuration::seconds(5);
        std::string text = flinkJob(spec, kSource);
        QVERIFY(has(text, "TumblingEventTimeWindows.of(Duration.ofMillis(10000))"));
        QVERIFY(has(text, "forBoundedOutOfOrderness(Duration.ofMillis(5000))"));
        QVERIFY(has(text, "json.required(\"device\")"));
        QVERIFY(has(text, "json.get(\"temperature\")"));
        QVERIFY(has(text, "average()"));
        QVERIFY(!has(text, "withIdleness"));
        QVERIFY(!has(text, "allowedLateness"));
        spec.analytics.idleness = SimDuration::seconds(30);
        spec.analytics.allowedLateness = SimDuration::seconds(7);
        spec.analytics.parallelism = 4;
        text = flinkJob(spec, kSource);
        QVERIFY(has(text, "withIdleness(Duration.ofMillis(30000))"));
        QVERIFY(has(text, "allowedLateness(Duration.ofMillis(7000))"));
        QVERIFY(has(text, "setParallelism(4)"));
        QVERIFY(has(text, "enableCheckpointing(60000)"));
        spec.analytics.time = AnalyticsSpec::Time::Processing;
        text = flinkJob(spec, kSource);
        QVERIFY(has(text, "noWatermarks()"));
        QVERIFY(has(text, "TumblingProcessingTimeWindows"));
        QVERIFY(!has(text, "allowedLateness"));
    }

    void everyReadyMadeQueryHasItsWindow_data()
    {
        using Q = AnalyticsSpec::Query;
        QTest::addColumn<int>("query");
        QTest::addColumn<QString>("part");
        QTest::newRow("own") << int(Q::Own)
                             << "TumblingEventTimeWindows.of(Duration.ofMillis(60000))";
        QTest::newRow("heart-beat")
            << int(Q::MissingHeartbeat) << "withGap(Duration.ofMillis(30000))";
        QTest::newRow("sessions") << int(Q::Sessions) << "withGap(Duration.ofMillis(1800000))";
        QTest::newRow("funnel") << int(Q::Funnel)
                                << "of(Duration.ofMillis(3600000), Duration.ofMillis(300000))";
        QTest::newRow("pages") << int(Q::TopPages) << ".limit(10)";
        QTest::newRow("errors") << int(Q::ErrorRate) << "d >= 500";
    }
    void everyReadyMadeQueryHasItsWindow()
    {
        QFETCH(int, query);
        QFETCH(QString, part);
        const std::string text = flinkJob(job(static_cast<AnalyticsSpec::Query>(query)), kSource);
        QVERIFY(has(text, part.toUtf8().constData()));
        QCOMPARE(std::count(text.begin(), text.end(), '{'),
                 std::count(text.begin(), text.end(), '}'));
        QCOMPARE(std::count(text.begin(), text.end(), '('),
                 std::count(text.begin(), text.end(), ')'));
    }
};

QTEST_APPLESS_MAIN(FlinkJobTest)
#include "tst_flink_job.moc"
