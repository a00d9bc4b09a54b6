#include "ui/view_state.h"

#include <algorithm>

namespace shardscope::ui {

namespace {

/// What a run shows of itself from its first moment on; the part that has not come yet is empty.
constexpr SimDuration kYoungestSpan = SimDuration::seconds(10);

} // namespace

TimeWindow ViewState::windowAt(SimTime now) const
{
    if (m_fixed)
        return *m_fixed;
    const SimTime from = m_runStart ? std::max(*m_runStart, now - m_span) : now - m_span;
    return {from, std::max(now, from + std::min(m_span, kYoungestSpan))};
}

void ViewState::setRunStart(SimTime start)
{
    if (start == m_runStart)
        return;
    m_runStart = start;
    emit windowChanged();
}

void ViewState::chooseShard(ShardSlot shard)
{
    if (shard == m_shard)
        return;
    m_shard = shard;
    emit shardChanged(shard);
}

void ViewState::setUnit(Unit unit)
{
    if (unit == m_unit)
        return;
    m_unit = unit;
    emit unitChanged();
}

void ViewState::setCloudWatchLens(bool on)
{
    if (on == m_lens)
        return;
    m_lens = on;
    emit lensChanged(on);
}

void ViewState::setSpan(SimDuration span)
{
    m_span = std::clamp(span, SimDuration::seconds(1), SimDuration::days(30));
    m_fixed.reset();
    emit windowChanged();
}

void ViewState::lookAt(TimeWindow window)
{
    if (window.to - window.from < SimDuration::seconds(1))
        return;
    m_fixed = window;
    emit windowChanged();
}

void ViewState::followLive()
{
    m_fixed.reset();
    emit windowChanged();
}

void ViewState::setCursor(std::optional<SimTime> at)
{
    if (at == m_cursor)
        return;
    m_cursor = at;
    emit cursorChanged();
}

void ViewState::chooseRefusal(std::uint64_t id)
{
    m_refusal = id;
    emit refusalChosen(id);
}

void ViewState::setReduceMotion(bool on)
{
    m_reduceMotion = on;
}

} // namespace shardscope::ui
