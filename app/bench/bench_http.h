#pragma once

#include <span>

#include "app/bench/bench.h"

namespace shardscope {

/// Requests over the loopback through all that `serve` does, per second of the server's processor
/// time, beside a server that answers without looking.
[[nodiscard]] std::span<const Bench> httpBenches();

} // namespace shardscope
