#include "core/planner/on_demand_shards.h"

#include <algorithm>

#include "core/engine/resharding.h"

namespace shardscope {

OnDemandShards::OnDemandShards(std::int64_t shards, std::optional<std::int64_t> warmMiBps,
                               std::int64_t reactionMinutes, const KeyWeights& keys)
    : m_keys(keys)
    , m_warm(warmMiBps)
    , m_reaction(reactionMinutes)
{
    const auto count = static_cast<std::uint32_t>(std::min(shards, m_model.shardsMost));
    for (std::uint32_t i = 0; i < count; ++i)
        m_open.push_back({evenRange(i, count)});
}

std::vector<double> OnDemandShards::weights() const
{
    std::vector<double> weights;
    weights.reserve(m_open.size());
    for (const Open& shard : m_open)
        weights.push_back(m_keys.of(shard.range));
    return weights;
}

bool OnDemandShards::open(std::int64_t minute)
{
    if (m_splitting == 0)
        return false;
    const auto due = [minute](const Open& s) { return s.due != 0 && s.due <= minute; };
    if (std::none_of(m_open.begin(), m_open.end(), due))
        return false;
    std::vector<Open> after;
    for (const Open& shard : m_open) {
        if (!due(shard)) {
            after.push_back(shard);
            continue;
        }
        const HashKey cut = shard.range.middle();
        const HashKeyRange low {shard.range.start, HashKey {cut.value - 1}};
        // The children carry what their parent was known for until they are judged themselves.
        after.push_back({low, 0, shard.hotSplits, false});
        after.push_back({{cut, shard.range.end}, 0, shard.hotSplits, false});
        --m_splitting;
        m_unjudged = true;
    }
    m_open = std::move(after);
    return true;
}

/// After a minute with both children open: the one with nearly all the load goes on its parent's
/// row of hot splits, as in the engine.
void OnDemandShards::judge(const FlowShards& flow)
{
    m_unjudged = false;
    for (std::size_t i = 0; i + 1 < m_open.size(); ++i) {
        Open& low = m_open[i];
        Open& high = m_open[i + 1];
        if (low.judged || high.judged)
            continue;
        const double a = flow.load(i), b = flow.load(i + 1);
        if (a + b <= 0) {
            m_unjudged = true;
            continue;
        }
        low.hotSplits = a >= m_model.hotShare * (a + b) ? low.hotSplits + 1 : 0;
        high.hotSplits = b >= m_model.hotShare * (a + b) ? high.hotSplits + 1 : 0;
        low.judged = high.judged = true;
        ++i;
    }
}

void OnDemandShards::close(std::int64_t minute, double load, double busiest, const FlowShards& flow)
{
    const double capped = std::min(load, static_cast<double>(m_open.size()));
    m_peak.add(minute, capped);
    // Hours leave the memory by the hour; in between it can only rise.
    m_highest = minute % 60 == 0 ? m_peak.last30Days() : std::max(m_highest, capped);
    if (m_unjudged)
        judge(flow);
    const std::int64_t soon = size() + m_splitting;
    if (busiest <= m_model.splitAbove && shardsNeededFor(m_highest, m_warm, m_model) <= soon)
        return;
    std::vector<ShardLoad> seen;
    seen.reserve(m_open.size());
    for (std::size_t i = 0; i < m_open.size(); ++i)
        seen.push_back({ShardSlot {static_cast<std::uint32_t>(i)}, m_open[i].range, flow.load(i),
                        m_open[i].due != 0, m_open[i].hotSplits, true});
    const OnDemandDecision decision = decide({seen, soon, m_highest, m_warm, false}, m_model);
    for (const ShardSlot slot : decision.split) {
        Open& shard = m_open[slot.index()];
        if (!canSplitAt(shard.range, shard.range.middle()))
            continue;
        shard.due = minute + 1 + m_reaction;
        ++m_splitting;
    }
}

void OnDemandShards::restart()
{
    m_peak = {};
    m_highest = 0;
    m_splitting = 0;
    for (Open& shard : m_open)
        shard.due = 0;
}

} // namespace shardscope
