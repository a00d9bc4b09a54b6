#include "core/runtime/pacer.h"

#include <algorithm>

namespace shardscope {

void Pacer::start(double speed, SimTime now, double wall)
{
    m_speed = speed <= 0 ? kMax : std::clamp(speed, kSlowest, kFastest);
    m_fromSim = now;
    m_fromWall = wall;
}

SimTime Pacer::target(SimTime now, double wall)
{
    if (m_speed == kMax)
        return SimTime::max();
    const SimTime ideal = m_fromSim + SimDuration::fromSeconds((wall - m_fromWall) * m_speed);
    const SimTime most = now + SimDuration::fromSeconds(kCatchUpMost * m_speed);
    if (ideal <= most)
        return ideal;
    m_fromSim = most;
    m_fromWall = wall;
    return most;
}

double Pacer::secondsUntil(SimTime at, double wall) const
{
    if (m_speed == kMax)
        return 0;
    const double due = m_fromWall + (at - m_fromSim).inSeconds() / m_speed;
    return std::max(0.0, due - wall);
}

} // namespace shardscope
