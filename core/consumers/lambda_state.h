#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/strong_id.h"
#include "core/clock/sim_time.h"

namespace shardscope {

/// What a Lambda event source mapping shows. Counts are since it began.
struct LambdaState {
    struct Counts {
        std::int64_t polledRecords = 0; ///< PolledEventCount
        std::int64_t filteredOutRecords = 0; ///< FilteredOutEventCount
        std::int64_t invocations = 0; ///< bisected and repeated ones among them
        std::int64_t errors = 0; ///< of the function
        std::int64_t throttles = 0; ///< refused for want of concurrency, or nobody answered
        std::int64_t bisects = 0;
        std::int64_t succeededRecords = 0;
        std::int64_t droppedRecords = 0; ///< given up: retries exhausted or too old
        std::int64_t toldOf = 0; ///< documents that the on-failure destination took
        std::int64_t notToldOf = 0; ///< DestinationDeliveryFailures
        std::int64_t windows = 0; ///< whose last call passed
        std::int64_t windowsEarly = 0; ///< of them, terminated before their time
        std::int64_t windowsLost = 0; ///< whose last call was given up
        std::int64_t mostConcurrent = 0;
        SimDuration duration; ///< of all invocations together
        SimDuration longest;
    } counts;
    std::int64_t concurrent = 0;
    std::int64_t iteratorAgeMs = 0; ///< of the last record of the last batch that ended
    std::string lastResult = "No records processed"; ///< LastProcessingResult

    /// A batch that is under way or waits to be tried again.
    struct Batch {
        ShardSlot shard;
        std::int64_t lane = 0; ///< 0 … parallelizationFactor - 1
        std::int64_t records = 0;
        std::int64_t attempts = 0; ///< that failed
        bool running = false;
        bool closesWindow = false; ///< it is the last call of a window, without records
        std::string error; ///< of the last try
    };
    std::vector<Batch> batches; ///< by shard and lane, no more than kRows
    /// Records that were given up.
    struct Failure {
        SimTime at;
        ShardSlot shard;
        std::string first, last; ///< sequence numbers
        std::int64_t records = 0;
        std::int64_t invocations = 0; ///< approximateInvokeCount
        bool tooOld = false; ///< RecordAgeExceeded; else RetryAttemptsExhausted
        std::string error; ///< what the function said
    };
    std::vector<Failure> failures; ///< the newest kFailures, oldest first
    /// A tumbling window that has ended.
    struct Window {
        SimTime begin, end;
        ShardSlot shard;
        std::int64_t lane = 0;
        std::int64_t records = 0;
        bool early = false; ///< isWindowTerminatedEarly
        std::string state; ///< with which it ended: its beginning
    };
    std::vector<Window> windows; ///< the newest kWindows, oldest first
    static constexpr std::size_t kRows = 500, kFailures = 20, kWindows = 20;
    static constexpr std::size_t kStateShown = 200; ///< bytes of a window's state
};

} // namespace shardscope
