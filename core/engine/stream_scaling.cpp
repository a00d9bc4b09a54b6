#include <algorithm>
#include <utility>

#include "core/base/rng.h"
#include "core/engine/limits.h"
#include "core/engine/on_demand_scaler.h"
#include "core/engine/stream.h"

namespace shardscope {
namespace {

constexpr double kMinute = 60;

/// In shards: the larger of bytes and records, over one minute.
double loadOf(const Volume& minute)
{
    return std::max(static_cast<double>(minute.bytes)
                        / (kMinute * static_cast<double>(limits::kShardWriteBytes)),
                    static_cast<double>(minute.records)
                        / (kMinute * static_cast<double>(limits::kShardWriteRecords)));
}

} // namespace

void Stream::closeMinute(SimTime minuteEnd)
{
    Volume in, out;
    for (std::size_t i = 0; i < m_shards.size(); ++i) {
        const ShardHot& hot = m_columns.hot[i];
        const Volume accepted {static_cast<std::int64_t>(hot.acceptedRecords),
                               static_cast<Bytes>(hot.acceptedBytes)};
        m_minuteLoad[i] = accepted - m_measured[i].accepted;
        m_measured[i].accepted = accepted;
        in += m_minuteLoad[i];
        out += {static_cast<std::int64_t>(m_shards[i].outRecords),
                static_cast<Bytes>(m_shards[i].outBytes)};
        if (m_shards[i].state == ShardState::Open)
            m_columns.sketches[i].halve();
    }
    if (m_minutes.size() == ScalingPolicy::kMinutesSeen)
        m_minutes.erase(m_minutes.begin());
    m_minutes.push_back({minuteEnd, static_cast<std::int64_t>(m_open.size()), in, out - m_outSoFar,
                         std::exchange(m_minuteAgeMs, 0)});
    m_outSoFar = out;

    // A full bucket lets a little more through than a minute's worth: credit, not throughput.
    const double load = std::min(loadOf(in), static_cast<double>(m_open.size()));
    const std::int64_t minute = minuteEnd.inSeconds() / 60 - 1;
    m_peakLoad.add(minute, load);
    m_peakBytes.add(minute, static_cast<double>(in.bytes) / kMinute);
    m_changed = m_changed || m_peakLoad.any();
    if (m_summary.mode == StreamMode::OnDemand && active())
        scaleOnDemand(minuteEnd);
}

void Stream::scaleOnDemand(SimTime minuteEnd)
{
    const OnDemandModel model;
    std::vector<ShardLoad> seen;
    seen.reserve(m_open.size());
    std::int64_t soon = static_cast<std::int64_t>(m_open.size());
    for (const ShardMap::Entry& entry : m_open) {
        const Shard& shard = m_shards[entry.slot.index()];
        Measured& measured = m_measured[entry.slot.index()];
        const double load = loadOf(m_minuteLoad[entry.slot.index()]);
        if (!measured.judged && shard.parent && !shard.adjacentParent
            && shard.openedAt < minuteEnd) {
            // Both children of a split are judged by the same minute: which of them has the load?
            double both = 0;
            for (const ShardSlot child : m_shards[shard.parent->index()].children)
                both += loadOf(m_minuteLoad[child.index()]);
            if (both > 0) {
                measured.judged = true;
                measured.hotSplits = load >= model.hotShare * both
                    ? m_measured[shard.parent->index()].hotSplits + 1
                    : 0;
            }
        }
        seen.push_back(
            {entry.slot, entry.range, load, shard.changing, measured.hotSplits, measured.advised});
    }
    for (const auto& [due, change] : m_pending) {
        if (const auto* reshard = std::get_if<change::Reshard>(&change))
            soon += reshard->step.kind == ReshardStep::Kind::Split ? 1 : -1;
    }
    const bool mayMerge = m_timings.onDemandMerge
        && (!m_lastMergeRound || minuteEnd - *m_lastMergeRound >= SimDuration::hours(24));
    const OnDemandDecision decision = decide(
        {seen, soon, m_peakLoad.last30Days(), m_summary.warmThroughputCurrentMiBps, mayMerge},
        model);

    for (const ShardSlot slot : decision.hotKey) {
        m_measured[slot.index()].advised = true;
        note(minuteEnd, EventKind::HotKeyAdvice, {slot},
             shardIdText(slot)
                 + " stays hot however often it is split: one key carries its load. Spread that "
                   "key; more shards do not help.");
    }
    if (decision.split.empty() && decision.merge.empty())
        return;
    ReshardPlan plan;
    for (const ShardSlot slot : decision.split) {
        const HashKeyRange& range = m_shards[slot.index()].range;
        if (canSplitAt(range, range.middle()))
            plan.steps.push_back({ReshardStep::Kind::Split, slot, {}, range.middle(), 1});
    }
    for (const auto& [low, high] : decision.merge)
        plan.steps.push_back({ReshardStep::Kind::Merge, low, high, {}, 1});
    if (plan.steps.empty())
        return;
    if (!decision.merge.empty())
        m_lastMergeRound = minuteEnd;
    plan.openBefore = soon;
    plan.openAfter = soon + static_cast<std::int64_t>(decision.split.size())
        - static_cast<std::int64_t>(decision.merge.size());
    plan.openMost = plan.openAfter;
    plan.levels = 1;
    beginPlan(plan, ReshardCause::OnDemand, false, reactionDelay(), minuteEnd,
              "On-demand scales from " + std::to_string(plan.openBefore) + " to "
                  + std::to_string(plan.openAfter) + " shards.");
}

SimDuration Stream::reactionDelay()
{
    if (!m_timings.onDemandJitter)
        return m_timings.onDemandReaction;
    const double minutes = 2 + 13 * CounterRng(m_seed, m_slot.value).unit(m_onDemandRounds++);
    return SimDuration::fromSeconds(minutes * kMinute);
}

void Stream::warmUp(SimTime now)
{
    cancelOnDemandSplits();
    const std::int64_t target = std::min(std::max(static_cast<std::int64_t>(m_open.size()),
                                                  m_summary.warmThroughputTargetMiBps.value_or(0)),
                                         limits::kOnDemandShardsMost);
    const ReshardPlan plan
        = planHalving(m_open, ShardSlot {static_cast<std::uint32_t>(m_shards.size())}, target);
    SimDuration delay = m_timings.update;
    if (!plan.steps.empty()) {
        delay = std::max(delay, m_timings.reshard * plan.levels);
        beginPlan(plan, ReshardCause::WarmThroughput, true, delay, now,
                  "Warming up to " + std::to_string(target) + " shards.");
    }
    beginUpdate(change::WarmTaken {}, delay, now);
}

void Stream::coolDown(SimTime now, std::int64_t warmMiBps)
{
    cancelOnDemandSplits();
    m_peakLoad.keepLastHour();
    m_peakBytes.keepLastHour();
    const std::int64_t target
        = std::min(static_cast<std::int64_t>(m_open.size()),
                   shardsAfterScaleDown(warmMiBps, m_peakLoad.lastHour(), OnDemandModel {}));
    const ReshardPlan plan
        = planJoining(m_open, ShardSlot {static_cast<std::uint32_t>(m_shards.size())}, target);
    SimDuration delay = m_timings.update;
    if (!plan.steps.empty()) {
        delay = std::max(delay, m_timings.onDemandReaction);
        beginPlan(plan, ReshardCause::WarmThroughput, true, delay, now,
                  "Scaling down to " + std::to_string(target) + " shards.");
    }
    beginUpdate(change::WarmTaken {}, delay, now);
}

} // namespace shardscope
