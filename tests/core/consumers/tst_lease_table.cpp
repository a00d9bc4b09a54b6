#include <QTest>

#include <algorithm>
#include <deque>

#include "core/consumers/lease_table.h"

using namespace shardscope;

namespace {

constexpr SimDuration kFailover = SimDuration::seconds(10);
constexpr SimTime kNow = kDefaultStart + SimDuration::hours(1);

/// Leases of the given owners, renewed just now.
std::vector<Lease> owned(const std::vector<int>& owners)
{
    std::vector<Lease> leases;
    for (const int owner : owners) {
        Lease lease;
        lease.shard = ShardSlot(static_cast<std::uint32_t>(leases.size()));
        lease.owner = owner;
        lease.movedAt = kNow;
        leases.push_back(lease);
    }
    return leases;
}

std::vector<std::size_t> takes(const std::vector<Lease>& leases, int worker, std::int64_t steal = 1)
{
    return planTakes(leases, worker, kNow, kFailover, steal, CounterRng(7, 1));
}

std::vector<Assignment> assignments(const std::vector<Lease>& leases, const std::deque<bool>& up,
                                    bool rebalance = false)
{
    std::array<bool, 16> row {};
    std::copy(up.begin(), up.end(), row.begin());
    return planAssignments(leases, {row.data(), up.size()}, kNow, kFailover, rebalance);
}

constexpr int kFree = KclState::kNobody;

} // namespace

class LeaseTableTest : public QObject {
    Q_OBJECT

private slots:
    void aLeaseExpiresAfterTheFailoverTime()
    {
        Lease lease;
        lease.owner = 0;
        lease.movedAt = kNow - kFailover;
        QVERIFY(!lease.expired(kNow, kFailover));
        QVERIFY(lease.expired(kNow + SimDuration::millis(1), kFailover));
        lease.owner = kFree;
        lease.movedAt = kNow;
        QVERIFY(lease.expired(kNow, kFailover));
    }

    void theFirstWorkerTakesEverything()
    {
        QCOMPARE(takes(owned({kFree, kFree, kFree, kFree}), 0).size(), std::size_t(4));
    }

    void aWorkerTakesItsEvenShareOfFreeLeases()
    {
        // Two workers, five leases: the target is three.
        QCOMPARE(takes(owned({0, 0, kFree, kFree, kFree}), 1).size(), std::size_t(3));
        QCOMPARE(takes(owned({0, 0, 0, 1, kFree}), 1).size(), std::size_t(1));
        QCOMPARE(takes(owned({1, 1, 1, 0, kFree}), 1).size(), std::size_t(0));
    }

    void withMoreWorkersThanLeasesEachMayHaveOne()
    {
        QCOMPARE(takes(owned({0, 1}), 2).size(), std::size_t(0));
        QCOMPARE(takes(owned({0, kFree}), 2).size(), std::size_t(1));
    }

    void whatIsAtItsEndIsNobodys()
    {
        std::vector<Lease> leases = owned({kFree, kFree});
        leases[0].ended = true;
        QCOMPARE(takes(leases, 0), std::vector<std::size_t> {1});
    }

    void itStealsFromTheMostLoadedOnlyWhenNothingIsFree()
    {
        const std::vector<std::size_t> one = takes(owned({0, 0, 0, 0}), 1);
        QCOMPARE(one.size(), std::size_t(1));
        QCOMPARE(takes(owned({0, 0, 0, 0}), 1, 5).size(), std::size_t(2));
        // Something is free: only that.
        QCOMPARE(takes(owned({0, 0, 0, kFree}), 1), std::vector<std::size_t> {3});
        // Even shares are left in peace.
        QVERIFY(takes(owned({0, 0, 1, 1}), 1).empty());
        QVERIFY(takes(owned({0, 0, 1}), 1).empty());
    }

    void theLeaderSpreadsFreeLeasesEvenly()
    {
        const auto plan
            = assignments(owned({kFree, kFree, kFree, kFree, kFree, kFree}), {true, true, false});
        QCOMPARE(plan.size(), std::size_t(6));
        std::array<int, 3> given {};
        for (const Assignment& a : plan)
            ++given[static_cast<std::size_t>(a.to)];
        QCOMPARE(given[0], 3);
        QCOMPARE(given[1], 3);
        QCOMPARE(given[2], 0);
    }

    void theLeaderGivesToWhoHasLeastToDo()
    {
        std::vector<Lease> leases = owned({0, 1, kFree});
        leases[0].kibPerSecond = 100;
        leases[1].kibPerSecond = 90;
        const auto plan = assignments(leases, {true, true});
        QCOMPARE(plan.size(), std::size_t(1));
        QCOMPARE(plan[0].to, 1);
    }

    void rebalancingMovesTheSmallestOfWhoIsAboveTheMean()
    {
        std::vector<Lease> leases = owned({0, 0, 0, 1});
        leases[0].kibPerSecond = 500;
        leases[1].kibPerSecond = 100;
        leases[2].kibPerSecond = 120;
        leases[3].kibPerSecond = 100;
        QVERIFY(assignments(leases, {true, true}).empty());
        const auto plan = assignments(leases, {true, true}, true);
        // Mean 410, above by 310, of which 60 % move: 186, so 100 and then 120.
        QCOMPARE(plan.size(), std::size_t(2));
        QCOMPARE(plan[0].lease, std::size_t(1));
        QCOMPARE(plan[1].lease, std::size_t(2));
        QCOMPARE(plan[0].to, 1);
    }

    void withinTenPercentOfTheMeanNothingMoves()
    {
        std::vector<Lease> leases = owned({0, 0, 0, 1, 1});
        leases[0].kibPerSecond = 60;
        leases[1].kibPerSecond = 30;
        leases[2].kibPerSecond = 20;
        leases[3].kibPerSecond = leases[4].kibPerSecond = 46;
        QVERIFY(assignments(leases, {true, true}, true).empty());
        leases[1].kibPerSecond = 34;
        QCOMPARE(assignments(leases, {true, true}, true).size(), std::size_t(1));
        // A lease that would only carry the surplus over stays.
        leases[1].kibPerSecond = 54;
        leases[2].kibPerSecond = 0;
        leases[2].ended = true;
        QVERIFY(assignments(leases, {true, true}, true).empty());
    }

    void withoutWorkersNothingIsAssigned()
    {
        QVERIFY(assignments(owned({kFree}), {false, false}).empty());
    }
};

QTEST_APPLESS_MAIN(LeaseTableTest)
#include "tst_lease_table.moc"
