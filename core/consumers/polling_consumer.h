#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/rng.h"
#include "core/consumers/consumer_spec.h"
#include "core/consumers/order_check.h"
#include "core/engine/stream.h"

namespace shardscope {

/// A reader with custom code: one GetRecords loop per shard at its rate, a processing rate, and
/// lineage followed: a child is read only when all its parents are read to their ends. Copyable.
///
/// A refused call is tried again as the SDKs do in their standard mode: up to three tries, waiting
/// a random part of one second, then of two (facts/clients.md 1); then the loop goes on at its
/// pace. A step is up to a tenth longer or shorter than the pace says, as calls and computers are,
/// so that no two readers of one pace stay in one order for good.
///
/// From TRIM_HORIZON it begins with the oldest shards kept; from LATEST with the shards open at its
/// start, at their tips, and their descendants from the beginning. A call made in a slice stands at
/// the slice's last tick, so that it may read all that was admitted.
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
        std::int64_t ageMs = 0; ///< age of its oldest unread record; 0 when there is none
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
    enum class Progress : std::uint8_t { Waiting, Reading, Finished };
    struct Reader {
        Progress progress = Progress::Waiting;
        std::uint64_t next = 0;
        int refusedInARow = 0; ///< tries of the call under way that were refused
    };
    struct Due {
        std::int64_t us = 0;
        ShardSlot shard;
    };
    void begin(const Stream& stream);
    void discover(const Stream& stream, SimTime now);
    void startIfParentsAreRead(const Stream& stream, ShardSlot shard, SimTime now);
    void read(ShardSlot shard, std::int64_t dueUs, SimTime now, Stream& stream);
    void checkOrder(const Stream& stream, ShardSlot shard, std::uint64_t from, std::uint64_t to);
    void schedule(std::int64_t us, ShardSlot shard);
    [[nodiscard]] std::int64_t periodUs() const;
    [[nodiscard]] std::int64_t stepUs() const;
    [[nodiscard]] std::int64_t backOffUs(Reader& reader) const;

    ConsumerSlot m_slot;
    ConsumerSpec m_spec;
    CounterRng m_phase, m_backOff, m_drift;
    SimTime m_start;
    bool m_begun = false;
    std::vector<Reader> m_readers; ///< by shard slot
    std::vector<Due> m_due; ///< a heap, earliest first
    Counts m_counts;
    OrderCheck m_order;
};

} // namespace shardscope
