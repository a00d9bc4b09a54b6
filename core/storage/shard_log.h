#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/storage/log_block.h"
#include "core/storage/record_meta.h"

namespace shardscope {

/// One shard's records in order of arrival, in memory: append at the end, read from a position,
/// trim from the front. A record's position is its sequence counter minus one and never changes.
/// Records arrive with times that never go back. Copies share all blocks; a copy that appends first
/// makes a copy of the newest one, the original goes on writing it.
class alignas(64) ShardLog {
public:
    static constexpr std::size_t kBlockRecords = LogBlock::kRecords; ///< 4 KiB of metadata

    ShardLog() = default;
    ShardLog(const ShardLog& other);
    ShardLog(ShardLog&& other) noexcept { swap(other); }
    ShardLog& operator=(const ShardLog& other);
    ShardLog& operator=(ShardLog&& other) noexcept;
    ~ShardLog();
    void swap(ShardLog& other) noexcept;

    [[nodiscard]] std::uint64_t begin() const { return m_begin; } ///< of the oldest record kept
    [[nodiscard]] std::uint64_t end() const { return m_end; } ///< one past the newest
    [[nodiscard]] bool empty() const { return begin() == end(); }

    /// The first record will have this position. Only before anything was appended.
    void startAt(std::uint64_t position);
    void append(const RecordMeta& meta)
    {
        if (m_write == nullptr || m_end % kBlockRecords == 0) [[unlikely]]
            openBlock();
        // One by one, from registers: copied as a whole, the record would first be put together in
        // memory, and reading it back at once makes the processor wait.
        m_write->source = meta.source;
        m_write->hashHigh = meta.hashHigh;
        m_write->arrivalMs = meta.arrivalMs;
        m_write->bytes = meta.bytes;
        m_write->keyBytes = meta.keyBytes;
        m_write->userRecords = meta.userRecords;
        ++m_write;
        // Where the record after next will lie: by this shard's next turn it has come.
        __builtin_prefetch(m_write + 1, 1);
        ++m_end;
        m_bytes += meta.bytes;
    }
    /// Brings the place of the next record into the processor's cache.
    void prefetch() const { __builtin_prefetch(m_write, 1); }

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

    /// A block that is full: when its newest record arrived, and how many of its records are kept.
    struct FullBlock {
        std::int64_t newestMs = 0;
        std::uint64_t records = 0;
    };
    /// Appends what trimBlocksBefore() could drop, oldest first; only blocks whose newest record
    /// arrived at `untilMs` or before.
    void listFullBlocks(std::vector<FullBlock>& out, std::int64_t untilMs) const;

    /// Data + keys of the records kept.
    [[nodiscard]] std::uint64_t bytesStored() const { return m_bytes - m_trimmedBytes; }
    [[nodiscard]] std::size_t memory() const; ///< of the blocks held, shared ones counted whole

private:
    void openBlock();
    Trimmed trimTo(std::uint64_t position, std::uint64_t bytesBefore);
    /// Number of m_blocks[0] when blocks are counted from position 0.
    [[nodiscard]] std::uint64_t firstBlock() const;
    [[nodiscard]] LogBlock* blockOf(std::uint64_t position) const;
    [[nodiscard]] const RecordMeta& at(std::uint64_t position) const;

    // Appending touches this one cache line and the record's place.
    RecordMeta* m_write = nullptr; ///< none in a copy that has not appended yet
    std::uint64_t m_end = 0;
    std::uint64_t m_bytes = 0; ///< of all records ever appended
    std::uint64_t m_begin = 0;
    std::uint64_t m_trimmedBytes = 0; ///< of the records before m_begin
    /// The last one holds the newest record; null where trimmed, swept up now and then.
    std::vector<LogBlock*> m_blocks;
};
static_assert(sizeof(ShardLog) == 64);

} // namespace shardscope
