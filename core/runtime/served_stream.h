#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/engine/stream.h"
#include "core/metrics/recorder.h"

namespace shardscope {

/// What is measured of one stream of a local service.
class ServedStream {
public:
    ServedStream(Stream& stream, SimTime now);

    [[nodiscard]] const Stream& stream() const { return *m_stream; }
    [[nodiscard]] SimTime busyAt() const { return m_busyAt; } ///< when a counter last moved
    [[nodiscard]] bool hasHistory() const { return m_recorder != nullptr; }
    /// Whether its history goes on: records moved within the last minute, or it is `watched`.
    [[nodiscard]] bool keepsHistory(SimTime now, bool watched) const;

    /// Looks at the counters; true when they have moved since the last time.
    [[nodiscard]] bool moved(SimTime now);
    /// Begins its history, or gives it another share of memory.
    void allot(Bytes budget, SimTime now);
    void dropHistory() { m_recorder.reset(); }
    /// Closes the bucket that ends at `end`. There is a history.
    void closeBucket(SimTime end);
    /// Somebody read `shard` at `now` up to a record of this age; 0: up to the tip.
    void noteAge(ShardSlot shard, std::int64_t ageMs, SimTime now);

    /// The last full second; zero when nothing moves.
    [[nodiscard]] StreamSample lastSecond(SimTime now) const;
    /// Of its open shards in the last full second.
    [[nodiscard]] double hottestPercentOfLimit(SimTime now) const;
    [[nodiscard]] std::int64_t ageMs(SimTime now) const;

private:
    struct Age {
        SimTime at;
        std::int64_t ms = 0;
    };
    [[nodiscard]] bool quiet(SimTime now) const;

    Stream* m_stream;
    std::uint64_t m_counted = 0; ///< sum of all counters when last looked at
    SimTime m_busyAt;
    std::unique_ptr<Recorder> m_recorder;
    std::vector<Age> m_ages; ///< by shard slot, of the newest read
    std::vector<std::int64_t> m_agesMs; ///< scratch of closeBucket
};

} // namespace shardscope
