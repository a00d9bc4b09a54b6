#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/requests.h"

namespace shardscope {

/// The records of one object, on their way into it.
struct ObjectRecords {
    std::vector<RecordPage> pages; ///< each of one shard, in its order
    std::vector<RecordPage::Row> lost; ///< their payload cannot be read any more
    SimTime begin; ///< when the oldest record arrived
    std::string suffix; ///< of its key, see channel_key.h
};

/// What an object and its dead letters hold.
struct ObjectText {
    std::string object; ///< compressed; there is one when `records` is not 0
    std::string errors; ///< JSON, one line a record; empty: every record passed
    std::int64_t records = 0, failed = 0; ///< in the one and in the other
    Bytes bytesIn = 0, bytesPassed = 0; ///< data of all records, and of those in the object
};

/// Makes a channel's object. JSON and STRING: each record as it was put and a line feed behind it;
/// BYTE_ARRAY: the records as they were put, nothing between them. (The service says of all three
/// that records are delivered as they are, and not what stands between them; this is a choice.) A
/// record that is no JSON (RFC 8259) or no UTF-8, where the format asks for it, or that is lost, is
/// a dead letter: its identifiers and why, not its data. Errors: Io when the compressor has no
/// memory.
[[nodiscard]] Result<ObjectText> makeObject(const ChannelDescription& channel,
                                            const ObjectRecords& records);

} // namespace shardscope
