#pragma once

#include <cstdint>

#include "core/clock/sim_time.h"

namespace shardscope {

/// A Kinesis Client Library application: its version's timings and what people set. Sources:
/// facts/clients.md 3.
struct KclSpec {
    /// How workers come to their leases: 1.x and 2.x take and steal each for himself; in 3.x a
    /// leader assigns by throughput.
    enum class Version { V1, V2, V3 };
    enum class Retrieval {
        VersionDefault, ///< polling in 1.x, fan-out since
        Polling,
        FanOut
    };
    Version version = Version::V3;
    Retrieval retrieval = Retrieval::VersionDefault;
    std::int64_t workers = 3; ///< 1 … 1,000
    SimDuration failover = SimDuration::seconds(10); ///< failoverTimeMillis
    /// idleTimeBetweenReadsInMillis when polling; none: 1,000 ms in 1.x, 1,500 ms since.
    SimDuration idleBetweenReads;
    std::int64_t recordsPerCall = 10'000; ///< maxRecords
    /// The application checkpoints so long after the last time, with the records it has just got;
    /// none: with every batch.
    SimDuration checkpointEvery = SimDuration::seconds(60);
    std::int64_t leasesToSteal = 1; ///< maxLeasesToStealAtOneTime, 1.x and 2.x
    bool gracefulHandoff = true; ///< 3.x

    [[nodiscard]] bool fanOut() const
    {
        return retrieval == Retrieval::FanOut
            || (retrieval == Retrieval::VersionDefault && version != Version::V1);
    }
    friend bool operator==(const KclSpec&, const KclSpec&) = default;
};

} // namespace shardscope
