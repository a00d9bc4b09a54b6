#include "core/runtime/run_condition.h"

#include <algorithm>

namespace shardscope {

namespace {

using Kind = RunCondition::Kind;

constexpr SimDuration kLookEvery = SimDuration::millis(100);

bool allActive(const Snapshot& s)
{
    return s.stream.summary.status == StreamStatus::Active
        && std::none_of(s.shards.begin(), s.shards.end(),
                        [](const ShardRow& row) { return row.changing; });
}

bool drained(const ConsumerRow& row)
{
    if (row.removed || row.lagRecords == 0)
        return true;
    const double interval = row.spec.readsPerSecond > 0 ? 1.0 / row.spec.readsPerSecond : 0;
    return static_cast<double>(row.ageMs) <= 2'000 * interval;
}

} // namespace

ConditionWatch::ConditionWatch(const RunCondition& condition, const Simulation& simulation)
    : m_condition(condition)
{
    if (condition.kind == Kind::NextRefusal)
        m_refused = simulation.refusedSoFar();
    if (condition.kind == Kind::NextRefusalOnShard)
        m_refused = simulation.refusedSoFar(condition.shard);
    if (condition.kind == Kind::NextEvent) {
        Snapshot snapshot;
        simulation.fill(snapshot);
        m_events = mark(snapshot);
    }
}

ConditionWatch::EventMark ConditionWatch::mark(const Snapshot& snapshot)
{
    if (snapshot.events == nullptr || snapshot.events->empty())
        return {};
    return {snapshot.events->size(), snapshot.events->back().at};
}

bool ConditionWatch::met(const Simulation& simulation) const
{
    switch (m_condition.kind) {
    case Kind::None:
        return false;
    case Kind::Time:
        return simulation.now() >= m_condition.time;
    case Kind::NextRefusal:
        return simulation.refusedSoFar() != m_refused;
    case Kind::NextRefusalOnShard:
        return simulation.refusedSoFar(m_condition.shard) != m_refused;
    case Kind::ShardsActive:
    case Kind::AgeAbove:
    case Kind::LagDrained:
    case Kind::NextEvent:
        break;
    }
    if (simulation.now().inMicros() % kLookEvery.inMicros() != 0)
        return false;
    Snapshot snapshot;
    simulation.fill(snapshot);
    const auto& consumers = snapshot.consumers;
    switch (m_condition.kind) {
    case Kind::ShardsActive:
        return allActive(snapshot);
    case Kind::AgeAbove:
        return std::any_of(consumers.begin(), consumers.end(), [this](const ConsumerRow& row) {
            return !row.removed && row.ageMs > m_condition.age.inMillis();
        });
    case Kind::LagDrained:
        return std::all_of(consumers.begin(), consumers.end(), drained);
    default:
        return mark(snapshot) != m_events;
    }
}

} // namespace shardscope
