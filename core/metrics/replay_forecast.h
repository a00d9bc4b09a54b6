#pragma once

#include <cstdint>
#include <optional>

#include "core/base/result.h"
#include "core/metrics/snapshot.h"

namespace shardscope {

/// What a replay would mean, told before it is done. Figures of a time come from the measured
/// history: they are as exact as its buckets.
struct ReplayForecast {
    std::int64_t records = 0; ///< from the place to the tips
    Bytes bytes = 0; ///< of those, data + keys
    std::int64_t again = 0; ///< of those, read before
    std::int64_t skipped = 0; ///< not read yet, and passed over
    /// Until it has caught up with its writers at the read limits, in the time the other readers
    /// leave it; none: more is written than it may read.
    std::optional<SimDuration> takes;
};

/// Errors: BadInput when a sequence number is none of this stream's.
[[nodiscard]] Result<ReplayForecast>
forecastReplay(const Snapshot& snapshot, const ConsumerRow& reader, const ReplayPoint& to);

/// What it may read of a shard, in records a second, when they are `recordBytes` long: its own
/// 2 MiB/s with fan-out; else what the other polling readers leave of the shared 2 MiB/s and five
/// calls, an even share at least. Its own pace holds too.
[[nodiscard]] double recordsItMayRead(const Snapshot& snapshot, const ConsumerRow& reader,
                                      ShardSlot shard, double recordBytes);

} // namespace shardscope
