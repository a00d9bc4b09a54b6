#pragma once

#include <span>

#include "app/bench/bench.h"

namespace shardscope {

/// What a local service costs apart from the network: to start, to be there, to be asked.
[[nodiscard]] std::span<const Bench> serveBenches();

} // namespace shardscope
