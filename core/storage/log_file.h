#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "core/storage/data_key.h"
#include "core/storage/log_recovery.h"
#include "core/storage/log_writer.h"
#include "core/storage/record_log.h"
#include "core/storage/segment_table.h"
#include "core/storage/stretch_cache.h"

namespace shardscope {

class LogCommitter;

/// What the logs of a folder share on the engine thread.
struct LogDesk {
    FileSystem* files = nullptr;
    LogCommitter* committer = nullptr; ///< null once the folder is closed
    std::vector<std::shared_ptr<LogFile>> touched; ///< appended to since the last commit
    StretchCache stretches {16_MiB};
};

/// One stream's segment files: the disk half of a RecordLog. Made by LogFolder only; belongs to the
/// engine thread, but for the members that say otherwise.
class LogFile : public std::enable_shared_from_this<LogFile> {
public:
    struct Options {
        std::shared_ptr<LogDesk> desk;
        LogWriter::Options writer;
        SegmentTable table; ///< what recovery found
        std::uint64_t end = 0; ///< place of the next record; all before it is durable
        BlockKeys keys {nullptr};
    };
    explicit LogFile(Options options);

    /// Blocks written from now on are encrypted with `key` (null: plain). What was written stays as
    /// it is. Called between two appends.
    void encryptWith(std::shared_ptr<const DataKey> key);
    [[nodiscard]] Bytes bytesOnDisk() const;
    [[nodiscard]] std::int64_t segments() const;

    // For the RecordLog that it belongs to.

    /// Takes the record at [from, to) of `chunk`, which begins at `chunkFirst`.
    void append(const std::shared_ptr<LogChunk>& chunk, std::uint64_t chunkFirst,
                std::uint64_t from, std::uint64_t to);
    /// All before this place is on disk for good.
    [[nodiscard]] std::uint64_t durable() const
    {
        return m_durable.load(std::memory_order_acquire);
    }
    /// Place of the oldest byte on disk; durable() when there is none.
    [[nodiscard]] std::uint64_t begin() const;
    /// Place of the next record.
    [[nodiscard]] std::uint64_t end() const { return m_end; }
    /// Reads a durable record back. The view lasts until the next call for any log of the folder.
    [[nodiscard]] bool read(std::uint64_t place, RecordLog::View& out);
    /// Drops whole segments whose newest record arrived before `arrivalMs`.
    void trimBefore(std::int64_t arrivalMs);

    // For the committer.

    /// Engine thread: hands over what was appended since the last call.
    void publish();
    /// Writer thread: writes what was handed over and is not durable yet; then makes it so.
    [[nodiscard]] Result<void> write();
    [[nodiscard]] Result<void> sync();
    void rollBack();
    /// Writer thread: removes all files and the folder; nothing is written any more.
    void remove();
    /// Engine thread, once there is no writer thread any more: lets go of all files.
    void close() { m_writer.close(); }

private:
    [[nodiscard]] const DecodedStretch* stretchOf(std::uint64_t place);
    [[nodiscard]] bool load(const SegmentTable::Stretch& where, DecodedStretch& stretch);
    void removeOld(const std::vector<std::uint64_t>& segments);
    [[nodiscard]] std::string pathOf(std::uint64_t segment) const;

    // The engine's.
    const std::shared_ptr<LogDesk> m_desk;
    const std::string m_folder;
    const std::uint64_t m_stream;
    BlockKeys m_keys;
    std::shared_ptr<const DataKey> m_key;
    std::vector<LogPiece> m_unpublished;
    std::uint64_t m_end;
    struct {
        std::uint64_t segment = 0;
        std::unique_ptr<File> file;
    } m_reading; ///< the segment read last

    std::atomic<std::uint64_t> m_durable;

    mutable std::mutex m_mutex;
    std::vector<LogPiece> m_published; ///< by m_mutex
    SegmentTable m_table; ///< by m_mutex

    // The writer's.
    std::vector<LogPiece> m_pieces; ///< not durable yet
    std::deque<std::uint64_t> m_old; ///< segments to remove, oldest first
    bool m_removed = false;
    LogWriter m_writer;
};

} // namespace shardscope
