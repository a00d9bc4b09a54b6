#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/clock/sim_time.h"
#include "core/engine/resharding.h"
#include "core/planner/key_weights.h"

namespace shardscope {

/// A provisioned stream's open shards in the flow model: UpdateShardCount with its limits, carried
/// out by the engine's own plan of splits and merges, level by level in the time they take.
class ProvisionedShards {
public:
    /// `shards` even ranges; `reshard`: how long one split or merge takes.
    ProvisionedShards(std::int64_t shards, SimDuration reshard);

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(m_open.size()); }
    [[nodiscard]] std::vector<double> weights(const KeyWeights& keys) const;
    /// The count from which a change under way began; short-lived shards do not count.
    [[nodiscard]] std::int64_t settled() const { return m_settled; }
    [[nodiscard]] bool changing() const { return m_level > 0; }
    /// The second, counted as those of update(), in which the next level is done; none: nothing is
    /// under way.
    [[nodiscard]] std::optional<std::int64_t> due() const;
    /// Takes the next level on.
    void open();

    /// UpdateShardCount at `second`. Refused while a change is under way, beyond double or half the
    /// count, and the eleventh time in 24 hours.
    [[nodiscard]] bool update(std::int64_t target, std::int64_t second);
    /// One split or one merge towards `target`, which no daily limit counts.
    void stepTowards(std::int64_t target, std::int64_t second);

private:
    void begin(ReshardPlan plan, std::int64_t second);

    std::vector<ShardMap::Entry> m_open; ///< ascending by range
    std::int64_t m_settled;
    std::uint32_t m_next; ///< slot
    SimDuration m_reshard;
    ReshardPlan m_plan;
    int m_level = 0; ///< the one that is done next; 0: nothing is under way
    std::int64_t m_begun = 0; ///< second
    std::uint32_t m_planned = 0; ///< the plan's first slot
    std::deque<std::int64_t> m_calls; ///< seconds of those of the last 24 h
};

} // namespace shardscope
