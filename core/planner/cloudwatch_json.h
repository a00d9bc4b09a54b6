#pragma once

#include <simdjson.h>

#include "core/planner/metrics_collector.h"

namespace shardscope {

/// Reads an answer of `get-metric-data` or `get-metric-statistics` into `collector`. Errors:
/// BadInput with file and place.
///
///     {"MetricDataResults": [{"Id", "Label", "Timestamps": [], "Values": [], "StatusCode",
///                             "Messages": [{"Code", "Value"}]}], "Messages": [], "NextToken"}
///     {"Label", "Datapoints": [{"Timestamp", "Sum", "Maximum", "Average", …, "Unit"}]}
[[nodiscard]] Result<void> readCloudWatchJson(const std::string& path,
                                              simdjson::padded_string_view json,
                                              MetricsCollector& collector);

} // namespace shardscope
