#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/hash_key.h"
#include "core/base/result.h"
#include "core/base/strong_id.h"
#include "core/engine/shard_map.h"

/// Which splits and merges lead from one set of open shards to another. Pure: the same function
/// that shows a change beforehand plans it. Plans name future shards by the slots they will get.
namespace shardscope {

/// One split or one merge.
struct ReshardStep {
    enum class Kind { Split, Merge };
    Kind kind = Kind::Split;
    ShardSlot shard; ///< the one to split, or the lower range of a merge
    ShardSlot upper; ///< the upper range of a merge
    HashKey cut; ///< of a split: the upper child begins here
    int level = 1; ///< one more than that of the steps whose shards it works on
};

struct ReshardPlan {
    std::vector<ReshardStep> steps; ///< in the order in which slots are given out
    std::int64_t openBefore = 0, openAfter = 0;
    std::int64_t openMost = 0; ///< on the way: short-lived shards count against the account
    int levels = 0; ///< longest chain of steps that wait for each other
};

/// UNIFORM_SCALING to `target` >= 1 even ranges by the left-to-right sweep of API 4: cut where a
/// target boundary falls inside a shard, then merge what lies left of the boundary. A boundary
/// within 2^64 of an existing one is taken as that one: even ranges of 3 and 6 shards differ by
/// single keys, and nobody wants a shard one key wide. `open` ascends by range.
[[nodiscard]] ReshardPlan planUniform(std::span<const ShardMap::Entry> open, ShardSlot nextSlot,
                                      std::int64_t target);
/// Halves the widest shards, the lowest range first among equals, until there are `target`.
[[nodiscard]] ReshardPlan planHalving(std::span<const ShardMap::Entry> open, ShardSlot nextSlot,
                                      std::int64_t target);
/// Merges the neighbours that are narrowest together until there are `target` >= 1.
[[nodiscard]] ReshardPlan planJoining(std::span<const ShardMap::Entry> open, ShardSlot nextSlot,
                                      std::int64_t target);

/// Whether a split at `cut` leaves both children room: above the range's start plus one and below
/// its end (API 4).
[[nodiscard]] bool canSplitAt(const HashKeyRange& range, HashKey cut);

} // namespace shardscope
