#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/hash_key.h"
#include "core/engine/offer.h"
#include "core/engine/requests.h"

namespace shardscope {

/// What is known of a shard beside its hot line: lineage, life, reading. Cold.
struct Shard {
    ShardSlot slot;
    HashKeyRange range;
    ShardState state = ShardState::Open;
    std::optional<ShardSlot> parent, adjacentParent;
    std::vector<ShardSlot> children;
    bool changing = false; ///< a split or merge of it is under way
    SimTime openedAt;
    std::optional<SimTime> closedAt;

    // Reading, shared by all polling readers. Rules R1, R2, R3 (limits.h).
    SimTime readBytesFreeAt; ///< R1: what was read is paid off by then
    SimTime readCallsFullAt; ///< R2: GCRA on calls
    SimTime waitUntil; ///< R3: after a 10 MiB answer
    std::uint64_t outRecords = 0, outBytes = 0, readCalls = 0;
    std::uint64_t fanOutRecords = 0, fanOutBytes = 0; ///< pushed to subscriptions
    std::uint64_t refusedReadBytes = 0, refusedReadCalls = 0,
                  refusedReadWait = 0; ///< calls, rules R1, R2, R3
};

/// A read of one shard by position, without any text: what a simulated reader uses and GetRecords
/// is built on.
struct ReadAnswer {
    std::optional<Rule> refused; ///< R1, R2 or R3; then nothing else is set but `wouldPassAt`
    SimTime wouldPassAt;
    std::uint64_t first = 0; ///< position of the first record answered (after any trim)
    std::uint64_t next = 0; ///< where the next read goes on
    std::uint64_t bytes = 0; ///< data + keys of [first, next)
    std::uint64_t skippedByTrim
        = 0; ///< records between the position asked for and the horizon: lost to this reader
    std::int64_t millisBehindLatest = 0; ///< 0 = caught up
    std::int64_t newestArrivalMs = 0; ///< of the last record answered; 0 when none
    bool atEnd = false; ///< the shard is closed and `next` is its end: children may be read
};

} // namespace shardscope
