#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "core/clock/sim_time.h"

namespace shardscope {

/// Counts what was done in the last 24 hours, rolling: something done exactly 24 h ago counts no
/// more.
class RollingDay {
public:
    RollingDay() = default;
    explicit RollingDay(std::vector<SimTime> times)
        : m_times(std::move(times))
    {
    }
    [[nodiscard]] const std::vector<SimTime>& times() const { return m_times; }

    void note(SimTime at)
    {
        std::erase_if(m_times, [&](SimTime t) { return at - t >= SimDuration::hours(24); });
        m_times.push_back(at);
    }
    [[nodiscard]] int used(SimTime now) const
    {
        return static_cast<int>(std::count_if(m_times.begin(), m_times.end(), [&](SimTime t) {
            return now - t < SimDuration::hours(24);
        }));
    }
    [[nodiscard]] int left(int most, SimTime now) const { return std::max(0, most - used(now)); }

private:
    std::vector<SimTime> m_times;
};

} // namespace shardscope
