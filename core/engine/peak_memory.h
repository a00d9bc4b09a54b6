#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace shardscope {

/// Remembers the highest of one value a minute: the last 60 minutes by the minute, 30 days by the
/// hour. What is 30 days and an hour old is forgotten.
class PeakMemory {
public:
    /// Minutes come in ascending order; gaps count as zero.
    void add(std::int64_t minute, double value)
    {
        const std::int64_t hour = minute / 60;
        m_minutes.resize(60);
        m_hours.resize(24 * 30);
        Cell& m = m_minutes[static_cast<std::size_t>(minute % 60)];
        m = {minute, value};
        Cell& h = m_hours[static_cast<std::size_t>(hour % (24 * 30))];
        h = {hour, h.when == hour ? std::max(h.value, value) : value};
        m_now = minute;
    }
    /// Remembers nothing but the last hour from now on.
    void keepLastHour()
    {
        const double peak = lastHour();
        for (Cell& c : m_hours)
            c = {};
        if (!m_hours.empty())
            m_hours[static_cast<std::size_t>(m_now / 60 % (24 * 30))] = {m_now / 60, peak};
    }
    [[nodiscard]] double lastHour() const { return highest(m_minutes, m_now - 59); }
    [[nodiscard]] double last30Days() const { return highest(m_hours, m_now / 60 - (24 * 30 - 1)); }

private:
    struct Cell {
        std::int64_t when = -1;
        double value = 0;
    };
    static double highest(const std::vector<Cell>& cells, std::int64_t since)
    {
        double most = 0;
        for (const Cell& c : cells) {
            if (c.when >= since)
                most = std::max(most, c.value);
        }
        return most;
    }

    std::vector<Cell> m_minutes, m_hours;
    std::int64_t m_now = 0;
};

} // namespace shardscope
