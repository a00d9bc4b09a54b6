#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/base/hash_key.h"
#include "core/base/strong_id.h"

/// How on-demand capacity follows traffic: decides, the stream acts. The published behaviour fixes
/// the outline, the figures in between are inferred: SCALE 4.1 says which.
namespace shardscope {

struct OnDemandModel {
    double splitAbove = 0.5; ///< of a shard's limit, bytes or records, over one minute
    double headRoom = 2; ///< capacity kept: this many times the 30-day peak
    std::int64_t shardsLeast = 4; ///< floor
    std::int64_t shardsMost = 10'240; ///< ceiling
    int hotSplitsMost = 3; ///< splits in a row that leave nearly all load on one side
    double hotShare = 0.9; ///< "nearly all": of both children's load
    double mergeBelow = 0.25; ///< combined load of two neighbours that may be merged
};

/// One open shard after a minute. Load 1.0 is a shard's full limit, the larger of bytes and
/// records.
struct ShardLoad {
    ShardSlot slot;
    HashKeyRange range;
    double load = 0;
    bool changing = false; ///< its split or merge is already under way
    int hotSplits = 0; ///< as of now
    bool advised = false;
};

struct OnDemandObservation {
    std::span<const ShardLoad> open; ///< ascending by range
    std::int64_t openSoon = 0; ///< open shards once what is under way is done
    double peak30d = 0; ///< of the stream's load, in shards
    std::optional<std::int64_t> warmMiBps;
    bool mayMerge = false;
};

struct OnDemandDecision {
    std::vector<ShardSlot> split; ///< each in its middle, ascending by range
    std::vector<std::pair<ShardSlot, ShardSlot>> merge; ///< lower, upper
    std::vector<ShardSlot> hotKey; ///< splitting them again would not help: advice is due
    std::int64_t needed = 0;
};

/// max(floor, head-room × peak, warm throughput), at most the ceiling.
[[nodiscard]] std::int64_t shardsNeededFor(double peak30d, std::optional<std::int64_t> warmMiBps,
                                           const OnDemandModel& model);
/// What a scale-down call of an Advantage account leaves: the larger of the request and what the
/// last hour's peak needs at the split threshold.
[[nodiscard]] std::int64_t shardsAfterScaleDown(std::int64_t warmMiBps, double peakLastHour,
                                                const OnDemandModel& model);
/// What to begin after a minute.
[[nodiscard]] OnDemandDecision decide(const OnDemandObservation& seen, const OnDemandModel& model);

} // namespace shardscope
