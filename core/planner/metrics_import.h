#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/planner/measured_stream.h"

/// Reads what was measured of streams: answers of `aws cloudwatch get-metric-data` and
/// `get-metric-statistics`, CSV files (CloudWatch's, a spreadsheet's, those of `run --csv`) and
/// traces `time,key,size`. Sources: facts/scaling-and-pricing.md 6.
namespace shardscope {

struct MetricsFile {
    std::string stream; ///< whose it is; empty: what the file says, otherwise `stream`
    std::string path;
    /// Which column of a CSV file is what, e.g. `time=Date,bytes=In,records=Count,shard=Shard`;
    /// what is not named is found by its header.
    std::string columns;
    /// Time that a point covers, 1 s … 1 d; none: the most common gap between points.
    std::optional<SimDuration> period;
};

/// A file that is already in memory; its path only names it.
struct MetricsText {
    MetricsFile file;
    std::string_view text;
};

/// Files of one stream are put together: pages, metrics and shards may be spread over them. Streams
/// come in the order in which the files name them. Errors: Io for a file that cannot be read,
/// otherwise BadInput with the file, the place and what would be right.
[[nodiscard]] Result<std::vector<MeasuredStream>> readMetrics(std::span<const MetricsFile> files);
[[nodiscard]] Result<std::vector<MeasuredStream>> parseMetrics(std::span<const MetricsText> texts);

} // namespace shardscope
