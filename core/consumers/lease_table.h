#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/rng.h"
#include "core/base/strong_id.h"
#include "core/clock/sim_time.h"
#include "core/consumers/kcl_state.h"

/// Who gets which lease: the rules of the KCL's versions as plain functions over the table.
/// Sources: facts/clients.md 3.1 to 3.3.
namespace shardscope {

/// One row of the lease table. A worker is named by its place in its application.
struct Lease {
    ShardSlot shard;
    int owner = KclState::kNobody; ///< leaseOwner
    std::uint64_t counter = 0; ///< leaseCounter: rises with every renewal
    SimTime movedAt; ///< when it last rose
    std::uint64_t checkpoint = 0; ///< position of the next record to process
    int checkpointOwner = KclState::kNobody; ///< 3.x: who must checkpoint before the owner begins
    double kibPerSecond = 0; ///< smoothed throughput
    bool ended = false; ///< checkpoint SHARD_END
    bool waitsForParents = false;

    /// Whether anybody may take it: free, or not renewed for so long.
    [[nodiscard]] bool expired(SimTime now, SimDuration failover) const
    {
        return owner == KclState::kNobody || now - movedAt > failover;
    }
};

/// What a worker of 1.x or 2.x takes in one run of its taker: places in `leases`. Its target is an
/// even share among the workers it sees; free and expired ones first, in random order; when there
/// are none it steals from the most loaded, up to `stealMost`.
[[nodiscard]] std::vector<std::size_t> planTakes(std::span<const Lease> leases, int worker,
                                                 SimTime now, SimDuration failover,
                                                 std::int64_t stealMost, CounterRng chance);

struct Assignment {
    std::size_t lease = 0; ///< place in the table
    int to = KclState::kNobody;
};
/// What the leader of 3.x assigns in one run: free and expired leases, the longest unmoved first,
/// each to the worker with the least throughput. `up`: by worker, whether it reports. With
/// `rebalance` leases of workers more than 10 % above the mean move to those below, 60 % of what is
/// above; the smallest first, at least one.
[[nodiscard]] std::vector<Assignment> planAssignments(std::span<const Lease> leases,
                                                      std::span<const bool> up, SimTime now,
                                                      SimDuration failover, bool rebalance);

} // namespace shardscope
