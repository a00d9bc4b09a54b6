#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/base/units.h"

namespace shardscope {

/// What is known of a log's segments: which places each holds, and where in the file. To find a
/// record there is one entry for each stretch of blocks of 64 KiB and more, so the smallest commits
/// cost no entry each.
class SegmentTable {
public:
    static constexpr std::uint64_t kStretchBytes = 64 << 10;

    /// A block that is durable.
    struct Block {
        std::uint64_t segment = 0; ///< first place of its segment
        std::uint64_t marker = 0; ///< of the segment
        std::uint64_t first = 0; ///< its own first place
        std::uint64_t end = 0; ///< one past its last
        std::int64_t newestMs = 0;
        std::uint64_t offset = 0; ///< in the file
        std::uint64_t fileEnd = 0; ///< where the block ends in the file
    };
    struct Segment {
        std::uint64_t first = 0, end = 0; ///< places
        std::uint64_t marker = 0;
        std::int64_t newestMs = 0;
        std::uint64_t bytes = 0; ///< of the file, as far as it is written

        friend bool operator==(const Segment&, const Segment&) = default;
    };
    /// Where to read for a place: a run of blocks.
    struct Stretch {
        std::uint64_t segment = 0, marker = 0;
        std::uint64_t from = 0, to = 0; ///< in the file
    };

    /// Blocks come in the order of their places; a segment begins with its first block.
    void add(const Block& block);
    /// The stretch that holds `place`, if a segment has it.
    [[nodiscard]] std::optional<Stretch> find(std::uint64_t place) const;

    [[nodiscard]] bool empty() const { return m_rows.empty(); }
    [[nodiscard]] std::size_t size() const { return m_rows.size(); }
    [[nodiscard]] const Segment& oldest() const { return m_rows.front().about; }
    [[nodiscard]] Bytes bytes() const { return m_bytes; } ///< of all files
    void dropOldest();

private:
    struct Mark {
        std::uint64_t first; ///< place
        std::uint64_t offset;
    };
    struct Row {
        Segment about;
        std::vector<Mark> marks;
    };
    std::deque<Row> m_rows;
    Bytes m_bytes = 0;
};

} // namespace shardscope
