#pragma once

#include <cstdint>

#include "core/scenario/scenario.h"

namespace shardscope {

/// A small world in which much goes on, drawn from `seed`: producers and readers of all kinds, and
/// acts of all kinds at random times, many of which the service will refuse.
[[nodiscard]] Scenario randomWorld(std::uint64_t seed);

} // namespace shardscope
