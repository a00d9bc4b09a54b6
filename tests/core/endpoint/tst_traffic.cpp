#include <QTest>

#include "core/base/budgets.h"
#include "core/endpoint/traffic_counter.h"
#include "tests/core/endpoint/api_fixture.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

/// Counts calls of clients that differ in their addresses.
struct Calls {
    TrafficCounter counter;
    FakeRequest request {"body"};

    void call(const std::string& address, SimTime at, AnsweredCall call)
    {
        auto peer = std::make_shared<Peer>();
        peer->address = address + ":1234";
        request.request->peer = peer;
        call.at = at;
        counter.count(call);
    }
    AnsweredCall good()
    {
        return {
            .request = *request.request, .operation = "PutRecords", .micros = 100, .records = 5};
    }
    AnsweredCall bad(std::string_view message = "Rate exceeded.")
    {
        return {.request = *request.request,
                .operation = "PutRecords",
                .status = 400,
                .errorType = "ProvisionedThroughputExceededException",
                .errorMessage = message};
    }
};

} // namespace

/// Who calls, what, how often and with what luck.
class TrafficTest : public QObject {
    Q_OBJECT

private slots:
    void latenciesAreRightToAFifth()
    {
        LatencyHistogram histogram;
        QCOMPARE(histogram.quantileMicros(0.5), std::int64_t {0});
        for (std::int64_t micros = 1; micros <= 10'000; ++micros)
            histogram.add(micros);
        QCOMPARE(histogram.count(), std::int64_t {10'000});
        for (const double part : {0.1, 0.5, 0.9, 0.99}) {
            const auto exact = part * 10'000;
            const auto told = static_cast<double>(histogram.quantileMicros(part));
            QVERIFY2(told >= exact && told <= exact * 1.4143, qPrintable(QString::number(told)));
        }
        LatencyHistogram edge;
        edge.add(0);
        edge.add(16);
        QCOMPARE(edge.quantileMicros(1), std::int64_t {16});
        edge.add(17);
        QCOMPARE(edge.quantileMicros(1), std::int64_t {23});
        edge.add(3'600'000'000);
        QCOMPARE(edge.quantileMicros(1), LatencyHistogram::edgeMicros(44));
    }

    void sdksAreKnownByTheirUserAgents_data()
    {
        QTest::addColumn<QByteArray>("agent");
        QTest::addColumn<QByteArray>("name");
        const auto row = [](const char* agent, const char* name) {
            QTest::newRow(name) << QByteArray(agent) << QByteArray(name);
        };
        row("aws-cli/2.9.19 Python/3.11.2 Linux/6.1 botocore/2.4.5", "AWS CLI 2.9");
        row("Boto3/1.26.27 Python/3.11.2 Linux/6.1 Botocore/1.29.27", "boto3 1.26");
        row("Botocore/1.29.27 Python/3.11.2", "botocore 1.29");
        row("aws-sdk-js/3.1142.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#20.1",
            "JavaScript SDK 3.1142");
        row("KinesisProducerLibrary/1.0.7N | linux", "KPL 1.0");
        row("aws-sdk-java/2.30.1 amazon-kinesis-client-library-java-3.5.1", "KCL 3.5");
        row("aws-sdk-java/2.30.1 Linux/6.1 Java/17", "Java SDK 2.30");
        row("aws-sdk-go-v2/1.48.0 os/linux", "Go SDK 1.48");
        row("curl/7.88.1", "curl/7.88.1");
        row("", "");
    }
    void sdksAreKnownByTheirUserAgents()
    {
        QFETCH(QByteArray, agent);
        QFETCH(QByteArray, name);
        QCOMPARE(QByteArray::fromStdString(sdkName(agent.toStdString())), name);
    }

    void countsClientsOperationsAndErrors()
    {
        Calls calls;
        const SimTime start = kDefaultStart;
        for (int i = 0; i < 10; ++i)
            calls.call("10.0.0.1", start, calls.good());
        calls.call("10.0.0.2", start, calls.bad());
        calls.call("10.0.0.2", start, calls.bad());
        calls.call("10.0.0.2", start, calls.bad("Another one."));
        calls.call("10.0.0.1", start + SimDuration::seconds(1), calls.good());
        const auto report = calls.counter.report();
        QCOMPARE(report->requests, std::int64_t {14});
        QCOMPARE(report->errorsEver, std::int64_t {3});
        QCOMPARE(report->clients.size(), std::size_t {2});
        const ClientRow& busiest = report->clients.front();
        QCOMPARE(busiest.address, std::string("10.0.0.1"));
        QCOMPARE(busiest.calls, std::int64_t {11});
        QCOMPARE(busiest.callsPerSecond, 10.0);
        QCOMPARE(busiest.recordsPerSecond, 50.0);
        QCOMPARE(busiest.protocol, std::string("HTTP/1.1 · JSON"));
        QCOMPARE(report->clients.back().refused, std::int64_t {3});
        QCOMPARE(report->clients.back().throttled, std::int64_t {3});
        QCOMPARE(report->operations.size(), std::size_t {1});
        QCOMPARE(report->operations[0].calls, std::int64_t {14});
        QCOMPARE(report->operations[0].refused, std::int64_t {3});
        QCOMPARE(report->operations[0].bytesIn, std::int64_t {14 * 4});
        QCOMPARE(report->errors.size(), std::size_t {2});
        QCOMPARE(report->errors[0].message, std::string("Another one."));
        QCOMPARE(report->errors[1].times, std::int64_t {2});
    }

    void tablesStayBounded()
    {
        Calls calls;
        for (int i = 0; i < budgets::kClientsKept + 50; ++i)
            calls.call("10.0.1." + std::to_string(i), kDefaultStart, calls.good());
        for (int i = 0; i < budgets::kErrorsKept + 50; ++i)
            calls.call("10.0.0.1", kDefaultStart, calls.bad(std::to_string(i)));
        const auto report = calls.counter.report();
        QCOMPARE(report->clients.size(), static_cast<std::size_t>(budgets::kClientsKept));
        QCOMPARE(report->errors.size(), static_cast<std::size_t>(budgets::kErrorsKept));
        QCOMPARE(report->errors[0].message, std::to_string(budgets::kErrorsKept + 49));
    }

    void showsNoWholeKey()
    {
        ApiWorld world;
        world.answerWith = ListStreamsResult {};
        QCOMPARE(world.json("ListStreams", "{}")->response.status, 200);
        QCOMPARE(world.api.traffic()->clients.at(0).accessKeyId, std::string("AKIA…MPLE"));
    }

    void hasPagesForMonitoring()
    {
        ApiWorld world;
        world.json("ListStreams", "{");
        FakeRequest health;
        health.request->method = "GET";
        health.request->path = "/healthz";
        QCOMPARE(world.send(health)->response.body, std::string("ok\n"));
        FakeRequest metrics;
        metrics.request->method = "GET";
        metrics.request->path = "/metrics";
        const auto page = world.send(metrics);
        QCOMPARE(page->response.status, 200);
        const QString text = QString::fromStdString(page->response.body);
        QVERIFY(text.contains("\nshardscope_requests_total{operation=\"ListStreams\"} 1\n"));
        QVERIFY(text.contains("\nshardscope_request_errors_total{operation=\"ListStreams\"} 1\n"));
        QVERIFY(text.contains("_bucket{operation=\"ListStreams\",le=\"+Inf\"} 1\n"));
        for (const QString& line : text.split('\n', Qt::SkipEmptyParts))
            QVERIFY2(line.startsWith("# HELP ") || line.startsWith("# TYPE ")
                         || line.startsWith("shardscope_"),
                     qPrintable(line));
        FakeRequest other;
        other.request->method = "GET";
        other.request->path = "/other";
        QCOMPARE(world.send(other)->response.status, 403);
    }

    void refusedRecordsAreToldThoughTheAnswerIsGood()
    {
        Calls calls;
        AnsweredCall part = calls.bad();
        part.status = 200;
        part.refusedRecords = 40;
        calls.call("127.0.0.1", kDefaultStart, part);
        calls.call("127.0.0.1", kDefaultStart + SimDuration::millis(500), part);
        calls.call("127.0.0.1", kDefaultStart + SimDuration::seconds(1), calls.good());
        const auto report = calls.counter.report();
        const ClientRow& client = report->clients.at(0);
        QCOMPARE(client.refused, std::int64_t {0}); // calls
        QCOMPARE(client.refusedRecords, std::int64_t {80});
        QCOMPARE(client.refusedRecordsPerSecond, 80.0);
        QCOMPARE(report->errors.size(), std::size_t {1});
        QCOMPARE(report->errors[0].times, std::int64_t {80});
        QCOMPARE(report->errors[0].status, 200);
    }

    void clientsThatTakeTurnsKeepTheirRows()
    {
        Calls calls;
        for (int i = 0; i < 10; ++i)
            for (const char* host : {"10.0.0.1", "10.0.0.2"})
                calls.call(host, kDefaultStart + SimDuration::millis(i), calls.bad());
        const auto report = calls.counter.report();
        QCOMPARE(report->errors.size(), std::size_t {2});
        QCOMPARE(report->errors[0].times, std::int64_t {10});
        // The newest first.
        QVERIFY(report->errors[0].client.ends_with("10.0.0.2"));
        QVERIFY(report->errors[0].at >= report->errors[1].at);
    }
};

QTEST_APPLESS_MAIN(TrafficTest)
#include "tst_traffic.moc"
