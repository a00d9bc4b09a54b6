#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/planner/metrics_import.h"
#include "core/planner/metrics_name.h"

namespace shardscope {

/// Points of one metric in columns; a point begins at its time.
struct MetricPoints {
    std::vector<std::uint32_t> at; ///< seconds since 1970
    std::vector<double> values; ///< of the same length

    void clear()
    {
        at.clear();
        values.clear();
    }
};

/// Puts the points of all files together and makes streams of them.
class MetricsCollector {
public:
    /// What follows comes from `file`. Errors: BadInput for a period out of range.
    [[nodiscard]] Result<void> open(const MetricsFile& file);
    /// Takes points in any order; `place` says where they stand, for errors. `points` is left
    /// sorted. Errors: BadInput for a time that is there twice with different values.
    [[nodiscard]] Result<void> add(const MetricName& name, MetricPoints& points,
                                   const std::string& place);
    /// A metric or a column that is not used.
    void leaveOut(const std::string& name);
    /// A sentence for the streams of this file.
    void note(const std::string& sentence);
    /// The file belongs to an answer that goes on, or ends, with it.
    void page(bool goesOn);
    void unzoned() { m_files.back().unzoned = true; }
    /// Ends the file. Errors: BadInput when nothing in it was of Kinesis Data Streams.
    [[nodiscard]] Result<void> close();

    /// Ends it all. Errors: BadInput as readMetrics says.
    [[nodiscard]] Result<std::vector<MeasuredStream>> finish();

private:
    /// Ascending points of one page.
    struct Chunk {
        std::size_t file = 0;
        std::uint32_t period = 0; ///< s; 0: it does not show
        bool given = false; ///< the period is the user's
        MetricPoints points;
    };
    using SeriesKey = std::pair<MeasuredMetric, std::int64_t>; ///< shard slot, -1: the stream
    struct Stream {
        std::string name;
        std::map<SeriesKey, std::vector<Chunk>> series;
        std::set<std::size_t> files;
        double maxIteratorAgeMs = 0;
    };
    struct File {
        MetricsFile file;
        std::set<std::string> leftOut;
        std::vector<std::string> notes;
        bool kinesis = false; ///< a metric of the service was seen
        bool unzoned = false, paged = false, goesOn = false;
    };
    class Assembly;

    Stream& streamOf(const MetricName& name);

    std::vector<File> m_files;
    std::vector<Stream> m_streams; ///< in order of appearance
};

} // namespace shardscope
