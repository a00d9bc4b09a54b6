#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "core/runtime/world.h"

namespace shardscope {

namespace {

/// A trend must move at least this many records: below it is the ebb and flow of single reads.
constexpr std::int64_t kTrendRecords = 50;

/// Readers gulp, at no exact step, so a lag goes up and down all the time. It has a trend when from
/// the earlier half of the seconds kept to the later it has moved, on average, by more than any
/// single gulp.
Trend trendOf(const std::vector<std::int64_t>& lag)
{
    if (lag.size() < 4)
        return Trend::Steady;
    std::int64_t gulp = kTrendRecords;
    for (std::size_t i = 1; i < lag.size(); ++i)
        gulp = std::max(gulp, std::abs(lag[i] - lag[i - 1]));
    const auto half = static_cast<std::ptrdiff_t>(lag.size() / 2);
    const std::int64_t before = std::accumulate(lag.begin(), lag.begin() + half, std::int64_t {0});
    const std::int64_t after = std::accumulate(lag.end() - half, lag.end(), std::int64_t {0});
    if (std::abs(after - before) <= gulp * half)
        return Trend::Steady;
    return after > before ? Trend::Growing : Trend::Draining;
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
        const PollingConsumer::Counts& c = seat.consumer.counts();
        ConsumerRow row;
        row.slot = seat.consumer.slot();
        row.spec = seat.consumer.spec();
        row.removed = seat.removed;
        row.records = c.records;
        row.bytes = c.bytes;
        row.refusedCalls = c.refusedCalls;
        row.maxAgeMs = c.maxAgeMs;
        row.lostRecords = c.lostRecords;
        if (!seat.removed) {
            row.recordsPerSecond = seat.records.rate();
            row.bytesPerSecond = seat.bytes.rate();
            row.callsPerSecond = seat.calls.rate();
            row.refusedCallsPerSecond = seat.refusedCalls.rate();
            row.lagRecords = seat.consumer.lagRecords(s);
            row.ageMs = seat.consumer.ageMs(s, now);
            row.trend = trendOf(seat.lag);
            for (const auto& position : seat.consumer.reading(s, now)) {
                row.reading.push_back(position.shard);
                row.ageMsByShard.push_back(position.ageMs);
            }
            row.waitingForParents = seat.consumer.waitingForParents();
            forecast(row, seat, retention);
        }
        out.consumers.push_back(std::move(row));
    }
}

/// Straight-line forecasts over the lag seconds kept: when the lag is gone, or when the oldest
/// unread record meets the retention period.
void Simulation::World::forecast(ConsumerRow& row, const ConsumerSeat& seat, SimDuration retention)
{
    if (row.trend == Trend::Steady || seat.lag.size() < 2)
        return;
    const double seconds = static_cast<double>(seat.lag.size() - 1);
    const double perSecond = static_cast<double>(seat.lag.back() - seat.lag.front()) / seconds;
    if (row.trend == Trend::Draining && perSecond < 0)
        row.timeToDrain
            = SimDuration::fromSeconds(static_cast<double>(row.lagRecords) / -perSecond);
    if (row.trend == Trend::Growing && row.lagRecords > 0 && row.ageMs > 0) {
        // Age grows by the part of each second that the reader falls behind.
        const double ageSeconds = static_cast<double>(row.ageMs) / 1e3;
        const double ageGrowth
            = std::min(1.0, perSecond * ageSeconds / static_cast<double>(row.lagRecords));
        if (ageGrowth > 0 && retention.inSeconds() > ageSeconds)
            row.timeToDataLoss
                = SimDuration::fromSeconds((retention.inSeconds() - ageSeconds) / ageGrowth);
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
