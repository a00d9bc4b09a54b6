#include "core/consumers/query_watermark.h"

#include <algorithm>

#include "core/base/rng.h"

namespace shardscope {

void WatermarkTracker::open(std::uint32_t input, std::int64_t nowMs)
{
    if (m_inputs.size() <= input)
        m_inputs.resize(input + 1);
    Input& row = m_inputs[input];
    row.open = true;
    row.idle = false;
    row.activeMs = nowMs;
}

void WatermarkTracker::close(std::uint32_t input)
{
    if (input < m_inputs.size())
        m_inputs[input].open = false;
}

void WatermarkTracker::saw(std::uint32_t input, std::int64_t newestMs, std::int64_t nowMs)
{
    Input& row = m_inputs[input];
    row.newestMs = std::max(row.newestMs, newestMs);
    row.activeMs = nowMs;
    row.idle = false;
}

void WatermarkTracker::advance(std::int64_t nowMs)
{
    // A subtask without input that may not be idle waits for its first record for ever.
    bool held = m_without > 0 && m_idleMs == 0;
    bool any = false;
    std::int64_t least = INT64_MAX;
    for (std::uint32_t i = 0; i < m_inputs.size(); ++i) {
        Input& row = m_inputs[i];
        row.idle = row.open && m_idleMs > 0 && nowMs - row.activeMs >= m_idleMs;
        if (!row.open || row.idle)
            continue;
        any = true;
        held = held || row.newestMs == kNoWatermark;
        least = std::min(least, of(i));
    }
    if (any && !held)
        m_combined = std::max(m_combined, least);
}

std::int64_t WatermarkTracker::of(std::uint32_t input) const
{
    if (input >= m_inputs.size() || m_inputs[input].newestMs == kNoWatermark)
        return kNoWatermark;
    return m_inputs[input].newestMs - m_boundMs - 1;
}

bool WatermarkTracker::isOpen(std::uint32_t input) const
{
    return input < m_inputs.size() && m_inputs[input].open;
}

bool WatermarkTracker::isIdle(std::uint32_t input) const
{
    return input < m_inputs.size() && m_inputs[input].idle;
}

std::uint64_t WatermarkTracker::digest() const
{
    std::uint64_t h = mix64(static_cast<std::uint64_t>(m_combined));
    for (const Input& row : m_inputs)
        h = mix64(h ^ static_cast<std::uint64_t>(row.newestMs) ^ (row.open ? 1 : 0));
    return h;
}

} // namespace shardscope
