#include <algorithm>

#include "core/runtime/world.h"

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

} // namespace

void Simulation::fill(Snapshot& out) const
{
    const World& w = *m_world;
    out.scenarioName = w.scenario.name;
    out.scenarioTitle = w.scenario.title;
    out.lesson = w.scenario.lesson;
    out.seed = w.scenario.seed;
    out.cost.priceDate = w.priceDate;
    out.cost.region = w.scenario.region;
    fillBoard(out, {w.book, w.service, w.stream(), w.now, [&w](const RecordMeta& meta) {
                        return w.keyOf(ProducerSlot(static_cast<std::uint32_t>(meta.producer())),
                                       meta.number());
                    }});
    w.fillProducers(out);
    w.fillConsumers(out);
    out.offered = w.offered;
    out.accepted = w.offered - out.refused;
    out.invariants = w.invariants;
    out.memoryBudget = w.scenario.memoryBudget;
    out.nextEvent = w.nextEventText();
}

void Simulation::World::fillProducers(Snapshot& out) const
{
    out.producers.clear();
    for (const ProducerSeat& seat : producers) {
        const Producer::Counts c = seat.producer.counts();
        out.producers.push_back({
            .slot = seat.producer.slot(),
            .spec = seat.producer.spec(),
            .removed = seat.removed,
            .offeredPerSecond = seat.removed ? 0 : seat.offered.rate(),
            .refusedPerSecond = seat.removed ? 0 : seat.refused.rate(),
            .firstTries = c.firstTries,
            .retries = c.retries,
            .accepted = c.accepted,
            .refused = c.refused,
            .dropped = c.dropped,
            .waiting = c.waiting,
        });
    }
}

void Simulation::World::fillConsumers(Snapshot& out) const
{
    const Stream& s = stream();
    const SimDuration retention = SimDuration::hours(s.summary().retentionHours);
    out.consumers.clear();
    for (const ConsumerSeat& seat : consumers) {
        const Reader& reader = *seat.consumer;
        const Reader::Counts& c = reader.counts();
        ConsumerRow row;
        row.slot = reader.slot();
        row.spec = reader.spec();
        row.removed = seat.removed;
        row.records = c.records;
        row.bytes = c.bytes;
        row.refusedCalls = c.refusedCalls;
        row.maxAgeMs = c.maxAgeMs;
        row.lostRecords = c.lostRecords;
        row.againRecords = c.againRecords;
        row.subscriptions = c.subscriptions;
        row.trouble = reader.trouble();
        if (!seat.removed) {
            const ShardProgress& progress = reader.progress();
            row.lagRecords = progress.lagRecords(s);
            row.lagAgain = progress.lagAgain(s);
            row.ageMs = progress.ageMs(s, now);
            for (const auto& place : progress.reading(s, now)) {
                row.reading.push_back(place.shard);
                row.ageMsByShard.push_back(place.ageMs);
                row.readRates.push_back(reader.readRate(place.shard, now));
            }
            row.waitingForParents = progress.waitingForParents();
            row.state = reader.state(s, now);
            row.fanOut = reader.fanOut();
            seat.pace.fill(row, retention);
            row.costPerHour = readerCostPerHour(row, s.summary(), book.prices);
        }
        out.consumers.push_back(std::move(row));
    }
}

std::string Simulation::World::nextEventText() const
{
    const std::string scaling = stream().scalingText();
    std::optional<SimTime> act;
    if (nextAct < scenario.acts.size())
        act = scenario.start + scenario.acts[nextAct].at;
    const std::optional<SimTime> due = service.nextDue();
    if (act && (!due || *act <= *due))
        return actText(scenario.acts[nextAct].act) + " in " + toText(wholeSeconds(*act - now));
    if (due)
        return (scaling.empty() ? "stream change" : scaling) + " in "
            + toText(wholeSeconds(*due - now));
    return {};
}

SimDuration Simulation::World::wholeSeconds(SimDuration d)
{
    return SimDuration::seconds(std::max<std::int64_t>(0, (d.inMicros() + 999'999) / 1'000'000));
}

} // namespace shardscope
