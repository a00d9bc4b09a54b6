#include <QtTest>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "core/runtime/simulation.h"
#include "core/scenario/scenario_json.h"
#include "tests/sim/random_world.h"

using namespace shardscope;

namespace {

constexpr int kSeedsPerRow = 25;

struct Finished {
    std::uint64_t digest = 0;
    InvariantReport invariants;
    Snapshot snapshot;
};

/// Runs the world in strides of uneven length: how time is cut must not matter either.
Finished runWorld(Simulation world, WorkerPool& pool, SimDuration stride)
{
    const SimTime end = world.start() + world.scenario().duration;
    Finished outcome;
    while (world.now() < end) {
        world.advance(std::min(end, world.now() + stride), pool);
        outcome.invariants = world.checkInvariants();
    }
    outcome.digest = world.digest();
    world.fill(outcome.snapshot);
    return outcome;
}

} // namespace

class RandomWorldsTest : public QObject {
    Q_OBJECT

    std::map<int, std::unique_ptr<WorkerPool>> m_pools;

    WorkerPool& pool(int threads)
    {
        auto& pool = m_pools[threads];
        if (!pool)
            pool = std::make_unique<WorkerPool>(threads);
        return *pool;
    }

    void holds(const Finished& outcome, const char* seed)
    {
        QVERIFY2(outcome.invariants.checked > 0, seed);
        QVERIFY2(outcome.invariants.violated == 0,
                 (outcome.invariants.firstViolation + ", seed " + seed).c_str());
        const Snapshot& s = outcome.snapshot;
        QVERIFY2(s.offered == s.accepted + s.refused, seed);
        QVERIFY2(s.refused.records == s.refusedByBytes + s.refusedByRecords, seed);
        U128 next = 0;
        std::int64_t open = 0;
        for (const ShardRow& row : s.shards) {
            QVERIFY2(row.offered == row.accepted + row.refused, seed);
            for (const auto& parent : {row.parent, row.adjacentParent})
                QVERIFY2(!parent || *parent < row.slot, seed);
            if (row.state != ShardState::Open)
                continue;
            ++open;
            QVERIFY2(row.range.start.value == next, seed);
            next = row.range.end.value + 1;
        }
        QVERIFY2(next == 0 && open == s.stream.summary.openShardCount, seed);
        for (const Event& event : *s.events)
            QVERIFY2(!event.text.empty() || event.kind == EventKind::Note, seed);
    }

private slots:
    void anythingGoesAndTheAccountsBalance_data()
    {
        QTest::addColumn<int>("first");
        for (int first = 1; first <= 200; first += kSeedsPerRow)
            QTest::newRow(qPrintable(
                QStringLiteral("seeds %1 to %2").arg(first).arg(first + kSeedsPerRow - 1)))
                << first;
    }
    void anythingGoesAndTheAccountsBalance()
    {
        QFETCH(int, first);
        for (int seed = first; seed < first + kSeedsPerRow; ++seed) {
            const std::string text = std::to_string(seed);
            const auto world
                = Simulation::create(randomWorld(static_cast<std::uint64_t>(seed)), PriceBook {});
            QVERIFY2(world.has_value(), world ? "" : (world.error().message + " " + text).c_str());
            const Finished alone = runWorld(world->fork(), pool(1), SimDuration::seconds(1));
            holds(alone, text.c_str());
            // Every seed meets one other number of threads, so each number meets a third of them.
            static constexpr std::array kThreads {2, 4, 16};
            const int threads = kThreads[static_cast<std::size_t>(seed) % kThreads.size()];
            const Finished together
                = runWorld(world->fork(), pool(threads), SimDuration::millis(370));
            QVERIFY2(together.digest == alone.digest,
                     qPrintable(
                         QStringLiteral("seed %1 differs with %2 threads").arg(seed).arg(threads)));
            QVERIFY2(together.snapshot.events->size() == alone.snapshot.events->size(),
                     text.c_str());
        }
    }

    void aForkGoesTheSameWay()
    {
        for (std::uint64_t seed = 1001; seed <= 1020; ++seed) {
            const std::string text = std::to_string(seed);
            auto world = Simulation::create(randomWorld(seed), PriceBook {});
            QVERIFY2(world.has_value(), text.c_str());
            world->advance(world->start() + world->scenario().duration / 2, pool(1));
            const Simulation fork = world->fork();
            const Finished original = runWorld(world->fork(), pool(1), SimDuration::seconds(1));
            const Finished second = runWorld(fork.fork(), pool(2), SimDuration::seconds(1));
            QVERIFY2(original.digest == second.digest, text.c_str());
            holds(second, text.c_str());
        }
    }

    void anotherSeedIsAnotherRun()
    {
        Scenario scenario = randomWorld(7);
        const auto run = [&] {
            return runWorld(Simulation::create(scenario, PriceBook {})->fork(), pool(1),
                            SimDuration::seconds(1))
                .digest;
        };
        const std::uint64_t first = run();
        QCOMPARE(run(), first);
        scenario.seed += 1;
        QVERIFY(run() != first);
    }

    void aWrittenWorldRunsTheSame()
    {
        int told = 0;
        for (std::uint64_t seed = 2001; seed <= 2040; ++seed) {
            const Scenario scenario = randomWorld(seed);
            // A file may not name producers that are not there, as random acts do.
            const auto again = parseScenario(writeScenario(scenario), "written.json");
            if (!again)
                continue;
            ++told;
            const auto digest = [&](const Scenario& s) {
                return runWorld(Simulation::create(s, PriceBook {})->fork(), pool(1),
                                SimDuration::seconds(1))
                    .digest;
            };
            QVERIFY2(digest(*again) == digest(scenario), std::to_string(seed).c_str());
        }
        QVERIFY(told > 0);
    }
};

QTEST_APPLESS_MAIN(RandomWorldsTest)
#include "tst_random_worlds.moc"
