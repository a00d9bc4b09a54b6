#include "core/consumers/query_sessions.h"

#include <algorithm>

namespace shardscope {

WindowSessions::WindowSessions(const AnalyticsSpec& spec)
    : m_aggregate(spec.aggregate)
    , m_gapMs(std::max<std::int64_t>(1, spec.gap.inMillis()))
    , m_latenessMs(spec.time == AnalyticsSpec::Time::Event ? spec.allowedLateness.inMillis() : 0)
    , m_percent(spec.percentile)
{
}

bool WindowSessions::add(std::int64_t ms, std::uint32_t key, double value, std::int64_t watermarkMs,
                         KeyTable& keys, QueryResults& results)
{
    if (key >= m_first.size())
        m_first.resize(std::max<std::size_t>(key + 1, m_first.size() * 2), kNone);
    const QueryWindow window {ms, ms + m_gapMs};
    std::uint32_t at = join(window, key);
    if (at == kNone) {
        if (isGone(window.endMs, m_latenessMs, watermarkMs))
            return false;
        at = make(window, key, keys);
    }
    Session& session = m_sessions[at];
    session.sum.add(value);
    if (m_aggregate == AnalyticsSpec::Aggregate::Percentile)
        session.values.push_back(value);
    session.fired = fires(session.window.endMs, watermarkMs);
    if (session.fired) {
        results.countWindow();
        fire(session, keys, results, true);
        results.endWindow();
    }
    return true;
}

/// Makes one of all sessions of the key that meet the window; kNone when there are none.
std::uint32_t WindowSessions::join(const QueryWindow& window, std::uint32_t key)
{
    std::uint32_t into = kNone;
    QueryWindow grown = window;
    for (std::uint32_t at = m_first[key]; at != kNone;) {
        Session& session = m_sessions[at];
        const std::uint32_t next = session.next;
        if (meet(session.window, window)) {
            grown.startMs = std::min(grown.startMs, session.window.startMs);
            grown.endMs = std::max(grown.endMs, session.window.endMs);
            if (into == kNone) {
                into = at;
            } else {
                Session& kept = m_sessions[into];
                kept.sum.merge(session.sum);
                kept.values.insert(kept.values.end(), session.values.begin(), session.values.end());
                unlink(at);
            }
        }
        at = next;
    }
    if (into != kNone)
        m_sessions[into].window = grown;
    return into;
}

std::uint32_t WindowSessions::make(const QueryWindow& window, std::uint32_t key, KeyTable& keys)
{
    std::uint32_t at = static_cast<std::uint32_t>(m_sessions.size());
    if (m_free.empty()) {
        m_sessions.emplace_back();
    } else {
        at = m_free.back();
        m_free.pop_back();
    }
    Session& session = m_sessions[at];
    session.window = window;
    session.key = key;
    session.next = m_first[key];
    session.fired = false;
    session.sum = {};
    session.values.clear();
    // A key is held by its first session for all of them.
    if (m_first[key] == kNone)
        keys.hold(key);
    m_first[key] = at;
    ++m_open;
    schedule(window.endMs - 1, at);
    return at;
}

/// Takes it from its key's list; its place and its timer are void.
void WindowSessions::unlink(std::uint32_t session)
{
    Session& gone = m_sessions[session];
    std::uint32_t* link = &m_first[gone.key];
    while (*link != session)
        link = &m_sessions[*link].next;
    *link = gone.next;
    ++gone.round;
    gone.values.clear();
    m_free.push_back(session);
    --m_open;
}

void WindowSessions::schedule(std::int64_t ms, std::uint32_t session)
{
    m_timers.push_back({ms, session, m_sessions[session].round});
    std::push_heap(m_timers.begin(), m_timers.end(), later);
}

void WindowSessions::advance(std::int64_t watermarkMs, KeyTable& keys, QueryResults& results)
{
    while (!m_timers.empty() && m_timers.front().ms <= watermarkMs) {
        std::pop_heap(m_timers.begin(), m_timers.end(), later);
        const Timer timer = m_timers.back();
        m_timers.pop_back();
        Session& session = m_sessions[timer.session];
        if (session.round != timer.round)
            continue;
        const std::int64_t end = session.window.endMs;
        if (!fires(end, watermarkMs)) {
            schedule(end - 1, timer.session);
            continue;
        }
        if (!session.fired) {
            results.countWindow();
            fire(session, keys, results, false);
            session.fired = true;
        }
        if (!isGone(end, m_latenessMs, watermarkMs)) {
            schedule(end - 1 + m_latenessMs, timer.session);
            continue;
        }
        const std::uint32_t key = session.key;
        unlink(timer.session);
        if (m_first[key] == kNone)
            keys.release(key);
    }
    results.endWindow();
}

void WindowSessions::fire(Session& session, const KeyTable& keys, QueryResults& results, bool again)
{
    double value = answerOf(m_aggregate, session.sum);
    if (m_aggregate == AnalyticsSpec::Aggregate::Percentile)
        value = percentileOf(session.values, m_percent);
    results.add(session.window, keys.text(session.key), session.sum.count, value, again);
}

std::size_t WindowSessions::bytes() const
{
    std::size_t sum = static_cast<std::size_t>(m_open) * (sizeof(Session) + sizeof(Timer));
    if (m_aggregate == AnalyticsSpec::Aggregate::Percentile)
        for (const Session& session : m_sessions)
            sum += session.values.size() * sizeof(double);
    return sum;
}

} // namespace shardscope
