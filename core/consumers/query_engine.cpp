#include "core/consumers/query_engine.h"

#include <algorithm>

#include "core/base/rng.h"

namespace shardscope {

QueryEngine::QueryEngine(const AnalyticsSpec& spec)
    : m_session(spec.window == AnalyticsSpec::Window::Session)
    , m_processing(spec.time == AnalyticsSpec::Time::Processing)
    , m_marks(spec.outOfOrderness.inMillis(), spec.idleness.inMillis())
    , m_panes(spec)
    , m_sessions(spec)
{
}

std::int64_t QueryEngine::watermarkMs() const
{
    return m_processing ? m_clockMs : m_marks.combined();
}

void QueryEngine::add(std::uint32_t input, const QueryColumns& columns, std::int64_t nowMs)
{
    if (columns.size() == 0)
        return;
    const std::int64_t mark = watermarkMs();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::int64_t ms = m_processing ? nowMs : columns.ms[i];
        const bool taken = m_session
            ? m_sessions.add(ms, columns.key[i], columns.value[i], mark, m_keys, m_results)
            : m_panes.add(ms, columns.key[i], columns.value[i], mark, m_keys, m_results);
        m_late += taken ? 0 : 1;
    }
    m_keys.dropUnheld();
    m_marks.saw(input, *std::max_element(columns.ms.begin(), columns.ms.end()), nowMs);
}

void QueryEngine::advance(std::int64_t nowMs)
{
    const std::int64_t before = watermarkMs();
    const bool turn = m_clockMs == kNoWatermark
        || windowStart(nowMs, kWatermarkEveryMs) != windowStart(m_clockMs, kWatermarkEveryMs);
    m_clockMs = nowMs;
    if (turn)
        m_marks.advance(nowMs);
    const std::int64_t mark = watermarkMs();
    if (mark == before)
        return;
    if (m_session)
        m_sessions.advance(mark, m_keys, m_results);
    else
        m_panes.advance(mark, m_keys, m_results);
}

std::int64_t QueryEngine::stateBytes() const
{
    return static_cast<std::int64_t>(m_keys.bytes() + m_panes.bytes() + m_sessions.bytes());
}

std::uint64_t QueryEngine::digest() const
{
    return mix64(m_marks.digest() ^ m_results.digest()
                 ^ mix64(static_cast<std::uint64_t>(m_late) + m_keys.live()
                         + (static_cast<std::uint64_t>(openWindows()) << 32)));
}

} // namespace shardscope
