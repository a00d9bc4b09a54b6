#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/storage/file_system.h"
#include "core/storage/segment_format.h"

namespace shardscope {

/// Reads a file front to back, a large part at a time. A page that cannot be read is zeros: no sum
/// fits those.
class FileWindow {
public:
    FileWindow(File& file, std::uint64_t fileBytes, std::size_t partBytes);

    [[nodiscard]] std::uint64_t fileBytes() const { return m_fileBytes; }
    /// `bytes` from `offset` on, fewer at the end of the file. Valid until the next call.
    [[nodiscard]] std::span<const char> at(std::uint64_t offset, std::size_t bytes);
    /// The same, and what else has been read behind it.
    [[nodiscard]] std::span<const char> atLeast(std::uint64_t offset, std::size_t bytes);

private:
    void load(std::uint64_t offset, std::size_t bytes);

    File& m_file;
    std::uint64_t m_fileBytes;
    std::size_t m_partBytes;
    std::uint64_t m_offset = 0;
    std::size_t m_size = 0;
    std::vector<char> m_bytes;
};

/// Goes from block to block of one segment. Where no block begins, it looks for the next one.
class BlockWalk {
public:
    struct Block {
        BlockHead head; ///< sound
        std::uint64_t offset = 0; ///< in the file
        std::span<const char> body; ///< valid until the next call of next()
        bool bodySound = false;
    };

    /// Begins at `offset`, where a block should be.
    BlockWalk(FileWindow& window, std::uint64_t marker, std::uint64_t offset);

    /// The next block whose head is sound; none to the end of the file.
    [[nodiscard]] std::optional<Block> next();
    /// Where the block that next() gave last ends, or the walk began: when the following block does
    /// not begin here, something between is damaged.
    [[nodiscard]] std::uint64_t offset() const { return m_offset; }

private:
    [[nodiscard]] bool headAt(std::uint64_t offset, BlockHead& head);
    [[nodiscard]] std::optional<std::uint64_t> search(std::uint64_t offset, BlockHead& head);

    FileWindow& m_window;
    std::uint64_t m_marker;
    std::uint64_t m_offset;
};

} // namespace shardscope
