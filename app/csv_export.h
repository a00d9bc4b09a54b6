#pragma once

#include <fstream>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/metrics/snapshot.h"

namespace shardscope {

/// Writes a run's seconds as CSV files: `shards.csv` (one row per shard and second), `stream.csv`
/// (one row per second) and, at the end, `events.csv` and `cloudwatch.csv` (what CloudWatch would
/// show of each full minute; shard level only for metrics that enhanced monitoring has switched
/// on). Times are UTC, the first column of each. Seconds are written as the run goes, so a run
/// longer than the history in memory loses none.
class CsvExport {
public:
    /// Makes `folder` when it is not there. Errors: BadInput when it cannot be written.
    [[nodiscard]] static Result<CsvExport> open(const std::string& folder);

    /// Writes the seconds that are newer than those written already.
    void append(const History& history);
    /// Writes the events and CloudWatch's minutes and closes. Errors: Io when anything could not be
    /// written.
    [[nodiscard]] Result<void> finish(const Snapshot& snapshot);

private:
    void putMinutes(const Snapshot& snapshot);

    std::string m_folder;
    std::ofstream m_shards, m_stream, m_events, m_cloudWatch;
    SimTime m_next; ///< seconds before it are written
};

} // namespace shardscope
