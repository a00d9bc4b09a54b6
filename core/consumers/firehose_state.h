#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "core/clock/sim_time.h"

namespace shardscope {

/// What a Firehose stream shows. Counts are since it began.
struct FirehoseState {
    std::int64_t objects = 0; ///< written, and known to be
    std::int64_t deliveredRecords = 0;
    Bytes deliveredBytes = 0; ///< of records, before they are compressed
    Bytes writtenBytes = 0; ///< of objects; 0 when modelled
    std::int64_t deliveredTwice = 0; ///< records whose object was written again
    std::int64_t failedWrites = 0; ///< tries
    std::int64_t givenUpRecords = 0; ///< after retryFor
    std::int64_t maxFreshnessMs = 0; ///< largest age of a record not delivered yet
    std::int64_t freshnessMs = 0; ///< DeliveryToS3.DataFreshness, now
    std::int64_t bufferedRecords = 0;
    Bytes bufferedBytes = 0;
    Bytes bufferSize = 0; ///< in force: larger than set while it is behind
    std::int64_t millisBehindLatest = 0; ///< of what was read last, the shard furthest behind
    std::int64_t errorObjects = 0; ///< written under the error prefix; not among `objects`
    std::int64_t errorRecords = 0; ///< in them
    std::int64_t invocations = 0; ///< of the transforming function, repeated ones among them
    std::int64_t functionErrors = 0; ///< of those
    std::int64_t droppedRecords = 0; ///< the function said Dropped
    std::int64_t activePartitions = 0; ///< with records that are not delivered yet
    bool targetDown = false; ///< the last try failed
    struct Object {
        SimTime at;
        std::string key;
        std::int64_t records = 0;
        Bytes bytes = 0; ///< of records
    };
    static constexpr std::size_t kObjects = 20;
    std::vector<Object> newest; ///< oldest first, no more than kObjects
};

} // namespace shardscope
