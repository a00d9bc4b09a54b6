#pragma once

#include <memory>

#include "core/metrics/snapshot.h"

/// Snapshots with a believable past, made without running the engine: for tests of what is drawn.
namespace shardscope::sample {

struct Options {
    int shards = 4; ///< open ones, >= 4
    SimDuration past = SimDuration::minutes(5);
    bool load = true; ///< false: nobody sends
    bool hot = true; ///< shard 2 takes more than its limit, most of it one key
    bool lineage = true; ///< one split and one merge happened
    bool consumers = true;
    bool changing = false; ///< shard 3 is being split
    SimDuration later; ///< how much further the same run is
};

/// The same options give the same snapshot. With `hot`, shard 2 is offered some 132 % by bytes and
/// 78 % of it carries the key `eu-west`.
[[nodiscard]] std::shared_ptr<const Snapshot> snapshot(const Options& options = {});

} // namespace shardscope::sample
