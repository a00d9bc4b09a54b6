#include "core/planner/provisioned_shards.h"

#include <algorithm>

#include "core/engine/limits.h"
#include "core/engine/resharding.h"

namespace shardscope {
namespace {

constexpr std::int64_t kDayMinutes = 1'440;

} // namespace

ProvisionedShards::ProvisionedShards(std::int64_t shards, SimDuration reshard)
    : m_shards(shards)
    , m_reshard(reshard)
{
}

bool ProvisionedShards::open(std::int64_t minute)
{
    if (!m_due || *m_due > minute)
        return false;
    m_due.reset();
    m_shards = m_target;
    return true;
}

std::int64_t ProvisionedShards::minutesTo(std::int64_t target) const
{
    std::vector<ShardMap::Entry> open;
    const auto count = static_cast<std::uint32_t>(m_shards);
    for (std::uint32_t i = 0; i < count; ++i)
        open.push_back({evenRange(i, count), ShardSlot {i}});
    const int levels = planUniform(open, ShardSlot {count}, target).levels;
    const double minutes = (m_reshard * std::max(levels, 1)).inSeconds() / 60;
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(minutes + 0.999));
}

bool ProvisionedShards::update(std::int64_t target, std::int64_t minute)
{
    while (!m_calls.empty() && m_calls.front() + kDayMinutes <= minute)
        m_calls.pop_front();
    const bool allowed = !m_due && target != m_shards && target >= 1 && target <= 2 * m_shards
        && 2 * target >= m_shards && target <= limits::kShardsPerStreamByUpdate
        && m_calls.size() < static_cast<std::size_t>(limits::kShardCountUpdatesPerDay);
    if (!allowed)
        return false;
    m_calls.push_back(minute);
    m_target = target;
    m_due = minute + minutesTo(target);
    return true;
}

void ProvisionedShards::stepTowards(std::int64_t target, std::int64_t minute)
{
    if (m_due || target == m_shards)
        return;
    m_target = m_shards + (target > m_shards ? 1 : -1);
    m_due = minute + 1;
}

} // namespace shardscope
