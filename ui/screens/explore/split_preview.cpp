#include "ui/screens/explore/split_preview.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"

namespace shardscope::ui {

namespace {

constexpr int kBuckets = 1024;
constexpr std::size_t kSeconds = 60;

QString tr(const char* text)
{
    return QCoreApplication::translate("SplitPreview", text);
}

struct Place {
    HashKey key;
    double bytes = 0;
};

/// A shard's offered bytes by place: an even part per bucket, and the known hot keys as points,
/// since all records of one key lie at one place.
struct Load {
    std::array<double, kBuckets> even {};
    std::vector<Place> points;
    double total = 0;
};

std::array<double, kBuckets> lastMinute(const History& history)
{
    std::array<double, kBuckets> sum {};
    std::size_t taken = 0;
    for (auto block = history.heat.rbegin(); block != history.heat.rend(); ++block)
        for (auto row = (*block)->rows.rbegin(); row != (*block)->rows.rend(); ++row) {
            if (taken++ == kSeconds)
                return sum;
            for (std::size_t b = 0; b < sum.size(); ++b)
                sum[b] += (*row)[b];
        }
    return sum;
}

/// The part of bucket `b` that lies in [from, to), 0 … 1.
double overlap(int b, double from, double to)
{
    const double left = static_cast<double>(b) / kBuckets;
    const double right = static_cast<double>(b + 1) / kBuckets;
    return std::max(0.0, std::min(right, to) - std::max(left, from)) * kBuckets;
}

double endOf(HashKeyRange range)
{
    return range.start.fraction() + range.width();
}

Load loadOf(const Snapshot& snapshot, const ShardRow& shard)
{
    Load load;
    const auto heat = lastMinute(snapshot.history);
    const double from = shard.range.start.fraction();
    const double to = endOf(shard.range);
    for (int b = 0; b < kBuckets; ++b) {
        const double part = heat[static_cast<std::size_t>(b)] * overlap(b, from, to);
        load.even[static_cast<std::size_t>(b)] = part;
        load.total += part;
    }
    for (const TopKey& key : shard.topKeys) {
        const auto b = static_cast<std::size_t>(key.hash.high() >> 54);
        // The sketch gives an upper bound; the bucket cannot hold more than was counted in it.
        const double bytes = std::min(key.shareOfShard * load.total, load.even[b]);
        load.even[b] -= bytes;
        load.points.push_back({key.hash, bytes});
    }
    return load;
}

double shareBelow(const Load& load, const ShardRow& shard, HashKey at)
{
    if (load.total <= 0)
        return (at.fraction() - shard.range.start.fraction())
            / std::max(1e-12, shard.range.width());
    const double from = shard.range.start.fraction();
    const double to = endOf(shard.range);
    double below = 0;
    for (int b = 0; b < kBuckets; ++b) {
        const double whole = overlap(b, from, to);
        if (whole > 0)
            below
                += load.even[static_cast<std::size_t>(b)] * overlap(b, from, at.fraction()) / whole;
    }
    for (const Place& place : load.points)
        if (place.key < at)
            below += place.bytes;
    return std::clamp(below / load.total, 0.0, 1.0);
}

double percentOf(const ShardRow& shard)
{
    const double minute = shard.minute.percentOfLimit();
    return minute > 0 ? minute : shard.second.percentOfLimit();
}

HashKey bounded(HashKeyRange range, HashKey at)
{
    if (range.start == range.end)
        return range.start;
    return std::clamp(at, HashKey {range.start.value + 1}, range.end);
}

} // namespace

HashKey keyWithin(HashKeyRange range, double part)
{
    const U128 width = range.end.value - range.start.value;
    const auto scale = static_cast<std::uint64_t>(std::clamp(part, 0.0, 1.0) * 4294967296.0);
    const U128 offset = width >= (U128 {1} << 32) ? (width >> 32) * scale : (width * scale) >> 32;
    return bounded(range, {range.start.value + offset});
}

SplitPreview predictSplit(const Snapshot& snapshot, const ShardRow& shard, HashKey at)
{
    SplitPreview preview;
    preview.at = bounded(shard.range, at);
    const Load load = loadOf(snapshot, shard);
    const double left = shareBelow(load, shard, preview.at);
    const double all = percentOf(shard);
    preview.leftPercent = all * left;
    preview.rightPercent = all * (1 - left);
    const double part = (preview.at.fraction() - shard.range.start.fraction())
        / std::max(1e-300, shard.range.width());
    preview.sentence = tr("Split shard %1 at %2: left %3, right %4.")
                           .arg(shard.slot.value)
                           .arg(format::percent(part * 100), format::percent(preview.leftPercent),
                                format::percent(preview.rightPercent));
    for (const TopKey& key : shard.topKeys) {
        const double own = all * key.shareOfShard;
        // A key that is half of the load or fills a shard alone decides what a split can do.
        if (key.shareOfShard < 0.5 && own < 100)
            continue;
        preview.sentence += tr(" Hot key %1 stays whole: %2 → %3 child.")
                                .arg(QString::fromStdString(key.key), format::percent(own),
                                     key.hash < preview.at ? tr("left") : tr("right"));
        break;
    }
    return preview;
}

HashKey equalLoadKey(const Snapshot& snapshot, const ShardRow& shard)
{
    const Load load = loadOf(snapshot, shard);
    if (load.total <= 0)
        return shard.range.middle();
    double low = 0;
    double high = 1;
    for (int i = 0; i < 40; ++i) {
        const double middle = (low + high) / 2;
        (shareBelow(load, shard, keyWithin(shard.range, middle)) < 0.5 ? low : high) = middle;
    }
    return keyWithin(shard.range, high);
}

MergePreview predictMerge(const Snapshot& snapshot, ShardSlot one, ShardSlot other)
{
    MergePreview preview;
    const ShardRow* a = snapshot.find(one);
    const ShardRow* b = snapshot.find(other);
    if (a == nullptr || b == nullptr || one == other) {
        preview.sentence = tr("A merge needs two open shards side by side.");
        return preview;
    }
    if (b->range.start < a->range.start)
        std::swap(a, b);
    if (a->state != ShardState::Open || b->state != ShardState::Open) {
        preview.sentence = tr("Shard %1 is closed: only open shards can be merged.")
                               .arg((a->state != ShardState::Open ? a : b)->slot.value);
        return preview;
    }
    if (a->range.end.value + 1 != b->range.start.value) {
        preview.sentence = tr("Shards %1 and %2 cannot be merged: their hash key ranges do not "
                              "touch.")
                               .arg(a->slot.value)
                               .arg(b->slot.value);
        return preview;
    }
    preview.possible = true;
    preview.percent = percentOf(*a) + percentOf(*b);
    preview.sentence = tr("Merge shards %1 and %2: %3 of a shard's limit together.")
                           .arg(a->slot.value)
                           .arg(b->slot.value)
                           .arg(format::percent(preview.percent));
    return preview;
}

} // namespace shardscope::ui
