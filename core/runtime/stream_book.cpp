#include "core/runtime/stream_book.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/budgets.h"
#include "core/engine/limits.h"

namespace shardscope {
namespace {

/// Events kept on the time line; a run that says more drops its oldest.
constexpr std::size_t kEventsKept = 4'000;

void meter(Usage& usage, const Stream& stream)
{
    const double hours = stepOf(Resolution::Ms100).inSeconds() / 3'600;
    const StreamDescriptionSummary summary = stream.summary();
    const double openShards = static_cast<double>(summary.openShardCount);
    usage.shardHours += openShards * hours;
    usage.onDemandStreamHours += hours;
    if (summary.retentionHours > limits::kRetentionHoursLeast)
        usage.extendedRetentionShardHours += openShards * hours;
    usage.fanOutConsumerShardHours
        += openShards * static_cast<double>(summary.consumerCount) * hours;
    std::uint64_t outBytes = 0, fanOutBytes = 0;
    for (const Shard& shard : stream.shards()) {
        outBytes += shard.outBytes;
        fanOutBytes += shard.fanOutBytes;
    }
    usage.outBytes = static_cast<double>(outBytes);
    usage.fanOutBytes = static_cast<double>(fanOutBytes);
}

} // namespace

StreamBook::StreamBook(SimTime start, Bytes historyBudget, RegionPrices regionPrices)
    : recorder(start, historyBudget)
    , prices(std::move(regionPrices))
    , events(std::make_shared<const std::vector<Event>>())
{
}

void StreamBook::closeBucket(const Stream& stream, SimTime end,
                             std::span<const ConsumerSample> consumers)
{
    meter(usage, stream);
    recorder.close(stream, agesMs, cost(false), cost(true), end, consumers);
}

void StreamBook::addEvents(std::vector<Event> fresh)
{
    for (Event& event : fresh)
        eventTail.push_back(std::move(event));
    if (eventTail.empty())
        return;
    auto all = std::make_shared<std::vector<Event>>(*events);
    all->insert(all->end(), std::make_move_iterator(eventTail.begin()),
                std::make_move_iterator(eventTail.end()));
    std::stable_sort(all->begin(), all->end(),
                     [](const Event& a, const Event& b) { return a.at < b.at; });
    if (all->size() > kEventsKept)
        all->erase(all->begin(), all->end() - static_cast<std::ptrdiff_t>(kEventsKept));
    events = std::move(all);
    eventTail.clear();
}

void StreamBook::addRefusals(std::span<const RefusedRecord> refused)
{
    for (const RefusedRecord& r : refused) {
        refusals.push_back({
            .id = ++refusalsEver,
            .at = SimTime::fromMillis(r.atMs),
            .shard = r.shard,
            .rule = r.rule,
            .producer = r.producer,
            .number = r.number,
            .attempt = r.attempt,
            .hash = HashKey::fromWords(r.hashHigh, r.hashLow),
            .bytes = r.bytes,
            .tokensLeft = r.rule == Rule::W2WriteRecords ? static_cast<double>(r.tokensLeft) / 1'000
                                                         : static_cast<double>(r.tokensLeft),
            .wouldPassAt = SimTime::fromMillis(r.wouldPassAtMs),
        });
    }
    if (refusals.size() > 2 * budgets::kRefusalsKept)
        refusals.erase(refusals.begin(), refusals.end() - budgets::kRefusalsKept);
}

void StreamBook::addPut(const RealPut& put)
{
    usage.putUnits += static_cast<double>(put.putUnits);
    usage.onDemandInBytes += static_cast<double>(put.onDemandBytes);
    addRefusals(put.refused);
}

void StreamBook::note(SimTime at, EventKind kind, std::string text, std::vector<ShardSlot> shards)
{
    eventTail.push_back({at, kind, std::move(shards), std::move(text)});
}

double StreamBook::cost(bool onDemand) const
{
    // A missing price shows as zero here; the cost row says which Region it was.
    return (onDemand ? onDemandCost(usage, prices) : provisionedCost(usage, prices)).value_or(0);
}

} // namespace shardscope
