#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/strong_id.h"
#include "core/base/units.h"
#include "core/clock/sim_time.h"
#include "core/consumers/query_window.h"

namespace shardscope {

/// One line of a query's answer. Its timestamp, as the next operator sees it, is window.endMs - 1.
struct AnalyticsResult {
    QueryWindow window;
    std::string key;
    double value = 0;
    std::int64_t records = 0;
    bool again = false; ///< the window had fired before: a late record came within the lateness
};

/// All keys of one fired window together; of sessions, those that ended with one watermark.
struct AnalyticsTotal {
    QueryWindow window;
    std::int64_t records = 0;
    std::int64_t keys = 0;
    double value = 0; ///< the mean of the keys' values
};

/// What a stream-analytics reader shows.
struct AnalyticsState {
    struct Input {
        ShardSlot shard;
        std::int64_t subtask = 0; ///< 0 … parallelism - 1
        std::optional<std::int64_t> watermarkMs;
        bool idle = false;
    };
    std::vector<Input> inputs; ///< shards it reads, ascending
    std::optional<std::int64_t> watermarkMs; ///< of the whole job
    std::int64_t parallelism = 1;
    std::int64_t subtasksWithoutShard = 0;
    std::int64_t openWindows = 0;
    std::int64_t stateKeys = 0;
    Bytes stateBytes = 0;
    std::int64_t lateDropped = 0; ///< numLateRecordsDropped
    std::int64_t unreadable = 0; ///< records without a field that the query needs
    std::int64_t windowsFired = 0; ///< those fired again among them
    std::vector<AnalyticsResult> results; ///< the newest, oldest first
    std::vector<AnalyticsTotal> totals; ///< of the newest windows, oldest first
    struct Checkpoints {
        std::int64_t taken = 0, restored = 0;
        std::optional<SimTime> lastAt;
        Bytes bytes = 0; ///< of the last
    } checkpoints;
};

} // namespace shardscope
