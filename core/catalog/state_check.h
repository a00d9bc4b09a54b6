#pragma once

#include "core/base/result.h"
#include "core/engine/state.h"

namespace shardscope {

/// Whether a service can go on from `state`: shards in order, lineage to older ones, every hash key
/// in exactly one open shard, channels of streams that are there. Errors: BadInput with what is
/// wrong, as the end of a sentence.
[[nodiscard]] Result<void> checkState(const ServiceState& state);

} // namespace shardscope
