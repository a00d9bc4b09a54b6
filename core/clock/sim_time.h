#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace shardscope {

/// A length of simulated time, in microseconds.
class SimDuration {
public:
    constexpr SimDuration() = default;
    [[nodiscard]] static constexpr SimDuration micros(std::int64_t n) { return SimDuration(n); }
    [[nodiscard]] static constexpr SimDuration millis(std::int64_t n)
    {
        return SimDuration(n * 1'000);
    }
    [[nodiscard]] static constexpr SimDuration seconds(std::int64_t n)
    {
        return SimDuration(n * 1'000'000);
    }
    [[nodiscard]] static constexpr SimDuration minutes(std::int64_t n) { return seconds(n * 60); }
    [[nodiscard]] static constexpr SimDuration hours(std::int64_t n) { return seconds(n * 3'600); }
    [[nodiscard]] static constexpr SimDuration days(std::int64_t n) { return hours(n * 24); }
    [[nodiscard]] static constexpr SimDuration fromSeconds(double s)
    {
        return SimDuration(static_cast<std::int64_t>(s * 1e6 + (s < 0 ? -0.5 : 0.5)));
    }

    [[nodiscard]] constexpr std::int64_t inMicros() const { return m_micros; }
    [[nodiscard]] constexpr std::int64_t inMillis() const { return m_micros / 1'000; }
    [[nodiscard]] constexpr double inSeconds() const { return static_cast<double>(m_micros) / 1e6; }

    constexpr SimDuration& operator+=(SimDuration o)
    {
        m_micros += o.m_micros;
        return *this;
    }
    constexpr SimDuration& operator-=(SimDuration o)
    {
        m_micros -= o.m_micros;
        return *this;
    }
    friend constexpr SimDuration operator+(SimDuration a, SimDuration b) { return a += b; }
    friend constexpr SimDuration operator-(SimDuration a, SimDuration b) { return a -= b; }
    friend constexpr SimDuration operator*(SimDuration a, std::int64_t n)
    {
        return SimDuration(a.m_micros * n);
    }
    friend constexpr SimDuration operator/(SimDuration a, std::int64_t n)
    {
        return SimDuration(a.m_micros / n);
    }
    friend constexpr std::int64_t operator/(SimDuration a, SimDuration b)
    {
        return a.m_micros / b.m_micros;
    }
    friend constexpr SimDuration operator%(SimDuration a, SimDuration b)
    {
        return SimDuration(a.m_micros % b.m_micros);
    }
    friend constexpr auto operator<=>(const SimDuration&, const SimDuration&) = default;

private:
    constexpr explicit SimDuration(std::int64_t n)
        : m_micros(n)
    {
    }
    std::int64_t m_micros = 0;
};

/// A moment of simulated time: microseconds since 1970-01-01T00:00:00Z. Nothing in the engine asks
/// what time it is; it is told.
class SimTime {
public:
    constexpr SimTime() = default;
    [[nodiscard]] static constexpr SimTime fromMicros(std::int64_t n) { return SimTime(n); }
    [[nodiscard]] static constexpr SimTime fromMillis(std::int64_t n) { return SimTime(n * 1'000); }
    [[nodiscard]] static constexpr SimTime fromSeconds(std::int64_t n)
    {
        return SimTime(n * 1'000'000);
    }
    [[nodiscard]] static constexpr SimTime max() { return SimTime(INT64_MAX); }

    [[nodiscard]] constexpr std::int64_t inMicros() const { return m_micros; }
    [[nodiscard]] constexpr std::int64_t inMillis() const { return m_micros / 1'000; }
    [[nodiscard]] constexpr std::int64_t inSeconds() const { return m_micros / 1'000'000; }

    constexpr SimTime& operator+=(SimDuration d)
    {
        m_micros += d.inMicros();
        return *this;
    }
    friend constexpr SimTime operator+(SimTime t, SimDuration d) { return t += d; }
    friend constexpr SimTime operator-(SimTime t, SimDuration d)
    {
        return SimTime(t.m_micros - d.inMicros());
    }
    friend constexpr SimDuration operator-(SimTime a, SimTime b)
    {
        return SimDuration::micros(a.m_micros - b.m_micros);
    }
    friend constexpr auto operator<=>(const SimTime&, const SimTime&) = default;

private:
    constexpr explicit SimTime(std::int64_t n)
        : m_micros(n)
    {
    }
    std::int64_t m_micros = 0;
};

/// The step in which the world moves: no longer than the shortest way from a client to the service
/// and back, so nothing that happens in a slice can change what else happens in it.
inline constexpr SimDuration kSlice = SimDuration::millis(10);
/// Arrivals inside a slice are told apart by the millisecond, as ApproximateArrivalTimestamp is.
inline constexpr SimDuration kTick = SimDuration::millis(1);
inline constexpr int kTicksPerSlice = static_cast<int>(kSlice / kTick);

/// Where simulated time begins unless a scenario says otherwise: 2026-01-05T12:00:00Z, a Monday.
inline constexpr SimTime kDefaultStart = SimTime::fromSeconds(1'767'614'400);

/// Reads `250ms`, `30s`, `5m`, `2h`, `30d`; a fraction is allowed (`1.5s`). Never negative.
/// Errors: BadInput with the text and the forms that would be right.
[[nodiscard]] Result<SimDuration> parseDuration(std::string_view text);
/// The shortest exact form that parseDuration reads back, e.g. `90s`, `1500ms`, `2h`.
[[nodiscard]] std::string toText(SimDuration d);
/// ISO 8601 in UTC with milliseconds: `2026-01-05T12:00:00.000Z`.
[[nodiscard]] std::string toIso(SimTime t);
/// Reads `2026-01-05T12:00:00Z`, with optional milliseconds. Errors: BadInput.
[[nodiscard]] Result<SimTime> parseIso(std::string_view text);

} // namespace shardscope
