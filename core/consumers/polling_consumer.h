#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/consumers/consumer_spec.h"
#include "core/engine/stream.h"

namespace shardscope {

/// A reader with custom code: one GetRecords loop per shard at its rate, a processing rate, and
/// lineage followed: a child is read only when all its parents are read to their ends. Copyable.
class PollingConsumer {
public:
    PollingConsumer(ConsumerSlot slot, ConsumerSpec spec, std::uint64_t seed, SimTime runStart);

    [[nodiscard]] ConsumerSlot slot() const;
    [[nodiscard]] const ConsumerSpec& spec() const;
    void change(const ConsumerSpec& spec, SimTime now);
    void setPaused(bool paused, SimTime now);

    /// Makes every call that is due in [sliceStart, sliceStart + kSlice), after the slice's records
    /// were admitted. Cost follows the calls due, not the shards.
    void step(SimTime sliceStart, Stream& stream);

    struct ShardPosition {
        ShardSlot shard;
        std::uint64_t next = 0; ///< position of the next record
        std::int64_t ageMs = 0; ///< iterator age after its last read, growing while it waits
    };
    [[nodiscard]] std::vector<ShardPosition> reading(const Stream& stream, SimTime now) const;
    [[nodiscard]] std::vector<ShardSlot> waitingForParents() const;

    struct Counts {
        std::int64_t records = 0, calls = 0, refusedCalls = 0, lostRecords = 0;
        Bytes bytes = 0;
        std::int64_t maxAgeMs = 0;
        /// Records of one key seen out of order across reshards: always 0, checked as an invariant.
        std::int64_t orderViolations = 0;
    };
    [[nodiscard]] const Counts& counts() const;
    /// Stored and not yet read, over all shards it has not finished.
    [[nodiscard]] std::int64_t lagRecords(const Stream& stream) const;
    /// Age of its oldest unread record; 0 when caught up.
    [[nodiscard]] std::int64_t ageMs(const Stream& stream, SimTime now) const;
    [[nodiscard]] std::uint64_t digest() const;

private:
    // State: the implementer's.
};

} // namespace shardscope
