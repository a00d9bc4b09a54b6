#pragma once

#include <span>

#include "app/bench/bench.h"

namespace shardscope {

/// What the wire costs without a network: bodies in, answers out.
[[nodiscard]] std::span<const Bench> wireBenches();

} // namespace shardscope
