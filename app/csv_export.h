#pragma once

#include <fstream>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/metrics/snapshot.h"

namespace shardscope {

/// Writes a run's seconds as CSV files: `shards.csv` (one row per shard and second), `stream.csv`
/// (one row per second) and, at the end, `events.csv`. Times are UTC, the first column of each.
/// Rows are written as the run goes, so a run longer than the history in memory loses none.
class CsvExport {
public:
    /// Makes `folder` when it is not there. Errors: BadInput when it cannot be written.
    [[nodiscard]] static Result<CsvExport> open(const std::string& folder);

    /// Writes the seconds that are newer than those written already.
    void append(const History& history);
    /// Writes the events and closes. Errors: Io when anything could not be written.
    [[nodiscard]] Result<void> finish(const std::vector<Event>& events);

private:
    std::string m_folder;
    std::ofstream m_shards, m_stream, m_events;
    SimTime m_next; ///< seconds before it are written
};

} // namespace shardscope
