#pragma once

#include "core/engine/shard.h"

/// Rules R1 to R3: what polling readers share of one shard.
namespace shardscope {

/// What a shard says to a GetRecords call before it looks for records.
struct ReadVerdict {
    std::optional<Rule> refused;
    SimTime wouldPassAt; ///< when refused: the rule named is the one that passes last
};

/// Asks all three rules at `now`; a call that passes has cost one of five calls a second. A refused
/// call costs nothing but is counted in the shard.
[[nodiscard]] ReadVerdict askToRead(Shard& shard, SimTime now);

/// Books an answer of `bytes`. `full`: it was ended by the 10 MiB limit, so rule R3 sets in.
void bookAnswer(Shard& shard, Bytes bytes, bool full, SimTime now);

} // namespace shardscope
