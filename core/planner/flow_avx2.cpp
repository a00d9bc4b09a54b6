#include "core/planner/flow_kernel.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

// Everything below is compiled for this instruction set; only flow_paths.cpp calls it, where the
// processor has it.
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

#include "core/planner/flow_lanes.h"

namespace shardscope::flow::paths_detail {

void runAvx2(Block& block, std::span<const Second> seconds, const Terms& terms, float* attempts,
             float* refused)
{
    runHere(block, seconds, terms, attempts, refused);
}

} // namespace shardscope::flow::paths_detail

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
