#include "core/engine/shard_map.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/base/check.h"

namespace shardscope {

ShardMap::ShardMap(std::vector<Entry> open)
    : m_open(std::move(open))
{
    SHARDSCOPE_CHECK(!m_open.empty());
    SHARDSCOPE_CHECK(m_open.front().range.start == HashKey {});
    SHARDSCOPE_CHECK(m_open.back().range.end == HashKey::max());
    for (std::size_t i = 0; i < m_open.size(); ++i) {
        const HashKeyRange& range = m_open[i].range;
        SHARDSCOPE_CHECK(range.start <= range.end);
        SHARDSCOPE_CHECK(i == 0 || m_open[i - 1].range.end.value + 1 == range.start.value);
        m_endHigh.push_back(range.end.high());
        m_endLow.push_back(range.end.low());
        m_slots.push_back(m_open[i].slot.value);
    }
    // At least two table entries a range, so that on even ranges one step corrects any guess.
    const int bits = std::max(1, static_cast<int>(std::bit_width(2 * m_open.size() - 1)));
    m_shift = 64 - bits;
    const std::size_t parts = std::size_t {1} << bits;
    m_first.reserve(parts + 1);
    std::uint32_t entry = 0;
    for (std::size_t part = 0; part < parts; ++part) {
        const HashKey start = HashKey::fromWords(std::uint64_t {part} << m_shift, 0);
        while (m_open[entry].range.end < start)
            ++entry;
        m_first.push_back(entry);
    }
    m_first.push_back(static_cast<std::uint32_t>(m_open.size() - 1));
}

std::uint32_t ShardMap::search(std::uint32_t guess, std::uint64_t high, std::uint64_t low) const
{
    // The entry lies between the guess and the first entry of the next part.
    std::uint32_t last = m_first[(high >> m_shift) + 1];
    const U128 key = HashKey::fromWords(high, low).value;
    while (guess < last) {
        const std::uint32_t middle = guess + (last - guess) / 2;
        if (HashKey::fromWords(m_endHigh[middle], m_endLow[middle]).value < key)
            guess = middle + 1;
        else
            last = middle;
    }
    return guess;
}

inline std::uint32_t ShardMap::entryOf(std::uint64_t high, std::uint64_t low) const
{
    std::uint32_t entry = m_first[high >> m_shift];
    entry += m_endHigh[entry] < high ? 1U : 0U;
    if (m_endHigh[entry] <= high) [[unlikely]]
        entry = search(entry, high, low);
    return entry;
}

ShardSlot ShardMap::route(HashKey key) const
{
    return ShardSlot {m_slots[entryOf(key.high(), key.low())]};
}

void ShardMap::route(std::span<const std::uint64_t> high, std::span<const std::uint64_t> low,
                     std::uint32_t* slot) const
{
    SHARDSCOPE_CHECK(high.size() == low.size());
    for (std::size_t i = 0; i < high.size(); ++i)
        slot[i] = m_slots[entryOf(high[i], low[i])];
}

} // namespace shardscope
