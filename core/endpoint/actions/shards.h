#pragma once

#include <vector>

#include "core/endpoint/wire_writer.h"
#include "core/engine/requests.h"

namespace shardscope::endpoint::actions {

/// `"Shards": […]`
void writeShards(WireWriter& out, const std::vector<ShardDescription>& shards);

} // namespace shardscope::endpoint::actions
