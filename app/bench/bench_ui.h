#pragma once

#include <span>

#include "app/bench/bench.h"

namespace shardscope {

/// Painting the Explore board. Needs no display: the board is rendered into a picture.
[[nodiscard]] std::span<const Bench> uiBenches();

} // namespace shardscope
