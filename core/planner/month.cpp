#include "core/planner/month.h"

#include <algorithm>
#include <cmath>

#include "core/engine/limits.h"
#include "core/engine/scaling_policy.h"
#include "core/planner/on_demand_shards.h"
#include "core/planner/provisioned_shards.h"

namespace shardscope {
namespace {

constexpr std::size_t kHour = 60;
constexpr std::size_t kDay = 24 * kHour;

std::int64_t minuteOf(SimTime t)
{
    return t.inSeconds() / 60;
}

/// Adds what a minute of accepted records is billed as.
void bill(Month& month, const Demand& demand, const FlowMinute& minute)
{
    if (minute.accepted <= 0)
        return;
    if (demand.measured) {
        // Sizes are known as a mean: half a KiB more a record for mixed ones, one PUT payload unit
        // for each started 25 KiB of the mean (facts/scaling-and-pricing.md 6.5).
        const double mean = minute.acceptedBytes / minute.accepted;
        month.putUnits += minute.accepted * std::ceil(mean / 25'600);
        month.billedBytes += minute.acceptedBytes + 512 * minute.accepted;
        return;
    }
    month.putUnits += minute.accepted * demand.sizes.putUnits;
    month.billedBytes += minute.accepted * demand.sizes.billedBytes;
}

/// Adds one minute to the month and to its hour.
class Tally {
public:
    Tally(Month& month, const Demand& demand)
        : m_month(month)
        , m_demand(demand)
    {
        month.hours.resize((demand.minutes() + kHour - 1) / kHour);
    }

    void add(std::size_t m, const FlowMinute& minute, std::int64_t shards)
    {
        Month& month = m_month;
        PlanHour& hour = month.hours[m / kHour];
        const std::size_t hourMinutes = std::min(kHour, m_demand.minutes() - m / kHour * kHour);
        const double part = 1 / static_cast<double>(hourMinutes);
        const auto records = static_cast<double>(m_demand.records[m]);
        hour.offeredRecords += records * part;
        hour.offeredBytes += static_cast<double>(m_demand.bytes[m]) * part;
        hour.peakPercent = std::max(hour.peakPercent, minute.peakPercent);
        hour.usePercent = std::max(hour.usePercent, 100 * minute.busiestLoad);
        hour.attempts += minute.attempts;
        hour.refused += minute.refused;
        hour.lost += minute.lost;
        hour.shards += static_cast<double>(shards) * part;
        hour.maxAgeSeconds = std::max(hour.maxAgeSeconds, minute.maxAgeSeconds);
        month.firstTries += records * 60;
        month.attempts += minute.attempts;
        month.refused += minute.refused;
        month.lost += minute.lost;
        month.accepted += minute.accepted;
        month.acceptedBytes += minute.acceptedBytes;
        bill(month, m_demand, minute);
        month.shardHours += static_cast<double>(shards) / kHour;
        month.peakPercent = std::max(month.peakPercent, minute.peakPercent);
        month.readPercent = std::max(month.readPercent, minute.readPercent);
        month.maxAgeSeconds = std::max(month.maxAgeSeconds, minute.maxAgeSeconds);
        month.shardsLeast = m == 0 ? shards : std::min(month.shardsLeast, shards);
        month.shardsMost = std::max(month.shardsMost, shards);
        if (m == 0)
            month.shardsFirst = shards;
        else
            month.changes += shards != m_before ? 1 : 0;
        month.shardsLast = m_before = shards;
        if (minute.worstRefused > month.worst.refused)
            month.worst = {
                m_demand.start
                    + SimDuration::seconds(static_cast<std::int64_t>(m) * 60 + minute.worstSecond),
                minute.worstRefused, minute.worstRefused / std::max(1.0, minute.worstAttempts)};
    }

private:
    Month& m_month;
    const Demand& m_demand;
    std::int64_t m_before = 0;
};

bool stopped(const MonthTerms& terms, std::size_t minute)
{
    return minute % kHour == 0 && terms.cancelled != nullptr && terms.cancelled->load();
}

double loadOf(const FlowMinute& minute)
{
    return std::max(minute.accepted / 60 / static_cast<double>(limits::kShardWriteRecords),
                    minute.acceptedBytes / 60 / static_cast<double>(limits::kShardWriteBytes));
}

void runFixed(const Demand& demand, const CapacityPlan& capacity, const MonthTerms& terms,
              FlowShards& flow, Month& month)
{
    std::vector<double> weights;
    for (const HashKeyRange& range : capacity.ranges)
        weights.push_back(demand.keys.of(range));
    flow.reshape(weights.empty() ? demand.keys.ofEvenRanges(capacity.shards) : std::move(weights));
    const auto shards = static_cast<std::int64_t>(flow.size());
    Tally tally(month, demand);
    for (std::size_t m = 0; m < demand.minutes() && !stopped(terms, m); ++m)
        tally.add(m, flow.runMinute(m), shards);
}

void runOnDemand(const Demand& demand, const CapacityPlan& capacity, const MonthTerms& terms,
                 FlowShards& flow, Month& month)
{
    const auto reaction
        = static_cast<std::int64_t>(std::ceil(terms.timings.onDemandReaction.inSeconds() / 60));
    OnDemandShards shards(std::max(capacity.shards, capacity.warmMiBps.value_or(0)),
                          capacity.warmMiBps, reaction, demand.keys);
    flow.reshape(shards.weights());
    const std::int64_t start = minuteOf(demand.start);
    const auto minute = [&](std::size_t m) {
        const std::int64_t now = start + static_cast<std::int64_t>(m);
        if (shards.open(now))
            flow.reshape(shards.weights());
        const FlowMinute seen = flow.runMinute(m);
        shards.close(now, loadOf(seen), seen.busiestLoad, flow);
        return seen;
    };
    if (capacity.settled) {
        for (std::size_t m = 0; m < std::min(kDay, demand.minutes()) && !stopped(terms, m); ++m)
            static_cast<void>(minute(m));
        shards.restart();
        flow = FlowShards(demand, terms.retry, terms.readers, terms.seed, terms.pool);
        flow.reshape(shards.weights());
    }
    Tally tally(month, demand);
    for (std::size_t m = 0; m < demand.minutes() && !stopped(terms, m); ++m) {
        const FlowMinute seen = minute(m);
        tally.add(m, seen, static_cast<std::int64_t>(flow.size()));
    }
}

/// A policy at work: it sees what CloudWatch would show and acts through UpdateShardCount.
class PolicyHand {
public:
    PolicyHand(const ScalingPolicySpec& spec, const FlowReaders& readers)
        : m_policy(spec)
        , m_readers(readers)
    {
    }
    void close(const FlowMinute& seen, SimTime end, ProvisionedShards& shards, Month& month)
    {
        const Volume in {std::llround(seen.accepted), std::llround(seen.acceptedBytes)};
        const Volume out {in.records * m_readers.shared, in.bytes * m_readers.shared};
        if (m_minutes.size() == 2 * ScalingPolicy::kMinutesSeen)
            m_minutes.erase(m_minutes.begin(), m_minutes.begin() + ScalingPolicy::kMinutesSeen);
        m_minutes.push_back(
            {end, shards.settled(), in, out, std::llround(seen.maxAgeSeconds * 1'000)});
        const std::int64_t next = end.inSeconds();
        const auto wish = m_policy.decide(m_minutes);
        if (m_policy.byHand) {
            if (shards.size() == *m_policy.byHand)
                m_policy.byHand.reset();
            else
                shards.stepTowards(*m_policy.byHand, next);
            return;
        }
        if (!wish || shards.changing())
            return;
        const bool done = shards.update(*wish, next);
        month.refusedChanges += done ? 0 : 1;
        const bool byHand
            = !done && m_policy.spec().design == ScalingPolicySpec::Design::ScalingUtils;
        if (byHand)
            m_policy.byHand = wish;
        if (done || byHand)
            m_policy.acted(shards.size(), *wish, end);
    }

private:
    ScalingPolicy m_policy;
    FlowReaders m_readers;
    std::vector<PolicyMinute> m_minutes;
};

void runProvisioned(const Demand& demand, const CapacityPlan& capacity, const MonthTerms& terms,
                    FlowShards& flow, Month& month)
{
    ProvisionedShards shards(capacity.shards, terms.timings.reshard);
    flow.reshape(demand.keys.ofEvenRanges(capacity.shards));
    const std::int64_t start = minuteOf(demand.start);
    std::size_t step = 0;
    PolicyHand hand(capacity.policy, terms.readers);
    Tally tally(month, demand);
    for (std::size_t m = 0; m < demand.minutes() && !stopped(terms, m); ++m) {
        const std::int64_t now = start + static_cast<std::int64_t>(m);
        while (step < capacity.steps.size() && capacity.steps[step].first <= m
               && !shards.changing()) {
            const std::int64_t target = capacity.steps[step].second;
            if (target != shards.size() && !shards.update(target, now * 60))
                ++month.refusedChanges;
            ++step;
        }
        FlowMinute seen;
        std::size_t second = 0;
        while (shards.due() && *shards.due() < (now + 1) * 60) {
            const auto due = static_cast<std::size_t>(std::max<std::int64_t>(
                static_cast<std::int64_t>(second), *shards.due() - now * 60));
            if (due > second)
                seen += flow.runMinute(m, second, due);
            second = due;
            shards.open();
            flow.reshape(shards.weights(demand.keys));
        }
        seen += flow.runMinute(m, second);
        tally.add(m, seen, shards.settled());
        if (capacity.mode == PlanMode::Policy)
            hand.close(seen, SimTime::fromSeconds((now + 1) * 60), shards, month);
    }
}

} // namespace

Month runMonth(const Demand& demand, const CapacityPlan& capacity, const MonthTerms& terms)
{
    Month month;
    FlowShards flow(demand, terms.retry, terms.readers, terms.seed, terms.pool);
    switch (capacity.mode) {
    case PlanMode::Fixed:
        runFixed(demand, capacity, terms, flow, month);
        break;
    case PlanMode::Schedule:
    case PlanMode::Policy:
        runProvisioned(demand, capacity, terms, flow, month);
        break;
    case PlanMode::Standard:
    case PlanMode::Advantage:
        runOnDemand(demand, capacity, terms, flow, month);
        break;
    }
    return month;
}

} // namespace shardscope
