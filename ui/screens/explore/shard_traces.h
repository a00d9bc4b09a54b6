#pragma once

#include <vector>

#include "core/metrics/snapshot.h"

/// The last minute of many shards at once, for the small pictures.
namespace shardscope::ui {

struct ShardTrace {
    ShardSlot slot;
    double percent = 0; ///< offered in the last second, of the limit
    double refusedPerSecond = 0;
    std::vector<float> values; ///< percent by second, oldest first
};

/// Offered load of a bucket in percent of the limit that binds.
[[nodiscard]] double percentOf(const ShardSample& sample, SimDuration step);

enum class ShardOrder { ByHash, HottestFirst };
/// All open shards; `seconds` values each, 0 where a shard was not yet open.
[[nodiscard]] std::vector<ShardTrace> shardTraces(const Snapshot& snapshot, int seconds,
                                                  ShardOrder order);
/// The `most` hottest open shards without their past.
[[nodiscard]] std::vector<ShardTrace> hottestShards(const Snapshot& snapshot, std::size_t most);

} // namespace shardscope::ui
