#include "ui/view_state.h"

#include <algorithm>

namespace shardscope::ui {

TimeWindow ViewState::windowAt(SimTime now) const
{
    return m_fixed.value_or(TimeWindow {now - m_span, now});
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
