#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/planner/demand.h"
#include "core/planner/plan.h"

/// How many shards a stream needs by formula: facts/scaling-and-pricing.md 5.1, with the workload's
/// own keys in place of a rule of thumb for skew.
namespace shardscope {

/// What a shard count has to carry.
struct ShardDemand {
    double records = 0, bytes = 0; ///< a second, of the stream, in its busiest minute
    double sharedReaders = 0, readsPerSecond = 1;
    double headroom = 0; ///< share of every limit that stays free, 0 … 0.9
};
[[nodiscard]] ShardDemand loadOf(const DemandPeak& peak, const PlanWorkload& workload);

/// The least even shard count whose busiest shard keeps the head-room, up to `most`; none when the
/// heaviest key alone takes more than a shard has.
[[nodiscard]] std::optional<std::int64_t> shardsFor(const ShardDemand& load, const KeyWeights& keys,
                                                    std::int64_t most);
/// Without regard to keys: what mean shards need.
[[nodiscard]] std::int64_t evenShardsFor(const ShardDemand& load);
/// The same with one shard for the heaviest key alone: its ranges; empty when that key needs more
/// than a shard.
[[nodiscard]] std::vector<HashKeyRange> isolatingRanges(const ShardDemand& load,
                                                        const KeyWeights& keys, std::int64_t most);

/// How far `shards` go into each limit, the furthest first.
[[nodiscard]] std::vector<LimitUse> limitUses(const ShardDemand& load, const KeyWeights& keys,
                                              std::int64_t shards);

} // namespace shardscope
