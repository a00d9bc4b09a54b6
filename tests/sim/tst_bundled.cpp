#include <QDir>
#include <QFileInfo>
#include <QtTest>

#include <algorithm>

#include "core/runtime/expectation.h"
#include "core/runtime/simulation.h"
#include "core/scenario/expectation_metrics.h"
#include "core/scenario/scenario_json.h"
#include "tests/support/source_folder.h"

using namespace shardscope;

/// Every bundled scenario keeps its promises.
class BundledTest : public QObject {
    Q_OBJECT

    PriceBook m_prices;

    static QDir folder() { return QDir(inSources("resources/scenarios")); }
    static Scenario scenarioOf(const QString& name)
    {
        const auto scenario
            = readScenarioFile(folder().filePath(name + QStringLiteral(".json")).toStdString());
        return scenario ? *scenario : Scenario {};
    }

private slots:
    void initTestCase()
    {
        QFile file(inSources("resources/prices.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto prices = parsePriceBook(file.readAll().toStdString());
        QVERIFY2(prices.has_value(), prices ? "" : prices.error().message.c_str());
        m_prices = *prices;
    }

    void keepsItsPromises_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString& file : folder().entryList({QStringLiteral("*.json")}, QDir::Files))
            if (file != QLatin1String("scenario.schema.json"))
                QTest::newRow(qPrintable(file)) << file.chopped(5);
        QCOMPARE(scenarioOf(QStringLiteral("hot-key")).name, std::string("hot-key"));
    }
    void keepsItsPromises()
    {
        QFETCH(QString, name);
        const Scenario scenario = scenarioOf(name);
        QVERIFY(!scenario.expect.empty());
        auto world = Simulation::create(scenario, m_prices);
        QVERIFY2(world.has_value(), world ? "" : world.error().message.c_str());
        WorkerPool pool(2);
        const SimTime end = world->start() + scenario.duration;
        while (world->now() < end) {
            world->advance(std::min(end, world->now() + SimDuration::seconds(10)), pool);
            const InvariantReport report = world->checkInvariants();
            QVERIFY2(report.violated == 0, report.firstViolation.c_str());
        }
        Snapshot snapshot;
        world->fill(snapshot);
        for (const Expectation& expectation : scenario.expect) {
            const auto outcome = judge(expectation, scenario, snapshot, world->now());
            QVERIFY2(outcome.state == ExpectationOutcome::State::Held, outcome.sentence.c_str());
        }
    }

    void hotKeyRefusesWithinTheFirstSecondsOfPlay()
    {
        const Scenario scenario = scenarioOf(QStringLiteral("hot-key"));
        auto world = Simulation::create(scenario, m_prices);
        QVERIFY(world.has_value());
        WorkerPool pool(1);
        world->advance(world->start() + scenario.history, pool);
        const std::uint64_t before = world->refusedSoFar(ShardSlot(2));
        QVERIFY(before > 0);
        // Three seconds of play at the scenario's own speed.
        world->advance(world->now() + SimDuration::fromSeconds(3 * scenario.speed), pool);
        QVERIFY(world->refusedSoFar(ShardSlot(2)) > before);
        for (const std::uint32_t other : {0u, 1u, 3u})
            QCOMPARE(world->refusedSoFar(ShardSlot(other)), std::uint64_t {0});
    }

    void theThirdModeSwitchIsRefused()
    {
        const Scenario scenario = scenarioOf(QStringLiteral("mode-switch"));
        auto world = Simulation::create(scenario, m_prices);
        QVERIFY(world.has_value());
        WorkerPool pool(1);
        world->advance(world->start() + scenario.duration, pool);
        Snapshot snapshot;
        world->fill(snapshot);
        const auto count = [&](EventKind kind) {
            return std::count_if(snapshot.events->begin(), snapshot.events->end(),
                                 [kind](const Event& e) { return e.kind == kind; });
        };
        QCOMPARE(count(EventKind::ModeChanged), 2);
        QCOMPARE(count(EventKind::Refused), 1);
    }

    void anUnkeptPromiseIsTold()
    {
        Scenario scenario = scenarioOf(QStringLiteral("steady"));
        auto world = Simulation::create(scenario, m_prices);
        QVERIFY(world.has_value());
        WorkerPool pool(1);
        world->advance(world->start() + SimDuration::seconds(20), pool);
        Snapshot snapshot;
        world->fill(snapshot);
        using State = ExpectationOutcome::State;
        const SimDuration to = SimDuration::seconds(20);
        const auto state = [&](const Expectation& e) {
            return judge(e, scenario, snapshot, world->now()).state;
        };
        QCOMPARE(state({"openShards", 4, 4, {}, to}), State::Held);
        QCOMPARE(state({"openShards", 4.5, 5, {}, to}), State::Broken);
        QCOMPARE(state({"openShards", 3, 3.9, {}, to}), State::Broken);
        QCOMPARE(state({"openShards", 4, 4, {}, to + kSlice}), State::Open);
        QCOMPARE(state({"openShards", 4, 4, {}, {}}), State::Open);
    }

    void everyMetricCanBeTold()
    {
        Scenario scenario = scenarioOf(QStringLiteral("hot-key"));
        scenario.duration = SimDuration::minutes(2);
        auto world = Simulation::create(scenario, m_prices);
        QVERIFY(world.has_value());
        WorkerPool pool(1);
        world->advance(world->start() + scenario.duration, pool);
        Snapshot snapshot;
        world->fill(snapshot);
        for (const std::string& metric : expectationMetrics()) {
            const auto outcome
                = judge({metric, -1e15, 1e15, {}, {}}, scenario, snapshot, world->now());
            QVERIFY2(outcome.state == ExpectationOutcome::State::Held, metric.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(BundledTest)
#include "tst_bundled.moc"
