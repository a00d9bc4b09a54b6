#include <QTest>

#include <algorithm>
#include <deque>
#include <map>
#include <vector>

#include "core/base/rng.h"
#include "core/engine/admission.h"
#include "core/engine/limits.h"

using namespace shardscope;

namespace {

constexpr SimTime kStart = kDefaultStart;

/// What a stream of `shards` even shards has for writing.
struct World {
    ShardMap map;
    WriteColumns columns;
    Admission admission;
    std::vector<RefusedRecord> refusals;

    explicit World(std::uint32_t shards, Bytes maxRecord = 1_MiB)
    {
        std::vector<ShardMap::Entry> open;
        for (std::uint32_t i = 0; i < shards; ++i)
            open.push_back({evenRange(i, shards), ShardSlot {i}});
        map = ShardMap(open);
        columns.hot.resize(shards);
        columns.logs.resize(shards);
        columns.sketches.resize(shards);
        columns.epochMs = kStart.inMillis();
        columns.bytesBurst = limits::shardWriteBytesBurst(maxRecord);
    }

    void run(std::vector<OfferBatch>& batches, SimTime at, WorkerPool& pool, int refusalsKept = 4)
    {
        std::vector<OfferBatch*> all;
        for (OfferBatch& b : batches)
            all.push_back(&b);
        admission.run(all, at, map, columns, pool, refusals, refusalsKept);
    }
};

struct Row {
    std::int64_t tick = 0;
    HashKey key;
    std::uint32_t bytes = 0;
    std::uint64_t number = 0;
};

/// `rows` in ascending tick.
OfferBatch batchOf(std::uint32_t producer, const std::vector<Row>& rows)
{
    OfferBatch batch;
    batch.producer = ProducerSlot {producer};
    for (const Row& row : rows) {
        batch.number.push_back(row.number);
        batch.hashHigh.push_back(row.key.high());
        batch.hashLow.push_back(row.key.low());
        batch.bytes.push_back(row.bytes);
        batch.keyBytes.push_back(8);
        batch.attempt.push_back(1);
        batch.userRecords.push_back(1);
        for (std::size_t t = static_cast<std::size_t>(row.tick) + 1; t < batch.tickBegin.size();
             ++t)
            ++batch.tickBegin[t];
    }
    return batch;
}

/// One shard for `seconds`, `perSecond` records of `bytes` evenly spread.
World steady(std::int64_t perSecond, std::uint32_t bytes, std::int64_t seconds,
             Bytes maxRecord = 1_MiB)
{
    World world(1, maxRecord);
    WorkerPool pool(1);
    std::int64_t sent = 0;
    for (std::int64_t ms = 0; ms < seconds * 1'000; ms += 10) {
        std::vector<Row> rows;
        for (std::int64_t tick = 0; tick < 10; ++tick)
            for (; sent * 1'000 < (ms + tick + 1) * perSecond; ++sent)
                rows.push_back({tick, HashKey {1}, bytes, static_cast<std::uint64_t>(sent)});
        std::vector<OfferBatch> batches {batchOf(0, rows)};
        world.run(batches, kStart + SimDuration::millis(ms), pool);
    }
    return world;
}

/// One record at a time to one shard.
struct OneShard {
    World world;
    std::uint64_t number = 0;

    explicit OneShard(Bytes maxRecord = 1_MiB)
        : world(1, maxRecord)
    {
    }
    Outcome put(std::int64_t atMs, Bytes bytes)
    {
        return admitOne(
            world.columns, ShardSlot {0}, HashKey {1},
            {number++, 0, kStart.inMillis() + atMs, static_cast<std::uint32_t>(bytes), 8, 1});
    }
    BucketLevels levelsAt(std::int64_t atMs) const
    {
        return levels(world.columns.hot[0], world.columns.bytesBurst, kStart.inMillis() + atMs,
                      kStart.inMillis());
    }
};

std::vector<RecordMeta> recordsOf(const ShardLog& log)
{
    std::vector<RecordMeta> all;
    for (std::uint64_t at = log.begin(); at != log.end();) {
        const auto run = log.from(at);
        all.insert(all.end(), run.begin(), run.end());
        at += run.size();
    }
    return all;
}

/// Random slices: some shards far over their limits, some idle, several producers, ticks of any
/// fullness.
std::vector<std::vector<OfferBatch>> randomSlices(std::uint64_t seed, std::size_t slices,
                                                  std::uint64_t rowsMost)
{
    std::vector<std::vector<OfferBatch>> all(slices);
    std::uint64_t number = 0;
    for (std::size_t s = 0; s < slices; ++s) {
        const CounterRng rng = CounterRng(seed, s);
        const std::uint64_t producers = 1 + rng.below(0, 4);
        for (std::uint32_t p = 0; p < producers; ++p) {
            const CounterRng mine = rng.fork(p);
            std::vector<Row> rows;
            const std::uint64_t count = mine.below(0, rowsMost);
            for (std::uint64_t i = 0; i < count; ++i) {
                const std::uint64_t at = 4 * i + 1;
                // Half of the records have one of a few keys.
                const std::uint64_t key = mine.unit(at) < 0.5 ? mine.below(at + 1, 12)
                                                              : 1'000 + mine.below(at + 1, 100'000);
                rows.push_back(
                    {static_cast<std::int64_t>(i * 10 / std::max<std::uint64_t>(count, 1)),
                     HashKey::fromWords(mix64(key), mix64(key + 1)),
                     static_cast<std::uint32_t>(1 + mine.below(at + 2, 20'000)), number++});
            }
            all[s].push_back(batchOf(p, rows));
        }
    }
    return all;
}

/// The rules again, as plainly as they can be said: buckets in exact fractions of a token, refilled
/// at every look.
struct PlainBucket {
    U128 level = 0; ///< tokens · 1000, since a millisecond refills rate/1000
    U128 capacity = 0;
    std::int64_t rate = 0;
    std::int64_t lastMs = 0;

    PlainBucket(std::int64_t tokens, std::int64_t perSecond, std::int64_t ms)
        : level(static_cast<U128>(tokens) * 1'000)
        , capacity(level)
        , rate(perSecond)
        , lastMs(ms)
    {
    }
    void refill(std::int64_t ms)
    {
        level
            = std::min(capacity, level + static_cast<U128>(ms - lastMs) * static_cast<U128>(rate));
        lastMs = ms;
    }
    /// Milliseconds, times the rate and 1000, until the tokens are there.
    double waitFor(std::int64_t tokens) const
    {
        const U128 cost = static_cast<U128>(tokens) * 1'000;
        return cost <= level ? 0 : static_cast<double>(cost - level) / static_cast<double>(rate);
    }
};

} // namespace

class AdmissionTest : public QObject {
    Q_OBJECT

private slots:
    void takesAThousandRecordsASecondAndTheBurst()
    {
        const World world = steady(1'200, 100, 20);
        const ShardHot& hot = world.columns.hot[0];
        QCOMPARE(hot.acceptedRecords + hot.refusedByRecords, 24'000U);
        // The burst is spent after 5 s; from then on exactly 1,000 a second.
        QCOMPARE(hot.acceptedRecords, 20'999U);
        QCOMPARE(hot.refusedByBytes, 0U);
        QCOMPARE(hot.refusedBytes, hot.refusedByRecords * 100);
        QCOMPARE(hot.acceptedBytes, hot.acceptedRecords * 100);
        QCOMPARE(world.columns.logs[0].end(), hot.acceptedRecords);
        QCOMPARE(world.columns.logs[0].bytesStored(), hot.acceptedBytes);
        QVERIFY(!world.refusals.empty());
        for (const RefusedRecord& r : world.refusals) {
            QCOMPARE(r.rule, Rule::W2WriteRecords);
            QVERIFY(r.tokensLeft < 1'000);
            QCOMPARE(r.wouldPassAtMs, r.atMs + 1);
        }
    }

    void takesOneMebibyteASecond()
    {
        const World world = steady(30, 40 * 1'024, 100);
        const ShardHot& hot = world.columns.hot[0];
        QCOMPARE(hot.refusedByRecords, 0U);
        QVERIFY(hot.refusedByBytes > 0);
        // 100 s at 1 MiB/s and the burst of 1 MiB, less what is left in the bucket at the end.
        const std::uint64_t most = 101 * 1'048'576ULL;
        QVERIFY(hot.acceptedBytes <= most);
        QVERIFY(hot.acceptedBytes > most - 2 * 40 * 1'024);
        for (const RefusedRecord& r : world.refusals)
            QCOMPARE(r.rule, Rule::W1WriteBytes);
    }

    void theByteBucketHasAnExactEdge()
    {
        OneShard shard;
        QCOMPARE(shard.put(0, 1_MiB), Outcome::Accepted);
        QCOMPARE(shard.levelsAt(0).bytes, 0);
        QCOMPARE(shard.put(0, 1), Outcome::RefusedBytes);
        // One millisecond brings 1048.576 bytes.
        QCOMPARE(shard.levelsAt(1).bytes, 1'048);
        QCOMPARE(shard.put(1, 1'049), Outcome::RefusedBytes);
        QCOMPARE(shard.put(1, 1'048), Outcome::Accepted);
        QCOMPARE(shard.put(1, 1), Outcome::RefusedBytes);
        // 0.576 + 1048.576 = 1049.152: no fraction is lost.
        QCOMPARE(shard.put(2, 1'050), Outcome::RefusedBytes);
        QCOMPARE(shard.put(2, 1'049), Outcome::Accepted);
    }

    void theByteBucketHasAnExactMillisecond()
    {
        OneShard shard;
        QCOMPARE(shard.put(0, 1_MiB), Outcome::Accepted);
        // 104,858 bytes need 100.0004 ms.
        QCOMPARE(shard.put(100, 104'858), Outcome::RefusedBytes);
        QCOMPARE(shard.put(101, 104'858), Outcome::Accepted);
        OneShard other;
        QCOMPARE(other.put(0, 1_MiB), Outcome::Accepted);
        QCOMPARE(other.put(124, 131'072), Outcome::RefusedBytes);
        QCOMPARE(other.put(125, 131'072), Outcome::Accepted); // exactly 125 ms
    }

    void theRecordBucketHasAnExactEdge()
    {
        OneShard shard;
        for (int i = 0; i < 1'000; ++i)
            QCOMPARE(shard.put(0, 1), Outcome::Accepted);
        QCOMPARE(shard.levelsAt(0).recordThousandths, 0);
        QCOMPARE(shard.put(0, 1), Outcome::RefusedRecords);
        QCOMPARE(shard.put(1, 1), Outcome::Accepted);
        QCOMPARE(shard.put(1, 1), Outcome::RefusedRecords);
        QCOMPARE(shard.levelsAt(2).recordThousandths, 1'000);
        QCOMPARE(shard.put(3, 1), Outcome::Accepted);
        QCOMPARE(shard.put(3, 1), Outcome::Accepted);
        QCOMPARE(shard.put(3, 1), Outcome::RefusedRecords);
    }

    void aFullBucketGetsNoFuller()
    {
        OneShard shard;
        QCOMPARE(shard.levelsAt(3'600'000).bytes, 1_MiB);
        QCOMPARE(shard.levelsAt(3'600'000).recordThousandths, 1'000'000);
        QCOMPARE(shard.put(3'600'000, 1_MiB), Outcome::Accepted);
        QCOMPARE(shard.put(3'600'000, 1), Outcome::RefusedBytes);
        QCOMPARE(shard.put(3'600'000 + 999, 1_MiB), Outcome::RefusedBytes);
        QCOMPARE(shard.put(3'600'000 + 1'000, 1_MiB), Outcome::Accepted);
    }

    void aRefusedRecordCostsNothing()
    {
        OneShard shard;
        QCOMPARE(shard.put(0, 1_MiB - 10), Outcome::Accepted);
        for (int i = 0; i < 5'000; ++i)
            QCOMPARE(shard.put(0, 11), Outcome::RefusedBytes);
        QCOMPARE(shard.levelsAt(0).bytes, 10);
        QCOMPARE(shard.levelsAt(0).recordThousandths, 999'000);
        QCOMPARE(shard.put(0, 10), Outcome::Accepted);
        QCOMPARE(shard.world.columns.logs[0].end(), 2U);
        QCOMPARE(shard.world.columns.hot[0].refusedBytes, 55'000U);
    }

    void aRecordOfExactlyTheBurstIsTaken_data()
    {
        QTest::addColumn<qint64>("maxRecord");
        QTest::addColumn<qint64>("burst");
        QTest::newRow("a limit of 1 MiB") << qint64 {1_MiB} << qint64 {1_MiB};
        QTest::newRow("a limit of 10 MiB") << qint64 {10_MiB} << qint64 {10_MiB};
    }
    void aRecordOfExactlyTheBurstIsTaken()
    {
        QFETCH(qint64, maxRecord);
        QFETCH(qint64, burst);
        OneShard shard(maxRecord);
        QCOMPARE(shard.put(0, burst + 1), Outcome::RefusedBytes);
        QCOMPARE(shard.put(0, burst), Outcome::Accepted);
        QCOMPARE(shard.put(0, 1), Outcome::RefusedBytes);
        const qint64 refill = burst * 1'000 / 1_MiB;
        QCOMPARE(shard.put(refill - 1, burst), Outcome::RefusedBytes);
        QCOMPARE(shard.put(refill, burst), Outcome::Accepted);
    }

    void tenMebibyteRecordsPassEveryTenSeconds()
    {
        World world(1, 10_MiB);
        WorkerPool pool(1);
        for (std::int64_t s = 0; s < 60; ++s) {
            std::vector<OfferBatch> batches {
                batchOf(0, {{0, HashKey {1}, 10 << 20, static_cast<std::uint64_t>(s)}})};
            world.run(batches, kStart + SimDuration::seconds(s), pool);
            QCOMPARE(batches[0].outcome[0],
                     s % 10 == 0 ? Outcome::Accepted : Outcome::RefusedBytes);
        }
        QCOMPARE(world.refusals[0].wouldPassAtMs, kStart.inMillis() + 10'000);
        QCOMPARE(world.refusals[0].tokensLeft, 1_MiB);
    }

    void aSmallerLimitLeavesAnEmptyBucketNotADebt()
    {
        OneShard shard(10_MiB);
        QCOMPARE(shard.put(0, 10_MiB), Outcome::Accepted);
        shard.world.columns.bytesBurst = 1_MiB;
        QCOMPARE(shard.levelsAt(0).bytes, 0);
        QCOMPARE(shard.put(0, 1), Outcome::RefusedBytes);
    }

    void theRuleThatLastsLongerIsNamed()
    {
        // The record bucket is empty and passes in 1 ms; 2 KiB need 2 ms.
        OneShard shard;
        for (int i = 0; i < 1'000; ++i)
            QCOMPARE(shard.put(0, i == 0 ? 1_MiB - 999 : 1), Outcome::Accepted);
        QCOMPARE(shard.put(0, 2'048), Outcome::RefusedBytes);
        QCOMPARE(shard.put(0, 1), Outcome::RefusedRecords);
    }

    void withoutThrottlingEverythingPasses()
    {
        OneShard shard;
        shard.world.columns.throttling = false;
        for (int i = 0; i < 5'000; ++i)
            QCOMPARE(shard.put(0, 1_MiB), Outcome::Accepted);
        shard.world.columns.throttling = true;
        QCOMPARE(shard.put(0, 1_MiB), Outcome::Accepted);
        QCOMPARE(shard.put(0, 1), Outcome::RefusedBytes);
    }

    void chargingIsWhatAdmissionTakes()
    {
        OneShard shard;
        ShardHot plain;
        for (std::int64_t ms = 0; ms < 100; ms += 7) {
            QCOMPARE(shard.put(ms, 5'000), Outcome::Accepted);
            charge(plain, 5'000, kStart.inMillis() + ms, kStart.inMillis());
            QCOMPARE(plain.bytesFullAt, shard.world.columns.hot[0].bytesFullAt);
            QCOMPARE(plain.recordsFullAt, shard.world.columns.hot[0].recordsFullAt);
        }
    }

    void storesWhatWasOffered()
    {
        World world(2);
        WorkerPool pool(1);
        OfferBatch batch = batchOf(5, {{0, HashKey {1}, 300, 70}, {9, HashKey::max(), 400, 71}});
        batch.userRecords[1] = 100'000;
        batch.keyBytes[1] = 256;
        batch.number[1] |= 0xabcd'0000'0000'0000; // only 48 bits count
        std::vector<OfferBatch> batches {batch};
        world.run(batches, kStart, pool);
        QCOMPARE(batches[0].slot, (std::vector<std::uint32_t> {0, 1}));
        const RecordMeta first = world.columns.logs[0].from(0)[0];
        const RecordMeta second = world.columns.logs[1].from(0)[0];
        QCOMPARE(first.producer(), 5U);
        QCOMPARE(first.number(), 70U);
        QCOMPARE(first.hashHigh, 0U);
        QCOMPARE(first.arrivalMs, kStart.inMillis());
        QCOMPARE(first.bytes, 300U);
        QCOMPARE(first.keyBytes, 8U);
        QCOMPARE(first.userRecords, 1U);
        QCOMPARE(second.producer(), 5U);
        QCOMPARE(second.number(), 71U);
        QCOMPARE(second.hashHigh, ~0ULL);
        QCOMPARE(second.arrivalMs, kStart.inMillis() + 9);
        QCOMPARE(second.keyBytes, 256U);
        QCOMPARE(second.userRecords, 65'535U);
        QCOMPARE(world.columns.heat.front(), 300U);
        QCOMPARE(world.columns.heat.back(), 400U);
    }

    void keepsAFewRefusalsOfEachShard()
    {
        World world(4);
        WorkerPool pool(1);
        std::vector<Row> rows;
        for (std::uint64_t i = 0; i < 8'000; ++i)
            rows.push_back({static_cast<std::int64_t>(i / 800), evenRange(i % 2, 4).start, 1, i});
        std::vector<OfferBatch> batches {batchOf(0, rows)};
        world.run(batches, kStart, pool, 3);
        QCOMPARE(world.refusals.size(), 6U);
        QVERIFY(std::is_sorted(world.refusals.begin(), world.refusals.end(),
                               [](const auto& a, const auto& b) { return a.number < b.number; }));
        QCOMPARE(world.refusals[0].shard, ShardSlot {0});
        QCOMPARE(world.refusals[1].shard, ShardSlot {1});
        QCOMPARE(world.refusals[0].bytes, 1U);
        QCOMPARE(world.refusals[0].attempt, 1U);
        QCOMPARE(world.refusals[0].rule, Rule::W2WriteRecords);
    }

    void anyNumberOfThreadsGivesTheSame_data()
    {
        QTest::addColumn<quint32>("shards");
        QTest::addColumn<quint64>("rowsMost");
        QTest::newRow("small slices, one shard") << 1U << quint64 {200};
        QTest::newRow("small slices") << 7U << quint64 {2'000};
        QTest::newRow("large slices") << 100U << quint64 {20'000};
        QTest::newRow("large slices, many shards") << 5'000U << quint64 {20'000};
    }
    void anyNumberOfThreadsGivesTheSame()
    {
        QFETCH(quint32, shards);
        QFETCH(quint64, rowsMost);
        const auto slices = randomSlices(20260105, 12, rowsMost);
        std::vector<World> worlds;
        std::vector<std::vector<std::vector<OfferBatch>>> answers;
        for (const int threads : {1, 2, 4, 16}) {
            WorkerPool pool(threads);
            World& world = worlds.emplace_back(shards);
            auto& mine = answers.emplace_back(slices);
            for (std::size_t s = 0; s < mine.size(); ++s)
                world.run(mine[s], kStart + kSlice * static_cast<std::int64_t>(s), pool);
        }
        for (std::size_t w = 1; w < worlds.size(); ++w) {
            for (std::size_t s = 0; s < slices.size(); ++s)
                for (std::size_t b = 0; b < slices[s].size(); ++b) {
                    QVERIFY(answers[w][s][b].outcome == answers[0][s][b].outcome);
                    QVERIFY(answers[w][s][b].slot == answers[0][s][b].slot);
                }
            compare(worlds[w].columns, worlds[0].columns);
            QCOMPARE(worlds[w].refusals.size(), worlds[0].refusals.size());
            for (std::size_t i = 0; i < worlds[0].refusals.size(); ++i) {
                const RefusedRecord& a = worlds[w].refusals[i];
                const RefusedRecord& b = worlds[0].refusals[i];
                QVERIFY(a.number == b.number && a.shard == b.shard && a.rule == b.rule
                        && a.tokensLeft == b.tokensLeft && a.wouldPassAtMs == b.wouldPassAtMs
                        && a.atMs == b.atMs && a.producer == b.producer);
            }
        }
    }

    void oneByOneIsTheSameAsInSlices()
    {
        const auto slices = randomSlices(77, 10, 3'000);
        World fast(9), slow(9);
        WorkerPool pool(2);
        for (std::size_t s = 0; s < slices.size(); ++s) {
            auto batches = slices[s];
            const SimTime at = kStart + kSlice * static_cast<std::int64_t>(s);
            fast.run(batches, at, pool);
            for (std::size_t tick = 0; tick < kTicksPerSlice; ++tick)
                for (const OfferBatch& b : batches)
                    for (std::size_t i = b.tickBegin[tick]; i < b.tickBegin[tick + 1]; ++i) {
                        const HashKey key = HashKey::fromWords(b.hashHigh[i], b.hashLow[i]);
                        const RecordMeta meta {std::uint64_t {b.producer.value} << 48 | b.number[i],
                                               b.hashHigh[i],
                                               at.inMillis() + static_cast<std::int64_t>(tick),
                                               b.bytes[i],
                                               b.keyBytes[i],
                                               1};
                        QCOMPARE(admitOne(slow.columns, slow.map.route(key), key, meta),
                                 b.outcome[i]);
                    }
        }
        compare(fast.columns, slow.columns);
    }

    void agreesWithPlainBuckets()
    {
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            const auto slices = randomSlices(seed, 30, 4'000);
            World world(5);
            WorkerPool pool(2);
            std::vector<PlainBucket> bytes(5, {1 << 20, 1 << 20, kStart.inMillis()});
            std::vector<PlainBucket> records(5, {1'000, 1'000, kStart.inMillis()});
            std::map<Outcome, int> seen;
            for (std::size_t s = 0; s < slices.size(); ++s) {
                auto batches = slices[s];
                const SimTime at = kStart + kSlice * static_cast<std::int64_t>(s);
                world.run(batches, at, pool);
                for (std::size_t tick = 0; tick < kTicksPerSlice; ++tick)
                    for (const OfferBatch& b : batches)
                        for (std::size_t i = b.tickBegin[tick]; i < b.tickBegin[tick + 1]; ++i) {
                            const std::int64_t ms = at.inMillis() + static_cast<std::int64_t>(tick);
                            PlainBucket& w1 = bytes[b.slot[i]];
                            PlainBucket& w2 = records[b.slot[i]];
                            w1.refill(ms);
                            w2.refill(ms);
                            const double byteWait = w1.waitFor(b.bytes[i]);
                            const double recordWait = w2.waitFor(1);
                            Outcome expected = Outcome::Accepted;
                            if (byteWait > 0 || recordWait > 0)
                                expected = byteWait >= recordWait ? Outcome::RefusedBytes
                                                                  : Outcome::RefusedRecords;
                            else {
                                w1.level -= U128 {b.bytes[i]} * 1'000;
                                w2.level -= 1'000;
                            }
                            ++seen[expected];
                            QVERIFY2(b.outcome[i] == expected,
                                     qPrintable(QStringLiteral("seed %1 slice %2 row %3")
                                                    .arg(seed)
                                                    .arg(s)
                                                    .arg(i)));
                        }
            }
            QVERIFY(seen[Outcome::Accepted] > 0 && seen[Outcome::RefusedBytes] > 0);
        }
    }

    void theDigestShowsAnyDifference()
    {
        const std::vector<Row> rows {{0, HashKey {1}, 10, 1}, {1, HashKey {1}, 20, 2}};
        const auto digestOf = [](const std::vector<Row>& of) {
            World world(1);
            WorkerPool pool(1);
            std::vector<OfferBatch> batches {batchOf(0, of)};
            world.run(batches, kStart, pool);
            return world.columns.hot[0].digest;
        };
        const std::uint64_t base = digestOf(rows);
        QCOMPARE(digestOf(rows), base);
        auto other = rows;
        std::swap(other[0].number, other[1].number);
        QVERIFY(digestOf(other) != base);
        other = rows;
        other[1].tick = 2;
        QVERIFY(digestOf(other) != base);
        other = rows;
        other[1].bytes = 21;
        QVERIFY(digestOf(other) != base);
        other[1].bytes = 2 << 20; // refused
        QVERIFY(digestOf(other) != base);
    }

    void theHottestKeyOfABusyShardIsKnown()
    {
        // Far beyond the number of records that are counted one by one.
        World world(1);
        WorkerPool pool(1);
        std::uint64_t number = 0, hotBytes = 0, allBytes = 0;
        for (std::int64_t s = 0; s < 100; ++s) {
            std::vector<Row> rows;
            for (std::uint64_t i = 0; i < 1'000; ++i, ++number) {
                // The hot key comes every fourth time, as regularly as a clock.
                const std::uint64_t key = number % 4 == 0 ? 1 : 10 + number % 997;
                rows.push_back({0, HashKey::fromWords(mix64(key), 0), 500, number});
                hotBytes += number % 4 == 0 ? 500U : 0U;
                allBytes += 500;
            }
            std::vector<OfferBatch> batches {batchOf(0, rows)};
            world.run(batches, kStart + kSlice * s, pool);
        }
        const KeySketch& sketch = world.columns.sketches[0];
        const auto all = sketch.entries();
        const auto top = std::max_element(
            all.begin(), all.end(), [](const auto& a, const auto& b) { return a.bytes < b.bytes; });
        QCOMPARE(top->hashHigh, mix64(1));
        const double share = static_cast<double>(top->bytes) / static_cast<double>(sketch.total());
        const double truth = static_cast<double>(hotBytes) / static_cast<double>(allBytes);
        QVERIFY(share > truth - 0.02);
        QVERIFY(share < truth + 0.15); // what the smaller keys can leave behind in an entry
        const double total = static_cast<double>(sketch.total()) / static_cast<double>(allBytes);
        QVERIFY(total > 0.95 && total < 1.05);
    }

    void anEmptySliceChangesNothing()
    {
        World world(3);
        WorkerPool pool(4);
        std::vector<OfferBatch> none;
        world.run(none, kStart, pool);
        std::vector<OfferBatch> empty {OfferBatch {}, OfferBatch {}};
        world.run(empty, kStart, pool);
        QCOMPARE(world.columns.hot[0].digest, 0U);
        QVERIFY(world.columns.logs[0].empty());
    }

private:
    static void compare(const WriteColumns& a, const WriteColumns& b)
    {
        QVERIFY(a.heat == b.heat);
        for (std::size_t i = 0; i < a.hot.size(); ++i) {
            QCOMPARE(a.hot[i].digest, b.hot[i].digest);
            QVERIFY(a.hot[i].bytesFullAt == b.hot[i].bytesFullAt);
            QVERIFY(a.hot[i].recordsFullAt == b.hot[i].recordsFullAt);
            QCOMPARE(a.hot[i].acceptedRecords, b.hot[i].acceptedRecords);
            QCOMPARE(a.hot[i].acceptedBytes, b.hot[i].acceptedBytes);
            QCOMPARE(a.hot[i].refusedByBytes, b.hot[i].refusedByBytes);
            QCOMPARE(a.hot[i].refusedByRecords, b.hot[i].refusedByRecords);
            QCOMPARE(a.hot[i].refusedBytes, b.hot[i].refusedBytes);
            const auto first = a.sketches[i].entries();
            const auto second = b.sketches[i].entries();
            QCOMPARE(a.sketches[i].total(), b.sketches[i].total());
            QVERIFY(std::equal(first.begin(), first.end(), second.begin(), second.end(),
                               [](const auto& x, const auto& y) {
                                   return x.hashHigh == y.hashHigh && x.source == y.source
                                       && x.bytes == y.bytes && x.overcount == y.overcount;
                               }));
            const auto mine = recordsOf(a.logs[i]);
            const auto theirs = recordsOf(b.logs[i]);
            QVERIFY(std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                               [](const RecordMeta& x, const RecordMeta& y) {
                                   return x.source == y.source && x.hashHigh == y.hashHigh
                                       && x.arrivalMs == y.arrivalMs && x.bytes == y.bytes
                                       && x.keyBytes == y.keyBytes
                                       && x.userRecords == y.userRecords;
                               }));
        }
    }
};

QTEST_APPLESS_MAIN(AdmissionTest)
#include "tst_admission.moc"
