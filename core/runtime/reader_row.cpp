#include "core/runtime/reader_row.h"

#include <algorithm>

#include "core/planner/cost.h"

namespace shardscope {
namespace {

/// What one reader adds to the bill: a fan-out consumer for every open shard and what it is sent;
/// one that polls pays for its bytes in on-demand mode alone.
std::optional<double> readerCostPerHour(const ConsumerRow& row,
                                        const StreamDescriptionSummary& stream,
                                        const RegionPrices& prices)
{
    const double bytes = row.bytesPerSecond * 3'600;
    Usage usage;
    (row.fanOut ? usage.fanOutBytes : usage.outBytes) = bytes;
    if (row.fanOut)
        usage.fanOutConsumerShardHours = static_cast<double>(stream.openShardCount);
    return stream.mode == StreamMode::OnDemand ? onDemandCost(usage, prices)
                                               : provisionedCost(usage, prices);
}

std::uint32_t bounded(std::int64_t n)
{
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(n, 0, ConsumerSample::kAbsent - std::int64_t {1}));
}

} // namespace

ConsumerRow doneBy(const Reader& reader)
{
    const Reader::Counts& c = reader.counts();
    ConsumerRow row;
    row.slot = reader.slot();
    row.spec = reader.spec();
    row.records = c.records;
    row.bytes = c.bytes;
    row.refusedCalls = c.refusedCalls;
    row.maxAgeMs = c.maxAgeMs;
    row.lostRecords = c.lostRecords;
    row.againRecords = c.againRecords;
    row.subscriptions = c.subscriptions;
    row.trouble = reader.trouble();
    return row;
}

ConsumerRow rowOf(const Reader& reader, const Stream& stream, const ReaderPace& pace,
                  const RegionPrices& prices, SimTime now)
{
    ConsumerRow row = doneBy(reader);
    const StreamDescriptionSummary summary = stream.summary();
    const ShardProgress& progress = reader.progress();
    row.lagRecords = progress.lagRecords(stream);
    row.lagAgain = progress.lagAgain(stream);
    row.ageMs = progress.ageMs(stream, now);
    for (const auto& place : progress.reading(stream, now)) {
        row.reading.push_back(place.shard);
        row.ageMsByShard.push_back(place.ageMs);
        row.readRates.push_back(reader.readRate(place.shard, now));
    }
    row.waitingForParents = progress.waitingForParents();
    row.state = reader.state(stream, now);
    row.fanOut = reader.fanOut();
    pace.fill(row, SimDuration::hours(summary.retentionHours));
    row.costPerHour = readerCostPerHour(row, summary, prices);
    return row;
}

void noteBehind(const Reader& reader, const Stream& stream, SimTime now,
                std::span<std::int64_t> agesMs, ConsumerSample* sample)
{
    const ShardProgress& progress = reader.progress();
    for (const auto& place : progress.reading(stream, now)) {
        std::int64_t& age = agesMs[place.shard.index()];
        age = std::max(age, place.ageMs);
    }
    if (sample != nullptr)
        *sample = {bounded(progress.ageMs(stream, now)), bounded(progress.lagRecords(stream))};
}

ReaderPace::Counts paceCounts(const Reader& reader)
{
    const Reader::Counts& c = reader.counts();
    return {c.records, c.bytes, c.calls, c.refusedCalls};
}

} // namespace shardscope
