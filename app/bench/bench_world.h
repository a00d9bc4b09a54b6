#pragma once

#include <span>

#include "app/bench/bench.h"

namespace shardscope {

/// Benchmarks of whole worlds: producers, engine, readers and measuring together.
[[nodiscard]] std::span<const Bench> worldBenches();

} // namespace shardscope
