#pragma once

#include <QString>

#include "core/metrics/snapshot.h"

/// What a split or a merge would do to the load, from the last minute of key heat. Pure.
namespace shardscope::ui {

struct SplitPreview {
    HashKey at; ///< the right child begins here
    double leftPercent = 0, rightPercent = 0; ///< of a shard's limit
    QString sentence; ///< ready for the status line
};

/// `at` is bounded so that neither child is empty.
[[nodiscard]] SplitPreview predictSplit(const Snapshot& snapshot, const ShardRow& shard,
                                        HashKey at);
/// The key at which both children would be offered the same; the middle when nothing was offered.
[[nodiscard]] HashKey equalLoadKey(const Snapshot& snapshot, const ShardRow& shard);
/// The key `part` (0 … 1) of the way through the range, never its first.
[[nodiscard]] HashKey keyWithin(HashKeyRange range, double part);

struct MergePreview {
    bool possible = false;
    double percent = 0; ///< load of the merged shard, of its limit
    QString sentence; ///< the result, or why not
};
[[nodiscard]] MergePreview predictMerge(const Snapshot& snapshot, ShardSlot one, ShardSlot other);

} // namespace shardscope::ui
