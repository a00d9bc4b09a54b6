#pragma once

#include <cstdint>
#include <vector>

#include "core/base/strong_id.h"
#include "core/clock/sim_time.h"
#include "core/consumers/aggregate_opener.h"

namespace shardscope {

/// What a KCL application shows of its lease table.
struct KclState {
    static constexpr int kNobody = -1;

    struct WorkerRow {
        bool up = true;
        bool leader = false; ///< 3.x
        std::int64_t leases = 0; ///< that name it as their owner
        double kibPerSecond = 0; ///< of the leases it works on
    };
    struct LeaseRow {
        ShardSlot shard;
        int owner = kNobody; ///< place in `workers`
        int worker = kNobody; ///< who works on it now; the owner, but for the time of a move
        std::uint64_t counter = 0; ///< leaseCounter
        std::int64_t sinceCheckpoint = 0; ///< records processed and not yet checkpointed
        double kibPerSecond = 0;
        bool ended = false; ///< at SHARD_END
        bool waitsForParents = false;
    };
    /// A lease that went to another worker.
    struct Move {
        enum class Why { Taken, Expired, Stolen, HandedOver };
        SimTime at;
        ShardSlot shard;
        int from = kNobody, to = kNobody;
        Why why = Why::Taken;
    };
    std::vector<WorkerRow> workers; ///< "worker-1" is the first
    std::vector<LeaseRow> leases; ///< by shard
    std::vector<Move> moves; ///< the newest, ascending
    std::int64_t taken = 0, expired = 0, stolen = 0, handedOver = 0; ///< moves so far
    AggregatesOpened opened; ///< what was processed, KPL aggregates opened
    std::int64_t longestGapMs = 0; ///< longest time that nobody worked on a lease after a crash
};
[[nodiscard]] const char* whyText(KclState::Move::Why why); ///< `taken`, `expired`, …

} // namespace shardscope
