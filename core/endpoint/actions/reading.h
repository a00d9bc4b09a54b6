#pragma once

#include "core/endpoint/wire_writer.h"
#include "core/engine/requests.h"

namespace shardscope::endpoint::actions {

/// SubscribeToShardEvent, the payload of an event stream's frame.
void writeEvent(WireWriter& out, const SubscribeToShardEvent& event);

} // namespace shardscope::endpoint::actions
