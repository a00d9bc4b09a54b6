#include <QTest>

#include "core/engine/stream.h"
#include "tests/core/engine/service_world.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

bool has(const std::vector<Event>& events, EventKind kind)
{
    return std::any_of(events.begin(), events.end(),
                       [&](const Event& e) { return e.kind == kind; });
}

} // namespace

class StreamTest : public QObject {
    Q_OBJECT

private slots:
    void splitTakesEffectWhenItsTimeIsOver()
    {
        ServiceWorld w(provisioned(2));
        std::ignore = w.service.takeEvents();
        QVERIFY(w.control(SplitShard {kName, "shardId-000000000000",
                                      toDecimal(w.stream().shards()[0].range.middle())}));
        QCOMPARE(w.stream().summary().status, StreamStatus::Updating);
        QVERIFY(w.stream().shards()[0].changing);
        QCOMPARE(w.service.nextDue(), std::optional(w.now + SimDuration::seconds(1)));
        w.offer(SimDuration::millis(990), 100, 100);
        QCOMPARE(w.openSlots(), (std::vector<std::uint32_t> {0, 1}));
        const std::uint64_t taken = w.stream().latest(ShardSlot {0});
        QVERIFY(taken > 0); // the parent goes on taking records until then

        w.offer(SimDuration::millis(20), 100, 100);
        QCOMPARE(w.openSlots(), (std::vector<std::uint32_t> {2, 3, 1}));
        const Shard& parent = w.stream().shards()[0];
        QCOMPARE(parent.state, ShardState::Closed);
        QCOMPARE(parent.children, (std::vector {ShardSlot {2}, ShardSlot {3}}));
        QCOMPARE(parent.closedAt, std::optional(w.stream().shards()[2].openedAt));
        QCOMPARE(w.stream().shards()[2].parent, std::optional(ShardSlot {0}));
        QVERIFY(!w.stream().shards()[2].adjacentParent);
        QCOMPARE(w.stream().summary().status, StreamStatus::Active);
        const auto events = w.service.takeEvents();
        QVERIFY(has(events, EventKind::SplitStarted) && has(events, EventKind::Split));
        w.offer(SimDuration::seconds(1), 100, 100);
        QVERIFY(w.stream().latest(ShardSlot {2}) + w.stream().latest(ShardSlot {3}) > 0);
        QVERIFY(w.stream().latest(ShardSlot {0}) <= taken + 2);
    }

    void mergeHasTwoParents()
    {
        ServiceWorld w(provisioned(3));
        QVERIFY(w.control(MergeShards {kName, "shardId-1", "shardId-2"}));
        w.wait(SimDuration::seconds(1));
        QCOMPARE(w.openSlots(), (std::vector<std::uint32_t> {0, 3}));
        const Shard& child = w.stream().shards()[3];
        QCOMPARE(child.parent, std::optional(ShardSlot {1}));
        QCOMPARE(child.adjacentParent, std::optional(ShardSlot {2}));
        QCOMPARE(w.stream().shards()[1].children, std::vector {ShardSlot {3}});
        QCOMPARE(w.stream().shards()[2].children, std::vector {ShardSlot {3}});
    }

    void uniformScalingGivesTheObservedIds()
    {
        ServiceWorld w(provisioned(4));
        QVERIFY(w.control(UpdateShardCount {kName, 3}));
        QCOMPARE(w.stream().summary().status, StreamStatus::Updating);
        w.wait(SimDuration::millis(1'999)); // two levels of one second
        QCOMPARE(w.stream().summary().status, StreamStatus::Updating);
        w.wait(SimDuration::millis(1));
        QCOMPARE(w.stream().summary().status, StreamStatus::Active);
        QCOMPARE(w.openSlots(), (std::vector<std::uint32_t> {6, 9, 10}));
        for (const auto& e : w.stream().map().open())
            QVERIFY(std::abs(e.range.width() - 1.0 / 3) < 1e-12);
        QVERIFY(has(w.service.takeEvents(), EventKind::Scaled));
    }

    void recordsGoOnThroughUniformScaling()
    {
        ServiceWorld w(provisioned(4));
        QVERIFY(w.control(UpdateShardCount {kName, 7}));
        w.offer(SimDuration::seconds(5), 500, 100);
        QCOMPARE(w.refused, std::uint64_t {0});
        std::uint64_t stored = 0;
        for (const Shard& s : w.stream().shards())
            stored += w.stream().latest(s.slot);
        QCOMPARE(stored, w.offered);
        QCOMPARE(w.stream().map().size(), std::size_t {7});
        QVERIFY(std::none_of(w.stream().shards().begin(), w.stream().shards().end(),
                             [](const Shard& s) { return s.changing; }));
    }

    /// A reader that follows lineage sees every record of one key in the order of its sending.
    void orderOfAKeyOutlivesSplitAndMerge()
    {
        ServiceWorld w(provisioned(2));
        const HashKey key = HashKey::fromWords(0x4100'0000'0000'0000ULL, 5);
        const auto send = [&] { w.offer(SimDuration::seconds(3), 50, 100, key); };
        send();
        QVERIFY(
            w.control(SplitShard {kName, "0", toDecimal(w.stream().shards()[0].range.middle())}));
        send();
        QVERIFY(w.control(MergeShards {kName, "3", "1"}));
        send();

        ShardSlot at {0};
        std::vector<std::uint64_t> numbers;
        std::vector<std::uint32_t> path;
        while (true) {
            path.push_back(at.value);
            const ReadAnswer a = w.stream().read(at, 0, 10'000, w.now);
            QVERIFY(!a.refused);
            for (std::uint64_t p = a.first; p < a.next; ++p)
                numbers.push_back(w.stream().records(at, p).front().number());
            if (!a.atEnd)
                break;
            const auto& children = w.stream().shards()[at.index()].children;
            at = *std::find_if(children.begin(), children.end(), [&](ShardSlot c) {
                return w.stream().shards()[c.index()].range.contains(key);
            });
        }
        QCOMPARE(path, (std::vector<std::uint32_t> {0, 3, 4}));
        QCOMPARE(numbers.size(), std::size_t {450});
        for (std::size_t i = 0; i < numbers.size(); ++i)
            QCOMPARE(numbers[i], std::uint64_t {i});
    }

    void firstRefusalIsNewsUntilAMinuteOfQuiet()
    {
        ServiceWorld w(provisioned(1));
        const auto refusalsIn = [&] {
            const auto events = w.service.takeEvents();
            return std::count_if(events.begin(), events.end(),
                                 [](const Event& e) { return e.kind == EventKind::FirstRefusal; });
        };
        w.offer(SimDuration::seconds(5), 1'500, 100);
        QCOMPARE(refusalsIn(), 1);
        w.wait(SimDuration::seconds(50));
        w.offer(SimDuration::seconds(5), 1'500, 100);
        QCOMPARE(refusalsIn(), 0);
        w.wait(SimDuration::seconds(61));
        w.offer(SimDuration::seconds(5), 1'500, 100);
        QCOMPARE(refusalsIn(), 1);
    }

    void recordSizeWidensTheBurst()
    {
        ServiceWorld w(provisioned(1));
        QCOMPARE(w.stream().columns().bytesBurst, 1_MiB);
        QVERIFY(w.control(UpdateMaxRecordSize {kName, 10'240}));
        QCOMPARE(w.stream().columns().bytesBurst, 1_MiB);
        w.wait(SimDuration::seconds(1));
        QCOMPARE(w.stream().columns().bytesBurst, 10_MiB);
    }

    // --- reading ----------------------------------------------------------------------------

    void callsAreFiveASecond()
    {
        ServiceWorld w(provisioned(1));
        for (int i = 0; i < 5; ++i)
            QVERIFY(!w.stream().read(ShardSlot {0}, 0, 1, w.now).refused);
        const ReadAnswer sixth = w.stream().read(ShardSlot {0}, 0, 1, w.now);
        QCOMPARE(sixth.refused, std::optional(Rule::R2ReadCalls));
        QCOMPARE(sixth.wouldPassAt, w.now + SimDuration::millis(200));
        QVERIFY(w.stream().read(ShardSlot {0}, 0, 1, w.now + SimDuration::millis(199)).refused);
        QVERIFY(!w.stream().read(ShardSlot {0}, 0, 1, w.now + SimDuration::millis(200)).refused);
        QCOMPARE(w.stream().shards()[0].refusedReadCalls, std::uint64_t {2});
        QCOMPARE(w.stream().shards()[0].readCalls, std::uint64_t {8});
        QVERIFY(has(w.service.takeEvents(), EventKind::ReadRefusal));
    }

    void bytesReadAreOwedAtTwoMebibytesASecond()
    {
        ServiceWorld w(provisioned(1));
        w.offer(SimDuration::seconds(2), 10, 104'858); // about 2 MiB
        const ReadAnswer a = w.stream().read(ShardSlot {0}, 0, 10, w.now);
        QCOMPARE(a.next, std::uint64_t {10});
        QCOMPARE(a.bytes, std::uint64_t {1'048'580});
        QVERIFY(a.millisBehindLatest > 0);
        const auto at = [&](int ms) {
            Stream copy = w.stream();
            return copy.read(ShardSlot {0}, 10, 10, w.now + SimDuration::millis(ms)).refused;
        };
        QCOMPARE(at(0), std::optional(Rule::R1ReadBytes));
        QCOMPARE(at(490), std::optional(Rule::R1ReadBytes));
        QCOMPARE(at(500), std::nullopt);
    }

    void aFullAnswerIsFollowedByFiveSecondsOfRest()
    {
        ServiceWorld w(provisioned(1));
        w.offer(SimDuration::seconds(12), 10, 104'857);
        const ReadAnswer a = w.stream().read(ShardSlot {0}, 0, 10'000, w.now);
        QCOMPARE(a.bytes, std::uint64_t {100 * 104'857});
        QVERIFY(a.millisBehindLatest > 0 && !a.atEnd);
        const auto at = [&](int ms) {
            Stream copy = w.stream();
            return copy.read(ShardSlot {0}, 100, 10, w.now + SimDuration::millis(ms)).refused;
        };
        QCOMPARE(at(4'999), std::optional(Rule::R3ReadWait));
        QCOMPARE(at(5'000), std::nullopt);
    }

    void anAnswerCarriesTenThousandRecords()
    {
        ServiceWorld w(provisioned(1));
        w.offer(SimDuration::seconds(13), 900, 50);
        const ReadAnswer a = w.stream().read(ShardSlot {0}, 0, 10'000, w.now);
        QCOMPARE(a.next, std::uint64_t {10'000});
        const ReadAnswer b
            = w.stream().read(ShardSlot {0}, a.next, 10'000, w.now + SimDuration::seconds(1));
        QCOMPARE(b.next, std::uint64_t {11'700});
        QCOMPARE(b.millisBehindLatest, std::int64_t {0});
        QVERIFY(!b.atEnd); // an open shard has no end
    }

    void withoutThrottlingNothingIsRefused()
    {
        ServiceOptions options = quickOptions();
        options.throttling = {.write = false, .read = false, .control = false, .quotas = false};
        ServiceWorld w(provisioned(1), options);
        w.offer(SimDuration::seconds(3), 3'000, 100);
        QCOMPARE(w.refused, std::uint64_t {0});
        for (int i = 0; i < 50; ++i)
            QVERIFY(!w.stream().read(ShardSlot {0}, 0, 10'000, w.now).refused);
    }

    // --- keeping ----------------------------------------------------------------------------

    void retentionTakesRecordsWhenTheyAreOlder()
    {
        ServiceWorld w(provisioned(1));
        w.offer(SimDuration::seconds(1), 100, 100);
        const SimTime first
            = SimTime::fromMillis(w.stream().records(ShardSlot {0}, 0).front().arrivalMs);
        w.now = first;
        w.wait(SimDuration::hours(24));
        QCOMPARE(w.stream().trimHorizon(ShardSlot {0}), std::uint64_t {0});
        w.wait(SimDuration::seconds(1));
        QVERIFY(w.stream().trimHorizon(ShardSlot {0}) > 0);
        w.wait(SimDuration::seconds(1));
        QCOMPARE(w.stream().trimHorizon(ShardSlot {0}), std::uint64_t {100});
        QCOMPARE(w.stream().trimmed(), (Volume {100, 10'000}));
        QVERIFY(!w.stream().trimmedByBudget());
        const ReadAnswer late = w.stream().read(ShardSlot {0}, 40, 10, w.now);
        QCOMPARE(late.skippedByTrim, std::uint64_t {60});
    }

    void longerRetentionKeepsAndShorterTakes()
    {
        ServiceWorld w(provisioned(1));
        QVERIFY(w.control(IncreaseStreamRetentionPeriod {kName, 48}));
        w.offer(SimDuration::seconds(1), 100, 100);
        w.wait(SimDuration::hours(40));
        QCOMPARE(w.stream().trimHorizon(ShardSlot {0}), std::uint64_t {0});
        QVERIFY(w.control(DecreaseStreamRetentionPeriod {kName, 24}));
        w.wait(SimDuration::seconds(1));
        QCOMPARE(w.stream().trimHorizon(ShardSlot {0}), std::uint64_t {100});
    }

    void aClosedShardExpiresOneRetentionAfterClosing()
    {
        ServiceWorld w(provisioned(1));
        w.offer(SimDuration::seconds(1), 100, 100);
        QVERIFY(
            w.control(SplitShard {kName, "0", toDecimal(w.stream().shards()[0].range.middle())}));
        w.wait(SimDuration::seconds(1));
        const SimTime closed = *w.stream().shards()[0].closedAt;
        w.now = closed;
        w.wait(SimDuration::hours(24) - SimDuration::seconds(1));
        QCOMPARE(w.stream().shards()[0].state, ShardState::Closed);
        QCOMPARE(w.service.listShards(kName)->size(), std::size_t {3});
        w.wait(SimDuration::seconds(1));
        QCOMPARE(w.stream().shards()[0].state, ShardState::Expired);
        QCOMPARE(w.service.listShards(kName)->size(), std::size_t {2});
        QCOMPARE(w.stream().trimHorizon(ShardSlot {0}), w.stream().latest(ShardSlot {0}));
        QVERIFY(has(w.service.takeEvents(), EventKind::ShardExpired));
    }

    void theMemoryBudgetTakesTheOldestOfAllShards()
    {
        ServiceOptions options = quickOptions();
        options.memoryBudget = 320'000; // 10,000 records
        ServiceWorld w(provisioned(4), options);
        w.offer(SimDuration::seconds(9), 1'000, 100);
        QVERIFY(!w.stream().trimmedByBudget());
        w.offer(SimDuration::seconds(30), 1'000, 100);
        QVERIFY(w.stream().trimmedByBudget());
        std::uint64_t kept = 0;
        std::int64_t oldest = INT64_MAX;
        for (const Shard& s : w.stream().shards()) {
            kept += w.stream().latest(s.slot) - w.stream().trimHorizon(s.slot);
            oldest = std::min(
                oldest,
                w.stream().records(s.slot, w.stream().trimHorizon(s.slot)).front().arrivalMs);
        }
        QVERIFY(kept <= 11'000 && kept > 8'000);
        QCOMPARE(static_cast<std::uint64_t>(w.stream().trimmed().records) + kept, w.offered);
        QVERIFY(oldest > (w.now - SimDuration::seconds(13)).inMillis());
        const auto events = w.service.takeEvents();
        QCOMPARE(std::count_if(events.begin(), events.end(),
                               [](const Event& e) { return e.kind == EventKind::BudgetTrim; }),
                 1);
    }

    void aCopyOfTheServiceGoesItsOwnWay()
    {
        ServiceWorld w(provisioned(2));
        w.offer(SimDuration::seconds(1), 300, 100);
        Service fork = w.service;
        const std::uint64_t at = w.stream().latest(ShardSlot {0});
        QVERIFY(w.control(UpdateShardCount {kName, 4}));
        w.offer(SimDuration::seconds(3), 300, 100);
        QCOMPARE(w.stream().map().size(), std::size_t {4});
        Stream& other = *fork.find(kName);
        QCOMPARE(other.map().size(), std::size_t {2});
        QCOMPARE(other.latest(ShardSlot {0}), at);
        QCOMPARE(other.summary().status, StreamStatus::Active);
        fork.advance(w.now);
        QVERIFY(fork.control(MergeShards {kName, "0", "1"}, w.now));
        QCOMPARE(w.stream().summary().status, StreamStatus::Active);
        QCOMPARE(other.read(ShardSlot {0}, 0, 10'000, w.now).next, at);
        QCOMPARE(w.stream().shards()[0].outRecords, std::uint64_t {0});
    }
};

QTEST_APPLESS_MAIN(StreamTest)
#include "tst_stream.moc"
