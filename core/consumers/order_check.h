#pragma once

#include <array>
#include <cstdint>

#include "core/base/strong_id.h"
#include "core/storage/record_meta.h"

namespace shardscope {

/// Watches that records of one key are read in the order in which they were taken, wherever splits
/// and merges put them. A cache of the last arrival of up to 512 keys, indexed by hash; a key that
/// finds its place taken by another takes it over, so memory is fixed and a mistake can only be
/// missed, never invented.
class OrderCheck {
public:
    /// Notes a record that was read. False when an earlier arrival comes after a later one, or when
    /// within one shard a position comes twice.
    [[nodiscard]] bool note(ShardSlot shard, std::uint64_t position, const RecordMeta& meta);
    /// The shard is read again from an earlier place: what was seen of it counts no more.
    void forget(ShardSlot shard);
    [[nodiscard]] std::uint64_t digest() const;

private:
    static constexpr std::size_t kKeys = 512;
    struct Seen {
        std::uint64_t hashHigh = 0, position = 0;
        std::int64_t arrivalMs = INT64_MIN;
        ShardSlot shard;
    };
    std::array<Seen, kKeys> m_seen;
};

} // namespace shardscope
