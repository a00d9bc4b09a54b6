#pragma once

#include <span>

#include "app/bench/bench.h"

namespace shardscope {

/// From nothing to the window's first painted frame. Needs no display.
[[nodiscard]] std::span<const Bench> startupBenches();

} // namespace shardscope
