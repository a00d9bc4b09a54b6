#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/clock/sim_time.h"
#include "core/engine/scaling_policy.h"

namespace shardscope {

/// A provisioned stream's shard count in the flow model: UpdateShardCount with its limits and the
/// time it takes. The ranges are even once it is done.
class ProvisionedShards {
public:
    ProvisionedShards(std::int64_t shards, SimDuration reshard);

    [[nodiscard]] std::int64_t size() const { return m_shards; }
    [[nodiscard]] bool changing() const { return m_due.has_value(); }
    /// Takes on what is done at the beginning of `minute`; whether anything was.
    [[nodiscard]] bool open(std::int64_t minute);
    /// UpdateShardCount at the beginning of `minute`. Refused while a change is under way, beyond
    /// double or half the count, and the eleventh time in 24 hours.
    [[nodiscard]] bool update(std::int64_t target, std::int64_t minute);
    /// One split or one merge towards `target`, which no daily limit counts.
    void stepTowards(std::int64_t target, std::int64_t minute);
    /// Minutes from a call to the new count.
    [[nodiscard]] std::int64_t minutesTo(std::int64_t target) const;

private:
    std::int64_t m_shards;
    SimDuration m_reshard;
    std::optional<std::int64_t> m_due; ///< minute
    std::int64_t m_target = 0;
    std::deque<std::int64_t> m_calls; ///< minutes of those of the last 24 h
};

} // namespace shardscope
