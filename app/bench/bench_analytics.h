#pragma once

#include <vector>

#include "app/bench/bench.h"

namespace shardscope {

[[nodiscard]] std::vector<BenchResult> benchAnalytics(const BenchOptions& options);

} // namespace shardscope
