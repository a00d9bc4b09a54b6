#pragma once

#include "core/consumers/reader_state.h"
#include "core/scenario/json_writer.h"

namespace shardscope {

/// What a kind of reader shows of itself, as one more field of the consumer's object; nothing for
/// custom code.
void putReaderState(JsonWriter& json, const ReaderState& state);

} // namespace shardscope
