#include "core/planner/flow_lanes.h"

namespace shardscope::flow::paths_detail {

void runPlain(Block& block, std::span<const Second> seconds, const Terms& terms, float* attempts,
              float* refused)
{
    runHere(block, seconds, terms, attempts, refused);
}

} // namespace shardscope::flow::paths_detail
