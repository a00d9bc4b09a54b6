#pragma once

#include <cstdint>
#include <vector>

#include "core/base/rng.h"
#include "core/workload/producer_spec.h"

namespace shardscope {

/// How many records have arrived by when: the cumulative count of a RateSpec. A pure function of
/// time, so that counts are exact however long a run is and any lane can ask for any moment.
/// Times are whole milliseconds since 1970.
class TrafficShape {
public:
    TrafficShape(const RateSpec& spec, SimTime start);

    /// Records that arrive before `ms`; 0 up to the start. Not for Poisson.
    [[nodiscard]] std::uint64_t before(std::int64_t ms) const;
    /// Poisson: how many arrive in the millisecond `ms`.
    [[nodiscard]] std::uint64_t drawn(std::int64_t ms, const CounterRng& rng) const;
    [[nodiscard]] bool poisson() const { return m_spread == RateSpec::Spread::Poisson; }
    /// Mean number of records that arrive before `us` microseconds since 1970.
    [[nodiscard]] double volume(std::int64_t us) const;
    [[nodiscard]] std::int64_t startMs() const { return m_startMs; }
    /// Highest rate the curve ever asks for, records/s: decides the number of lanes.
    [[nodiscard]] static double peakRate(const RateSpec& spec);

private:
    /// The rate moves linearly from one knot to the next; `area` is its integral up to the knot.
    struct Knot {
        double at = 0, rate = 0, area = 0;
    };
    [[nodiscard]] std::uint64_t even(std::int64_t us) const;
    [[nodiscard]] double knotArea(double seconds) const;
    [[nodiscard]] double dayArea(double secondOfDay) const;
    void addKnot(double at, double rate);

    RateSpec::Curve m_curve;
    RateSpec::Spread m_spread;
    double m_rate;
    std::int64_t m_microRate; ///< records per 10^6 s
    std::int64_t m_startMs, m_startUs, m_periodUs, m_burstUs;
    double m_startVolume = 0; ///< of the daily curves, at the start
    std::vector<Knot> m_knots;
};

/// A Poisson draw with mean `mean` >= 0 from 64 random bits and a generator for more.
[[nodiscard]] std::uint64_t poissonDraw(double mean, const CounterRng& rng, std::uint64_t index);

} // namespace shardscope
