#pragma once

#include "core/base/json_writer.h"
#include "core/consumers/reader_state.h"

namespace shardscope {

/// What a kind of reader shows of itself, as one more field of the consumer's object; nothing for
/// custom code.
void putReaderState(JsonWriter& json, const ReaderState& state);

} // namespace shardscope
