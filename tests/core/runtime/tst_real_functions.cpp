#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "core/runtime/outside_jobs.h"
#include "core/runtime/simulation.h"
#include "tests/support/answering_server.h"

using namespace shardscope;

/// Readers of a simulated stream that call real functions and write real files.
class RealFunctionsTest : public QObject {
    Q_OBJECT

    static Scenario scenarioWith(const LambdaSpec& lambda)
    {
        Scenario scenario;
        scenario.stream.name = "orders";
        scenario.stream.shards = 1;
        ProducerSpec producer;
        producer.name = "orders";
        producer.rate.recordsPerSecond = 50;
        scenario.producers.push_back(producer);
        ConsumerSpec consumer;
        consumer.name = "function";
        consumer.kind = ConsumerKind::Lambda;
        consumer.lambda = lambda;
        scenario.consumers.push_back(consumer);
        return scenario;
    }
    static ConsumerRow runFor(SimDuration length, const LambdaSpec& lambda, bool outside = true)
    {
        std::shared_ptr<Outside> jobs;
        if (outside)
            jobs = std::make_shared<OutsideJobs>(OutsideJobs::Options {});
        auto world = Simulation::create(scenarioWith(lambda), {}, {.outside = jobs});
        WorkerPool pool(1);
        world->advance(world->start() + length, pool);
        Snapshot snapshot;
        world->fill(snapshot);
        return snapshot.consumers.at(0);
    }
    static QByteArray read(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void aCommandGetsEveryRecordOnce()
    {
        const QTemporaryDir folder;
        LambdaSpec lambda;
        lambda.function = "cat >> " + folder.filePath("events").toStdString();
        const ConsumerRow row = runFor(SimDuration::seconds(10), lambda);
        const auto& state = std::get<LambdaState>(row.state);
        QCOMPARE(row.trouble, std::string());
        QVERIFY(state.counts.succeededRecords > 300);
        std::int64_t seen = 0;
        QByteArray last;
        for (const QByteArray& line : read(folder.filePath("events")).split('\n')) {
            if (line.trimmed().isEmpty())
                continue;
            const QJsonArray records
                = QJsonDocument::fromJson(line).object().value("Records").toArray();
            for (const auto& value : records) {
                const QJsonObject record = value.toObject();
                const QJsonObject kinesis = record.value("kinesis").toObject();
                const QByteArray number = kinesis.value("sequenceNumber").toString().toLatin1();
                QVERIFY(number > last);
                last = number;
                ++seen;
                QCOMPARE(record.value("eventID").toString(),
                         QStringLiteral("shardId-000000000000:") + QString::fromLatin1(number));
                QCOMPARE(record.value("eventSource").toString(), QStringLiteral("aws:kinesis"));
                QCOMPARE(record.value("eventName").toString(),
                         QStringLiteral("aws:kinesis:record"));
                QVERIFY(record.value("eventSourceARN").toString().endsWith(":stream/orders"));
                QCOMPARE(kinesis.value("kinesisSchemaVersion").toString(), QStringLiteral("1.0"));
                QVERIFY(kinesis.value("approximateArrivalTimestamp").toDouble() > 1.7e9);
                QVERIFY(
                    !QByteArray::fromBase64(kinesis.value("data").toString().toLatin1()).isEmpty());
            }
        }
        QVERIFY(seen >= state.counts.succeededRecords); // one batch may be under way
        QVERIFY(seen <= state.counts.succeededRecords + lambda.batchSize);
    }

    /// The events that a command has appended to a file.
    static std::vector<QJsonObject> eventsIn(const QString& path)
    {
        std::vector<QJsonObject> events;
        for (const QByteArray& line : read(path).split('\n'))
            if (!line.trimmed().isEmpty())
                events.push_back(QJsonDocument::fromJson(line).object());
        return events;
    }

    void aCommandGetsOnlyWhatItsFiltersLetPass()
    {
        const QTemporaryDir folder;
        LambdaSpec lambda;
        lambda.function = "cat >> " + folder.filePath("events").toStdString();
        lambda.filters = {"{\"data\": {\"key\": [{\"suffix\": \"7\"}]}}"};
        const ConsumerRow row = runFor(SimDuration::seconds(10), lambda);
        const auto& counts = std::get<LambdaState>(row.state).counts;
        QCOMPARE(row.trouble, std::string());
        QVERIFY(counts.filteredOutRecords > 300);
        QVERIFY(counts.succeededRecords > 5);
        QVERIFY(counts.polledRecords >= counts.succeededRecords + counts.filteredOutRecords);
        for (const QJsonObject& event : eventsIn(folder.filePath("events")))
            for (const auto& value : event.value("Records").toArray()) {
                const QByteArray data = QByteArray::fromBase64(value.toObject()
                                                                   .value("kinesis")
                                                                   .toObject()
                                                                   .value("data")
                                                                   .toString()
                                                                   .toLatin1());
                const QJsonObject said = QJsonDocument::fromJson(data).object();
                QVERIFY2(said.value("key").toString().endsWith('7'), data.constData());
            }
    }

    void aCommandKeepsItsStateThroughAWindow()
    {
        const QTemporaryDir folder;
        const std::string script = folder.filePath("count.py").toStdString();
        QFile file(QString::fromStdString(script));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("import json, sys\n"
                   "event = json.load(sys.stdin)\n"
                   "n = event['state'].get('n', 0) + len(event['Records'])\n"
                   "print(json.dumps({'state': {'n': n}}))\n");
        file.close();
        LambdaSpec lambda;
        lambda.function
            = "tee -a " + folder.filePath("events").toStdString() + " | python3 " + script;
        lambda.tumblingWindow = SimDuration::seconds(5);
        const ConsumerRow row = runFor(SimDuration::seconds(18), lambda);
        const auto& state = std::get<LambdaState>(row.state);
        QCOMPARE(row.trouble, std::string());
        QVERIFY(state.counts.windows >= 3);
        QCOMPARE(state.windows.at(1).state,
                 "{\"n\": " + std::to_string(state.windows.at(1).records) + "}");
        QVERIFY(state.windows.at(1).records > 200);
        int last = 0;
        for (const QJsonObject& event : eventsIn(folder.filePath("events"))) {
            QVERIFY(event.contains("window") && event.contains("state"));
            last += event.value("isFinalInvokeForWindow").toBool() ? 1 : 0;
        }
        QVERIFY(last >= state.counts.windows);
    }

    void anAddressIsInvoked()
    {
        AnsweringServer server(
            [](const auto&) { return AnsweringServer::answerOf("{\"batchItemFailures\":[]}"); });
        LambdaSpec lambda;
        lambda.function = server.url();
        lambda.reportBatchItemFailures = true;
        const ConsumerRow row = runFor(SimDuration::seconds(5), lambda);
        const auto& state = std::get<LambdaState>(row.state);
        QVERIFY(state.counts.succeededRecords > 100);
        QCOMPARE(static_cast<std::int64_t>(server.requests().size()), state.counts.invocations);
    }

    void whatIsGivenUpIsToldOfInAFolder()
    {
        const QTemporaryDir folder;
        LambdaSpec lambda;
        lambda.function = "echo 'no table' >&2; exit 1";
        lambda.maximumRetryAttempts = 0;
        lambda.onFailure = folder.path().toStdString();
        const ConsumerRow row = runFor(SimDuration::seconds(6), lambda);
        const auto& state = std::get<LambdaState>(row.state);
        QVERIFY(state.counts.toldOf > 0);
        QCOMPARE(state.counts.notToldOf, std::int64_t(0));
        QVERIFY2(row.trouble.find("no table") != std::string::npos, row.trouble.c_str());
        QDirIterator files(folder.filePath("aws/lambda"), QDir::Files,
                           QDirIterator::Subdirectories);
        std::int64_t told = 0;
        while (files.hasNext()) {
            const QString path = files.next();
            QVERIFY2(path.contains("/shardId-000000000000/2026/01/05/2026-01-05T12.00."),
                     qPrintable(path));
            const QJsonObject document = QJsonDocument::fromJson(read(path)).object();
            const QJsonObject request = document.value("requestContext").toObject();
            QCOMPARE(request.value("condition").toString(),
                     QStringLiteral("RetryAttemptsExhausted"));
            QCOMPARE(request.value("approximateInvokeCount").toInt(), 1);
            const QJsonObject batch = document.value("KinesisBatchInfo").toObject();
            told += batch.value("batchSize").toInt();
            const QJsonObject event
                = QJsonDocument::fromJson(document.value("payload").toString().toUtf8()).object();
            QCOMPARE(event.value("Records").toArray().size(), batch.value("batchSize").toInt());
        }
        QVERIFY(told > 0 && told <= state.counts.droppedRecords);
    }

    void rubbishIsASentenceAndNothingIsLost()
    {
        LambdaSpec lambda;
        lambda.function = "echo '<html>'";
        lambda.reportBatchItemFailures = true;
        const ConsumerRow row = runFor(SimDuration::seconds(6), lambda);
        const auto& state = std::get<LambdaState>(row.state);
        QVERIFY2(row.trouble.starts_with("The function's answer is no JSON"), row.trouble.c_str());
        QCOMPARE(state.counts.succeededRecords, std::int64_t(0));
        QCOMPARE(state.counts.droppedRecords, std::int64_t(0));
        QVERIFY(row.lagRecords > 200);
    }

    void firehoseWritesRealFiles()
    {
        const QTemporaryDir folder;
        Scenario scenario = scenarioWith({});
        ConsumerSpec& reader = scenario.consumers.at(0);
        reader.kind = ConsumerKind::Firehose;
        reader.name = "to-s3";
        reader.firehose.target = folder.path().toStdString();
        reader.firehose.bufferInterval = SimDuration::seconds(3);
        auto world = Simulation::create(
            scenario, {}, {.outside = std::make_shared<OutsideJobs>(OutsideJobs::Options {})});
        WorkerPool pool(1);
        world->advance(world->start() + SimDuration::seconds(20), pool);
        Snapshot snapshot;
        world->fill(snapshot);
        const auto& state = std::get<FirehoseState>(snapshot.consumers.at(0).state);
        QVERIFY(state.objects >= 4);
        std::int64_t lines = 0, files = 0;
        QDirIterator each(folder.filePath("2026/01/05/12"), QDir::Files);
        while (each.hasNext()) {
            const QString path = each.next();
            QVERIFY2(QFileInfo(path).fileName().startsWith("to-s3-1-2026-01-05-12-00-"),
                     qPrintable(path));
            for (const QByteArray& line : read(path).split('\n'))
                if (!line.isEmpty()) {
                    QVERIFY(QJsonDocument::fromJson(line).isObject());
                    ++lines;
                }
            ++files;
        }
        QVERIFY(files == state.objects || files == state.objects + 1); // one may be under way
        QVERIFY(lines >= state.deliveredRecords);
    }

    void nothingIsCalledUnlessItIsAllowed()
    {
        const QTemporaryDir folder;
        LambdaSpec lambda;
        lambda.function = "touch " + folder.filePath("called").toStdString();
        const ConsumerRow row = runFor(SimDuration::seconds(6), lambda, false);
        QVERIFY(!QFile::exists(folder.filePath("called")));
        QVERIFY2(row.trouble.find("--outside allows it") != std::string::npos, row.trouble.c_str());
        QVERIFY(row.lagRecords > 200);
    }
};

QTEST_APPLESS_MAIN(RealFunctionsTest)
#include "tst_real_functions.moc"
