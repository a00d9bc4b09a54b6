#include <QTest>

#include <array>

#include "core/base/rng.h"
#include "core/metrics/recorder.h"

using namespace shardscope;

namespace {

/// Counters that rise as a stream's would, without a stream.
struct Counters {
    std::vector<ShardHot> hot;
    std::vector<Shard> shards;
    std::array<std::uint64_t, budgets::kHeatBuckets> heat {};
    std::vector<std::int64_t> ages;

    explicit Counters(std::size_t count) { open(count); }
    void open(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i) {
            Shard shard;
            shard.slot = ShardSlot(static_cast<std::uint32_t>(shards.size()));
            shards.push_back(shard);
            hot.emplace_back();
            ages.push_back(0);
        }
    }
    [[nodiscard]] StreamCounters view() const { return {hot, shards, heat}; }

    /// Adds a drawn amount to every live counter.
    void traffic(const CounterRng& rng, std::uint64_t tick)
    {
        for (std::size_t i = 0; i < hot.size(); ++i) {
            if (shards[i].state == ShardState::Expired)
                continue;
            const CounterRng lane = rng.fork(i);
            const auto draw = [&](std::uint64_t which, std::uint64_t most) {
                return lane.below(tick * 16 + which, most);
            };
            hot[i].acceptedBytes += draw(0, 200'000);
            hot[i].acceptedRecords += draw(1, 200);
            hot[i].refusedByBytes += draw(2, 20);
            hot[i].refusedByRecords += draw(3, 20);
            hot[i].refusedBytes += draw(4, 9'000);
            shards[i].outBytes += draw(5, 400'000);
            shards[i].outRecords += draw(6, 400);
            shards[i].readCalls += draw(7, 3);
            shards[i].refusedReadBytes += draw(8, 2);
            shards[i].refusedReadCalls += draw(9, 2);
            shards[i].refusedReadWait += draw(10, 2);
            ages[i] = static_cast<std::int64_t>(draw(11, 5'000));
            heat[i % heat.size()] += draw(12, 1'000);
        }
    }
    /// All that was counted of one shard, as a sample; the largest age is not.
    [[nodiscard]] ShardSample total(std::size_t i) const
    {
        ShardSample s;
        s.inBytes = hot[i].acceptedBytes;
        s.inRecords = static_cast<std::uint32_t>(hot[i].acceptedRecords);
        s.refusedByBytes = static_cast<std::uint32_t>(hot[i].refusedByBytes);
        s.refusedByRecords = static_cast<std::uint32_t>(hot[i].refusedByRecords);
        s.refusedBytes = hot[i].refusedBytes;
        s.outBytes = shards[i].outBytes;
        s.outRecords = static_cast<std::uint32_t>(shards[i].outRecords);
        s.readCalls = static_cast<std::uint32_t>(shards[i].readCalls);
        s.refusedReads = static_cast<std::uint32_t>(
            shards[i].refusedReadBytes + shards[i].refusedReadCalls + shards[i].refusedReadWait);
        return s;
    }
};

bool sameSums(const ShardSample& a, const ShardSample& b)
{
    return a.inBytes == b.inBytes && a.inRecords == b.inRecords
        && a.refusedByBytes == b.refusedByBytes && a.refusedByRecords == b.refusedByRecords
        && a.refusedBytes == b.refusedBytes && a.outBytes == b.outBytes
        && a.outRecords == b.outRecords && a.readCalls == b.readCalls
        && a.refusedReads == b.refusedReads;
}

constexpr SimDuration kBucket = SimDuration::millis(100);
constexpr TimeWindow kEver {SimTime {}, SimTime::max()};

/// A recorder, the counters it reads and the time they share.
struct Run {
    Counters counters;
    Recorder recorder;
    CounterRng rng;
    SimTime now;
    std::uint64_t tick = 0;

    explicit Run(std::size_t shards, SimTime start = kDefaultStart, Bytes budget = 192_MiB)
        : counters(shards)
        , recorder(start, budget)
        , rng(11, 0)
        , now(start)
    {
    }
    void close(int buckets = 1)
    {
        for (int i = 0; i < buckets; ++i) {
            counters.traffic(rng, tick++);
            now += kBucket;
            recorder.close(counters.view(), counters.ages, 1.0, 2.0, now);
        }
    }
    [[nodiscard]] ShardSample sum(Resolution r, std::uint32_t slot, TimeWindow window = kEver) const
    {
        ShardSample s;
        for (const ShardPoint& p : shardPoints(recorder.history(), r, ShardSlot(slot), window))
            s.add(p.sample);
        return s;
    }
};

} // namespace

class RecorderTest : public QObject {
    Q_OBJECT

private slots:
    void sumsEqualTheCountersAtEveryResolution()
    {
        Run run(5);
        run.close(1'800); // three minutes
        for (std::uint32_t i = 0; i < 5; ++i) {
            for (const auto r : {Resolution::Ms100, Resolution::Second, Resolution::Minute})
                QVERIFY(sameSums(run.sum(r, i), run.counters.total(i)));
        }
        ShardSample all;
        for (std::size_t i = 0; i < 5; ++i)
            all.add(run.counters.total(i));
        ShardSample totals;
        for (const StreamPoint& p :
             streamPoints(run.recorder.history(), Resolution::Minute, kEver)) {
            totals.add(p.sample.sum);
            QCOMPARE(p.sample.openShards, 5U);
            QCOMPARE(p.sample.costProvisioned, 1.0);
            QCOMPARE(p.sample.costOnDemand, 2.0);
        }
        QVERIFY(sameSums(totals, all));
    }

    void aSecondIsTheSumOfItsBucketsAndTheirLargestAge()
    {
        Run run(3);
        run.close(95);
        const History history = run.recorder.history();
        const auto seconds = shardPoints(history, Resolution::Second, ShardSlot(1), kEver);
        QCOMPARE(seconds.size(), std::size_t {9}); // the tenth is not over
        for (const ShardPoint& second : seconds) {
            ShardSample sum;
            const auto buckets = shardPoints(history, Resolution::Ms100, ShardSlot(1),
                                             {second.at, second.at + second.step});
            QCOMPARE(buckets.size(), std::size_t {10});
            for (const ShardPoint& p : buckets)
                sum.add(p.sample);
            QVERIFY(sameSums(sum, second.sample));
            QCOMPARE(sum.ageMs, second.sample.ageMs);
        }
    }

    void secondsAndMinutesLieOnTheClock()
    {
        Run run(1, kDefaultStart + SimDuration::millis(58'700));
        run.close(15); // 0.3 s, then a full second, then 0.2 s
        const auto seconds
            = shardPoints(run.recorder.history(), Resolution::Second, ShardSlot(0), kEver);
        QCOMPARE(seconds.size(), std::size_t {2});
        QVERIFY(seconds[0].at == kDefaultStart + SimDuration::seconds(58));
        QVERIFY(seconds[1].at == kDefaultStart + SimDuration::seconds(59));
        const auto minutes
            = shardPoints(run.recorder.history(), Resolution::Minute, ShardSlot(0), kEver);
        QCOMPARE(minutes.size(), std::size_t {1});
        QVERIFY(minutes[0].at == kDefaultStart);
    }

    void aReshardBeginsBlocksAnew()
    {
        Run run(2);
        run.close(605); // in the middle of a second, and of a minute
        run.counters.shards[0].state = ShardState::Closed;
        run.counters.open(2);
        run.close(595);
        run.counters.shards[0].state = ShardState::Expired;
        run.close(600);
        const History history = run.recorder.history();
        for (const auto r : {Resolution::Ms100, Resolution::Second, Resolution::Minute}) {
            std::vector<std::size_t> widths;
            SimTime end = kDefaultStart;
            for (const auto& block : history.of(r)) {
                QVERIFY(block->start == end); // nothing missing, nothing twice
                end = block->end();
                QCOMPARE(block->cells.size(), block->rows() * block->shards.size());
                if (widths.empty() || widths.back() != block->shards.size())
                    widths.push_back(block->shards.size());
            }
            QVERIFY((widths == std::vector<std::size_t> {2, 4, 3}));
            for (std::uint32_t i = 1; i < 4; ++i)
                QVERIFY(sameSums(run.sum(r, i), run.counters.total(i)));
        }
        // A closed shard still counts as a column, an expired one does not, and its past stays.
        QVERIFY(history.of(Resolution::Ms100).back()->column(ShardSlot(0)) < 0);
        QVERIFY(sameSums(run.sum(Resolution::Ms100, 0), run.counters.total(0)));
        QCOMPARE(run.recorder.lastSecond().openShards, 3U);
    }

    void ratesCoverTheLastFullSecondAndMinute()
    {
        Run run(2);
        QCOMPARE(run.recorder.rates(ShardSlot(0)).minuteSeconds, 0);
        run.close(9);
        QCOMPARE(run.recorder.rates(ShardSlot(0)).minuteSeconds, 0);
        run.close(1);
        QCOMPARE(run.recorder.rates(ShardSlot(0)).minuteSeconds, 1);
        for (const int seconds : {58, 1, 1, 1, 30}) {
            run.close(10 * seconds);
            const Recorder::Rates rates = run.recorder.rates(ShardSlot(1));
            const int elapsed = static_cast<int>((run.now - kDefaultStart).inSeconds());
            QCOMPARE(rates.minuteSeconds, std::min(60, elapsed));
            const SimTime from = run.now - SimDuration::seconds(rates.minuteSeconds);
            QVERIFY(sameSums(rates.minute, run.sum(Resolution::Second, 1, {from, run.now})));
            const TimeWindow last {run.now - SimDuration::seconds(1), run.now};
            QVERIFY(sameSums(rates.second, run.sum(Resolution::Ms100, 1, last)));
        }
        run.counters.open(1);
        run.close(200);
        const Recorder::Rates fresh = run.recorder.rates(ShardSlot(2));
        QCOMPARE(fresh.minuteSeconds, 20);
        QVERIFY(sameSums(fresh.minute, run.counters.total(2)));
        QVERIFY(sameSums(run.recorder.rates(ShardSlot(3)).minute, {})); // unknown
    }

    void aMissedStretchDoesNotSpoilTheMinute()
    {
        Run run(1);
        run.close(300);
        run.now += SimDuration::seconds(45);
        run.close(400);
        const auto points
            = shardPoints(run.recorder.history(), Resolution::Second, ShardSlot(0), kEver);
        QCOMPARE(points.size(), std::size_t {70});
        QVERIFY(points[30].at - points[29].at == SimDuration::seconds(46));
        const TimeWindow last {run.now - SimDuration::minutes(1), run.now};
        QVERIFY(sameSums(run.recorder.rates(ShardSlot(0)).minute,
                         run.sum(Resolution::Second, 0, last)));
    }

    void thePeakIsTheLargestSecondOffered()
    {
        Counters counters(1);
        Recorder recorder(kDefaultStart, 16_MiB);
        SimTime now = kDefaultStart;
        const auto second = [&](std::uint64_t bytes, std::uint64_t refused) {
            counters.hot[0].acceptedBytes += bytes;
            counters.hot[0].refusedByRecords += refused;
            for (int i = 0; i < 10; ++i) {
                now += kBucket;
                recorder.close(counters.view(), {}, 0, 0, now);
            }
        };
        second(524'288, 0);
        QCOMPARE(recorder.peakPercentOfLimit(ShardSlot(0)), 50.0);
        second(0, 1'250); // refused records are offered load, too
        QCOMPARE(recorder.peakPercentOfLimit(ShardSlot(0)), 125.0);
        second(1'048'576, 0);
        QCOMPARE(recorder.peakPercentOfLimit(ShardSlot(0)), 125.0);
        QCOMPARE(recorder.peakPercentOfLimit(ShardSlot(1)), 0.0);
    }

    void aCopyGoesItsOwnWayAndSharesThePast()
    {
        Run run(4);
        run.close(3'000);
        Run fork = run;
        const History before = run.recorder.history();
        fork.close(100);
        QVERIFY(run.recorder.history().of(Resolution::Ms100).back()->end() == run.now);
        QVERIFY(fork.recorder.history().of(Resolution::Ms100).back()->end() == fork.now);
        QCOMPARE(fork.recorder.history().of(Resolution::Ms100).front().get(),
                 before.of(Resolution::Ms100).front().get());
        run.close(100);
        for (std::uint32_t i = 0; i < 4; ++i)
            QVERIFY(sameSums(run.sum(Resolution::Second, i), fork.sum(Resolution::Second, i)));
    }

    void heatIsWhatEachSecondAdded()
    {
        Run run(3);
        run.close(701);
        const History history = run.recorder.history();
        SimTime end = kDefaultStart;
        std::array<std::uint64_t, budgets::kHeatBuckets> sum {};
        std::size_t rows = 0;
        for (const auto& block : history.heat) {
            QVERIFY(block->start == end);
            end = end + SimDuration::seconds(static_cast<std::int64_t>(block->rows.size()));
            rows += block->rows.size();
            for (const auto& row : block->rows) {
                for (std::size_t i = 0; i < row.size(); ++i)
                    sum[i] += row[i];
            }
        }
        QCOMPARE(rows, std::size_t {70});
        Run same(3);
        same.close(700);
        QVERIFY(sum == same.counters.heat);
    }

    void aConsumersAgeIsTheLargestOfItsBucketAndItsLagTheLast()
    {
        Counters counters(1);
        Recorder recorder(kDefaultStart, 16_MiB);
        SimTime now = kDefaultStart;
        for (std::uint32_t i = 0; i < 20; ++i) {
            now += kBucket;
            // The second consumer is there in the first second alone; the ninth is one too many.
            std::array<ConsumerSample, kConsumersKept + 1> behind;
            behind[0] = {i == 4 ? 900 : i, 100 - i};
            if (i < 10)
                behind[1] = {7, 7};
            behind[kConsumersKept] = {1, 1};
            recorder.close(counters.view(), {}, 0, 0, now, behind);
        }
        const History history = recorder.history();
        const auto tenths = streamPoints(history, Resolution::Ms100, kEver);
        QCOMPARE(tenths.size(), std::size_t {20});
        QCOMPARE(tenths[4].sample.consumers[0].ageMs, 900U);
        QVERIFY(tenths[9].sample.consumers[1].present());
        QVERIFY(!tenths[10].sample.consumers[1].present());
        const auto seconds = streamPoints(history, Resolution::Second, kEver);
        QCOMPARE(seconds.size(), std::size_t {2});
        QCOMPARE(seconds[0].sample.consumers[0].ageMs, 900U);
        QCOMPARE(seconds[0].sample.consumers[0].lagRecords, 91U);
        QCOMPARE(seconds[1].sample.consumers[0].ageMs, 19U);
        QCOMPARE(seconds[1].sample.consumers[0].lagRecords, 81U);
        QVERIFY(!seconds[1].sample.consumers[1].present());
        for (std::size_t i = 2; i < kConsumersKept; ++i)
            QVERIFY(!seconds[0].sample.consumers[i].present());
    }

    void aSmallStreamKeepsTenMinutesOfItsFinestBuckets()
    {
        // A little more than eleven minutes.
        Run run(16);
        run.close(6'700);
        QCOMPARE(run.recorder.rates(ShardSlot(0)).minuteSeconds, 60);
        const auto depth = [&](Resolution r) {
            const auto history = run.recorder.history();
            return (history.of(r).back()->end() - history.of(r).front()->start).inSeconds();
        };
        const double ten = depth(Resolution::Ms100);
        QVERIFY2(ten >= 600 && ten <= 610, qPrintable(QString::number(ten)));
        QVERIFY(depth(Resolution::Second) >= 669);
        QVERIFY(run.recorder.memory() < 192_MiB);
    }

    void memoryHoldsAndAMinuteOfSecondsStaysAtTwentyThousandShards()
    {
#ifdef __SANITIZE_THREAD__
        // A quarter of both: shadow memory four times the history's costs minutes, and one thread
        // writes all of it.
        constexpr std::size_t part = 4;
#else
        constexpr std::size_t part = 1;
#endif
        Counters counters(20'000 / part);
        const Bytes budget = budgets::kHistoryDefault / part;
        Recorder recorder(kDefaultStart, budget);
        SimTime now = kDefaultStart;
        Bytes most = 0;
        for (int i = 0; i < 1'500; ++i) { // 150 s
            counters.hot[static_cast<std::size_t>(i)].acceptedBytes += 7;
            now += kBucket;
            recorder.close(counters.view(), {}, 0, 0, now);
            most = std::max(most, recorder.memory());
        }
        QVERIFY2(most <= budget, qPrintable(QString::number(most)));
        const History history = recorder.history();
        const auto rows = [&](Resolution r) {
            std::size_t sum = 0;
            for (const auto& block : history.of(r))
                sum += block->rows();
            return sum;
        };
        QVERIFY2(rows(Resolution::Second) >= 60,
                 qPrintable(QString::number(rows(Resolution::Second))));
        QVERIFY2(rows(Resolution::Ms100) >= 20,
                 qPrintable(QString::number(rows(Resolution::Ms100))));
        QCOMPARE(rows(Resolution::Minute), std::size_t {2});
        QCOMPARE(recorder.rates(ShardSlot(1'499)).minuteSeconds, 60);
        QCOMPARE(recorder.rates(ShardSlot(1'499)).minute.inBytes, std::uint64_t {7});
        QCOMPARE(recorder.rates(ShardSlot(0)).minute.inBytes, std::uint64_t {0});
    }

    void aStreamThatBecomesSmallKeepsItsMinuteOfSeconds()
    {
        Counters counters(5'000);
        Recorder recorder(kDefaultStart, 32_MiB);
        SimTime now = kDefaultStart;
        const auto close = [&](int buckets) {
            for (int i = 0; i < buckets; ++i) {
                now += kBucket;
                recorder.close(counters.view(), {}, 0, 0, now);
            }
        };
        close(700);
        for (std::size_t i = 2; i < 5'000; ++i)
            counters.shards[i].state = ShardState::Expired;
        counters.hot[0].acceptedRecords += 40;
        close(10);
        QCOMPARE(recorder.rates(ShardSlot(0)).minute.inRecords, 40U);
        QVERIFY(recorder.memory() <= 32_MiB);
        close(600);
        QCOMPARE(recorder.rates(ShardSlot(0)).minute.inRecords, 0U);
    }
};

QTEST_APPLESS_MAIN(RecorderTest)
#include "tst_recorder.moc"
