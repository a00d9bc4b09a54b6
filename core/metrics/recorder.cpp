#include "core/metrics/recorder.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace shardscope {

namespace {

constexpr std::array kAll {Resolution::Ms100, Resolution::Second, Resolution::Minute};
/// How far back each resolution reaches where memory allows: 10 min, 6 h, 30 d.
constexpr std::array<std::size_t, kResolutions> kRowsWanted {6'000, 21'600, 43'200};
/// Shares of the memory that cannot give all of them what they want. Seconds come first: rates of
/// the last minute are computed from them.
constexpr std::array<Bytes, kResolutions> kShare {1, 2, 1};
constexpr Bytes kShares = 4;
/// Rates of the last minute need the second that leaves it, too.
constexpr std::size_t kSecondsLeast = 61;
constexpr std::uint32_t kMinuteSeconds = 60;
/// A block is what a reader's copy of the newest one may cost.
constexpr Bytes kBlockBytes = 256_KiB;
constexpr std::size_t kBlockRowsMost = 64;
/// Heat rows are 4 KiB each, whatever the number of shards: an eighth of the budget is 1.7 h.
constexpr Bytes kHeatShare = 8;
constexpr std::size_t kHeatRowsPerBlock = 32;
constexpr Bytes kHeatRowBytes = sizeof(HeatBlock::rows[0]);

Bytes rowBytes(std::size_t shards)
{
    return static_cast<Bytes>(shards * sizeof(ShardSample) + sizeof(StreamSample));
}

Bytes bytesOf(const SeriesBlock& block)
{
    return static_cast<Bytes>(sizeof(SeriesBlock) + block.shards.size() * sizeof(ShardSlot)
                              + block.cells.size() * sizeof(ShardSample)
                              + block.totals.size() * sizeof(StreamSample));
}

std::uint32_t narrow(std::uint64_t n)
{
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(n, std::numeric_limits<std::uint32_t>::max()));
}

bool endsAt(SimTime end, SimDuration step)
{
    return end.inMicros() % step.inMicros() == 0;
}

void subtract(ShardSample& from, const ShardSample& s)
{
    from.inBytes -= s.inBytes;
    from.inRecords -= s.inRecords;
    from.refusedByBytes -= s.refusedByBytes;
    from.refusedByRecords -= s.refusedByRecords;
    from.outRecords -= s.outRecords;
    from.refusedBytes -= s.refusedBytes;
    from.outBytes -= s.outBytes;
    from.readCalls -= s.readCalls;
    from.refusedReads -= s.refusedReads;
}

void add(std::array<ConsumerSample, kConsumersKept>& to,
         const std::array<ConsumerSample, kConsumersKept>& later)
{
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i].add(later[i]);
}

} // namespace

Recorder::Recorder(SimTime start, Bytes budget)
    : m_budget(budget)
    , m_closedUpTo(start)
    , m_minuteFrom(start - SimDuration::micros(start.inMicros() % 1'000'000))
    , m_heatAllotted(budget / kHeatShare)
{
    divideBudget();
}

void Recorder::setBudget(Bytes budget)
{
    m_budget = budget;
    m_heatAllotted = budget / kHeatShare;
    divideBudget();
    for (const Resolution r : kAll)
        dropOld(lane(r), r);
}

void Recorder::close(const StreamCounters& counters, std::span<const std::int64_t> ageMs,
                     double costProvisioned, double costOnDemand, SimTime end,
                     std::span<const ConsumerSample> consumers)
{
    follow(counters.shards);
    beginRow(Resolution::Ms100, end - stepOf(Resolution::Ms100));
    std::vector<ShardSample>& cells = lane(Resolution::Ms100).open.cells;

    StreamSample total;
    total.costProvisioned = costProvisioned;
    total.costOnDemand = costOnDemand;
    std::copy_n(consumers.begin(), std::min(consumers.size(), kConsumersKept),
                total.consumers.begin());
    for (const ShardSlot slot : m_live) {
        const std::size_t i = slot.index();
        const ShardHot& hot = counters.hot[i];
        const Shard& shard = counters.shards[i];
        Running& running = m_running[i];
        const Seen now = seen(hot, shard);
        const Seen& was = running.seen;
        const std::int64_t age = i < ageMs.size() ? std::max<std::int64_t>(0, ageMs[i]) : 0;
        const ShardSample sample {
            .inBytes = now.inBytes - was.inBytes,
            .inRecords = narrow(now.inRecords - was.inRecords),
            .refusedByBytes = narrow(now.refusedByBytes - was.refusedByBytes),
            .refusedByRecords = narrow(now.refusedByRecords - was.refusedByRecords),
            .outRecords = narrow(now.outRecords - was.outRecords),
            .refusedBytes = now.refusedBytes - was.refusedBytes,
            .outBytes = now.outBytes - was.outBytes,
            .readCalls = narrow(now.readCalls - was.readCalls),
            .refusedReads = narrow(now.refusedReads - was.refusedReads),
            .ageMs = narrow(static_cast<std::uint64_t>(age)),
        };
        running.seen = now;
        running.second.add(sample);
        total.sum.add(sample);
        total.openShards += shard.state == ShardState::Open ? 1 : 0;
        cells.push_back(sample);
    }
    m_second.sum.add(total.sum);
    add(m_second.consumers, total.consumers);
    m_second.openShards = total.openShards;
    m_second.costProvisioned = costProvisioned;
    m_second.costOnDemand = costOnDemand;
    m_closedUpTo = end;
    endRow(Resolution::Ms100, total);
    if (endsAt(end, stepOf(Resolution::Second))) {
        closeSecond(end);
        closeHeat(counters.heat, end);
    }
    if (endsAt(end, stepOf(Resolution::Minute)))
        closeMinute(end);
}

Recorder::Seen Recorder::seen(const ShardHot& hot, const Shard& shard)
{
    return {
        .inBytes = hot.acceptedBytes,
        .inRecords = hot.acceptedRecords,
        .refusedByBytes = hot.refusedByBytes,
        .refusedByRecords = hot.refusedByRecords,
        .refusedBytes = hot.refusedBytes,
        .outBytes = shard.outBytes,
        .outRecords = shard.outRecords,
        .readCalls = shard.readCalls,
        .refusedReads = shard.refusedReadBytes + shard.refusedReadCalls + shard.refusedReadWait,
    };
}

/// Starts new blocks when the set of shards that are not expired has changed.
void Recorder::follow(std::span<const Shard> shards)
{
    bool same = shards.size() == m_shardsEver;
    for (std::size_t i = 0; same && i < m_live.size(); ++i)
        same = shards[m_live[i].index()].state != ShardState::Expired;
    if (same)
        return;
    for (const Resolution r : kAll)
        seal(lane(r), r);
    m_shardsEver = shards.size();
    m_running.resize(shards.size());
    m_live.clear();
    for (const Shard& shard : shards) {
        if (shard.state != ShardState::Expired)
            m_live.push_back(shard.slot);
    }
    divideBudget();
}

/// Gives every resolution what it wants if that fits, and its share of what is left.
void Recorder::divideBudget()
{
    const Bytes row = rowBytes(m_live.size());
    const Bytes running = static_cast<Bytes>(m_running.size() * sizeof(Running));
    const Bytes openTails = kResolutions * kBlockBytes;
    Bytes left = std::max<Bytes>(0, m_budget - m_heatAllotted - running - openTails);
    std::array<bool, kResolutions> given {};
    Bytes shares = kShares;
    for (bool again = true; again;) {
        again = false;
        const Bytes part = left / std::max<Bytes>(1, shares);
        for (std::size_t i = 0; i < m_lanes.size(); ++i) {
            const Bytes wanted = static_cast<Bytes>(kRowsWanted[i]) * row;
            if (given[i] || wanted > part * kShare[i])
                continue;
            m_lanes[i].allotted = wanted;
            left -= wanted;
            shares -= kShare[i];
            given[i] = true;
            again = true;
            break;
        }
    }
    // What nobody wants now keeps the wider blocks of a stream that has become smaller.
    const Bytes part = left / (shares > 0 ? shares : kShares);
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        if (!given[i])
            m_lanes[i].allotted = part * kShare[i];
        else if (shares == 0)
            m_lanes[i].allotted += part * kShare[i];
        m_lanes[i].rowsPerBlock = std::clamp<std::size_t>(
            static_cast<std::size_t>(kBlockBytes / row), 1, kBlockRowsMost);
    }
}

void Recorder::beginRow(Resolution r, SimTime start)
{
    Lane& l = lane(r);
    if (l.open.rows() > 0 && l.open.end() != start)
        seal(l, r);
    if (l.open.rows() > 0)
        return;
    l.open.start = start;
    l.open.step = stepOf(r);
    l.open.shards = m_live;
    l.open.cells.reserve(l.rowsPerBlock * m_live.size());
    l.open.totals.reserve(l.rowsPerBlock);
}

void Recorder::endRow(Resolution r, const StreamSample& total)
{
    Lane& l = lane(r);
    l.open.totals.push_back(total);
    if (l.open.rows() >= l.rowsPerBlock)
        seal(l, r);
}

void Recorder::seal(Lane& l, Resolution r)
{
    if (l.open.rows() > 0) {
        l.open.cells.shrink_to_fit();
        l.sealedBytes += bytesOf(l.open);
        l.sealedRows += l.open.rows();
        l.sealed.push_back(std::make_shared<const SeriesBlock>(std::move(l.open)));
    }
    l.open = {};
    dropOld(l, r);
}

void Recorder::dropOld(Lane& l, Resolution r)
{
    const auto wanted = static_cast<std::int64_t>(kRowsWanted[static_cast<std::size_t>(r)]);
    const SimTime horizon = m_closedUpTo - stepOf(r) * wanted;
    const std::size_t least = r == Resolution::Second ? kSecondsLeast : 1;
    std::size_t dropped = 0;
    while (dropped < l.sealed.size()) {
        const SeriesBlock& oldest = *l.sealed[dropped];
        const bool tooMuch = l.sealedBytes > l.allotted || oldest.end() <= horizon;
        if (!tooMuch || l.sealedRows - oldest.rows() < least)
            break;
        l.sealedBytes -= bytesOf(oldest);
        l.sealedRows -= oldest.rows();
        ++dropped;
    }
    l.sealed.erase(l.sealed.begin(), l.sealed.begin() + static_cast<std::ptrdiff_t>(dropped));
}

void Recorder::closeSecond(SimTime end)
{
    const SimTime start = end - stepOf(Resolution::Second);
    for (; m_minuteFrom + SimDuration::minutes(1) <= start; m_minuteFrom += SimDuration::seconds(1))
        forgetSecond(m_minuteFrom);
    beginRow(Resolution::Second, start);
    std::vector<ShardSample>& cells = lane(Resolution::Second).open.cells;
    for (const ShardSlot slot : m_live) {
        Running& running = m_running[slot.index()];
        const ShardSample sample = std::exchange(running.second, {});
        running.minute.add(sample);
        running.lastMinute.add(sample);
        running.secondsSeen = std::min(running.secondsSeen + 1, kMinuteSeconds);
        running.peakPercent = std::max(running.peakPercent, sample.percentOfLimit());
        cells.push_back(sample);
    }
    m_minute.sum.add(m_second.sum);
    add(m_minute.consumers, m_second.consumers);
    m_minute.openShards = m_second.openShards;
    m_minute.costProvisioned = m_second.costProvisioned;
    m_minute.costOnDemand = m_second.costOnDemand;
    endRow(Resolution::Second, std::exchange(m_second, {}));
}

/// Takes the second that begins at `start` out of the last minute's sums.
void Recorder::forgetSecond(SimTime start)
{
    const Lane& l = lane(Resolution::Second);
    const SeriesBlock* block = nullptr;
    if (l.open.rows() > 0 && l.open.start <= start) {
        block = &l.open;
    } else {
        const auto at = std::partition_point(l.sealed.begin(), l.sealed.end(),
                                             [&](const auto& b) { return b->end() <= start; });
        if (at != l.sealed.end())
            block = at->get();
    }
    if (block == nullptr || start < block->start || start >= block->end())
        return;
    const auto row = static_cast<std::size_t>((start - block->start) / block->step);
    for (std::size_t column = 0; column < block->shards.size(); ++column)
        subtract(m_running[block->shards[column].index()].lastMinute, block->cell(row, column));
}

void Recorder::closeMinute(SimTime end)
{
    beginRow(Resolution::Minute, end - stepOf(Resolution::Minute));
    std::vector<ShardSample>& cells = lane(Resolution::Minute).open.cells;
    for (const ShardSlot slot : m_live)
        cells.push_back(std::exchange(m_running[slot.index()].minute, {}));
    endRow(Resolution::Minute, std::exchange(m_minute, {}));
}

void Recorder::closeHeat(std::span<const std::uint64_t, budgets::kHeatBuckets> heat, SimTime end)
{
    const SimTime start = end - SimDuration::seconds(1);
    const auto sealOpen = [this] {
        if (!m_heatOpen.rows.empty())
            m_heatSealed.push_back(std::make_shared<const HeatBlock>(std::move(m_heatOpen)));
        m_heatOpen = {};
    };
    const auto rows = static_cast<std::int64_t>(m_heatOpen.rows.size());
    if (rows > 0 && m_heatOpen.start + SimDuration::seconds(rows) != start)
        sealOpen();
    if (m_heatOpen.rows.empty()) {
        m_heatOpen.start = start;
        m_heatOpen.rows.reserve(kHeatRowsPerBlock);
    }
    auto& row = m_heatOpen.rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
        row[i] = narrow(heat[i] - m_heatSeen[i]);
        m_heatSeen[i] = heat[i];
    }
    if (m_heatOpen.rows.size() < kHeatRowsPerBlock)
        return;
    sealOpen();
    const auto blocksMost = static_cast<std::size_t>(std::max<Bytes>(
        1, m_heatAllotted / (kHeatRowBytes * static_cast<Bytes>(kHeatRowsPerBlock)) - 1));
    if (m_heatSealed.size() > blocksMost)
        m_heatSealed.erase(m_heatSealed.begin(),
                           m_heatSealed.end() - static_cast<std::ptrdiff_t>(blocksMost));
}

History Recorder::history() const
{
    History history;
    for (const Resolution r : kAll) {
        const Lane& l = lane(r);
        SeriesBlocks& blocks = history.series[static_cast<std::size_t>(r)];
        blocks.reserve(l.sealed.size() + 1);
        blocks = l.sealed;
        if (l.open.rows() > 0)
            blocks.push_back(std::make_shared<const SeriesBlock>(l.open));
    }
    history.heat = m_heatSealed;
    if (!m_heatOpen.rows.empty())
        history.heat.push_back(std::make_shared<const HeatBlock>(m_heatOpen));
    return history;
}

const SeriesBlock* Recorder::newestSeconds() const
{
    const Lane& l = lane(Resolution::Second);
    if (l.open.rows() > 0)
        return &l.open;
    return l.sealed.empty() ? nullptr : l.sealed.back().get();
}

Recorder::Rates Recorder::rates(ShardSlot shard) const
{
    const SeriesBlock* block = newestSeconds();
    if (block == nullptr || shard.index() >= m_running.size())
        return {};
    Rates rates;
    if (const std::ptrdiff_t column = block->column(shard); column >= 0)
        rates.second = block->cell(block->rows() - 1, static_cast<std::size_t>(column));
    const Running& running = m_running[shard.index()];
    rates.minute = running.lastMinute;
    rates.minute.ageMs = rates.second.ageMs;
    rates.minuteSeconds = static_cast<int>(running.secondsSeen);
    return rates;
}

StreamSample Recorder::lastSecond() const
{
    const SeriesBlock* block = newestSeconds();
    return block != nullptr ? block->totals.back() : StreamSample {};
}

double Recorder::peakPercentOfLimit(ShardSlot shard) const
{
    return shard.index() < m_running.size() ? m_running[shard.index()].peakPercent : 0;
}

Bytes Recorder::memory() const
{
    Bytes bytes = static_cast<Bytes>(m_running.size() * sizeof(Running)
                                     + m_live.size() * sizeof(ShardSlot));
    for (const Lane& l : m_lanes)
        bytes += l.sealedBytes + bytesOf(l.open);
    const std::size_t heatRows = m_heatSealed.size() * kHeatRowsPerBlock + m_heatOpen.rows.size();
    return bytes + static_cast<Bytes>(heatRows) * kHeatRowBytes;
}

} // namespace shardscope
