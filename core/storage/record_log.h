#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/units.h"

namespace shardscope {

class LogChunk;
class LogFile;

/// What a log keeps of one record beside its key and data: enough to make the shard's metadata
/// again. In memory and on disk these 40 bytes (little endian) stand before key and data.
struct LogRecordHead {
    std::uint64_t position = 0; ///< in its shard: the sequence counter minus one
    std::int64_t arrivalMs = 0; ///< since 1970
    std::uint64_t hashHigh = 0; ///< upper half of the hash key
    std::uint32_t shard = 0; ///< slot
    std::uint32_t dataBytes = 0;
    std::uint16_t keyBytes = 0;
    std::uint16_t userRecords = 1; ///< inside an aggregate, else 1
    std::uint32_t flags = 0; ///< kEncrypted, kKeyless

    static constexpr std::uint32_t kEncrypted = 1; ///< arrived while the stream was encrypted
    static constexpr std::uint32_t kKeyless = 2; ///< AUTO distribution, no partition key given
};
static_assert(sizeof(LogRecordHead) == 40);

/// Most bytes of one record, head and key included: beyond the service's largest record (10 MiB),
/// and small enough that a length read from a damaged file cannot ask for all memory.
inline constexpr std::size_t kLogRecordBytesMost = std::size_t {16} << 20;

/// One stream's records with their payloads, all shards mixed, in order of arrival: an append-only
/// run of bytes. A record's *place* is where its head begins and never changes; RecordMeta names a
/// payload by it (48 bits). Records arrive with times that never go back.
///
/// The newest bytes lie in memory, in chunks. Without a file the log is memory alone and may be
/// copied: copies share all chunks and go their own ways (a run's forks). With a file (LogFile)
/// everything also goes to disk, chunks that are durable may leave memory, and reading fetches them
/// back; such a log is not copied.
class RecordLog {
public:
    RecordLog();
    RecordLog(const RecordLog&);
    RecordLog(RecordLog&&) noexcept;
    RecordLog& operator=(const RecordLog&);
    RecordLog& operator=(RecordLog&&) noexcept;
    ~RecordLog();
    void swap(RecordLog& other) noexcept;

    /// Where the next record will stand.
    [[nodiscard]] std::uint64_t end() const { return m_end; }
    /// Place of the oldest byte kept.
    [[nodiscard]] std::uint64_t begin() const;
    [[nodiscard]] bool empty() const { return begin() == end(); }

    /// Appends at end() and returns the place; the head's keyBytes and dataBytes are taken from
    /// `key` (below 64 KiB) and `data`; all in all at most kLogRecordBytesMost. One copy of the
    /// bytes, no allocation in the steady state.
    std::uint64_t append(const LogRecordHead& head, std::string_view key, std::string_view data);

    struct View {
        LogRecordHead head;
        std::string_view key, data; ///< valid until the next call of a non-const member or read()
    };
    /// `place` is one that append() returned or recovery found. False when it was trimmed, or lies
    /// in a damaged block of its file.
    [[nodiscard]] bool read(std::uint64_t place, View& out) const;

    /// Drops what arrived before `arrivalMs`, to the chunk (with a file: to the segment, memory
    /// to the chunk). A chunk is at most a quarter of what the log keeps, or one record.
    void trimBefore(std::int64_t arrivalMs);
    /// Memory held (shared chunks counted whole), and what trimBefore(arrivalMs) would leave of it.
    [[nodiscard]] Bytes memory() const;
    [[nodiscard]] Bytes memoryAfterTrim(std::int64_t arrivalMs) const;
    /// With a file: lets go of durable chunks, oldest first, until memory() <= `most`. Nothing is
    /// lost. Without one: does nothing.
    void shrinkTo(Bytes most);

    /// From now on the log is kept in `file` too (null: memory alone). Only on an empty log or on
    /// what `file` itself recovered.
    void keepIn(std::shared_ptr<LogFile> file);
    [[nodiscard]] const std::shared_ptr<LogFile>& file() const { return m_file; }

private:
    /// A chunk as this log knows it: its records end where the next piece begins, or at m_end.
    struct Piece {
        std::uint64_t first = 0; ///< place of its first byte
        std::int64_t newestMs = 0;
        std::shared_ptr<LogChunk> chunk;
    };

    void openChunk(std::size_t bytes);
    [[nodiscard]] std::size_t chunkSize(std::size_t bytes) const;
    /// How many pieces trimBefore(arrivalMs) drops.
    [[nodiscard]] std::size_t piecesBefore(std::int64_t arrivalMs) const;
    void dropPieces(std::size_t count);
    [[nodiscard]] std::uint64_t firstInMemory() const;

    char* m_write = nullptr; ///< where the next record goes; none in a copy that has not appended
    std::size_t m_room = 0; ///< bytes from there on
    std::uint64_t m_end = 0;
    std::vector<Piece> m_pieces; ///< in order, none empty
    Bytes m_memory = 0; ///< of their chunks
    std::shared_ptr<LogFile> m_file;
};

} // namespace shardscope
