#include <algorithm>

#include "core/runtime/reader_row.h"
#include "core/runtime/world.h"

namespace shardscope {

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
    out.consumers.clear();
    for (const ConsumerSeat& seat : consumers) {
        const Reader& reader = *seat.consumer;
        out.consumers.push_back(
            seat.removed ? doneBy(reader) : rowOf(reader, stream(), seat.pace, book.prices, now));
        out.consumers.back().removed = seat.removed;
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
