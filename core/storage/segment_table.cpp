#include "core/storage/segment_table.h"

#include <algorithm>

namespace shardscope {

void SegmentTable::add(const Block& block)
{
    if (m_rows.empty() || m_rows.back().about.first != block.segment)
        m_rows.push_back({{block.segment, block.segment, block.marker, block.newestMs, 0}, {}});
    Row& row = m_rows.back();
    if (row.marks.empty() || block.offset - row.marks.back().offset >= kStretchBytes)
        row.marks.push_back({block.first, block.offset});
    row.about.end = block.end;
    row.about.newestMs = std::max(row.about.newestMs, block.newestMs);
    m_bytes += static_cast<Bytes>(block.fileEnd - row.about.bytes);
    row.about.bytes = block.fileEnd;
}

std::optional<SegmentTable::Stretch> SegmentTable::find(std::uint64_t place) const
{
    const auto row = std::upper_bound(
        m_rows.begin(), m_rows.end(), place,
        [](std::uint64_t wanted, const Row& r) { return wanted < r.about.first; });
    if (row == m_rows.begin() || place >= std::prev(row)->about.end)
        return {};
    const Segment& about = std::prev(row)->about;
    const std::vector<Mark>& marks = std::prev(row)->marks;
    const auto next = std::upper_bound(
        marks.begin(), marks.end(), place,
        [](std::uint64_t wanted, const Mark& mark) { return wanted < mark.first; });
    if (next == marks.begin())
        return {};
    return Stretch {about.first, about.marker, std::prev(next)->offset,
                    next == marks.end() ? about.bytes : next->offset};
}

void SegmentTable::dropOldest()
{
    m_bytes -= static_cast<Bytes>(m_rows.front().about.bytes);
    m_rows.pop_front();
}

} // namespace shardscope
