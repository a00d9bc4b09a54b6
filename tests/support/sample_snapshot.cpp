#include "tests/support/sample_snapshot.h"

#include <algorithm>
#include <cmath>

#include "core/engine/limits.h"

namespace shardscope::sample {

namespace {

constexpr double kRecordBytes = 1'400;
constexpr double kHotShare = 0.78;

/// An even spread of numbers from their places, 0 … 1: the past needs no order of making.
double noise(std::uint64_t a, std::uint64_t b)
{
    std::uint64_t z = a * 0x9E3779B97F4A7C15ULL + b * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return static_cast<double>((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

HashKeyRange part(int i, int count)
{
    const U128 step = ~U128 {0} / static_cast<unsigned>(count);
    HashKeyRange range {{step * static_cast<unsigned>(i)},
                        {step * static_cast<unsigned>(i + 1) - 1}};
    if (i + 1 == count)
        range.end = HashKey::max();
    return range;
}

/// In shard 2; of four shards at 0.559 of the space, where MD5("eu-west") lies.
HashKey hotKey(const Options& o)
{
    const HashKeyRange range = part(2, o.shards);
    return {range.start.value + (range.end.value - range.start.value) / 1000 * 236};
}

ShardRow row(std::uint32_t slot, HashKeyRange range, SimTime openedAt)
{
    ShardRow made;
    made.slot = ShardSlot(slot);
    made.range = range;
    made.openedAt = openedAt;
    return made;
}

void close(ShardRow& shard, SimTime at, std::initializer_list<std::uint32_t> children)
{
    shard.state = ShardState::Closed;
    shard.closedAt = at;
    for (const auto child : children)
        shard.children.emplace_back(child);
}

std::vector<ShardRow> lineage(const Options& o, SimTime start)
{
    std::vector<ShardRow> shards;
    for (int i = 0; i < o.shards; ++i)
        shards.push_back(row(static_cast<std::uint32_t>(i), part(i, o.shards), start));
    if (!o.lineage)
        return shards;
    // Shard 0 splits into n and n+1; n+1 and its neighbour 1 merge into n+2.
    const auto n = static_cast<std::uint32_t>(o.shards);
    const SimTime split = start + SimDuration::fromSeconds(o.past.inSeconds() * 0.35);
    const SimTime merge = start + SimDuration::fromSeconds(o.past.inSeconds() * 0.75);
    const HashKey middle = shards[0].range.middle();
    auto lower = row(n, {shards[0].range.start, {middle.value - 1}}, split);
    auto upper = row(n + 1, {middle, shards[0].range.end}, split);
    auto merged = row(n + 2, {middle, shards[1].range.end}, merge);
    lower.parent = upper.parent = ShardSlot(0);
    merged.parent = ShardSlot(n + 1);
    merged.adjacentParent = ShardSlot(1);
    close(shards[0], split, {n, n + 1});
    close(upper, merge, {n + 2});
    close(shards[1], merge, {n + 2});
    shards.insert(shards.end(), {lower, upper, merged});
    return shards;
}

/// Offered bytes/s.
double demand(const Options& o, const ShardRow& shard, double seconds, std::uint64_t bucket)
{
    if (!o.load)
        return 0;
    const auto slot = shard.slot.value;
    double level = 0.15 + 0.6 * noise(slot, 77);
    if (o.hot && (slot == 2 || (slot > 8 && slot % 41 == 9)))
        level = 1.30 + 0.12 * std::sin(seconds / 9.0);
    const double wave = 1 + 0.18 * std::sin(seconds / 23.0 + slot);
    return level * (slot == 2 ? 1 : wave) * (0.88 + 0.24 * noise(slot, bucket))
        * static_cast<double>(limits::kShardWriteBytes);
}

struct Tokens {
    double bytes = static_cast<double>(limits::kShardWriteBytes);
};

ShardSample fill(const Options& o, const ShardRow& shard, double seconds, double step,
                 std::uint64_t bucket, Tokens& tokens)
{
    const auto most = static_cast<double>(limits::kShardWriteBytes);
    const double offered = demand(o, shard, seconds, bucket) * step;
    tokens.bytes = std::min(most, tokens.bytes + most * step);
    const double taken = std::min(offered, tokens.bytes);
    tokens.bytes -= taken;
    ShardSample cell;
    cell.inBytes = static_cast<std::uint64_t>(taken);
    cell.inRecords = static_cast<std::uint32_t>(taken / kRecordBytes);
    cell.refusedBytes = static_cast<std::uint64_t>(offered - taken);
    cell.refusedByBytes = static_cast<std::uint32_t>(std::lround((offered - taken) / kRecordBytes));
    if (!o.consumers)
        return cell;
    // Three calls a second; in a tenth of a second mostly none.
    const bool reading = step >= 1 || bucket % 3 == 0;
    const double share = step >= 1 ? 1.0 : 3.0;
    cell.readCalls = !reading ? 0 : step >= 1 ? static_cast<std::uint32_t>(3 * step) : 1;
    cell.outBytes = reading
        ? static_cast<std::uint64_t>(taken * share * (1.35 + 0.3 * noise(shard.slot.value, bucket)))
        : 0;
    cell.outRecords = static_cast<std::uint32_t>(static_cast<double>(cell.outBytes) / kRecordBytes);
    if (shard.slot.value == 2 && bucket % 37 == 5)
        cell.refusedReads = 1;
    cell.ageMs = static_cast<std::uint32_t>(
        300 + 500 * noise(shard.slot.value, bucket)
        + (shard.slot.value == 2 ? 40 * std::max(0.0, seconds - 60) : 0));
    return cell;
}

std::shared_ptr<SeriesBlock> series(const Options& o, std::vector<ShardRow>& shards,
                                    SimTime runStart, SimTime from, SimTime to, SimDuration step)
{
    auto block = std::make_shared<SeriesBlock>();
    block->start = from;
    block->step = step;
    for (const ShardRow& shard : shards)
        block->shards.push_back(shard.slot);
    std::vector<Tokens> tokens(shards.size());
    double provisioned = 0;
    double onDemand = 0;
    for (SimTime at = from; at < to; at += step) {
        const auto bucket = static_cast<std::uint64_t>((at - runStart) / step);
        StreamSample total;
        for (std::size_t i = 0; i < shards.size(); ++i) {
            const ShardRow& shard = shards[i];
            ShardSample cell;
            if (shard.openedAt <= at && (!shard.closedAt || at < *shard.closedAt)) {
                cell = fill(o, shard, (at - runStart).inSeconds(), step.inSeconds(), bucket,
                            tokens[i]);
                ++total.openShards;
            }
            total.sum.inBytes += cell.inBytes;
            total.sum.inRecords += cell.inRecords;
            total.sum.refusedBytes += cell.refusedBytes;
            total.sum.refusedByBytes += cell.refusedByBytes;
            total.sum.outBytes += cell.outBytes;
            total.sum.outRecords += cell.outRecords;
            total.sum.readCalls += cell.readCalls;
            total.sum.refusedReads += cell.refusedReads;
            total.sum.ageMs = std::max(total.sum.ageMs, cell.ageMs);
            block->cells.push_back(cell);
        }
        // dashboard, archive and fraud-check of addConsumers
        const double seconds = (at - runStart).inSeconds();
        if (o.consumers)
            total.consumers = {{{420, static_cast<std::uint32_t>(90 + bucket % 40)},
                                {2'100, static_cast<std::uint32_t>(9'000 / (1 + seconds / 60))},
                                {static_cast<std::uint32_t>(500 + 26 * seconds),
                                 static_cast<std::uint32_t>(34 * seconds)}}};
        provisioned += total.openShards * 0.015 / 3600 * step.inSeconds();
        onDemand += static_cast<double>(total.sum.inBytes) / 1073741824.0 * 0.08
            + 0.04 / 3600 * step.inSeconds();
        total.costProvisioned = provisioned;
        total.costOnDemand = onDemand;
        block->totals.push_back(total);
    }
    return block;
}

std::shared_ptr<HeatBlock> heat(const Options& o, const std::vector<ShardRow>& shards,
                                SimTime start, SimTime now)
{
    auto block = std::make_shared<HeatBlock>();
    block->start = start;
    const HashKey hottest = hotKey(o);
    for (SimTime at = start; at + SimDuration::seconds(1) <= now; at += SimDuration::seconds(1)) {
        auto& line = block->rows.emplace_back();
        line.fill(0);
        const auto second = static_cast<std::uint64_t>((at - start) / SimDuration::seconds(1));
        for (const ShardRow& shard : shards) {
            if (shard.openedAt > at || (shard.closedAt && *shard.closedAt <= at))
                continue;
            const double bytes = demand(o, shard, (at - start).inSeconds(), second);
            const int first = static_cast<int>(shard.range.start.high() >> 54);
            const int last = static_cast<int>(shard.range.end.high() >> 54);
            const bool hot = o.hot && shard.range.contains(hottest);
            for (int b = first; b <= last; ++b)
                line[static_cast<std::size_t>(b)] += static_cast<std::uint32_t>(
                    bytes * (hot ? 1 - kHotShare : 1.0) / (last - first + 1)
                    * (0.5 + noise(static_cast<std::uint64_t>(b), 5)));
            if (hot)
                line[hottest.high() >> 54] += static_cast<std::uint32_t>(bytes * kHotShare);
        }
    }
    return block;
}

ShardRates over(const SeriesBlock& block, std::size_t column, SimTime from, SimTime to)
{
    ShardRates rates;
    double seconds = 0;
    for (std::size_t r = 0; r < block.rows(); ++r) {
        if (block.timeOf(r) < from || block.timeOf(r) >= to)
            continue;
        seconds += block.step.inSeconds();
        const ShardSample& cell = block.cell(r, column);
        rates.acceptedBytes += static_cast<double>(cell.inBytes);
        rates.acceptedRecords += cell.inRecords;
        rates.refusedBytes += static_cast<double>(cell.refusedBytes);
        rates.refusedByBytes += cell.refusedByBytes;
        rates.outBytes += static_cast<double>(cell.outBytes);
        rates.outRecords += cell.outRecords;
        rates.readCalls += cell.readCalls;
        rates.refusedReads += cell.refusedReads;
    }
    for (double* rate :
         {&rates.acceptedBytes, &rates.acceptedRecords, &rates.refusedBytes, &rates.refusedByBytes,
          &rates.outBytes, &rates.outRecords, &rates.readCalls, &rates.refusedReads})
        *rate /= std::max(1.0, seconds);
    return rates;
}

void addUp(Snapshot& s, const SeriesBlock& seconds)
{
    const SimTime now = s.clock.now;
    for (std::size_t i = 0; i < s.shards.size(); ++i) {
        ShardRow& shard = s.shards[i];
        for (std::size_t r = 0; r < seconds.rows(); ++r) {
            const ShardSample& c = seconds.cell(r, i);
            shard.accepted += {c.inRecords, static_cast<Bytes>(c.inBytes)};
            shard.refused += {c.refusedByBytes, static_cast<Bytes>(c.refusedBytes)};
            shard.peakPercentOfLimit
                = std::max(shard.peakPercentOfLimit,
                           static_cast<double>(c.inBytes + c.refusedBytes) / 10485.76);
            s.refusedReadCalls += c.refusedReads;
        }
        shard.stored = shard.accepted;
        shard.offered = shard.accepted + shard.refused;
        s.accepted += shard.accepted;
        s.refused += shard.refused;
        s.offered += shard.offered;
        s.refusedByBytes += shard.refused.records;
        if (shard.state != ShardState::Open)
            continue;
        shard.second = over(seconds, i, now - SimDuration::seconds(1), now);
        shard.minute = over(seconds, i, now - SimDuration::minutes(1), now);
        shard.ageMs = seconds.cell(seconds.rows() - 1, i).ageMs;
        s.stream.offeredBytes += shard.second.acceptedBytes + shard.second.refusedBytes;
        s.stream.acceptedBytes += shard.second.acceptedBytes;
        s.stream.acceptedRecords += shard.second.acceptedRecords;
        s.stream.refusedRecords += shard.second.refusedByBytes;
    }
    s.stream.offeredRecords = s.stream.acceptedRecords + s.stream.refusedRecords;
    s.stored = s.accepted;
    s.read = s.accepted;
}

std::shared_ptr<std::vector<Refusal>> refusals(const Options& o, const Snapshot& s,
                                               const SeriesBlock& fine)
{
    auto kept = std::make_shared<std::vector<Refusal>>();
    std::uint64_t id = 1000;
    for (std::size_t r = 0; r < fine.rows(); ++r)
        for (std::size_t i = 0; i < fine.shards.size(); ++i)
            for (std::uint32_t k = 0; k < std::min(2U, fine.cell(r, i).refusedByBytes); ++k) {
                Refusal one;
                one.id = ++id;
                one.at = fine.timeOf(r) + SimDuration::millis(20 + 30 * k);
                one.shard = fine.shards[i];
                one.rule = Rule::W1WriteBytes;
                one.number = id;
                one.hash = one.shard.value == 2 ? hotKey(o) : s.shards[i].range.middle();
                one.bytes = static_cast<std::uint32_t>(kRecordBytes);
                one.tokensLeft = 210;
                one.wouldPassAt = one.at + SimDuration::millis(237);
                kept->push_back(one);
            }
    if (kept->size() > 4096)
        kept->erase(kept->begin(), kept->end() - 4096);
    return kept;
}

void addConsumers(Snapshot& s)
{
    struct Reader {
        const char* name;
        Trend trend;
        std::int64_t lag, ageMs;
    };
    std::uint32_t slot = 0;
    for (const Reader& reader : {Reader {"dashboard", Trend::Steady, 0, 420},
                                 Reader {"archive", Trend::Draining, 1'840, 2'100},
                                 Reader {"fraud-check", Trend::Growing, 10'240, 8'300}}) {
        ConsumerRow row;
        row.slot = ConsumerSlot(slot++);
        row.spec.name = reader.name;
        row.lagRecords = reader.lag;
        row.ageMs = row.maxAgeMs = reader.ageMs;
        row.trend = reader.trend;
        row.recordsPerSecond = s.stream.acceptedRecords * 0.95;
        row.bytesPerSecond = s.stream.acceptedBytes * 0.95;
        row.callsPerSecond = static_cast<double>(s.stream.summary.openShardCount);
        if (reader.trend == Trend::Draining)
            row.timeToDrain = SimDuration::seconds(95);
        if (reader.trend == Trend::Growing)
            row.timeToDataLoss = SimDuration::minutes(192);
        for (const ShardRow& shard : s.shards)
            if (shard.state == ShardState::Open) {
                row.reading.push_back(shard.slot);
                row.ageMsByShard.push_back(shard.ageMs);
            }
        s.consumers.push_back(row);
    }
}

void addProducers(Snapshot& s)
{
    std::uint32_t slot = 0;
    for (const char* name : {"iot-fleet", "clicks", "server-logs"}) {
        ProducerRow row;
        row.slot = ProducerSlot(slot++);
        row.spec.name = name;
        row.spec.rate.recordsPerSecond = s.stream.offeredRecords / 3;
        row.offeredPerSecond = s.stream.offeredRecords / 3;
        row.refusedPerSecond = s.stream.refusedRecords / 3;
        row.accepted = s.accepted.records / 3;
        row.refused = s.refused.records / 3;
        row.firstTries = row.accepted;
        row.retries = row.refused;
        s.producers.push_back(row);
    }
}

std::shared_ptr<std::vector<Event>> events(const Snapshot& s)
{
    auto list = std::make_shared<std::vector<Event>>();
    list->push_back({s.clock.start, EventKind::StreamCreated, {}, "Stream orders was created."});
    for (const ShardRow& shard : s.shards)
        if (shard.closedAt && shard.children.size() == 2)
            list->push_back({*shard.closedAt,
                             EventKind::Split,
                             {shard.slot, shard.children[0], shard.children[1]},
                             "Shard 0 was split in the middle."});
    for (const ShardRow& shard : s.shards)
        if (shard.adjacentParent)
            list->push_back({shard.openedAt,
                             EventKind::Merge,
                             {*shard.parent, *shard.adjacentParent, shard.slot},
                             "Two shards were merged."});
    if (!s.refusals->empty())
        list->push_back({s.refusals->front().at,
                         EventKind::FirstRefusal,
                         {s.refusals->front().shard},
                         "Shard 2 refused its first record."});
    std::stable_sort(list->begin(), list->end(),
                     [](const Event& a, const Event& b) { return a.at < b.at; });
    return list;
}

} // namespace

std::shared_ptr<const Snapshot> snapshot(const Options& o)
{
    auto s = std::make_shared<Snapshot>();
    const SimTime start = kDefaultStart;
    const SimTime now = start + o.past + o.later;
    s->revision = 1 + static_cast<std::uint64_t>(o.later / SimDuration::millis(100));
    s->world = 1;
    s->scenarioName = "hot-key";
    s->scenarioTitle = "Hot key";
    s->seed = 1;
    s->clock.start = start;
    s->clock.now = now;
    s->clock.paused = false;
    s->clock.speedAsked = s->clock.speedReached = 10;
    s->shards = lineage(o, start);
    if (o.changing && o.shards > 3)
        s->shards[3].changing = true;
    auto& summary = s->stream.summary;
    summary.streamName = "orders";
    summary.createdAt = start;
    summary.openShardCount = o.shards;
    s->stream.shardsEver = static_cast<std::int64_t>(s->shards.size());
    s->stream.capacityBytes = o.shards * static_cast<double>(limits::kShardWriteBytes);
    s->stream.capacityRecords = o.shards * static_cast<double>(limits::kShardWriteRecords);
    // As deep as the recorder's budget would let it: wide streams keep a minute of 100 ms.
    const SimTime fineFrom = o.shards > 64 ? std::max(start, now - SimDuration::minutes(1)) : start;
    const auto fine = series(o, s->shards, start, fineFrom, now, SimDuration::millis(100));
    const auto seconds = series(o, s->shards, start, start, now, SimDuration::seconds(1));
    const auto minutes = series(o, s->shards, start, start, now, SimDuration::minutes(1));
    s->history.series = {SeriesBlocks {fine}, SeriesBlocks {seconds}, SeriesBlocks {minutes}};
    s->history.heat = {heat(o, s->shards, start, now)};
    addUp(*s, *seconds);
    s->refusals = refusals(o, *s, *fine);
    if (o.load && o.hot && o.shards > 2)
        s->shards[2].topKeys
            = {{"eu-west", hotKey(o), kHotShare}, {"eu-north", s->shards[2].range.middle(), 0.03}};
    if (o.consumers)
        addConsumers(*s);
    if (o.load)
        addProducers(*s);
    s->events = events(*s);
    s->cost.provisioned = seconds->totals.empty() ? 0 : seconds->totals.back().costProvisioned;
    s->cost.onDemand = seconds->totals.empty() ? 0 : seconds->totals.back().costOnDemand;
    s->cost.provisionedPerHour = o.shards * 0.015;
    s->cost.onDemandPerHour = s->stream.acceptedBytes * 3600 / 1073741824.0 * 0.08 + 0.04;
    s->cost.priceDate = "2026-10-01";
    s->cost.region = "us-east-1";
    std::stable_sort(s->shards.begin(), s->shards.end(), [](const ShardRow& a, const ShardRow& b) {
        const bool openA = a.state == ShardState::Open;
        const bool openB = b.state == ShardState::Open;
        if (openA != openB)
            return openA;
        return openA ? a.range.start < b.range.start : a.slot < b.slot;
    });
    return s;
}

} // namespace shardscope::sample
