#pragma once

#include <cstdint>
#include <vector>

#include "core/consumers/query_aggregate.h"
#include "core/consumers/query_keys.h"
#include "core/consumers/query_results.h"

namespace shardscope {

/// Session windows: an element opens [time, time + gap) for its key; sessions of a key that overlap
/// or touch become one. Copyable.
class WindowSessions {
public:
    WindowSessions() = default;
    /// `spec` as resolved() gives it.
    explicit WindowSessions(const AnalyticsSpec& spec);

    /// False when the element comes too late for any session.
    [[nodiscard]] bool add(std::int64_t ms, std::uint32_t key, double value,
                           std::int64_t watermarkMs, KeyTable& keys, QueryResults& results);
    void advance(std::int64_t watermarkMs, KeyTable& keys, QueryResults& results);

    [[nodiscard]] std::int64_t open() const { return m_open; }
    [[nodiscard]] std::size_t bytes() const;

private:
    static constexpr std::uint32_t kNone = UINT32_MAX;
    struct Session {
        QueryWindow window;
        std::uint32_t key = 0;
        std::uint32_t next = kNone; ///< of the same key
        std::uint32_t round = 0; ///< of using this place: older timers are void
        bool fired = false;
        Accumulator sum;
        std::vector<double> values; ///< Percentile only
    };
    /// One per session; at its time the session is looked at, and it may have grown since.
    struct Timer {
        std::int64_t ms = 0;
        std::uint32_t session = 0;
        std::uint32_t round = 0;
    };
    static bool later(const Timer& a, const Timer& b)
    {
        return a.ms != b.ms ? a.ms > b.ms : a.session > b.session;
    }
    std::uint32_t join(const QueryWindow& window, std::uint32_t key);
    std::uint32_t make(const QueryWindow& window, std::uint32_t key, KeyTable& keys);
    void unlink(std::uint32_t session);
    void schedule(std::int64_t ms, std::uint32_t session);
    void fire(Session& session, const KeyTable& keys, QueryResults& results, bool again);

    AnalyticsSpec::Aggregate m_aggregate = AnalyticsSpec::Aggregate::Count;
    std::int64_t m_gapMs = 1, m_latenessMs = 0;
    double m_percent = 0;
    std::vector<std::uint32_t> m_first; ///< by key: its first session, or kNone
    std::vector<Session> m_sessions;
    std::vector<std::uint32_t> m_free;
    std::vector<Timer> m_timers; ///< a heap, earliest first
    std::int64_t m_open = 0;
};

} // namespace shardscope
