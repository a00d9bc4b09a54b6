#include "core/planner/provisioned_shards.h"

#include <algorithm>
#include <cmath>

#include "core/engine/limits.h"

namespace shardscope {
namespace {

constexpr std::int64_t kDay = 86'400; ///< s

} // namespace

ProvisionedShards::ProvisionedShards(std::int64_t shards, SimDuration reshard)
    : m_settled(shards)
    , m_next(static_cast<std::uint32_t>(shards))
    , m_reshard(reshard)
{
    for (std::uint32_t i = 0; i < m_next; ++i)
        m_open.push_back({evenRange(i, m_next), ShardSlot {i}});
}

std::vector<double> ProvisionedShards::weights(const KeyWeights& keys) const
{
    std::vector<double> weights;
    weights.reserve(m_open.size());
    for (const ShardMap::Entry& shard : m_open)
        weights.push_back(keys.of(shard.range));
    return weights;
}

std::optional<std::int64_t> ProvisionedShards::due() const
{
    if (m_level == 0)
        return {};
    return m_begun + static_cast<std::int64_t>(std::ceil((m_reshard * m_level).inSeconds()));
}

void ProvisionedShards::open()
{
    const auto at = [this](ShardSlot slot) {
        return std::find_if(m_open.begin(), m_open.end(),
                            [slot](const ShardMap::Entry& e) { return e.slot == slot; });
    };
    // Slots are given out in the order of all steps, whatever their level.
    std::uint32_t slot = m_planned;
    for (const ReshardStep& step : m_plan.steps) {
        const bool split = step.kind == ReshardStep::Kind::Split;
        const std::uint32_t first = slot;
        slot += split ? 2 : 1;
        if (step.level != m_level)
            continue;
        const auto shard = at(step.shard);
        if (split) {
            const HashKeyRange high {step.cut, shard->range.end};
            shard->range.end = HashKey {step.cut.value - 1};
            shard->slot = ShardSlot {first};
            m_open.insert(shard + 1, {high, ShardSlot {first + 1}});
        } else {
            shard->range.end = (shard + 1)->range.end;
            shard->slot = ShardSlot {first};
            m_open.erase(shard + 1);
        }
    }
    m_level = m_level < m_plan.levels ? m_level + 1 : 0;
    if (m_level == 0)
        m_settled = size();
}

void ProvisionedShards::begin(ReshardPlan plan, std::int64_t second)
{
    m_plan = std::move(plan);
    m_planned = m_next;
    for (const ReshardStep& step : m_plan.steps)
        m_next += step.kind == ReshardStep::Kind::Split ? 2 : 1;
    m_level = m_plan.steps.empty() ? 0 : 1;
    m_begun = second;
}

bool ProvisionedShards::update(std::int64_t target, std::int64_t second)
{
    while (!m_calls.empty() && m_calls.front() + kDay <= second)
        m_calls.pop_front();
    const std::int64_t now = size();
    const bool allowed = !changing() && target != now && target >= 1 && target <= 2 * now
        && 2 * target >= now && target <= limits::kShardsPerStreamByUpdate
        && m_calls.size() < static_cast<std::size_t>(limits::kShardCountUpdatesPerDay);
    if (!allowed)
        return false;
    m_calls.push_back(second);
    begin(planUniform(m_open, ShardSlot {m_next}, target), second);
    return true;
}

void ProvisionedShards::stepTowards(std::int64_t target, std::int64_t second)
{
    if (changing() || target == size())
        return;
    begin(target > size() ? planHalving(m_open, ShardSlot {m_next}, size() + 1)
                          : planJoining(m_open, ShardSlot {m_next}, size() - 1),
          second);
}

} // namespace shardscope
