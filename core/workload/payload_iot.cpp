#include <algorithm>
#include <cmath>

#include "core/workload/payload.h"

namespace shardscope {

/// What a vehicle or sensor reports: a device keeps its home and its character, readings wander.
void writeTelemetry(SizedObject& out, const PayloadFacts& f)
{
    const CounterRng& c = f.chance;
    const CounterRng& home = f.keyChance;
    const double speed = std::max(0.0, 55 + 45 * (c.unit(1) + c.unit(2) - 1));
    const double load = speed / 100;
    out.text("device", f.key);
    out.text("ts", toIso(SimTime::fromMillis(f.createdMs)));
    out.decimal("temperature", 12 + 14 * home.unit(1) + 3 * (c.unit(3) - 0.5) + 4 * load, 1);
    out.decimal("lat", 47.0 + 5.0 * home.unit(2) + 0.08 * (c.unit(4) - 0.5), 5);
    out.decimal("lon", 7.0 + 6.5 * home.unit(3) + 0.08 * (c.unit(5) - 0.5), 5);
    out.decimal("speed", speed, 1);
    out.integer("battery", 35 + static_cast<std::int64_t>(c.below(6, 65)));
    out.text("status", c.below(7, 200) == 0 ? "alarm" : speed < 12 ? "idle" : "moving");
    out.integer("rssi", -50 - static_cast<std::int64_t>(c.below(8, 55)));
    out.integer("seq", static_cast<std::int64_t>(f.number));
    out.decimal("humidity", 35 + 40 * c.unit(9), 1);
    out.decimal("pressure", 1013 + 18 * (c.unit(10) - 0.5), 1);
    out.decimal("fuel", 8 + 90 * home.unit(4), 1);
    out.text("firmware", home.below(5, 4) == 0 ? "4.1.9" : "4.2.0");
    out.decimal("odometer", 1000 + 180000 * home.unit(6), 1);
}

} // namespace shardscope
