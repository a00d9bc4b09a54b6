#pragma once

#include <string>
#include <string_view>

#include "core/consumers/consumer_spec.h"

namespace shardscope {

/// The job's stream, as a client of the service names it.
struct FlinkSource {
    std::string streamArn;
    std::string region;
    std::string endpoint; ///< URL of this endpoint; empty: the region's own
};

/// One Java file with the same source, watermark, key, window and aggregate, for Flink's DataStream
/// API with flink-connector-aws-kinesis-streams and Jackson. Names of options:
/// facts/clients.md 6.1.
[[nodiscard]] std::string flinkJob(const ConsumerSpec& spec, const FlinkSource& source);

} // namespace shardscope
