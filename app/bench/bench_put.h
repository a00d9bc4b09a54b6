#pragma once

#include <vector>

#include "app/bench/bench.h"

namespace shardscope {

/// PutRecords of real payloads through the service, as a request that the wire has read.
[[nodiscard]] std::vector<BenchResult> benchPutBatch(const BenchOptions& options);

} // namespace shardscope
