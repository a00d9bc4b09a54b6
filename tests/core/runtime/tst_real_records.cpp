#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/agent/log_agent.h"
#include "core/runtime/simulation.h"

using namespace shardscope;

namespace {

Scenario quiet(std::int64_t shards = 1)
{
    Scenario scenario;
    scenario.stream.name = "logs";
    scenario.stream.shards = shards;
    ConsumerSpec reader;
    reader.name = "reader";
    scenario.consumers.push_back(reader);
    return scenario;
}

struct Run {
    explicit Run(const Scenario& scenario = quiet())
    {
        auto made = Simulation::create(scenario, {}, {.records = records});
        if (!made)
            qFatal("%s", made.error().message.c_str());
        world.emplace(*std::move(made));
    }
    /// How the request is answered goes into `answers`.
    void put(int count, std::uint32_t bytes = 20, const std::string& stream = "logs")
    {
        PutRecords request {.streamName = stream};
        for (int i = 0; i < count; ++i)
            request.records.add("key", std::string(bytes, 'x'));
        request.records.hashKeys();
        taken = records->submit(std::move(request), [this](Result<PutRecordsResult> result) {
            answers.push_back(std::move(result));
        });
    }
    void pass(SimDuration time)
    {
        WorkerPool pool(1);
        world->advance(world->now() + time, pool);
    }
    Snapshot look() const
    {
        Snapshot snapshot;
        world->fill(snapshot);
        return snapshot;
    }
    std::shared_ptr<RealRecords> records = std::make_shared<RealRecords>();
    std::optional<Simulation> world;
    std::vector<Result<PutRecordsResult>> answers;
    bool taken = false;
};

} // namespace

/// What really comes from outside into a simulated stream.
class RealRecordsTest : public QObject {
    Q_OBJECT

private slots:
    void aPutIsTakenByTheNextSliceAndRead()
    {
        Run run;
        run.put(5);
        QVERIFY(run.taken);
        QVERIFY(run.answers.empty());
        run.pass(kSlice);
        QCOMPARE(run.answers.size(), std::size_t(1));
        QVERIFY(run.answers[0].has_value());
        QCOMPARE(run.answers[0]->failedRecordCount, std::int64_t(0));
        run.pass(SimDuration::seconds(3));
        const Snapshot now = run.look();
        QCOMPARE(now.offered.records, std::int64_t(5));
        QCOMPARE(now.consumers.at(0).records, std::int64_t(5));
        QVERIFY(run.world->checkInvariants().violated == 0);
    }

    void theShardsLimitsHold()
    {
        Run run;
        run.pass(SimDuration::seconds(2));
        for (int i = 0; i < 3; ++i)
            run.put(500);
        run.pass(kSlice);
        std::int64_t refused = 0;
        for (const auto& answer : run.answers)
            refused += answer->failedRecordCount;
        QVERIFY(refused > 0);
        const Snapshot now = run.look();
        QCOMPARE(now.refused.records, refused);
        QCOMPARE(now.offered.records, std::int64_t(1'500));
        QVERIFY(now.refusals != nullptr && !now.refusals->empty());
        QVERIFY(run.world->checkInvariants().violated == 0);
    }

    void anotherStreamIsRefusedByItsName()
    {
        Run run;
        run.put(1, 20, "clicks");
        run.pass(kSlice);
        QVERIFY(!run.answers.at(0));
        QVERIFY(run.answers[0].error().message.find("clicks") != std::string::npos);
    }

    void aCopyMeetsTheSameRecords()
    {
        Run run;
        const Simulation before = run.world->fork();
        for (int i = 0; i < 4; ++i) {
            run.put(3 + i);
            run.pass(SimDuration::seconds(1));
        }
        Simulation again = before.fork();
        WorkerPool pool(2);
        again.advance(run.world->now(), pool);
        QCOMPARE(again.digest(), run.world->digest());
        QCOMPARE(run.answers.size(), std::size_t(4)); // and nobody is answered twice
        // A new world has no past.
        Run other;
        QVERIFY(other.world->digest() != run.world->digest());
    }

    void aPausedWorldTakesNoMoreThanItMayHold()
    {
        Run run;
        int taken = 0;
        for (run.put(10, 1'000'000); run.taken; run.put(10, 1'000'000))
            ++taken;
        QVERIFY(taken >= 1 && taken <= 3);
        run.pass(kSlice);
        QCOMPARE(run.answers.size(), std::size_t(taken));
        run.put(10, 1'000'000);
        QVERIFY(run.taken);
    }

    void aFollowedFilesLinesCome()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath("app.log"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("one\ntwo\n");
        file.flush();
        Run run(quiet(2));
        const auto spec = parseAgentSpec(
            QStringLiteral("{\"checkpointFile\": \"%1/checkpoints\", \"flows\": [{\"filePattern\":"
                           " \"%1/app.log*\", \"kinesisStream\": \"logs\", \"initialPosition\":"
                           " \"START_OF_FILE\", \"maxBufferAgeMillis\": 1000}]}")
                .arg(folder.path())
                .toStdString(),
            "agent.json");
        QVERIFY2(spec.has_value(), spec ? "" : spec.error().message.c_str());
        SimTime clock = kDefaultStart;
        auto agent = LogAgent::open(
            {.spec = *spec,
             .submit = [&](PutRecords put,
                           AgentFlow::Reply reply) { return run.records->submit(put, reply); },
             .clock = [&] { return clock; },
             .byHand = true});
        QVERIFY(agent.has_value());
        const auto pass = [&](int seconds) {
            for (int i = 0; i < seconds * 10; ++i) {
                clock += SimDuration::millis(100);
                (*agent)->step();
                run.pass(SimDuration::millis(100));
            }
        };
        pass(5);
        QCOMPARE(run.look().consumers.at(0).records, std::int64_t(2));
        file.write("three\n");
        file.flush();
        pass(5);
        QCOMPARE(run.look().consumers.at(0).records, std::int64_t(3));
        QCOMPARE((*agent)->states().at(0).recordsSent, std::int64_t(3));
        QCOMPARE((*agent)->states().at(0).trouble, std::string());
    }
};

QTEST_APPLESS_MAIN(RealRecordsTest)
#include "tst_real_records.moc"
