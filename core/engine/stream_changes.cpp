#include <algorithm>
#include <type_traits>

#include "core/base/check.h"
#include "core/engine/bucket.h"
#include "core/engine/limits.h"
#include "core/engine/stream.h"
#include "core/storage/log_file.h"

namespace shardscope {
namespace {

/// How long a rule must be quiet on a shard before its next refusal is news again.
constexpr std::int64_t kQuietMs = 60'000;

const char* refusalText(Rule rule)
{
    switch (rule) {
    case Rule::W1WriteBytes:
        return " refuses records: its 1 MiB per second is used up (W1).";
    case Rule::W2WriteRecords:
        return " refuses records: its 1,000 records per second are used up (W2).";
    case Rule::R1ReadBytes:
        return " refuses a read: its 2 MiB per second are used up (R1).";
    case Rule::R2ReadCalls:
        return " refuses a read: its 5 calls per second are used up (R2).";
    case Rule::R3ReadWait:
        return " refuses a read: it rests after a 10 MiB answer (R3).";
    }
    return "";
}

std::string plural(std::int64_t n)
{
    return std::to_string(n) + (n == 1 ? " shard" : " shards");
}

} // namespace

void Stream::beginUpdate(Change change, SimDuration delay, SimTime now)
{
    m_summary.status = StreamStatus::Updating;
    m_pending.emplace(onSlice(now + delay), std::move(change));
}

void Stream::beginReshard(const ReshardStep& step, SimDuration delay, SimTime now)
{
    const bool split = step.kind == ReshardStep::Kind::Split;
    m_summary.status = StreamStatus::Updating;
    m_shards[step.shard.index()].changing = true;
    if (!split)
        m_shards[step.upper.index()].changing = true;
    m_reserved = static_cast<std::int64_t>(m_open.size()) + (split ? 1 : 0);
    m_pending.emplace(onSlice(now + delay), change::Reshard {step, ReshardCause::Request});
    if (split)
        note(now, EventKind::SplitStarted, {step.shard},
             "Splitting " + shardIdText(step.shard) + ".");
    else
        note(now, EventKind::MergeStarted, {step.shard, step.upper},
             "Merging " + shardIdText(step.shard) + " and " + shardIdText(step.upper) + ".");
    m_scalingText = m_events.back().text;
}

void Stream::beginPlan(const ReshardPlan& plan, ReshardCause cause, bool spread, SimDuration delay,
                       SimTime now, std::string text)
{
    m_changed = true;
    if (cause != ReshardCause::OnDemand)
        m_summary.status = StreamStatus::Updating;
    const auto steps = static_cast<std::int64_t>(plan.steps.size());
    std::vector<ShardSlot> concerned;
    for (std::int64_t i = 0; i < steps; ++i) {
        const ReshardStep& step = plan.steps[static_cast<std::size_t>(i)];
        for (const ShardSlot slot : {step.shard, step.upper}) {
            const bool meant = slot == step.shard || step.kind == ReshardStep::Kind::Merge;
            if (meant && slot.index() < m_shards.size() && !m_shards[slot.index()].changing) {
                m_shards[slot.index()].changing = true;
                concerned.push_back(slot);
            }
        }
        const SimDuration after = spread ? delay * (i + 1) / steps : delay;
        m_pending.emplace(onSlice(now + after), change::Reshard {step, cause});
    }
    m_pending.emplace(onSlice(now + delay),
                      change::PlanDone {cause, plan.openAfter - plan.openBefore,
                                        static_cast<std::uint32_t>(m_shards.size())});
    m_reserved = plan.openMost;
    m_scalingText = std::move(text);
    note(now, EventKind::ScalingStarted, std::move(concerned), m_scalingText);
}

void Stream::complete(SimTime until)
{
    while (!m_pending.empty() && m_pending.begin()->first <= until) {
        const auto node = m_pending.extract(m_pending.begin());
        m_changed = true;
        apply(node.mapped(), node.key());
        const bool groupDone = m_pending.empty() || m_pending.begin()->first > node.key();
        if (m_mapStale && groupDone) {
            m_map = ShardMap(m_open);
            m_mapStale = false;
        }
    }
}

void Stream::apply(const Change& change, SimTime at)
{
    std::visit(
        [&](const auto& c) {
            using T = std::decay_t<decltype(c)>;
            const auto settle = [&] { m_summary.status = StreamStatus::Active; };
            if constexpr (std::is_same_v<T, change::Created>) {
                openFirstShards(at);
                settle();
            } else if constexpr (std::is_same_v<T, change::Deleted>) {
                m_gone = true;
                m_pending.clear();
                m_columns = {};
                m_log = {};
                m_map = {};
                m_mapStale = false;
                // A name may come and go a thousand times: only the place in the service stays.
                const auto drop = [](auto&... columns) {
                    (std::decay_t<decltype(columns)>().swap(columns), ...);
                };
                drop(m_shards, m_open, m_fanOut, m_tags, m_lastRefusals, m_measured, m_minuteLoad,
                     m_minutes);
                m_resourcePolicy = {};
                m_dataKeys.clear();
                m_dataKey.reset();
                m_dataKeyId.clear();
                m_peakBytes = m_peakLoad = PeakMemory {};
            } else if constexpr (std::is_same_v<T, change::ModeTaken>) {
                m_summary.mode = c.mode;
                if (c.mode == StreamMode::Provisioned) {
                    cancelOnDemandSplits();
                    m_summary.warmThroughputTargetMiBps.reset();
                    m_summary.warmThroughputCurrentMiBps.reset();
                    m_summary.recordDistribution = RecordDistributionStrategy::UserPartitionKey;
                }
                settle();
                note(at, EventKind::ModeChanged, {},
                     std::string("The stream is ")
                         + (c.mode == StreamMode::OnDemand ? "on-demand" : "provisioned")
                         + " now and keeps its " + plural(static_cast<std::int64_t>(m_open.size()))
                         + ".");
                if (c.warmMiBps) {
                    m_summary.warmThroughputTargetMiBps = c.warmMiBps;
                    warmUp(at);
                }
            } else if constexpr (std::is_same_v<T, change::RecordSizeTaken>) {
                m_summary.maxRecordSizeKiB = c.kib;
                m_columns.bytesBurst = limits::shardWriteBytesBurst(c.kib * 1_KiB);
                // A bucket that is smaller now is empty at worst: what it owed beyond that is not
                // owed any more.
                const std::int64_t emptyAt = bucket::stepsAt(at.inMillis(), m_columns.epochMs)
                    + bucket::byteCapacity(m_columns.bytesBurst);
                for (ShardHot& hot : m_columns.hot)
                    hot.bytesFullAt = std::min(hot.bytesFullAt, emptyAt);
                settle();
                note(at, EventKind::MaxRecordSizeChanged, {},
                     "Records may be up to " + std::to_string(c.kib) + " KiB now.");
            } else if constexpr (std::is_same_v<T, change::EncryptionTaken>) {
                m_summary.encryption = c.type;
                m_summary.keyId = c.keyId;
                m_encryptionSince.emplace_back(at, c.type);
                encryptBlocks(c.type);
                settle();
                note(at, EventKind::EncryptionChanged, {},
                     c.type == EncryptionType::Kms
                         ? "New records are encrypted with " + c.keyId + "."
                         : "New records are not encrypted any more.");
            } else if constexpr (std::is_same_v<T, change::WarmTaken>) {
                m_summary.warmThroughputCurrentMiBps = m_summary.warmThroughputTargetMiBps;
                settle();
                note(at, EventKind::WarmThroughputChanged, {},
                     m_summary.warmThroughputCurrentMiBps
                         ? "Warm throughput is "
                             + std::to_string(*m_summary.warmThroughputCurrentMiBps) + " MiB/s now."
                         : std::string("Warm throughput is removed."));
            } else if constexpr (std::is_same_v<T, change::ConsumerReady>) {
                for (FanOutConsumer& consumer : m_fanOut) {
                    if (consumer.name == c.name)
                        consumer.creating = false;
                }
            } else if constexpr (std::is_same_v<T, change::ConsumerGone>) {
                std::erase_if(m_fanOut, [&](const FanOutConsumer& consumer) {
                    return consumer.name == c.name;
                });
            } else {
                apply(c, at);
            }
        },
        change);
}

void Stream::encryptBlocks(EncryptionType type)
{
    if (type == EncryptionType::None)
        m_dataKey.reset();
    m_dataKeyId = m_dataKey ? m_dataKey->id : std::string();
    if (m_log.file())
        m_log.file()->encryptWith(m_dataKey);
}

void Stream::apply(const change::Reshard& reshard, SimTime at)
{
    const ReshardStep& step = reshard.step;
    const HashKeyRange range = m_shards[step.shard.index()].range;
    const auto place = std::lower_bound(
        m_open.begin(), m_open.end(), range.start,
        [](const ShardMap::Entry& e, HashKey start) { return e.range.start < start; });
    SHARDSCOPE_CHECK(place != m_open.end() && place->slot == step.shard);
    if (step.kind == ReshardStep::Kind::Split) {
        closeShard(step.shard, at);
        const HashKeyRange low {range.start, HashKey {step.cut.value - 1}};
        const HashKeyRange high {step.cut, range.end};
        const ShardSlot left = openShard(low, step.shard, {}, at);
        const ShardSlot right = openShard(high, step.shard, {}, at);
        m_shards[step.shard.index()].children = {left, right};
        *place = {low, left};
        m_open.insert(place + 1, {high, right});
        if (reshard.cause == ReshardCause::Request)
            note(at, EventKind::Split, {step.shard, left, right},
                 shardIdText(step.shard) + " is split into " + shardIdText(left) + " and "
                     + shardIdText(right) + ".");
    } else {
        SHARDSCOPE_CHECK(place + 1 != m_open.end() && (place + 1)->slot == step.upper);
        closeShard(step.shard, at);
        closeShard(step.upper, at);
        const HashKeyRange both {range.start, (place + 1)->range.end};
        const ShardSlot child = openShard(both, step.shard, step.upper, at);
        m_shards[step.shard.index()].children = {child};
        m_shards[step.upper.index()].children = {child};
        *place = {both, child};
        m_open.erase(place + 1);
        if (reshard.cause == ReshardCause::Request)
            note(at, EventKind::Merge, {step.shard, step.upper, child},
                 shardIdText(step.shard) + " and " + shardIdText(step.upper) + " are merged into "
                     + shardIdText(child) + ".");
    }
    m_mapStale = true;
    if (reshard.cause == ReshardCause::Request) {
        m_summary.status = StreamStatus::Active;
        m_scalingText.clear();
    }
}

void Stream::apply(const change::PlanDone& done, SimTime at)
{
    std::vector<ShardSlot> concerned, children;
    for (std::size_t i = done.firstNewSlot; i < m_shards.size(); ++i) {
        const Shard& shard = m_shards[i];
        if (done.cause == ReshardCause::OnDemand && shard.openedAt != at)
            continue;
        for (const auto& parent : {shard.parent, shard.adjacentParent}) {
            if (parent && parent->value < done.firstNewSlot
                && (concerned.empty() || concerned.back() != *parent))
                concerned.push_back(*parent);
        }
        if (shard.state == ShardState::Open)
            children.push_back(shard.slot);
    }
    std::sort(concerned.begin(), concerned.end());
    concerned.erase(std::unique(concerned.begin(), concerned.end()), concerned.end());
    concerned.insert(concerned.end(), children.begin(), children.end());
    const auto open = static_cast<std::int64_t>(m_open.size());
    note(at, EventKind::Scaled, std::move(concerned),
         "The stream has " + plural(open) + " now, after " + std::to_string(open - done.shardsMore)
             + ".");
    m_scalingText.clear();
    if (done.cause == ReshardCause::ShardCount)
        m_summary.status = StreamStatus::Active;
}

void Stream::openFirstShards(SimTime at)
{
    const auto count = static_cast<std::uint32_t>(m_firstShards);
    m_shards.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const HashKeyRange range = evenRange(i, count);
        m_open.push_back({range, openShard(range, {}, {}, at)});
    }
    m_map = ShardMap(m_open);
    m_summary.warmThroughputCurrentMiBps = m_summary.warmThroughputTargetMiBps;
    note(at, EventKind::StreamCreated, {},
         "Stream " + name() + " is active with " + plural(m_firstShards) + ".");
}

ShardSlot Stream::openShard(const HashKeyRange& range, std::optional<ShardSlot> parent,
                            std::optional<ShardSlot> adjacent, SimTime at)
{
    const ShardSlot slot {static_cast<std::uint32_t>(m_shards.size())};
    Shard shard;
    shard.slot = slot;
    shard.range = range;
    shard.parent = parent;
    shard.adjacentParent = adjacent;
    shard.openedAt = at;
    m_shards.push_back(std::move(shard));
    m_columns.hot.emplace_back();
    m_columns.logs.emplace_back();
    m_columns.sketches.emplace_back();
    m_lastRefusals.emplace_back();
    m_measured.emplace_back();
    m_minuteLoad.emplace_back();
    return slot;
}

void Stream::closeShard(ShardSlot slot, SimTime at)
{
    Shard& shard = m_shards[slot.index()];
    shard.state = ShardState::Closed;
    shard.changing = false;
    shard.closedAt = at;
}

void Stream::cancelOnDemandSplits()
{
    for (auto it = m_pending.begin(); it != m_pending.end();) {
        const auto* reshard = std::get_if<change::Reshard>(&it->second);
        const auto* done = std::get_if<change::PlanDone>(&it->second);
        const bool ours = (reshard != nullptr && reshard->cause == ReshardCause::OnDemand)
            || (done != nullptr && done->cause == ReshardCause::OnDemand);
        it = ours ? m_pending.erase(it) : std::next(it);
    }
    for (Shard& shard : m_shards)
        shard.changing = false;
    m_scalingText.clear();
}

std::int64_t Stream::shardsReserved() const
{
    const auto open = static_cast<std::int64_t>(m_open.size());
    return m_pending.empty() ? open : std::max(open, m_reserved);
}

void Stream::note(SimTime at, EventKind kind, std::vector<ShardSlot> shards, std::string text)
{
    m_events.push_back({at, kind, std::move(shards), std::move(text)});
}

void Stream::noteRefusal(SimTime at, ShardSlot shard, Rule rule)
{
    std::int64_t& last = m_lastRefusals[shard.index()][static_cast<std::size_t>(rule)];
    const bool news = last == 0 || at.inMillis() - last >= kQuietMs;
    last = at.inMillis();
    if (news)
        note(at,
             rule == Rule::W1WriteBytes || rule == Rule::W2WriteRecords ? EventKind::FirstRefusal
                                                                        : EventKind::ReadRefusal,
             {shard}, shardIdText(shard) + refusalText(rule));
}

} // namespace shardscope
