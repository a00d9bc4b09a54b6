#pragma once

#include <cstdint>
#include <list>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/base/units.h"

namespace shardscope {

/// Records that were read back from disk, opened and checked: a stretch of blocks.
struct DecodedStretch {
    /// Places that follow each other; between two runs something is damaged or has no key.
    struct Run {
        std::uint64_t first = 0, end = 0; ///< places
        std::size_t at = 0; ///< in bytes
    };
    std::vector<char> bytes;
    std::vector<Run> runs;

    /// From `place` to the end of its run; empty when it is not there.
    [[nodiscard]] std::string_view from(std::uint64_t place) const;
};

/// The stretches read last, of all logs of a folder: readers go on where they stopped, and each
/// would otherwise open 64 KiB for every record.
class StretchCache {
public:
    /// The stretch that was read last stays, however large.
    explicit StretchCache(Bytes most)
        : m_most(most)
    {
    }
    /// Stream, segment, and where in the file the stretch begins and ends.
    using Key = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>;

    /// Null when it is not there. Valid until add() or forget().
    [[nodiscard]] const DecodedStretch* find(const Key& key);
    const DecodedStretch& add(const Key& key, DecodedStretch stretch);
    void forget(std::uint64_t stream);

private:
    struct Entry {
        Key key;
        DecodedStretch stretch;
    };
    std::list<Entry> m_entries; ///< last used first
    Bytes m_most;
    Bytes m_bytes = 0;
};

} // namespace shardscope
