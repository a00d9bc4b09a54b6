#pragma once

#include <cstdint>

#include "core/base/strong_id.h"
#include "core/clock/sim_time.h"

namespace shardscope {

class Service;
class Stream;

/// Opens aggregates of the Kinesis Producer Library as the Kinesis Client Library does: what has no
/// fitting magic and checksum is one record, and an aggregate of which any user record belongs to
/// another shard by its hash is passed over whole (facts/clients.md 3.5).
struct AggregatesOpened {
    std::int64_t userRecords = 0; ///< handed on; records that are no aggregates count once
    std::int64_t droppedAggregates = 0;
    std::int64_t droppedUserRecords = 0; ///< inside of those
    AggregatesOpened& operator+=(const AggregatesOpened& o);
};

/// Records [first, next) of a shard. Payloads are looked at only where an aggregate may be wrong:
/// of real records, and of simulated ones that arrived within kMapMayBeOld of a reshard.
[[nodiscard]] AggregatesOpened openAggregates(const Service& service, const Stream& stream,
                                              ShardSlot shard, std::uint64_t first,
                                              std::uint64_t next);

/// So long after a shard opened, a simulated KPL may still send what it had put together for the
/// parents: longer than its record TTL of 30 s and its buffering together (facts/clients.md 2.1).
inline constexpr SimDuration kMapMayBeOld = SimDuration::minutes(1);

} // namespace shardscope
