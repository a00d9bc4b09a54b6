#pragma once

#include <variant>

#include "core/consumers/analytics_state.h"
#include "core/consumers/firehose_state.h"
#include "core/consumers/kcl_state.h"
#include "core/consumers/lambda_state.h"

namespace shardscope {

/// What a kind of reader shows of itself beside what all have in common; none for custom code.
using ReaderState = std::variant<std::monostate, AnalyticsState, KclState, LambdaState, FirehoseState>;

} // namespace shardscope
