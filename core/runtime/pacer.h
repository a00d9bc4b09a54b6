#pragma once

#include "core/clock/sim_time.h"
#include "core/runtime/rate_meter.h"

namespace shardscope {

/// Turns real time into the simulated time that a run ought to have reached. Holds no clock: every
/// call says what time it is (seconds, rising).
class Pacer {
public:
    static constexpr double kSlowest = 0.1, kFastest = 1'000;
    static constexpr double kMax = 0; ///< as fast as the machine can
    /// What a run that fell behind may catch up, in seconds of wall time; the rest is forgotten, so
    /// a stall never ends in a jump.
    static constexpr double kCatchUpMost = 0.25;

    /// From here on the target moves at `speed` from `now`: kMax, else held to kSlowest … kFastest.
    void start(double speed, SimTime now, double wall);
    [[nodiscard]] double speed() const { return m_speed; }

    /// Where the run should be at `wall`, given that it is at `now`; SimTime::max() at kMax.
    [[nodiscard]] SimTime target(SimTime now, double wall);
    /// Wall seconds until the target is at least `at`; 0 when it is there or speed is kMax.
    [[nodiscard]] double secondsUntil(SimTime at, double wall) const;

    /// Notes that the run is at `now`.
    void reached(SimTime now, double wall) { m_meter.note(seconds(now), wall); }
    /// Simulated seconds per wall second, over the last half second.
    [[nodiscard]] double speedReached() const { return m_meter.rate(); }
    /// After a jump or a pause: what lies behind says nothing about the speed.
    void forgetSpeed() { m_meter.clear(); }

private:
    [[nodiscard]] static double seconds(SimTime t)
    {
        return static_cast<double>(t.inMicros()) / 1e6;
    }

    double m_speed = 1;
    SimTime m_fromSim;
    double m_fromWall = 0;
    RateMeter m_meter;
};

} // namespace shardscope
