#include "core/workload/traffic_shape.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace shardscope {
namespace {

constexpr double kDay = 86'400;
constexpr std::int64_t kDayUs = 86'400'000'000;

// Daily curve: 1 + a cos x + b cos 2x has mean 1, its only maximum 1 + a + b = 1.65 at x = 0 and
// its only minimum 1 - a + b = 1.65 / 3.5 at x = pi (facts/scaling-and-pricing.md 8.3, 8.4).
constexpr double kPeak = 1.65;
constexpr double kTrough = kPeak / 3.5;
constexpr double kFirst = (kPeak - kTrough) / 2;
constexpr double kSecond = (kPeak + kTrough) / 2 - 1;
constexpr double kPeakSecond = 20 * 3600; ///< 20:00 UTC, between Europe's and America's evenings

struct DayPoint {
    double hour, active;
};
// Share of a fleet that is on the road: 80 % in the rush hours, 20 % at night (facts 8.4).
constexpr std::array<DayPoint, 10> kTwoHumps {{{0, 0.2},
                                               {5, 0.2},
                                               {7, 0.8},
                                               {9, 0.8},
                                               {10.5, 0.45},
                                               {14.5, 0.45},
                                               {16, 0.8},
                                               {18, 0.8},
                                               {21, 0.2},
                                               {24, 0.2}}};

double twoHumpsMean()
{
    double area = 0;
    for (std::size_t i = 1; i < kTwoHumps.size(); ++i)
        area += (kTwoHumps[i].hour - kTwoHumps[i - 1].hour)
            * (kTwoHumps[i].active + kTwoHumps[i - 1].active) / 2;
    return area / 24;
}

bool daily(RateSpec::Curve curve)
{
    return curve == RateSpec::Curve::Daily || curve == RateSpec::Curve::TwoHumps;
}

std::int64_t floorTo(std::int64_t us, std::int64_t period)
{
    return us / period * period;
}

} // namespace

TrafficShape::TrafficShape(const RateSpec& spec, SimTime start)
    : m_curve(spec.curve)
    , m_spread(spec.spread)
    , m_rate(spec.recordsPerSecond)
    , m_microRate(std::llround(spec.recordsPerSecond * 1e6))
    , m_startMs((start.inMicros() + 999) / 1000)
    , m_startUs(m_startMs * 1000)
    , m_periodUs(std::max<std::int64_t>(spec.period.inMicros(), 1000))
    , m_burstUs(std::clamp<std::int64_t>(spec.burstWidth.inMicros(), 1000, m_periodUs))
{
    if (m_curve == RateSpec::Curve::TwoHumps) {
        const double mean = twoHumpsMean();
        for (const DayPoint& p : kTwoHumps)
            addKnot(p.hour * 3600, m_rate * p.active / mean);
    } else if (m_curve == RateSpec::Curve::Ramp) {
        addKnot(0, m_rate);
        addKnot(spec.rampDuration.inSeconds(), spec.rampTo);
    } else if (m_curve == RateSpec::Curve::Steps) {
        addKnot(0, m_rate);
        for (const RateSpec::Step& step : spec.steps) {
            const double at = step.at.inSeconds();
            Knot last = m_knots.back();
            double before = last.rate;
            if (last.at > at) {
                // The new step begins while the last one is still being reached.
                m_knots.pop_back();
                const Knot from = m_knots.back();
                before = from.rate + (last.rate - from.rate) * (at - from.at) / (last.at - from.at);
            }
            addKnot(at, before);
            addKnot(at + step.over.inSeconds(), m_rate * step.factor);
        }
    }
    if (daily(m_curve))
        m_startVolume = static_cast<double>(m_startUs / kDayUs) * m_rate * kDay
            + dayArea(static_cast<double>(m_startUs % kDayUs) / 1e6);
}

void TrafficShape::addKnot(double at, double rate)
{
    double area = 0;
    if (!m_knots.empty()) {
        const Knot& last = m_knots.back();
        area = last.area + (at - last.at) * (rate + last.rate) / 2;
    }
    m_knots.push_back({at, rate, area});
}

double TrafficShape::knotArea(double seconds) const
{
    // The last knot at or before `seconds`: of two at one moment the later counts.
    auto after = std::upper_bound(m_knots.begin(), m_knots.end(), seconds,
                                  [](double s, const Knot& k) { return s < k.at; });
    const Knot& from = after == m_knots.begin() ? m_knots.front() : *(after - 1);
    const double passed = seconds - from.at;
    if (after == m_knots.end())
        return from.area + passed * from.rate;
    const double slope = (after->rate - from.rate) / (after->at - from.at);
    return from.area + passed * (from.rate + slope * passed / 2);
}

double TrafficShape::dayArea(double s) const
{
    if (m_curve == RateSpec::Curve::TwoHumps)
        return knotArea(s);
    const double turn = 2 * std::numbers::pi / kDay;
    const auto waves = [turn](double t) {
        const double x = (t - kPeakSecond) * turn;
        return kFirst * std::sin(x) / turn + kSecond * std::sin(2 * x) / (2 * turn);
    };
    return m_rate * (s + waves(s) - waves(0));
}

double TrafficShape::volume(std::int64_t us) const
{
    if (us <= m_startUs)
        return 0;
    switch (m_curve) {
    case RateSpec::Curve::Constant:
        return m_rate * static_cast<double>(us - m_startUs) / 1e6;
    case RateSpec::Curve::Daily:
    case RateSpec::Curve::TwoHumps:
        return static_cast<double>(us / kDayUs) * m_rate * kDay
            + dayArea(static_cast<double>(us % kDayUs) / 1e6) - m_startVolume;
    case RateSpec::Curve::Ramp:
    case RateSpec::Curve::Steps:
        return knotArea(static_cast<double>(us - m_startUs) / 1e6);
    }
    return 0;
}

/// Record n arrives at n / rate, so the count before a moment is rounded up.
std::uint64_t TrafficShape::even(std::int64_t us) const
{
    if (us <= m_startUs)
        return 0;
    if (m_curve == RateSpec::Curve::Constant) {
        const U128 product = U128 {static_cast<std::uint64_t>(m_microRate)}
            * static_cast<std::uint64_t>(us - m_startUs);
        constexpr U128 kScale = 1'000'000'000'000;
        return static_cast<std::uint64_t>((product + kScale - 1) / kScale);
    }
    const double v = volume(us);
    // Less than any real share of a record, more than the sum's rounding.
    return static_cast<std::uint64_t>(std::ceil(std::max(0.0, v - 1e-6 - v * 1e-14)));
}

std::uint64_t TrafficShape::before(std::int64_t ms) const
{
    if (ms <= m_startMs)
        return 0;
    const std::int64_t us = ms * 1000;
    if (m_spread == RateSpec::Spread::Aligned)
        return even(floorTo(us + m_periodUs - 1, m_periodUs));
    if (m_spread == RateSpec::Spread::MicroBursts) {
        const std::int64_t from = floorTo(us, m_periodUs);
        const std::uint64_t first = even(from);
        const std::uint64_t count = even(from + m_periodUs) - first;
        const auto passed = static_cast<std::uint64_t>(std::min(us - from, m_burstUs));
        const auto width = static_cast<std::uint64_t>(m_burstUs);
        return first + static_cast<std::uint64_t>((U128 {count} * passed + width - 1) / width);
    }
    return even(us);
}

std::uint64_t TrafficShape::drawn(std::int64_t ms, const CounterRng& rng) const
{
    if (ms < m_startMs)
        return 0;
    const double mean = m_curve == RateSpec::Curve::Constant
        ? m_rate / 1000
        : std::max(0.0, volume((ms + 1) * 1000) - volume(ms * 1000));
    return poissonDraw(mean, rng, static_cast<std::uint64_t>(ms));
}

double TrafficShape::peakRate(const RateSpec& spec)
{
    double factor = 1;
    switch (spec.curve) {
    case RateSpec::Curve::Constant:
        break;
    case RateSpec::Curve::Daily:
        factor = kPeak;
        break;
    case RateSpec::Curve::TwoHumps:
        factor = 0.8 / twoHumpsMean();
        break;
    case RateSpec::Curve::Ramp:
        return std::max(spec.recordsPerSecond, spec.rampTo);
    case RateSpec::Curve::Steps:
        for (const RateSpec::Step& step : spec.steps)
            factor = std::max(factor, step.factor);
        break;
    }
    return spec.recordsPerSecond * factor;
}

std::uint64_t poissonDraw(double mean, const CounterRng& rng, std::uint64_t index)
{
    if (mean <= 0)
        return 0;
    const double u = rng.unit(index);
    if (mean < 64) {
        double term = std::exp(-mean);
        double sum = term;
        std::uint64_t k = 0;
        while (u >= sum && k < 400) {
            ++k;
            term *= mean / static_cast<double>(k);
            sum += term;
        }
        return k;
    }
    // A normal draw with the Cornish-Fisher term for skewness is within a thousandth here.
    const double v = CounterRng::toUnit(mix64(rng.bits(index)));
    const double z = std::sqrt(-2 * std::log(1 - u)) * std::cos(2 * std::numbers::pi * v);
    const double k = mean + std::sqrt(mean) * z + (z * z - 1) / 6;
    return k <= 0 ? 0 : static_cast<std::uint64_t>(std::llround(k));
}

} // namespace shardscope
