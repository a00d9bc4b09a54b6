#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/clock/sim_time.h"
#include "core/engine/requests.h"
#include "core/engine/resharding.h"

/// What a stream has begun and not finished. Every change takes effect at its due time, a multiple
/// of kSlice, so that no slice of records meets two shard maps.
namespace shardscope {

/// Who asked for a reshard: decides the events it leaves and whether the stream shows UPDATING.
enum class ReshardCause { Request, ShardCount, OnDemand, WarmThroughput };

namespace change {

struct Created { };
struct Deleted { };
struct ModeTaken {
    StreamMode mode {};
    std::optional<std::int64_t> warmMiBps; ///< begins to warm up then
};
struct RecordSizeTaken {
    std::int64_t kib = 0;
};
struct EncryptionTaken {
    EncryptionType type {};
    std::string keyId;
};
struct WarmTaken { };
struct Reshard {
    ReshardStep step;
    ReshardCause cause {};
};
/// The last step of a plan is done (at the same due time, after it).
struct PlanDone {
    ReshardCause cause {};
    std::int64_t shardsMore = 0; ///< open shards after it, less those before
    std::uint32_t firstNewSlot = 0; ///< on-demand rounds overlap: there only what opens now counts
};
struct ConsumerReady {
    std::string name;
};
struct ConsumerGone {
    std::string name;
};

} // namespace change

using Change
    = std::variant<change::Created, change::Deleted, change::ModeTaken, change::RecordSizeTaken,
                   change::EncryptionTaken, change::WarmTaken, change::Reshard, change::PlanDone,
                   change::ConsumerReady, change::ConsumerGone>;

/// By due time; equal times in the order in which they were begun.
using PendingChanges = std::multimap<SimTime, Change>;

/// The first slice boundary at or after `t`.
[[nodiscard]] constexpr SimTime onSlice(SimTime t)
{
    const std::int64_t slice = kSlice.inMicros();
    return SimTime::fromMicros((t.inMicros() + slice - 1) / slice * slice);
}

} // namespace shardscope
