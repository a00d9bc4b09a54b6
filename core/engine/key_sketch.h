#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/base/budgets.h"

namespace shardscope {

/// The hottest keys of one shard by offered bytes: Space-Saving with a fixed number of entries. Any
/// key above total/entries is certainly in it; a count is too high by at most `overcount`. Halved
/// once a minute of simulated time so that it follows the traffic.
class KeySketch {
public:
    struct Entry {
        std::uint64_t hashHigh = 0; ///< upper half of the hash key: identifies the key
        std::uint64_t source
            = 0; ///< as RecordMeta::source, of one record with this key: its text can be made again
        std::uint64_t bytes = 0;
        std::uint64_t overcount = 0;
    };

    void add(std::uint64_t hashHigh, std::uint64_t source, std::uint64_t bytes);
    void halve();
    [[nodiscard]] std::span<const Entry> entries() const { return {m_entries.data(), m_used}; }
    [[nodiscard]] std::uint64_t total() const { return m_total; }

private:
    std::array<Entry, budgets::kTopKeysPerShard> m_entries {};
    std::size_t m_used = 0;
    std::uint64_t m_total = 0;
};

} // namespace shardscope
