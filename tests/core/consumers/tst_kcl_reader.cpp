#include <QTest>

#include "core/workload/aggregate.h"
#include "tests/support/reader_world.h"

using namespace shardscope;

namespace {

ConsumerSpec application(KclSpec::Version version, std::int64_t workers = 3)
{
    ConsumerSpec spec;
    spec.kind = ConsumerKind::Kcl;
    spec.kcl.version = version;
    spec.kcl.workers = workers;
    spec.kcl.retrieval = KclSpec::Retrieval::Polling;
    return spec;
}

KclState stateOf(ReaderWorld& world)
{
    return std::get<KclState>(world.consumers[0]->state(world.stream(), world.now));
}

/// An aggregate of `count` records, each with a key of its own whose hash lies in `range`.
std::string aggregateWithin(const HashKeyRange& range, int count)
{
    std::vector<UserRecord> records;
    for (int i = 0; records.size() < static_cast<std::size_t>(count); ++i)
        if (const std::string key = "device-" + std::to_string(i); range.contains(md5(key)))
            records.push_back({key, "{}"});
    return buildAggregate(records);
}

/// Leases by worker.
std::vector<std::int64_t> shares(ReaderWorld& world)
{
    std::vector<std::int64_t> held;
    for (const KclState::WorkerRow& worker : stateOf(world).workers)
        held.push_back(worker.leases);
    std::sort(held.begin(), held.end());
    return held;
}

} // namespace

Q_DECLARE_METATYPE(KclSpec::Version)

class KclReaderTest : public QObject {
    Q_OBJECT

private slots:
    void readsEverythingOnce_data() { versions(); }
    void readsEverythingOnce()
    {
        QFETCH(KclSpec::Version, version);
        ReaderWorld world(6);
        world.add(application(version));
        world.run(SimDuration::minutes(5), 3);
        world.run(SimDuration::seconds(30));
        const auto& counts = world.consumers[0]->counts();
        QCOMPARE(counts.orderViolations, std::int64_t(0));
        // What a stolen lease makes the thief read again is counted apart.
        QCOMPARE(counts.records - counts.againRecords, world.accepted);
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(0));
    }

    void workersEndWithEvenShares_data() { versions(); }
    void workersEndWithEvenShares()
    {
        QFETCH(KclSpec::Version, version);
        ReaderWorld world(6);
        world.add(application(version));
        world.run(SimDuration::minutes(5), 3);
        const std::vector<std::int64_t> even {2, 2, 2};
        QVERIFY(shares(world) == even);
    }

    void aCrashedWorkersLeasesAreTakenAfterTheFailoverTime_data() { versions(); }
    void aCrashedWorkersLeasesAreTakenAfterTheFailoverTime()
    {
        QFETCH(KclSpec::Version, version);
        ReaderWorld world(6);
        world.add(application(version));
        world.run(SimDuration::minutes(5), 3);
        QVERIFY(world.consumers[0]->crash({3, {}}, world.now));
        world.run(SimDuration::minutes(2), 3);
        const KclState after = stateOf(world);
        // Not renewed for ten seconds, the last time up to a third of that before the crash; then
        // up to one scan of 20 s, in 3.x up to 10 s more to find it, and a second to begin.
        const std::int64_t most = version == KclSpec::Version::V3 ? 41'000 : 31'500;
        QVERIFY2(after.longestGapMs >= 6'600 && after.longestGapMs <= most,
                 qPrintable(QString::number(after.longestGapMs)));
        QCOMPARE(after.expired, std::int64_t(2));
        QVERIFY(!after.workers[2].up);
        QCOMPARE(after.workers[0].leases + after.workers[1].leases, std::int64_t(6));
        // Seen twice: what came since the checkpoints, at most a minute of two shards.
        const auto& counts = world.consumers[0]->counts();
        QVERIFY(counts.againRecords > 0);
        QVERIFY(counts.againRecords < 2 * 60 * 100);
        world.run(SimDuration::seconds(20));
        QCOMPARE(counts.records - counts.againRecords, world.accepted);
        QCOMPARE(counts.orderViolations, std::int64_t(0));
    }

    void aWorkerThatReturnsGetsItsShareBack_data() { versions(); }
    void aWorkerThatReturnsGetsItsShareBack()
    {
        QFETCH(KclSpec::Version, version);
        ReaderWorld world(6);
        world.add(application(version));
        world.run(SimDuration::minutes(5), 3);
        QVERIFY(world.consumers[0]->crash({3, SimDuration::minutes(2)}, world.now));
        world.run(SimDuration::minutes(2) - kSlice, 3);
        QVERIFY(!stateOf(world).workers[2].up);
        world.run(SimDuration::minutes(8), 3);
        QVERIFY(stateOf(world).workers[2].up);
        const std::vector<std::int64_t> even {2, 2, 2};
        QVERIFY(shares(world) == even);
    }

    void checkpointingEveryBatchLeavesNothingToReadAgain()
    {
        ReaderWorld world(4);
        ConsumerSpec spec = application(KclSpec::Version::V2, 2);
        spec.kcl.checkpointEvery = {};
        world.add(spec);
        world.run(SimDuration::minutes(3), 3);
        QVERIFY(world.consumers[0]->crash({1, {}}, world.now));
        world.run(SimDuration::minutes(2), 3);
        QCOMPARE(world.consumers[0]->counts().againRecords, std::int64_t(0));
    }

    void gracefulHandOffReadsNothingTwiceAndStealingDoes()
    {
        for (const bool graceful : {true, false}) {
            ReaderWorld world(6);
            ConsumerSpec spec = application(KclSpec::Version::V3, 2);
            spec.kcl.gracefulHandoff = graceful;
            world.add(spec);
            world.run(SimDuration::minutes(3), 3);
            spec = world.consumers[0]->spec();
            spec.kcl.workers = 3;
            world.consumers[0]->change(spec, world.now);
            world.run(SimDuration::minutes(5), 3);
            const KclState after = stateOf(world);
            QVERIFY(after.workers[2].leases > 0);
            QCOMPARE(after.handedOver > 0, graceful);
            QCOMPARE(after.stolen > 0, !graceful);
            QCOMPARE(world.consumers[0]->counts().againRecords > 0, !graceful);
            QCOMPARE(world.consumers[0]->counts().orderViolations, std::int64_t(0));
        }
    }

    void withoutItsLeaderNobodyAssignsForTwoMinutes()
    {
        ReaderWorld world(6);
        world.add(application(KclSpec::Version::V3));
        world.run(SimDuration::minutes(5), 3);
        QVERIFY(stateOf(world).workers[0].leader);
        QVERIFY(world.consumers[0]->crash({1, {}}, world.now));
        world.run(SimDuration::seconds(119), 3);
        QCOMPARE(stateOf(world).expired, std::int64_t(0));
        world.run(SimDuration::seconds(15), 3);
        QCOMPARE(stateOf(world).expired, std::int64_t(2));
        QVERIFY(stateOf(world).workers[1].leader);
    }

    void childrenWaitForALeaseOfTheirOwn()
    {
        ReaderWorld world(2);
        world.add(application(KclSpec::Version::V2, 2));
        world.run(SimDuration::minutes(2), 2);
        world.split(0);
        world.run(SimDuration::minutes(3), 2);
        world.run(SimDuration::seconds(30));
        const KclState after = stateOf(world);
        QCOMPARE(after.taken, std::int64_t(4));
        const auto& counts = world.consumers[0]->counts();
        QCOMPARE(counts.records - counts.againRecords, world.accepted);
        QCOMPARE(counts.orderViolations, std::int64_t(0));
        // The parent's lease goes when it is cleaned up.
        world.run(SimDuration::minutes(5));
        for (const KclState::LeaseRow& lease : stateOf(world).leases)
            QVERIFY(lease.shard != ShardSlot(0));
    }

    void aggregatesOfRealClientsAreOpened()
    {
        ReaderWorld world(1);
        world.add(application(KclSpec::Version::V3, 1));
        world.run(SimDuration::minutes(1));
        const HashKey anywhere;
        world.put(std::string(kAggregateKey), aggregateWithin({}, 7), anywhere);
        world.put(std::string(kAggregateKey), "no aggregate", anywhere);
        // A checksum that does not fit: the record is handed on as it is.
        std::string damaged = aggregateWithin({}, 7);
        damaged.back() = static_cast<char>(damaged.back() ^ 1);
        world.put(std::string(kAggregateKey), damaged, anywhere);
        world.run(SimDuration::seconds(30));
        QCOMPARE(stateOf(world).opened.userRecords, std::int64_t(7 + 1 + 1));
        QCOMPARE(stateOf(world).opened.droppedAggregates, std::int64_t(0));
    }

    void anAggregateWithARecordOfAnotherShardIsPassedOverWhole()
    {
        ReaderWorld world(2);
        world.add(application(KclSpec::Version::V3, 1));
        world.run(SimDuration::minutes(1));
        const HashKeyRange lower = evenRange(0, 2);
        world.put(std::string(kAggregateKey), aggregateWithin(lower, 5), lower.start);
        world.put(std::string(kAggregateKey), aggregateWithin({}, 40),
                  lower.start); // keys of both shards
        world.run(SimDuration::seconds(30));
        const KclState after = stateOf(world);
        QCOMPARE(after.opened.userRecords, std::int64_t(5));
        QCOMPARE(after.opened.droppedAggregates, std::int64_t(1));
        QCOMPARE(after.opened.droppedUserRecords, std::int64_t(40));
        QCOMPARE(world.consumers[0]->counts().records, std::int64_t(2));
    }

    void aReplayKeepsLeasesWithTheirOwners()
    {
        ReaderWorld world(4);
        world.add(application(KclSpec::Version::V3, 2));
        world.run(SimDuration::minutes(3), 2);
        const std::int64_t all = world.accepted;
        world.run(SimDuration::seconds(5));
        const std::int64_t taken = stateOf(world).taken;
        QVERIFY(world.consumers[0]->replay({}, world.stream(), world.now));
        world.run(SimDuration::seconds(20));
        QCOMPARE(world.consumers[0]->counts().againRecords, all);
        QCOMPARE(stateOf(world).taken, taken);
    }

    void saysWhichWorkersThereAre()
    {
        ReaderWorld world(1);
        world.add(application(KclSpec::Version::V3, 2));
        world.run(SimDuration::seconds(1));
        const auto refused = world.consumers[0]->crash({3, {}}, world.now);
        QVERIFY(!refused);
        QCOMPARE(refused.error().message,
                 std::string("Consumer \"reader-0\" has workers 1 to 2; worker 3 cannot crash."));
    }

    void theSameSeedGivesTheSameRunAndACopyGoesItsOwnWay()
    {
        ReaderWorld a(4), b(4);
        for (ReaderWorld* world : {&a, &b}) {
            world->add(application(KclSpec::Version::V2));
            world->run(SimDuration::minutes(2), 3);
            QVERIFY(world->consumers[0]->crash({2, {}}, world->now));
            world->run(SimDuration::minutes(1), 3);
        }
        QCOMPARE(a.consumers[0]->digest(), b.consumers[0]->digest());
        const Cloned<Reader> copy = a.consumers[0];
        a.run(SimDuration::seconds(30), 3);
        QCOMPARE(copy->digest(), b.consumers[0]->digest());
        QVERIFY(a.consumers[0]->digest() != b.consumers[0]->digest());
    }

private:
    static void versions()
    {
        QTest::addColumn<KclSpec::Version>("version");
        QTest::newRow("1.x") << KclSpec::Version::V1;
        QTest::newRow("2.x") << KclSpec::Version::V2;
        QTest::newRow("3.x") << KclSpec::Version::V3;
    }
};

QTEST_APPLESS_MAIN(KclReaderTest)
#include "tst_kcl_reader.moc"
