#include "core/engine/key_sketch.h"

#include <algorithm>

namespace shardscope {

void KeySketch::add(std::uint64_t hashHigh, std::uint64_t source, std::uint64_t bytes)
{
    m_total += bytes;
    std::size_t least = 0;
    for (std::size_t i = 0; i < m_used; ++i) {
        if (m_entries[i].hashHigh == hashHigh) {
            m_entries[i].bytes += bytes;
            return;
        }
        if (m_entries[i].bytes < m_entries[least].bytes)
            least = i;
    }
    if (m_used < m_entries.size()) {
        m_entries[m_used++] = {hashHigh, source, bytes, 0};
        return;
    }
    // The newcomer takes the place of the smallest and inherits its count as doubt.
    Entry& entry = m_entries[least];
    entry = {hashHigh, source, entry.bytes + bytes, entry.bytes};
}

void KeySketch::halve()
{
    m_total /= 2;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_used; ++i) {
        Entry entry = m_entries[i];
        entry.bytes /= 2;
        entry.overcount /= 2;
        if (entry.bytes != 0)
            m_entries[kept++] = entry;
    }
    m_used = kept;
}

} // namespace shardscope
