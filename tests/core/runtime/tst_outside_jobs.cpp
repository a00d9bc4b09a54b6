#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/runtime/outside_jobs.h"
#include "tests/support/answering_server.h"

using namespace shardscope;

/// Real functions and real objects, as readers get at them.
class OutsideJobsTest : public QObject {
    Q_OBJECT

    static OutsideAnswer done(OutsideJob job)
    {
        OutsideJobs jobs({});
        jobs.begin(1, std::move(job));
        return *jobs.answer(1);
    }
    static QString read(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }

private slots:
    void aCommandGetsTheEventAndItsOutputIsTheAnswer()
    {
        const std::string event(3'000'000, 'x'); // more than pipes hold
        const OutsideAnswer answer = done(FunctionCall {"cat", event});
        QCOMPARE(answer.trouble, std::string());
        QCOMPARE(answer.functionError, std::string());
        QVERIFY(answer.payload == event);
        QVERIFY(answer.took > SimDuration {});
    }
    void aCommandMayLeaveItsInputUnread()
    {
        const OutsideAnswer answer
            = done(FunctionCall {"echo '{\"ok\":true}'", std::string(3'000'000, 'x')});
        QCOMPARE(answer.functionError, std::string());
        QCOMPARE(answer.payload, std::string("{\"ok\":true}\n"));
    }
    void aCommandThatFailsIsAFunctionError()
    {
        const OutsideAnswer answer
            = done(FunctionCall {"echo first >&2; echo 'no such \"table\"' >&2; exit 3", "{}"});
        QCOMPARE(answer.trouble, std::string());
        QCOMPARE(answer.functionError, std::string("Unhandled"));
        QCOMPARE(QString::fromStdString(answer.payload).trimmed(),
                 QStringLiteral("{\"errorMessage\": \"The command ended with 3: no such "
                                "\\\"table\\\"\", \"errorType\": \"Runtime.ExitError\"}"));
    }
    void aCommandIsEndedAtItsTimeoutWithAllItStarted()
    {
        const OutsideAnswer answer
            = done(FunctionCall {"cat /dev/zero | cat > /dev/null", "{}", SimDuration::millis(80)});
        QCOMPARE(answer.functionError, std::string("Unhandled"));
        QVERIFY(answer.payload.find("Task timed out after 80ms.") != std::string::npos);
    }
    void whatIsUnderWayEndsWithTheProgram()
    {
        OutsideJobs jobs({});
        jobs.begin(1, FunctionCall {"cat /dev/zero > /dev/null", "{}"});
    } // would never end otherwise
    void aJobOfOneNameIsDoneOnce()
    {
        const QTemporaryDir folder;
        const std::string file = folder.filePath("count").toStdString();
        OutsideJobs jobs({});
        for (int i = 0; i < 3; ++i)
            jobs.begin(7,
                       FunctionCall {"echo once >> " + file + "; echo " + std::to_string(i), ""});
        QCOMPARE(jobs.answer(7)->payload, std::string("0\n"));
        QCOMPARE(jobs.answer(7)->payload, std::string("0\n"));
        QCOMPARE(read(folder.filePath("count")), QStringLiteral("once\n"));
    }
    void inRealTimeNobodyWaits()
    {
        const QTemporaryDir folder;
        const QString gate = folder.filePath("gate");
        OutsideJobs jobs({.answers = OutsideJobs::Answers::WhenThere});
        QCOMPARE(system(("mkfifo " + gate).toLocal8Bit()), 0);
        jobs.begin(1, FunctionCall {"cat " + gate.toStdString(), ""});
        QVERIFY(!jobs.answer(1));
        QFile open(gate);
        QVERIFY(open.open(QIODevice::WriteOnly)); // waits for the reader
        open.write("through");
        open.close();
        QTRY_VERIFY(jobs.answer(1));
        QCOMPARE(jobs.answer(1)->payload, std::string("through"));
    }
    void aFunctionIsInvokedByLambdasApi()
    {
        AnsweringServer server(
            [](const auto&) { return AnsweringServer::answerOf("{\"batchItemFailures\":[]}"); });
        const OutsideAnswer answer = done(FunctionCall {server.url(), "{\"Records\":[]}"});
        QCOMPARE(answer.trouble, std::string());
        QCOMPARE(answer.payload, std::string("{\"batchItemFailures\":[]}"));
        const auto request = server.requests().at(0);
        QCOMPARE(request.body, std::string("{\"Records\":[]}"));
        QVERIFY(request.head.starts_with(
            "POST /2015-03-31/functions/function/invocations HTTP/1.1\r\n"));
        QVERIFY(request.head.find("X-Amz-Invocation-Type: RequestResponse") != std::string::npos);
        QVERIFY(request.head.find("/lambda/aws4_request") != std::string::npos);
    }
    void aFunctionOfANamedPathIsInvokedThere()
    {
        AnsweringServer server([](const auto&) { return AnsweringServer::answerOf("null"); });
        const std::string path = "/2015-03-31/functions/orders/invocations";
        QCOMPARE(done(FunctionCall {server.url() + path, "{}"}).payload, std::string("null"));
        QVERIFY(server.requests().at(0).head.starts_with("POST " + path + " "));
    }
    void aFunctionErrorIsToldFromATrouble()
    {
        AnsweringServer failing([](const auto&) {
            return AnsweringServer::answerOf("{\"errorMessage\":\"boom\"}",
                                             "X-Amz-Function-Error: Unhandled\r\n");
        });
        const OutsideAnswer failed = done(FunctionCall {failing.url(), "{}"});
        QCOMPARE(failed.trouble, std::string());
        QCOMPARE(failed.functionError, std::string("Unhandled"));
        AnsweringServer busy([](const auto&) {
            return AnsweringServer::answerOf("{}", {}, "429 Too Many Requests");
        });
        const OutsideAnswer refused = done(FunctionCall {busy.url(), "{}"});
        QVERIFY(refused.trouble.find("answered with status 429 where 200 was expected")
                != std::string::npos);
        const OutsideAnswer gone = done(FunctionCall {"http://127.0.0.1:1/f", "{}"});
        QVERIFY(gone.trouble.starts_with("The function at http://127.0.0.1:1/f could not be "));
    }
    void anObjectIsAFileWholeInItsFolder()
    {
        const QTemporaryDir folder;
        const OutsideAnswer answer
            = done(ObjectPut {folder.path().toStdString(), "2026/11/24/06/orders-1", "one\ntwo\n"});
        QCOMPARE(answer.trouble, std::string());
        QCOMPARE(read(folder.filePath("2026/11/24/06/orders-1")), QStringLiteral("one\ntwo\n"));
        QVERIFY(QDir(folder.filePath(".Unfinished")).isEmpty());
    }
    void anObjectStaysInsideItsFolder()
    {
        const QTemporaryDir folder;
        for (const char* key : {"../out", "a/../../out", "/out", ""}) {
            const OutsideAnswer answer
                = done(ObjectPut {folder.filePath("in").toStdString(), key, "x"});
            QVERIFY2(answer.trouble.find("does not name a file inside of") != std::string::npos,
                     key);
        }
        QVERIFY(QDir(folder.path()).isEmpty());
    }
    void aFolderThatCannotBeIsASentence()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath("file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const OutsideAnswer answer
            = done(ObjectPut {folder.filePath("file/under").toStdString(), "key", "x"});
        QVERIFY(answer.trouble.find("file/under") != std::string::npos);
    }
    void anObjectIsPutToAnObjectStore()
    {
        AnsweringServer server([](const auto&) { return AnsweringServer::answerOf(""); });
        const OutsideAnswer answer
            = done(ObjectPut {"s3+" + server.url() + "/bucket", "user=7/a b+c", "data"});
        QCOMPARE(answer.trouble, std::string());
        const auto request = server.requests().at(0);
        QCOMPARE(request.body, std::string("data"));
        QVERIFY2(request.head.starts_with("PUT /bucket/user%3D7/a%20b%2Bc HTTP/1.1\r\n"),
                 request.head.c_str());
        // SHA-256 of "data"
        QVERIFY(
            request.head.find("3a6eb0790f39ac87c94f3856b2dd2c5d110e6811602261a9a923d3bb23adc8b7")
            != std::string::npos);
        QVERIFY(request.head.find("/s3/aws4_request") != std::string::npos);
        AnsweringServer denied([](const auto&) {
            return AnsweringServer::answerOf("<Code>AccessDenied</Code>", {}, "403 Forbidden");
        });
        QVERIFY(done(ObjectPut {"s3+" + denied.url() + "/bucket", "key", "x"})
                    .trouble.find("status 403: <Code>AccessDenied</Code>")
                != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(OutsideJobsTest)
#include "tst_outside_jobs.moc"
