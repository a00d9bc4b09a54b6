#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/engine/stream.h"
#include "core/metrics/series.h"

namespace shardscope {

/// Turns a stream's running counters into history: closes a bucket every 100 ms of simulated time
/// and rolls seconds and minutes up from it. Memory stays inside its budget: depth of a resolution
/// is what fits, never less than a minute of seconds. Copyable; copies share sealed blocks.
class Recorder {
public:
    Recorder(SimTime start, Bytes budget);

    /// Called at every multiple of 100 ms, after the slice that ends there. `ageMs`: largest
    /// iterator age per shard slot now (may be shorter than the shards: 0).
    void close(const Stream& stream, std::span<const std::int64_t> ageMs, double costProvisioned,
               double costOnDemand, SimTime end);

    [[nodiscard]] History history() const; ///< sealed blocks shared, open tails copied
    /// Rates over the last full second and minute; zero for unknown shards.
    struct Rates {
        ShardSample second; ///< sums of the last full second
        ShardSample minute; ///< sums of the last 60 full seconds (fewer at the start)
        int minuteSeconds = 0; ///< how many seconds `minute` covers
    };
    [[nodiscard]] Rates rates(ShardSlot shard) const;
    [[nodiscard]] StreamSample lastSecond() const;
    [[nodiscard]] double
    peakPercentOfLimit(ShardSlot shard) const; ///< largest second so far, offered
    [[nodiscard]] Bytes memory() const;

private:
    // State: the implementer's.
};

} // namespace shardscope
