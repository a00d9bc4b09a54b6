#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/storage/block_cipher.h"
#include "core/storage/file_system.h"
#include "core/storage/log_chunk.h"
#include "core/storage/segment_table.h"
#include "core/storage/write_behind.h"

namespace shardscope {

/// Whole records of one log that lie together in memory.
struct LogPiece {
    std::shared_ptr<const LogChunk> chunk;
    std::uint64_t chunkFirst = 0; ///< place of the chunk's first byte
    std::uint64_t from = 0, to = 0; ///< places
    std::shared_ptr<const DataKey> key; ///< null: written plain

    [[nodiscard]] const char* bytes() const { return chunk->bytes() + (from - chunkFirst); }
};

/// Writes one log's segments. What is written is durable after sync(); when anything fails,
/// rollBack() forgets what was not, and it can be written again. A segment is durable as a whole,
/// its name included, before the next one is made: so behind a file there is never a hole in the
/// log that a power cut has left. Lives on the writer thread.
class LogWriter {
public:
    struct Options {
        FileSystem* files = nullptr;
        std::string folder; ///< of this log; is there
        std::uint64_t stream = 0;
        Bytes segmentBytes = 0; ///< a segment ends with the block that reaches it
        WriteBehind* disk = nullptr; ///< shared by the logs, which write one after the other
    };
    /// All before `durable` is on disk.
    LogWriter(Options options, std::uint64_t durable);
    ~LogWriter() { close(); }
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;

    /// Writes `pieces`, which follow each other; what is written already is passed over.
    [[nodiscard]] Result<void> write(std::span<const LogPiece> pieces);
    /// Makes it durable.
    [[nodiscard]] Result<void> sync();
    /// The blocks that sync() made durable; forgotten by the call.
    [[nodiscard]] std::vector<SegmentTable::Block> takeBlocks();
    /// After an error: as if nothing had been written since the last sync(). The place behind what
    /// is durable begins a new segment.
    void rollBack();
    /// Ends the segment that begins at `first`, if it is the one being written: its file will be
    /// removed. All of it must be durable.
    void forget(std::uint64_t first);
    /// Lets go of all files; what is not durable is cut off, with the room that was not used. On
    /// any thread, when no other call is under way.
    void close();

    [[nodiscard]] std::uint64_t durable() const { return m_durable; }

private:
    struct Segment {
        std::unique_ptr<File> file;
        std::string path;
        std::uint64_t first = 0; ///< place
        std::uint64_t marker = 0;
        std::uint64_t allocated = 0; ///< bytes asked for
        std::uint64_t end = 0; ///< bytes written or in the buffer
        std::uint64_t durableEnd = 0; ///< bytes; 0: begun since the last sync()
    };

    [[nodiscard]] Result<void> openSegment();
    [[nodiscard]] Result<void> endSegment();
    void abandon();
    [[nodiscard]] Result<void> clearLeftover();
    [[nodiscard]] Result<void> writePiece(const LogPiece& piece);
    [[nodiscard]] Result<std::uint64_t> writeBlock(const LogPiece& piece, std::uint64_t from);
    [[nodiscard]] Result<void> makeRoom(std::size_t bytes);
    [[nodiscard]] Result<void> reserve(std::uint64_t end);
    [[nodiscard]] Result<void> flush();
    void resumeBuffer();
    [[nodiscard]] BlockCipher& cipher(const std::shared_ptr<const DataKey>& key);

    Options m_options;
    std::uint64_t m_durable; ///< place
    std::uint64_t m_next; ///< place
    std::optional<Segment> m_segment;
    std::string m_leftover; ///< file of a failed commit, to be removed
    bool m_namesChanged = false; ///< since the last sync()
    std::vector<SegmentTable::Block> m_blocks;
    std::size_t m_durableBlocks = 0; ///< of them, from the first on
    std::optional<BlockCipher> m_cipher;

    // While write() runs, the buffer holds the file from the page in which the last write ended.
    std::uint64_t m_bufferOffset = 0; ///< in the file
    std::size_t m_fill = 0;
    std::array<char, kDiskPage> m_tail {}; ///< between two writes: that page
};

} // namespace shardscope
