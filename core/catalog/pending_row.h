#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/engine/pending.h"

namespace shardscope {

/// A pending change as a table's row: what its kind does not need is left out.
struct PendingRow {
    SimTime due;
    std::string kind; ///< a word each, see pending_row.cpp
    std::optional<StreamMode> mode;
    std::optional<std::int64_t> number; ///< MiB/s, KiB or shards, as the kind has it
    std::optional<EncryptionType> encryption;
    std::optional<std::string> text; ///< a key's or a consumer's name
    std::optional<ReshardStep::Kind> step;
    std::optional<ShardSlot> shard, upper;
    std::optional<HashKey> cut;
    std::optional<std::int64_t> level;
    std::optional<ReshardCause> cause;
    friend bool operator==(const PendingRow&, const PendingRow&) = default;
};

[[nodiscard]] PendingRow toRow(SimTime due, const Change& change);
/// None when the row is of no known kind or lacks something.
[[nodiscard]] std::optional<Change> fromRow(const PendingRow& row);

} // namespace shardscope
