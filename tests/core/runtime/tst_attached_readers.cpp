#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>
#include <optional>

#include "core/runtime/local_service.h"

using namespace shardscope;

namespace {

/// A local service whose clock the test moves.
struct ByHand {
    SimTime now = SimTime::fromSeconds(1'800'000'000);
    std::unique_ptr<LocalService> service;

    ByHand()
    {
        auto opened = LocalService::open({.clock = [this] { return now; }, .byHand = true});
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        service = std::move(*opened);
    }
    void ask(ApiRequest request)
    {
        std::optional<Result<ApiAnswer>> answer;
        QVERIFY(service->submit(std::move(request),
                                [&](Result<ApiAnswer> a) { answer = std::move(a); }));
        QVERIFY(answer.has_value());
        QVERIFY2(*answer, answer->has_value() ? "" : answer->error().message.c_str());
    }
    /// In steps that are no whole slices.
    void pass(SimDuration time)
    {
        for (const SimTime end = now + time; now < end; service->work())
            now = std::min(end, now + SimDuration::millis(33));
    }
    void create(const std::string& name)
    {
        CreateStream create {.streamName = name};
        create.shardCount = 2;
        ask(create);
        pass(SimDuration::seconds(11));
    }
    void put(const std::string& stream, int records)
    {
        PutRecords put {.streamName = stream};
        for (int i = 0; i < records; ++i)
            put.records.add("key-" + std::to_string(i), "{\"n\":" + std::to_string(i) + '}');
        put.records.hashKeys();
        ask(std::move(put));
    }
    /// What is said of it, or nothing.
    std::string act(const std::string& stream, Act act)
    {
        std::string said = "nothing";
        service->applyToReaders(stream, std::move(act), [&](Result<void> is) {
            said = is ? std::string() : is.error().message;
        });
        return said;
    }
    std::string attach(const std::string& stream, ConsumerSpec spec)
    {
        return act(stream, AddConsumer {std::move(spec)});
    }
    ConsumerRow row(std::size_t reader = 0) const
    {
        return service->snapshot()->readers.at(reader).row;
    }
};

ConsumerSpec named(const char* name, ConsumerKind kind)
{
    ConsumerSpec spec;
    spec.name = name;
    spec.kind = kind;
    return spec;
}

} // namespace

/// Readers of every kind beside what real clients put.
class AttachedReadersTest : public QObject {
    Q_OBJECT

private slots:
    void everyKindReadsWhatClientsPut_data()
    {
        QTest::addColumn<ConsumerKind>("kind");
        for (const ConsumerKind kind :
             {ConsumerKind::Polling, ConsumerKind::FanOut, ConsumerKind::Analytics,
              ConsumerKind::Kcl, ConsumerKind::Lambda, ConsumerKind::Firehose})
            QTest::newRow(kindText(kind)) << kind;
    }
    void everyKindReadsWhatClientsPut()
    {
        QFETCH(ConsumerKind, kind);
        ByHand local;
        local.create("orders");
        QCOMPARE(local.attach("orders", named("reader", kind)), std::string());
        local.pass(SimDuration::minutes(1)); // a consumer is registered, leases are taken
        for (int i = 0; i < 10; ++i) {
            local.put("orders", 20);
            local.pass(SimDuration::seconds(1));
        }
        local.pass(SimDuration::seconds(10));
        const ConsumerRow row = local.row();
        QCOMPARE(row.trouble, std::string());
        QCOMPARE(row.records, std::int64_t(200));
        QVERIFY(row.ageMs < 600'000);
        QCOMPARE(row.reading.size(), std::size_t(2));
    }

    void oneBegunLateReadsWhatIsThere()
    {
        ByHand local;
        local.create("orders");
        local.put("orders", 30);
        ConsumerSpec oldest = named("oldest", ConsumerKind::Polling);
        oldest.start = StartPosition::TrimHorizon;
        ConsumerSpec latest = named("latest", ConsumerKind::Polling);
        latest.start = StartPosition::Latest;
        QCOMPARE(local.attach("orders", oldest), std::string());
        QCOMPARE(local.attach("orders", latest), std::string());
        local.pass(SimDuration::seconds(3));
        local.put("orders", 5);
        local.pass(SimDuration::seconds(3));
        QCOMPARE(local.row(0).records, std::int64_t(35));
        QCOMPARE(local.row(1).records, std::int64_t(5));
    }

    void waitsForItsStreamAndBeginsAnewWithANewOne()
    {
        ByHand local;
        QCOMPARE(local.attach("orders", named("early", ConsumerKind::Polling)), std::string());
        local.pass(SimDuration::seconds(2));
        QCOMPARE(local.row().trouble,
                 std::string("It waits for stream orders, which is not there yet."));
        local.create("orders");
        local.put("orders", 7);
        local.pass(SimDuration::seconds(3));
        QCOMPARE(local.row().trouble, std::string());
        QCOMPARE(local.row().records, std::int64_t(7));
        local.ask(DeleteStream {.streamName = "orders"});
        local.pass(SimDuration::minutes(2));
        QVERIFY(!local.row().trouble.empty());
        local.create("orders");
        local.put("orders", 4);
        local.pass(SimDuration::seconds(3));
        QCOMPARE(local.row().records, std::int64_t(4));
    }

    void aNameIsTakenOnceAndFreeWhenItIsDetached()
    {
        ByHand local;
        local.create("orders");
        QCOMPARE(local.attach("orders", named("one", ConsumerKind::FanOut)), std::string());
        QCOMPARE(local.attach("clicks", named("one", ConsumerKind::Polling)),
                 std::string("There is a reader \"one\" already; give this one another name."));
        local.pass(SimDuration::seconds(5));
        QCOMPARE(local.service->snapshot()->streams.at(0).consumers.size(), std::size_t(1));
        QCOMPARE(local.act("orders", RemoveConsumer {"one"}), std::string());
        local.pass(SimDuration::minutes(1));
        QCOMPARE(local.service->snapshot()->streams.at(0).consumers.size(), std::size_t(0));
        QCOMPARE(local.act("orders", RemoveConsumer {"one"}),
                 std::string("No reader \"one\" runs here."));
        QCOMPARE(local.attach("clicks", named("one", ConsumerKind::Polling)), std::string());
    }

    void isPausedReplayedChangedAndCrashed()
    {
        ByHand local;
        local.create("orders");
        ConsumerSpec spec = named("reader", ConsumerKind::Polling);
        QCOMPARE(local.attach("orders", spec), std::string());
        local.put("orders", 10);
        local.pass(SimDuration::seconds(3));
        QCOMPARE(local.row().records, std::int64_t(10));
        QCOMPARE(local.act("orders", PauseConsumer {"reader", true}), std::string());
        local.put("orders", 5);
        local.pass(SimDuration::seconds(3));
        QCOMPARE(local.row().records, std::int64_t(10));
        QCOMPARE(local.act("orders", PauseConsumer {"reader", false}), std::string());
        local.pass(SimDuration::seconds(3));
        QCOMPARE(local.row().records, std::int64_t(15));
        QCOMPARE(local.act("orders", ReplayConsumer {"reader", {}}), std::string());
        local.pass(SimDuration::seconds(3));
        QCOMPARE(local.row().records, std::int64_t(30));
        QCOMPARE(local.row().againRecords, std::int64_t(15));
        spec.readsPerSecond = 5;
        QCOMPARE(local.act("orders", ChangeConsumer {spec}), std::string());
        local.pass(SimDuration::seconds(1));
        QCOMPARE(local.row().spec.readsPerSecond, 5.0);
        spec.kind = ConsumerKind::Lambda;
        QVERIFY(!local.act("orders", ChangeConsumer {spec}).empty());
        QVERIFY(!local.act("orders", CrashConsumer {"reader", {}}).empty()); // nothing of it can
        QVERIFY(!local.act("orders", Note {"text"}).empty());
    }

    void standsOnTheBoardOfItsStream()
    {
        ByHand local;
        local.create("orders");
        local.create("clicks");
        QCOMPARE(local.attach("orders", named("reader", ConsumerKind::Polling)), std::string());
        local.service->watch("orders");
        local.put("orders", 10);
        local.pass(SimDuration::seconds(5));
        auto board = local.service->snapshot()->board;
        QVERIFY(board != nullptr);
        QCOMPARE(board->consumers.size(), std::size_t(1));
        QCOMPARE(board->consumers[0].spec.name, std::string("reader"));
        QCOMPARE(board->consumers[0].records, std::int64_t(10));
        local.service->watch("clicks");
        local.pass(SimDuration::seconds(1));
        board = local.service->snapshot()->board;
        QVERIFY(board->consumers.empty());
    }

    void aRealFunctionGetsWhatAClientPut()
    {
        const QTemporaryDir folder;
        ByHand local;
        local.create("orders");
        ConsumerSpec spec = named("function", ConsumerKind::Lambda);
        spec.lambda.function = "cat >> " + folder.filePath("events").toStdString();
        spec.lambda.timeout = SimDuration::minutes(1);
        QCOMPARE(local.attach("orders", spec), std::string());
        local.pass(SimDuration::seconds(3));
        local.put("orders", 12);
        // The command runs in its own time; the service's clock is moved until it has answered.
        const auto succeeded = [&] {
            local.pass(SimDuration::millis(100));
            return std::get<LambdaState>(local.row().state).counts.succeededRecords;
        };
        QTRY_COMPARE_WITH_TIMEOUT(succeeded(), std::int64_t(12), 60'000);
        QFile file(folder.filePath("events"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        std::int64_t seen = 0;
        for (const QByteArray& line : file.readAll().split('\n'))
            seen += QJsonDocument::fromJson(line).object().value("Records").toArray().size();
        QCOMPARE(seen, std::int64_t(12));
    }

    void whatIsBufferedIsWrittenBeforeTheServiceEnds()
    {
        const QTemporaryDir folder;
        {
            ByHand local;
            local.create("orders");
            ConsumerSpec spec = named("to-files", ConsumerKind::Firehose);
            spec.firehose.target = folder.path().toStdString();
            spec.start = StartPosition::TrimHorizon;
            QCOMPARE(local.attach("orders", spec), std::string());
            local.pass(SimDuration::seconds(2));
            local.put("orders", 9);
            local.pass(SimDuration::seconds(3));
            QDirIterator early(folder.path(), QDir::Files, QDirIterator::Subdirectories);
            QVERIFY(!early.hasNext()); // neither five minutes nor five MiB
        }
        QByteArray all;
        for (QDirIterator files(folder.path(), QDir::Files, QDirIterator::Subdirectories);
             files.hasNext();) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            all += file.readAll();
        }
        QCOMPARE(all.count('\n'), 9);
        QVERIFY(all.contains("{\"n\":8}"));
    }

    void aSuspendedMachineCostsNoSteps()
    {
        ByHand local;
        local.create("orders");
        QCOMPARE(local.attach("orders", named("reader", ConsumerKind::Polling)), std::string());
        local.put("orders", 3);
        local.now += SimDuration::hours(10);
        local.service->work();
        local.pass(SimDuration::seconds(3));
        QCOMPARE(local.row().records, std::int64_t(3));
    }
};

QTEST_APPLESS_MAIN(AttachedReadersTest)
#include "tst_attached_readers.moc"
