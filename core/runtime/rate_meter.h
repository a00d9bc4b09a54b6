#pragma once

#include <deque>

namespace shardscope {

/// How fast a rising number rises, over the last half second of wall time.
class RateMeter {
public:
    /// `value` at `wall` (seconds); both rising.
    void note(double value, double wall)
    {
        if (!m_points.empty() && wall - m_points.back().wall < kApart)
            return;
        m_points.push_back({value, wall});
        // One point older than the window stays: the rate is measured from there.
        while (m_points.size() > 2 && wall - m_points[1].wall >= kWindow)
            m_points.pop_front();
    }
    void clear() { m_points.clear(); }

    /// Units per second; 0 until two points are known.
    [[nodiscard]] double rate() const
    {
        if (m_points.size() < 2)
            return 0;
        const Point& first = m_points.front();
        const Point& last = m_points.back();
        return (last.value - first.value) / (last.wall - first.wall);
    }

private:
    static constexpr double kWindow = 0.5, kApart = 0.02;
    struct Point {
        double value = 0, wall = 0;
    };
    std::deque<Point> m_points;
};

} // namespace shardscope
