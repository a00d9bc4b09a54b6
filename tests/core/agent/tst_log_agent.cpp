#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <optional>

#include "core/agent/log_agent.h"
#include "core/runtime/local_service.h"

using namespace shardscope;

namespace {

/// A folder of logs, an agent that follows it, and the stream that its records go to; the clock is
/// the test's.
struct FollowedFolder {
    QTemporaryDir folder;
    SimTime now = SimTime::fromSeconds(1'800'000'000);
    AgentSpec spec;
    std::unique_ptr<LocalService> service;
    std::unique_ptr<LogAgent> agent;
    bool refused = false; ///< the service takes nothing

    FollowedFolder()
    {
        spec.checkpointFile = path("checkpoints").toStdString();
        AgentFlowSpec flow;
        flow.filePattern = path("app.log*").toStdString();
        flow.stream = "logs";
        flow.initialPosition = AgentFlowSpec::Position::StartOfFile;
        flow.maxBufferAge = SimDuration::seconds(1);
        flow.refreshEvery = SimDuration::seconds(1);
        spec.flows.push_back(flow);
        auto opened
            = LocalService::open({.service = {}, .clock = [this] { return now; }, .byHand = true});
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        service = std::move(*opened);
        create();
    }
    [[nodiscard]] QString path(const QString& name) const { return folder.filePath(name); }
    void create()
    {
        CreateStream create {.streamName = "logs"};
        create.shardCount = 1;
        QVERIFY(ask(create));
        now += SimDuration::seconds(30);
        service->work();
    }
    Result<ApiAnswer> ask(ApiRequest request)
    {
        std::optional<Result<ApiAnswer>> answer;
        std::ignore = service->submit(std::move(request),
                                      [&](Result<ApiAnswer> a) { answer = std::move(a); });
        return answer ? std::move(*answer) : fail(ErrorCode::Busy, "no answer yet");
    }
    void start()
    {
        auto opened = LogAgent::open(
            {.spec = spec,
             .submit =
                 [this](PutRecords put, const AgentFlow::Reply& reply) {
                     if (refused)
                         return false;
                     return service->submit(std::move(put), [reply](Result<ApiAnswer> answer) {
                         if (answer)
                             reply(std::get<PutRecordsResult>(std::move(*answer)));
                         else
                             reply(tl::unexpected(answer.error()));
                     });
                 },
             .clock = [this] { return now; },
             .byHand = true});
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        agent = std::move(*opened);
    }
    void pass(SimDuration time)
    {
        for (const SimTime end = now + time; now < end;) {
            now += SimDuration::millis(100);
            service->work();
            agent->step();
        }
    }
    void write(const QString& name, const QByteArray& text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::Append));
        file.write(text);
    }
    [[nodiscard]] AgentFlowState state() const { return agent->states().at(0); }
    /// Everything in the stream, in its order.
    QByteArray sent()
    {
        const auto got
            = ask(GetShardIterator {.streamName = "logs", .shardId = "shardId-000000000000"});
        std::string iterator = std::get<GetShardIteratorResult>(*got).shardIterator;
        QByteArray all;
        for (;;) {
            now += SimDuration::seconds(1);
            service->work();
            auto page = ask(GetRecords {.shardIterator = iterator});
            if (!page)
                qFatal("%s", page.error().message.c_str());
            auto& records = std::get<GetRecordsResult>(*page);
            if (records.records.rows.empty())
                return all;
            for (std::size_t i = 0; i < records.records.rows.size(); ++i)
                all += QByteArray::fromStdString(std::string(records.records.data(i)));
            iterator = records.nextShardIterator.value_or("");
        }
    }
};

} // namespace

/// Real files, written, rotated and cut as programs do it, followed into a served stream.
class LogAgentTest : public QObject {
    Q_OBJECT

private slots:
    void everyLineIsSentOnceAndInOrder()
    {
        FollowedFolder f;
        f.write("app.log", "one\ntwo\n");
        f.start();
        f.pass(SimDuration::seconds(3));
        f.write("app.log", "three\nfo");
        f.pass(SimDuration::seconds(3));
        QCOMPARE(f.sent(), QByteArray("one\ntwo\nthree\n"));
        f.write("app.log", "ur\n");
        f.pass(SimDuration::seconds(3));
        QCOMPARE(f.sent(), QByteArray("one\ntwo\nthree\nfour\n"));
        QCOMPARE(f.state().recordsSent, 4);
        QCOMPARE(f.state().files, 1);
        QCOMPARE(f.state().trouble, std::string());
    }

    void aQuietFileShowsUpWithTheBuffersAge()
    {
        FollowedFolder f;
        f.spec.flows[0].maxBufferAge = SimDuration::seconds(60);
        f.write("app.log", "alone\n");
        f.start();
        f.pass(SimDuration::seconds(59));
        QCOMPARE(f.state().recordsSent, 0);
        QCOMPARE(f.state().buffered, 1);
        f.pass(SimDuration::seconds(2));
        QCOMPARE(f.state().recordsSent, 1);
    }

    void aFullBufferGoesAtOnce()
    {
        FollowedFolder f;
        f.spec.flows[0].maxBufferAge = SimDuration::seconds(900);
        QByteArray lines;
        for (int i = 0; i < 499; ++i)
            lines += "line\n";
        f.write("app.log", lines);
        f.start();
        f.pass(SimDuration::seconds(2));
        QCOMPARE(f.state().recordsSent, 0);
        f.write("app.log", "line\n");
        f.pass(SimDuration::millis(200));
        QCOMPARE(f.state().recordsSent, 500);
    }

    void unlessAskedForWhatWasThereBeforeIsNotSent()
    {
        FollowedFolder f;
        f.spec.flows[0].initialPosition = AgentFlowSpec::Position::EndOfFile;
        f.write("app.log", "old\n");
        f.start();
        f.pass(SimDuration::seconds(2));
        f.write("app.log", "new\n");
        f.write("app.log.other", "another file, from its beginning\n");
        f.pass(SimDuration::seconds(4));
        QCOMPARE(f.sent(), QByteArray("new\nanother file, from its beginning\n"));
    }

    void aRenamedFileIsReadToItsEnd()
    {
        FollowedFolder f;
        f.write("app.log", "a\n");
        f.start();
        f.pass(SimDuration::seconds(2));
        f.write("app.log", "b\n");
        QVERIFY(QFile::rename(f.path("app.log"), f.path("app.log.1")));
        f.write("app.log.1", "c\n");
        f.write("app.log", "d\n");
        f.pass(SimDuration::seconds(5));
        QCOMPARE(f.sent(), QByteArray("a\nb\nc\nd\n"));
        QCOMPARE(f.state().files, 2);
    }

    void aFileThatNoPatternNamesAnyMoreEndsWithWhatItHas()
    {
        FollowedFolder f;
        f.write("app.log", "a\nlast, without a newline");
        f.start();
        f.pass(SimDuration::seconds(2));
        QCOMPARE(f.sent(), QByteArray("a\n"));
        QVERIFY(QFile::remove(f.path("app.log")));
        f.pass(SimDuration::seconds(5));
        QCOMPARE(f.sent(), QByteArray("a\nlast, without a newline"));
        QCOMPARE(f.state().files, 0);
    }

    void anEmptiedFileBeginsAnew()
    {
        FollowedFolder f;
        f.write("app.log", "first\nsecond\n");
        f.start();
        f.pass(SimDuration::seconds(3));
        QVERIFY(QFile::resize(f.path("app.log"), 0));
        f.write("app.log", "third\n");
        f.pass(SimDuration::seconds(3));
        QCOMPARE(f.sent(), QByteArray("first\nsecond\nthird\n"));
    }

    void aFileWrittenAnewAndLongerIsNoticed()
    {
        FollowedFolder f;
        f.write("app.log", "short\n");
        f.start();
        f.pass(SimDuration::seconds(3));
        QVERIFY(QFile::resize(f.path("app.log"), 0));
        f.write("app.log", "much longer than it was\n");
        f.pass(SimDuration::seconds(3));
        QCOMPARE(f.sent(), QByteArray("short\nmuch longer than it was\n"));
    }

    void aCopyBeforeTheFileIsEmptiedIsNotSentAgain()
    {
        FollowedFolder f;
        f.write("app.log", "a\nb\n");
        f.start();
        f.pass(SimDuration::seconds(3));
        f.write("app.log", "c\n");
        QVERIFY(QFile::copy(f.path("app.log"), f.path("app.log.1")));
        QVERIFY(QFile::resize(f.path("app.log"), 0));
        f.write("app.log", "d\n");
        f.pass(SimDuration::seconds(4));
        const QByteArray sent = f.sent();
        QCOMPARE(sent.count('\n'), 4);
        for (const char* line : {"a\n", "b\n", "c\n", "d\n"})
            QCOMPARE(sent.count(line), 1);
    }

    void aCopyThatIsFoundBeforeTheFileIsEmptiedIsNotSentAgain()
    {
        FollowedFolder f;
        f.write("app.log", "a\nb\n");
        f.start();
        f.pass(SimDuration::millis(900));
        QVERIFY(QFile::copy(f.path("app.log"), f.path("app.log.1")));
        f.pass(SimDuration::millis(300)); // one look
        QVERIFY(QFile::resize(f.path("app.log"), 0));
        f.write("app.log", "c\n");
        f.pass(SimDuration::seconds(4));
        QCOMPARE(f.sent(), QByteArray("a\nb\nc\n"));
    }

    void itGoesOnWhereItStopped()
    {
        FollowedFolder f;
        f.write("app.log", "a\n");
        f.start();
        f.pass(SimDuration::seconds(3));
        f.agent.reset();
        f.write("app.log", "b\n");
        QVERIFY(QFile::rename(f.path("app.log"), f.path("app.log.1")));
        f.write("app.log", "c\n");
        f.start();
        f.pass(SimDuration::seconds(3));
        QCOMPARE(f.sent(), QByteArray("a\nb\nc\n"));
    }

    void whatIsBufferedGoesBeforeItEnds()
    {
        FollowedFolder f;
        f.spec.flows[0].maxBufferAge = SimDuration::seconds(900);
        f.write("app.log", "a\n");
        f.start();
        f.pass(SimDuration::seconds(1));
        QCOMPARE(f.state().buffered, 1);
        f.agent.reset();
        QCOMPARE(f.sent(), QByteArray("a\n"));
    }

    void whatAShardRefusesIsSentAgain()
    {
        FollowedFolder f;
        QByteArray lines;
        for (int i = 0; i < 3'000; ++i)
            lines += "line " + QByteArray::number(i) + '\n';
        f.write("app.log", lines);
        f.start();
        f.pass(SimDuration::seconds(20));
        QVERIFY(f.state().recordSendErrors > 0); // one shard takes 1,000 records a second
        QCOMPARE(f.state().recordsSent, 3'000);
        QByteArrayList sent = f.sent().split('\n'), written = lines.split('\n');
        std::sort(sent.begin(), sent.end());
        std::sort(written.begin(), written.end());
        QCOMPARE(sent, written);
    }

    void aServiceThatIsAwayIsWaitedFor()
    {
        FollowedFolder f;
        f.write("app.log", "a\n");
        f.refused = true;
        f.start();
        f.pass(SimDuration::seconds(30));
        QVERIFY(f.state().serviceErrors > 2);
        QVERIFY(f.state().trouble.find("busy") != std::string::npos);
        f.refused = false;
        f.pass(SimDuration::seconds(15));
        QCOMPARE(f.sent(), QByteArray("a\n"));
        QCOMPARE(f.state().trouble, std::string());
    }

    void aStreamThatIsNotThereIsSaid()
    {
        FollowedFolder f;
        f.spec.flows[0].stream = "nowhere";
        f.write("app.log", "a\n");
        f.start();
        f.pass(SimDuration::seconds(3));
        QVERIFY2(f.state().trouble.find("nowhere") != std::string::npos, f.state().trouble.c_str());
        QCOMPARE(f.state().buffered, 1);
    }

    void oneBadLineDoesNotStopTheOthers()
    {
        FollowedFolder f;
        f.spec.flows[0].processing.push_back({.kind = DataProcessing::Kind::LogToJson,
                                              .matchPattern = "(\\w+) (\\d+)",
                                              .fieldNames = {"level", "code"}});
        f.write("app.log", "info 1\nrubbish\nwarn 2\n");
        f.start();
        f.pass(SimDuration::seconds(3));
        QCOMPARE(f.sent(),
                 QByteArray("{\"level\":\"info\",\"code\":\"1\"}\n"
                            "{\"level\":\"warn\",\"code\":\"2\"}\n"));
        QCOMPARE(f.state().skippedRecords, 1);
        QVERIFY(f.state().trouble.find("before byte 15") != std::string::npos);
    }

    void linesThatBelongTogetherStayTogether()
    {
        FollowedFolder f;
        f.spec.flows[0].multiLineStart = "\\d{4}-";
        f.spec.flows[0].processing.push_back({.kind = DataProcessing::Kind::SingleLine});
        f.write("app.log", "2026-01-01 failed\n  at a\n  at b\n2026-01-02 fine\n");
        f.start();
        f.pass(SimDuration::millis(500));
        QCOMPARE(f.state().buffered, 1);
        // The last one is complete only when nothing more has come for as long as a buffer waits.
        f.pass(SimDuration::seconds(4));
        QCOMPARE(f.sent(), QByteArray("2026-01-01 failedat aat b\n2026-01-02 fine\n"));
    }

    /// With its own thread and the service's, as `serve` runs it.
    void itWorksByItself()
    {
        const QTemporaryDir folder;
        ServiceOptions options;
        options.timings.create = SimDuration {};
        auto service = LocalService::open({.service = options});
        QVERIFY(service);
        CreateStream create {.streamName = "logs"};
        create.shardCount = 1;
        std::atomic<bool> made = false;
        QVERIFY((*service)->submit(create, [&](const Result<ApiAnswer>&) { made = true; }));
        QTRY_VERIFY(made);
        AgentSpec spec {.checkpointFile = folder.filePath("checkpoints").toStdString()};
        AgentFlowSpec flow;
        flow.filePattern = folder.filePath("app.log").toStdString();
        flow.stream = "logs";
        flow.initialPosition = AgentFlowSpec::Position::StartOfFile;
        flow.maxBufferRecords = 100;
        spec.flows.push_back(flow);
        QFile file(folder.filePath("app.log"));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        file.write(QByteArray("line\n").repeated(500));
        auto agent = LogAgent::open(
            {.spec = spec,
             .submit =
                 [&](PutRecords put, const AgentFlow::Reply& reply) {
                     return (*service)->submit(std::move(put), [reply](Result<ApiAnswer> answer) {
                         reply(std::move(answer).map([](ApiAnswer&& a) {
                             return std::get<PutRecordsResult>(std::move(a));
                         }));
                     });
                 },
             .clock = [] { return SimTime::fromMillis(QDateTime::currentMSecsSinceEpoch()); }});
        QVERIFY(agent);
        const auto sent = [&] {
            const auto states = (*agent)->states();
            return states.empty() ? 0 : states[0].recordsSent;
        };
        QTRY_COMPARE_WITH_TIMEOUT(sent(), 500, 60'000);
        file.write(QByteArray("line\n").repeated(100));
        QTRY_COMPARE_WITH_TIMEOUT(sent(), 600, 60'000);
        agent->reset();
    }

    void compressedFilesAreLeftAlone()
    {
        FollowedFolder f;
        f.write("app.log.1.gz", "no text\n");
        f.write("app.log", "a\n");
        f.start();
        f.pass(SimDuration::seconds(3));
        QCOMPARE(f.state().files, 1);
    }

    void aKeyIsTheHashOfTheRecordWhenAskedFor()
    {
        FollowedFolder f;
        f.spec.flows[0].partitionKey = AgentFlowSpec::PartitionKey::Deterministic;
        f.write("app.log", "hello\n");
        f.start();
        f.pass(SimDuration::seconds(3));
        const auto got
            = f.ask(GetShardIterator {.streamName = "logs", .shardId = "shardId-000000000000"});
        const auto page = f.ask(
            GetRecords {.shardIterator = std::get<GetShardIteratorResult>(*got).shardIterator});
        QCOMPARE(std::string(std::get<GetRecordsResult>(*page).records.key(0)),
                 std::string("b1946ac92492d2347c6235b4d2611184"));
    }
};

QTEST_GUILESS_MAIN(LogAgentTest)
#include "tst_log_agent.moc"
