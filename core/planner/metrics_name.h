#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/engine/requests.h"

namespace shardscope {

/// The metrics a measured stream is made of, and all others of Kinesis Data Streams as one.
enum class MeasuredMetric {
    IncomingBytes,
    IncomingRecords,
    WriteThrottled, ///< records, one for each attempt
    ThrottledRecords, ///< the same of PutRecords alone
    ReadBytes, ///< by GetRecords
    OutgoingBytes, ///< read from a shard
    IteratorAge,
    Other,
};

struct MetricName {
    MeasuredMetric metric {};
    const char* name = ""; ///< CloudWatch's
    std::optional<ShardSlot> shard; ///< of a shard-level metric
    std::string stream; ///< that a label such as `orders IncomingBytes` names; or empty
};

/// The metric that a label, an id of a query or a column's header names, in any case: its
/// CloudWatch name alone or inside other words, or one of the short forms `in_bytes`, `in_records`,
/// `bytes`, `acceptedBytes` and the like. A shard is `shardId-000000000012` anywhere, or twelve
/// digits after an underscore at the end. None: no metric of Kinesis Data Streams.
[[nodiscard]] std::optional<MetricName> metricNameIn(std::string_view text);

/// CloudWatch's name.
[[nodiscard]] const char* nameOf(MeasuredMetric metric);

/// `text` in lower case, letters and digits alone: `Time (UTC)` is `timeutc`.
[[nodiscard]] std::string squashed(std::string_view text);

} // namespace shardscope
