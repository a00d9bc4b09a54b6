#pragma once

#include <string>

namespace shardscope {

/// What all records of one shard say in an event of where they come from.
struct EventSource {
    std::string shardId;
    std::string arn; ///< eventSourceARN: the stream's, or its registered consumer's
    std::string role; ///< invokeIdentityArn
    std::string region;
};

inline constexpr const char* kEventSchema = "1.0"; ///< kinesisSchemaVersion
inline constexpr const char* kEventVersion = "1.0";
inline constexpr const char* kEventSource = "aws:kinesis";
inline constexpr const char* kEventName = "aws:kinesis:record";

} // namespace shardscope
