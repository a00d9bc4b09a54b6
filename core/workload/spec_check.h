#pragma once

#include "core/base/result.h"
#include "core/workload/producer_spec.h"

namespace shardscope {

/// Whether every figure of a spec can be used. Errors: BadInput naming the producer, the field and
/// what would be right.
[[nodiscard]] Result<void> checkSpec(const ProducerSpec& spec);

} // namespace shardscope
