#pragma once

#include <span>

#include "app/bench/bench.h"

namespace shardscope {

/// How near the flow model comes to the record engine, and how fast it is.
[[nodiscard]] std::span<const Bench> planBenches();

} // namespace shardscope
