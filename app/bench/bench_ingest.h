#pragma once

#include <vector>

#include "app/bench/bench.h"

namespace shardscope {

[[nodiscard]] std::vector<BenchResult> benchAdmit(const BenchOptions& options);
[[nodiscard]] std::vector<BenchResult> benchIngest(const BenchOptions& options);
[[nodiscard]] std::vector<BenchResult> benchMemory(const BenchOptions& options);

} // namespace shardscope
