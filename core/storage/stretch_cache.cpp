#include "core/storage/stretch_cache.h"

#include <algorithm>
#include <utility>

namespace shardscope {

std::string_view DecodedStretch::from(std::uint64_t place) const
{
    const auto after
        = std::upper_bound(runs.begin(), runs.end(), place,
                           [](std::uint64_t wanted, const Run& run) { return wanted < run.first; });
    if (after == runs.begin() || place >= std::prev(after)->end)
        return {};
    const Run& run = *std::prev(after);
    return {bytes.data() + run.at + (place - run.first), static_cast<std::size_t>(run.end - place)};
}

const DecodedStretch* StretchCache::find(const Key& key)
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const Entry& entry) { return entry.key == key; });
    if (found == m_entries.end())
        return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, found);
    return &m_entries.front().stretch;
}

const DecodedStretch& StretchCache::add(const Key& key, DecodedStretch stretch)
{
    m_bytes += static_cast<Bytes>(stretch.bytes.size());
    m_entries.push_front({key, std::move(stretch)});
    while (m_bytes > m_most && m_entries.size() > 1) {
        m_bytes -= static_cast<Bytes>(m_entries.back().stretch.bytes.size());
        m_entries.pop_back();
    }
    return m_entries.front().stretch;
}

void StretchCache::forget(std::uint64_t stream)
{
    m_entries.remove_if([&](const Entry& entry) {
        if (std::get<0>(entry.key) != stream)
            return false;
        m_bytes -= static_cast<Bytes>(entry.stretch.bytes.size());
        return true;
    });
}

} // namespace shardscope
