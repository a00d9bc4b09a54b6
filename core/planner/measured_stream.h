#pragma once

#include <string>
#include <vector>

#include "core/clock/sim_time.h"

namespace shardscope {

/// What was measured of one stream, minute by minute. A longer period is spread evenly over its
/// minutes; a minute without a point counts as zero, as CloudWatch leaves out what did not happen.
struct MeasuredStream {
    std::string name;
    SimTime start; ///< of the first minute; a whole minute, UTC
    std::vector<double> records, bytes; ///< accepted in each minute; of one length
    std::vector<double> refusedRecords; ///< each minute; empty when it was not measured
    std::vector<double> readBytes; ///< by GetRecords, each minute; empty when it was not measured
    /// Of one shard, over the whole time.
    struct Shard {
        std::string shardId;
        double records = 0, bytes = 0;
    };
    std::vector<Shard> shards; ///< ascending by id; empty without shard-level data
    double maxIteratorAgeMs = 0; ///< 0 when it was not measured
    /// What a reader should know about the data, a sentence each: gaps, periods, time zones.
    std::vector<std::string> notes;

    [[nodiscard]] std::size_t minutes() const { return records.size(); }
};

} // namespace shardscope
