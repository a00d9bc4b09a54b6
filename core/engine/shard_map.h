#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/hash_key.h"
#include "core/base/strong_id.h"

namespace shardscope {

/// Which open shard holds a hash key. Immutable once built; a reshard builds a new one, O(shards).
/// A table over the top bits gives a first guess, one compare on the upper 64 bits corrects it, and
/// the exact 128-bit compare decides only where the upper halves are equal.
class ShardMap {
public:
    struct Entry {
        HashKeyRange range;
        ShardSlot slot;
    };
    ShardMap() = default;
    /// `open`: ascending by range, tiling the whole space without gap or overlap (checked).
    explicit ShardMap(std::vector<Entry> open);

    [[nodiscard]] ShardSlot route(HashKey key) const;
    /// Many at once: slot[i] becomes the shard of key i.
    void route(std::span<const std::uint64_t> high, std::span<const std::uint64_t> low,
               std::uint32_t* slot) const;

    [[nodiscard]] std::span<const Entry> open() const { return m_open; }
    [[nodiscard]] std::size_t size() const { return m_open.size(); }

private:
    [[nodiscard]] std::uint32_t entryOf(std::uint64_t high, std::uint64_t low) const;
    [[nodiscard]] std::uint32_t search(std::uint32_t guess, std::uint64_t high,
                                       std::uint64_t low) const;

    std::vector<Entry> m_open;
    // The entries' columns, and for each even part of the space the entry in which it begins.
    std::vector<std::uint64_t> m_endHigh;
    std::vector<std::uint64_t> m_endLow;
    std::vector<std::uint32_t> m_slots;
    std::vector<std::uint32_t> m_first;
    int m_shift = 63; ///< from a key's upper half to its part
};

} // namespace shardscope
