#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "core/base/md5.h"
#include "core/runtime/world.h"

namespace shardscope {

namespace {

/// Up to this many open shards every row tells its hottest keys; beyond, only the ten hottest
/// shards.
constexpr std::size_t kRowsWithKeys = 64;
constexpr std::size_t kHottestWithKeys = 10;

ShardRates ratesOf(const ShardSample& sums, double seconds)
{
    const auto per
        = [seconds](auto n) { return seconds > 0 ? static_cast<double>(n) / seconds : 0; };
    return {
        .acceptedBytes = per(sums.inBytes),
        .acceptedRecords = per(sums.inRecords),
        .refusedBytes = per(sums.refusedBytes),
        .refusedByBytes = per(sums.refusedByBytes),
        .refusedByRecords = per(sums.refusedByRecords),
        .outBytes = per(sums.outBytes),
        .outRecords = per(sums.outRecords),
        .readCalls = per(sums.readCalls),
        .refusedReads = per(sums.refusedReads),
    };
}

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
    w.fillStream(out);
    w.fillShards(out);
    w.fillProducers(out);
    w.fillConsumers(out);
    out.offered = w.offered;
    out.accepted = w.offered - out.refused;
    out.events = w.events;
    const std::size_t kept
        = std::min(w.refusals.size(), static_cast<std::size_t>(budgets::kRefusalsKept));
    out.refusals = std::make_shared<const std::vector<Refusal>>(
        w.refusals.end() - static_cast<std::ptrdiff_t>(kept), w.refusals.end());
    out.history = w.recorder.history();
    w.fillCost(out);
    out.invariants = w.invariants;
    out.memoryHistory = w.recorder.memory();
    out.memoryBudget = w.scenario.memoryBudget;
    out.trimmedByBudget = w.stream().trimmedByBudget();
    out.nextEvent = w.nextEventText();
}

void Simulation::World::fillStream(Snapshot& out) const
{
    const Stream& s = stream();
    const StreamSample second = recorder.lastSecond();
    StreamRow& row = out.stream;
    row.summary = s.summary();
    row.shardsEver = static_cast<std::int64_t>(s.shards().size());
    const auto open = static_cast<double>(s.map().size());
    row.capacityBytes = open * static_cast<double>(limits::kShardWriteBytes);
    row.capacityRecords = open * static_cast<double>(limits::kShardWriteRecords);
    row.offeredBytes = static_cast<double>(second.sum.offeredBytes());
    row.offeredRecords = static_cast<double>(second.sum.offeredRecords());
    row.acceptedBytes = static_cast<double>(second.sum.inBytes);
    row.acceptedRecords = second.sum.inRecords;
    row.refusedRecords = row.offeredRecords - row.acceptedRecords;
    row.peakBytes30d = s.peakBytes30d();
    row.shardsNeeded = s.shardsNeeded();
    row.scaling = s.scalingText();
    row.modeSwitchesLeft = s.modeSwitchesLeft(now);
    row.shardCountUpdatesLeft = s.shardCountUpdatesLeft(now);
    row.policySpec = service.policy(scenario.stream.name);
    row.policy = row.policySpec ? designText(row.policySpec->design) : std::string();
    row.account = service.accountLimits();
    row.advantage = service.advantage();
}

void Simulation::World::fillShards(Snapshot& out) const
{
    const Stream& s = stream();
    const WriteColumns& columns = s.columns();
    out.shards.clear();
    out.shards.reserve(s.shards().size());
    out.refused = {};
    out.stored = {};
    out.read = {};
    out.refusedByBytes = out.refusedByRecords = out.refusedReadCalls = 0;
    std::size_t memory = 0;
    std::int64_t oldest = INT64_MAX;
    for (const Shard& shard : s.shards()) {
        const std::size_t i = shard.slot.index();
        const ShardHot& hot = columns.hot[i];
        const ShardLog& log = columns.logs[i];
        ShardRow row;
        row.slot = shard.slot;
        row.range = shard.range;
        row.state = shard.state;
        row.parent = shard.parent;
        row.adjacentParent = shard.adjacentParent;
        row.children = shard.children;
        row.changing = shard.changing;
        row.openedAt = shard.openedAt;
        row.closedAt = shard.closedAt;
        row.accepted = {static_cast<std::int64_t>(hot.acceptedRecords),
                        static_cast<Bytes>(hot.acceptedBytes)};
        row.refused = {static_cast<std::int64_t>(hot.refusedByBytes + hot.refusedByRecords),
                       static_cast<Bytes>(hot.refusedBytes)};
        row.offered = row.accepted + row.refused;
        row.stored = {static_cast<std::int64_t>(log.end() - log.begin()),
                      static_cast<Bytes>(log.bytesStored())};
        out.refused += row.refused;
        out.stored += row.stored;
        out.read
            += {static_cast<std::int64_t>(shard.outRecords), static_cast<Bytes>(shard.outBytes)};
        out.refusedByBytes += static_cast<std::int64_t>(hot.refusedByBytes);
        out.refusedByRecords += static_cast<std::int64_t>(hot.refusedByRecords);
        out.refusedReadCalls += static_cast<std::int64_t>(
            shard.refusedReadBytes + shard.refusedReadCalls + shard.refusedReadWait);
        memory += log.memory();
        if (!log.empty())
            oldest = std::min(oldest, log.from(log.begin()).front().arrivalMs);
        row.peakPercentOfLimit = recorder.peakPercentOfLimit(shard.slot);
        const Recorder::Rates rates = recorder.rates(shard.slot);
        row.second = ratesOf(rates.second, 1);
        row.minute = ratesOf(rates.minute, rates.minuteSeconds);
        row.ageMs = i < agesMs.size() ? agesMs[i] : 0;
        const BucketLevels left = levels(hot, columns.bytesBurst, now.inMillis(), columns.epochMs);
        row.writeBytesTokens = static_cast<double>(left.bytes);
        row.writeRecordsTokens = static_cast<double>(left.recordThousandths) / 1'000;
        out.shards.push_back(std::move(row));
    }
    std::stable_sort(
        out.shards.begin(), out.shards.end(), [](const ShardRow& a, const ShardRow& b) {
            const bool aOpen = a.state == ShardState::Open, bOpen = b.state == ShardState::Open;
            return aOpen != bOpen ? aOpen : aOpen ? a.range.start < b.range.start : a.slot < b.slot;
        });
    out.memoryStored = static_cast<Bytes>(memory);
    out.oldestStored
        = oldest == INT64_MAX ? std::nullopt : std::optional(SimTime::fromMillis(oldest));
    fillTopKeys(out);
}

void Simulation::World::fillTopKeys(Snapshot& out) const
{
    const std::size_t open = stream().map().size();
    std::vector<ShardRow*> rows;
    rows.reserve(open);
    for (std::size_t i = 0; i < open && i < out.shards.size(); ++i)
        rows.push_back(&out.shards[i]);
    if (open > kRowsWithKeys) {
        const auto hotter = [](const ShardRow* a, const ShardRow* b) {
            return a->second.percentOfLimit() > b->second.percentOfLimit();
        };
        std::partial_sort(rows.begin(), rows.begin() + kHottestWithKeys, rows.end(), hotter);
        rows.resize(kHottestWithKeys);
    }
    for (ShardRow* row : rows) {
        const KeySketch& sketch = stream().columns().sketches[row->slot.index()];
        std::vector<KeySketch::Entry> entries(sketch.entries().begin(), sketch.entries().end());
        std::sort(entries.begin(), entries.end(),
                  [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
        for (const KeySketch::Entry& entry : entries) {
            const RecordMeta named {.source = entry.source};
            TopKey key;
            key.key
                = keyOf(ProducerSlot(static_cast<std::uint32_t>(named.producer())), named.number());
            key.hash = md5(key.key);
            if (key.hash.high()
                != entry.hashHigh) // an explicit hash key: only its upper half is kept
                key.hash = HashKey::fromWords(entry.hashHigh, 0);
            key.shareOfShard = sketch.total() > 0
                ? static_cast<double>(entry.bytes) / static_cast<double>(sketch.total())
                : 0;
            row->topKeys.push_back(std::move(key));
        }
    }
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

void Simulation::World::fillCost(Snapshot& out) const
{
    out.cost.provisioned = cost(false);
    out.cost.onDemand = cost(true);
    out.cost.priceDate = priceDate;
    out.cost.region = scenario.region;
    // Per hour: what the last minute cost, times sixty.
    const SeriesBlocks& minutes = out.history.of(Resolution::Second);
    double seconds = 0, provisioned = out.cost.provisioned, onDemand = out.cost.onDemand;
    for (auto block = minutes.rbegin(); block != minutes.rend() && seconds < 60; ++block) {
        for (std::size_t row = (*block)->rows(); row-- > 0 && seconds < 60; seconds += 1) {
            provisioned = (*block)->totals[row].costProvisioned;
            onDemand = (*block)->totals[row].costOnDemand;
        }
    }
    if (seconds > 1) {
        const double perHour = 3'600 / (seconds - 1);
        out.cost.provisionedPerHour = (out.cost.provisioned - provisioned) * perHour;
        out.cost.onDemandPerHour = (out.cost.onDemand - onDemand) * perHour;
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
