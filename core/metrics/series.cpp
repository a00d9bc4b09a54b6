#include "core/metrics/series.h"

#include <algorithm>

#include "core/engine/limits.h"

namespace shardscope {

double ShardSample::percentOfLimit() const
{
    const auto bytes = static_cast<double>(offeredBytes());
    const auto records = static_cast<double>(offeredRecords());
    return 100.0
        * std::max(bytes / static_cast<double>(limits::kShardWriteBytes),
                   records / static_cast<double>(limits::kShardWriteRecords));
}

void ShardSample::add(const ShardSample& later)
{
    inBytes += later.inBytes;
    inRecords += later.inRecords;
    refusedByBytes += later.refusedByBytes;
    refusedByRecords += later.refusedByRecords;
    outRecords += later.outRecords;
    refusedBytes += later.refusedBytes;
    outBytes += later.outBytes;
    readCalls += later.readCalls;
    refusedReads += later.refusedReads;
    ageMs = std::max(ageMs, later.ageMs);
}

void ConsumerSample::add(const ConsumerSample& later)
{
    if (!later.present())
        return;
    ageMs = present() ? std::max(ageMs, later.ageMs) : later.ageMs;
    lagRecords = later.lagRecords;
}

std::ptrdiff_t SeriesBlock::column(ShardSlot shard) const
{
    const auto at = std::lower_bound(shards.begin(), shards.end(), shard);
    return at != shards.end() && *at == shard ? at - shards.begin() : -1;
}

Resolution resolutionFor(const History& history, TimeWindow window, int bucketsMost)
{
    // What no resolution knows, none can be blamed for.
    // A row of a minute begins with its minute, whenever within it the history did: that it begins
    // earlier than a finer one does not say that it knows more.
    SimTime oldest = SimTime::max();
    for (const SeriesBlocks& blocks : history.series) {
        if (!blocks.empty())
            oldest = std::min(
                oldest, blocks.front()->start + blocks.front()->step - stepOf(Resolution::Ms100));
    }
    const SimTime from = std::max(window.from, oldest);
    auto best = Resolution::Ms100;
    for (const auto r : {Resolution::Ms100, Resolution::Second, Resolution::Minute}) {
        const SeriesBlocks& blocks = history.of(r);
        if (blocks.empty())
            continue;
        best = r;
        const bool covers = blocks.front()->start <= from;
        if (covers && (window.to - window.from) / stepOf(r) <= bucketsMost)
            return r;
    }
    return best;
}

namespace {

/// Calls `visit(block, row)` for each bucket that begins inside the window, ascending.
template <typename Visit> void eachRow(const SeriesBlocks& blocks, TimeWindow window, Visit&& visit)
{
    auto block = std::partition_point(blocks.begin(), blocks.end(),
                                      [&](const auto& b) { return b->end() <= window.from; });
    for (; block != blocks.end() && (*block)->start < window.to; ++block) {
        const SeriesBlock& b = **block;
        std::size_t row = 0;
        if (b.start < window.from) {
            const SimDuration into = window.from - b.start + b.step - SimDuration::micros(1);
            row = static_cast<std::size_t>(into / b.step);
        }
        for (; row < b.rows() && b.timeOf(row) < window.to; ++row)
            visit(b, row);
    }
}

} // namespace

std::vector<ShardPoint> shardPoints(const History& history, Resolution resolution, ShardSlot shard,
                                    TimeWindow window)
{
    std::vector<ShardPoint> points;
    const SeriesBlock* known = nullptr;
    std::ptrdiff_t column = -1;
    eachRow(history.of(resolution), window, [&](const SeriesBlock& block, std::size_t row) {
        if (&block != known) {
            known = &block;
            column = block.column(shard);
        }
        if (column >= 0)
            points.push_back(
                {block.timeOf(row), block.step, block.cell(row, static_cast<std::size_t>(column))});
    });
    return points;
}

std::vector<StreamPoint> streamPoints(const History& history, Resolution resolution,
                                      TimeWindow window)
{
    std::vector<StreamPoint> points;
    eachRow(history.of(resolution), window, [&](const SeriesBlock& block, std::size_t row) {
        points.push_back({block.timeOf(row), block.step, block.totals[row]});
    });
    return points;
}

} // namespace shardscope
