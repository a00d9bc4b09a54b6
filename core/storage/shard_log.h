#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/storage/record_meta.h"

namespace shardscope {

/// One shard's records in order of arrival, in memory: append at the end, read from a position,
/// trim from the front. A record's position is its sequence counter minus one and never changes.
/// Copies share all full blocks; the newest block is copied when either side next appends.
class ShardLog {
public:
    static constexpr std::size_t kBlockRecords = 128; ///< 4 KiB of metadata

    [[nodiscard]] std::uint64_t begin() const; ///< position of the oldest record kept
    [[nodiscard]] std::uint64_t end() const; ///< one past the newest
    [[nodiscard]] bool empty() const { return begin() == end(); }

    void append(const RecordMeta& meta);
    /// The longest run of records that lie together from `position` on; empty at the end.
    /// begin() <= position <= end().
    [[nodiscard]] std::span<const RecordMeta> from(std::uint64_t position) const;
    /// Position of the first record that arrived at or after `arrivalMs`.
    [[nodiscard]] std::uint64_t firstAt(std::int64_t arrivalMs) const;

    /// What trimming took.
    struct Trimmed {
        std::uint64_t records = 0;
        std::uint64_t bytes = 0;
    };
    /// Drops records that arrived before `arrivalMs`, to the record.
    Trimmed trimBefore(std::int64_t arrivalMs);
    /// Drops only whole blocks whose newest record arrived before `arrivalMs`: for the memory
    /// budget.
    Trimmed trimBlocksBefore(std::int64_t arrivalMs);

    [[nodiscard]] std::uint64_t bytesStored() const; ///< data + keys of the records kept
    [[nodiscard]] std::size_t memory() const; ///< of the blocks held, shared ones counted whole

private:
    struct Block;
    std::vector<std::shared_ptr<Block>> m_blocks; // the implementer may choose better
};

} // namespace shardscope
