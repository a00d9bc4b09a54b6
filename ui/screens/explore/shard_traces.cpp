#include "ui/screens/explore/shard_traces.h"

#include <algorithm>

#include "core/engine/limits.h"

namespace shardscope::ui {

namespace {

ShardTrace traceOf(const ShardRow& row)
{
    return {row.slot,
            row.second.percentOfLimit(),
            row.second.refusedByBytes + row.second.refusedByRecords,
            {}};
}

bool hotter(const ShardTrace& a, const ShardTrace& b)
{
    return a.percent != b.percent ? a.percent > b.percent : a.slot < b.slot;
}

} // namespace

double percentOf(const ShardSample& sample, SimDuration step)
{
    const double seconds = step.inSeconds();
    return std::max(static_cast<double>(sample.offeredBytes())
                        / static_cast<double>(limits::kShardWriteBytes),
                    static_cast<double>(sample.offeredRecords())
                        / static_cast<double>(limits::kShardWriteRecords))
        / seconds * 100;
}

std::vector<ShardTrace> shardTraces(const Snapshot& snapshot, int seconds, ShardOrder order)
{
    std::vector<ShardTrace> traces;
    for (const ShardRow& row : snapshot.shards)
        if (row.state == ShardState::Open) {
            traces.push_back(traceOf(row));
            traces.back().values.assign(static_cast<std::size_t>(seconds), 0.0F);
        }
    const auto& blocks = snapshot.history.of(Resolution::Second);
    if (blocks.empty())
        return traces;
    const SimTime end = blocks.back()->end();
    const SimTime from = end - SimDuration::seconds(seconds);
    for (const auto& block : blocks) {
        if (block->end() <= from)
            continue;
        const auto first
            = block->start >= from ? std::int64_t {0} : (from - block->start) / block->step;
        for (ShardTrace& trace : traces) {
            const std::ptrdiff_t column = block->column(trace.slot);
            if (column < 0)
                continue;
            for (auto r = static_cast<std::size_t>(first); r < block->rows(); ++r) {
                const auto place = (block->timeOf(r) - from) / block->step;
                if (place >= 0 && place < seconds)
                    trace.values[static_cast<std::size_t>(place)] = static_cast<float>(
                        percentOf(block->cell(r, static_cast<std::size_t>(column)), block->step));
            }
        }
    }
    if (order == ShardOrder::HottestFirst)
        std::stable_sort(traces.begin(), traces.end(), hotter);
    return traces;
}

std::vector<ShardTrace> hottestShards(const Snapshot& snapshot, std::size_t most)
{
    std::vector<ShardTrace> traces;
    for (const ShardRow& row : snapshot.shards)
        if (row.state == ShardState::Open)
            traces.push_back(traceOf(row));
    const auto end = traces.begin() + static_cast<std::ptrdiff_t>(std::min(most, traces.size()));
    std::partial_sort(traces.begin(), end, traces.end(), hotter);
    traces.erase(end, traces.end());
    return traces;
}

} // namespace shardscope::ui
