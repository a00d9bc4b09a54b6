#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/consumers/analytics_state.h"

namespace shardscope {

/// The newest answers of a query: bounded, whatever it fires. Copyable.
class QueryResults {
public:
    static constexpr std::size_t kResultsKept = 200;
    static constexpr std::size_t kTotalsKept = 120;

    /// One line of a window that fires.
    void add(const QueryWindow& window, const std::string& key, std::int64_t records, double value,
             bool again);
    /// The lines since the last call were one window's, all keys of it.
    void endWindow();
    void countWindow() { ++m_fired; }

    [[nodiscard]] std::int64_t windowsFired() const { return m_fired; }
    [[nodiscard]] std::vector<AnalyticsResult> newest() const;
    [[nodiscard]] const std::vector<AnalyticsTotal>& totals() const { return m_totals; }
    [[nodiscard]] std::uint64_t digest() const { return m_digest; }

private:
    std::vector<AnalyticsResult> m_rows; ///< a ring once it is full
    std::size_t m_next = 0; ///< its oldest place then
    std::vector<AnalyticsTotal> m_totals;
    AnalyticsTotal m_sum; ///< of the window under way
    std::int64_t m_fired = 0;
    std::uint64_t m_digest = 0; ///< over every line there has been
};

} // namespace shardscope
