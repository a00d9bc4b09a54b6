#pragma once

#include <span>

#include "app/bench/bench.h"

namespace shardscope {

/// How soon a record reaches who has subscribed to its shard, over the loopback.
[[nodiscard]] std::span<const Bench> subscribeBenches();

} // namespace shardscope
