#include <QTest>

#include <algorithm>
#include <set>
#include <vector>

#include "core/base/rng.h"
#include "core/engine/shard_map.h"

using namespace shardscope;

namespace {

/// Ranges that begin at the given keys (0 is added).
std::vector<ShardMap::Entry> entriesAt(std::set<HashKey> starts)
{
    starts.insert(HashKey {});
    std::vector<ShardMap::Entry> entries;
    for (auto it = starts.begin(); it != starts.end(); ++it) {
        const auto next = std::next(it);
        // Slots in no order, as after many splits and merges.
        const auto slot = static_cast<std::uint32_t>(entries.size() * 7 + 3);
        entries.push_back({{*it, next == starts.end() ? HashKey::max() : HashKey {next->value - 1}},
                           ShardSlot {slot}});
    }
    return entries;
}

ShardSlot naive(const std::vector<ShardMap::Entry>& entries, HashKey key)
{
    const auto after
        = std::upper_bound(entries.begin(), entries.end(), key,
                           [](HashKey k, const ShardMap::Entry& e) { return k < e.range.start; });
    return std::prev(after)->slot;
}

/// Every key that could go wrong: both ends of each range, their neighbours, and random ones.
std::vector<HashKey> keysFor(const std::vector<ShardMap::Entry>& entries, const CounterRng& rng)
{
    std::vector<HashKey> keys {HashKey {}, HashKey::max()};
    for (const auto& e : entries)
        for (int d = -1; d <= 1; ++d) {
            keys.push_back({e.range.start.value + static_cast<U128>(d)});
            keys.push_back({e.range.end.value + static_cast<U128>(d)});
            keys.push_back({e.range.start.value | static_cast<std::uint64_t>(-1)});
        }
    for (std::uint64_t i = 0; i < 2'000; ++i)
        keys.push_back(HashKey::fromWords(rng.bits(2 * i), rng.bits(2 * i + 1)));
    return keys;
}

void check(const std::vector<ShardMap::Entry>& entries, std::uint64_t seed)
{
    const ShardMap map(entries);
    const std::vector<HashKey> keys = keysFor(entries, CounterRng(seed, 1));
    std::vector<std::uint64_t> high, low;
    for (const HashKey k : keys) {
        high.push_back(k.high());
        low.push_back(k.low());
    }
    std::vector<std::uint32_t> routed(keys.size());
    map.route(high, low, routed.data());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const QString at = QStringLiteral("key %1, seed %2")
                               .arg(QString::fromStdString(toHex(keys[i])))
                               .arg(seed);
        QVERIFY2(map.route(keys[i]) == naive(entries, keys[i]), qPrintable(at));
        QVERIFY2(routed[i] == naive(entries, keys[i]).value, qPrintable(at));
    }
}

} // namespace

class ShardMapTest : public QObject {
    Q_OBJECT

private slots:
    void evenRanges_data()
    {
        QTest::addColumn<quint32>("count");
        for (const quint32 count : {1U, 2U, 3U, 4U, 5U, 63U, 64U, 65U, 1000U, 16'384U})
            QTest::addRow("%u shards", count) << count;
    }
    void evenRanges()
    {
        QFETCH(quint32, count);
        std::vector<ShardMap::Entry> entries;
        for (quint32 i = 0; i < count; ++i)
            entries.push_back({evenRange(i, count), ShardSlot {i}});
        check(entries, count);
    }

    void randomSplits()
    {
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            const CounterRng rng(seed, 0);
            std::set<HashKey> starts;
            const std::uint64_t count = 1 + rng.below(0, 200);
            for (std::uint64_t i = 0; i < count; ++i)
                starts.insert(HashKey::fromWords(rng.bits(2 * i + 1), rng.bits(2 * i + 2)));
            check(entriesAt(starts), seed);
        }
    }

    void oneCornerSplitOverAndOver()
    {
        // Always the first shard in two: ranges of every width down to a single key.
        std::set<HashKey> starts;
        for (int bit = 0; bit < 128; ++bit)
            starts.insert({U128 {1} << bit});
        check(entriesAt(starts), 128);
    }

    void manyRangesWithinOneUpperHalf()
    {
        std::set<HashKey> starts;
        for (std::uint64_t i = 0; i < 100; ++i)
            starts.insert(HashKey::fromWords(0x8000'0000'0000'0000, i * 1'000 + 500));
        check(entriesAt(starts), 100);
        std::set<HashKey> last; // up to the very end of the space
        for (std::uint64_t i = 0; i < 50; ++i)
            last.insert({HashKey::max().value - i});
        check(entriesAt(last), 50);
    }

    void crowdedBetweenTwoTableEntries()
    {
        std::set<HashKey> starts;
        for (std::uint64_t i = 0; i < 5'000; ++i)
            starts.insert(HashKey::fromWords(0x4000'0000'0000'0000 + i * 3, mix64(i)));
        check(entriesAt(starts), 5'000);
    }

    void keepsItsEntries()
    {
        const auto entries = entriesAt({HashKey {77}});
        const ShardMap map(entries);
        QCOMPARE(map.size(), 2U);
        QCOMPARE(map.open()[1].range.start, HashKey {77});
        QCOMPARE(ShardMap().size(), 0U);
    }
};

QTEST_APPLESS_MAIN(ShardMapTest)
#include "tst_shard_map.moc"
