#pragma once

#include <span>

#include "app/bench/bench.h"

namespace shardscope {

/// Benchmarks of the store on disk, beside plain writes to the same disk: in a folder of their own
/// under the system's folder for temporary files (TMPDIR names another), removed at the end.
[[nodiscard]] std::span<const Bench> storeBenches();

} // namespace shardscope
