#pragma once

#include <string_view>

#include "core/planner/metrics_collector.h"

namespace shardscope {

/// Reads a CSV file into `collector`: rows parted by commas, semicolons or tabs, cells that may be
/// quoted. Lines before the first one with a time are headers; a column is what the last of them
/// says that names it. A row is a moment of the stream or, with a shard column, of a shard; columns
/// `metric` and `value` instead make it a point of one metric. `time,key,size` is a trace, counted
/// by the minute. Errors: BadInput with file and line.
[[nodiscard]] Result<void> readMetricsCsv(const MetricsFile& file, std::string_view text,
                                          MetricsCollector& collector);

} // namespace shardscope
