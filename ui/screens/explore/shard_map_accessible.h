#pragma once

namespace shardscope::ui {

/// Teaches QAccessible that a ShardMap is a list of shards; may be called often.
void installShardMapAccessible();

} // namespace shardscope::ui
