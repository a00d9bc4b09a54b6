#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

namespace shardscope {

/// The highest value of a minute or an hour, which are counted from 1970.
struct PeakCell {
    std::int64_t when = -1;
    double value = 0;
    friend bool operator==(const PeakCell&, const PeakCell&) = default;
};
/// What a PeakMemory remembers: cells above zero, ascending by time.
struct PeakState {
    std::int64_t minute = 0; ///< the newest; 0 when there was never anything above zero
    std::vector<PeakCell> minutes, hours;
    friend bool operator==(const PeakState&, const PeakState&) = default;
};

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
        PeakCell& m = m_minutes[static_cast<std::size_t>(minute % 60)];
        m = {minute, value};
        PeakCell& h = m_hours[static_cast<std::size_t>(hour % (24 * 30))];
        h = {hour, h.when == hour ? std::max(h.value, value) : value};
        m_now = minute;
        m_any = m_any || value > 0;
    }
    /// Whether anything above zero was ever added.
    [[nodiscard]] bool any() const { return m_any; }
    /// Remembers nothing but the last hour from now on.
    void keepLastHour()
    {
        const double peak = lastHour();
        for (PeakCell& c : m_hours)
            c = {};
        if (!m_hours.empty())
            m_hours[static_cast<std::size_t>(m_now / 60 % (24 * 30))] = {m_now / 60, peak};
    }
    [[nodiscard]] double lastHour() const { return highest(m_minutes, m_now - 59); }
    [[nodiscard]] double last30Days() const { return highest(m_hours, m_now / 60 - (24 * 30 - 1)); }

    [[nodiscard]] PeakState state() const
    {
        if (!m_any)
            return {};
        return {m_now, remembered(m_minutes, m_now - 59),
                remembered(m_hours, m_now / 60 - (24 * 30 - 1))};
    }
    [[nodiscard]] static PeakMemory from(const PeakState& state)
    {
        PeakMemory memory;
        if (state.minute == 0)
            return memory;
        memory.m_now = state.minute;
        memory.m_any = true;
        put(memory.m_minutes, 60, state.minutes);
        put(memory.m_hours, 24 * 30, state.hours);
        return memory;
    }

private:
    static std::vector<PeakCell> remembered(const std::vector<PeakCell>& cells, std::int64_t since)
    {
        std::vector<PeakCell> out;
        std::copy_if(cells.begin(), cells.end(), std::back_inserter(out),
                     [&](const PeakCell& c) { return c.when >= since && c.value > 0; });
        std::sort(out.begin(), out.end(),
                  [](const PeakCell& a, const PeakCell& b) { return a.when < b.when; });
        return out;
    }
    static void put(std::vector<PeakCell>& cells, std::size_t count,
                    const std::vector<PeakCell>& from)
    {
        cells.resize(count);
        for (const PeakCell& c : from)
            cells[static_cast<std::size_t>(c.when) % count] = c;
    }
    static double highest(const std::vector<PeakCell>& cells, std::int64_t since)
    {
        double most = 0;
        for (const PeakCell& c : cells) {
            if (c.when >= since)
                most = std::max(most, c.value);
        }
        return most;
    }

    std::vector<PeakCell> m_minutes, m_hours;
    std::int64_t m_now = 0;
    bool m_any = false;
};

} // namespace shardscope
