#pragma once

#include "core/clock/sim_time.h"

namespace shardscope {

/// What a reader takes of one shard's reading, as a mean over kReadRateOver.
struct ReadRate {
    double bytesPerSecond = 0; ///< data + keys
    double callsPerSecond = 0; ///< GetRecords, refused ones among them
    double refusedCallsPerSecond = 0;
};
/// Pollers read in gulps: what they take is told over this long.
inline constexpr SimDuration kReadRateOver = SimDuration::seconds(5);

} // namespace shardscope
