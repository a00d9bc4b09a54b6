#pragma once

namespace shardscope {

/// An input of a plan: a number, or a range that it lies in for sure, every value as likely as the
/// next.
struct Estimate {
    double low = 0, high = 0; ///< low <= high

    constexpr Estimate() = default;
    constexpr Estimate(double value) // NOLINT: a number is an estimate
        : low(value)
        , high(value)
    {
    }
    constexpr Estimate(double from, double to)
        : low(from)
        , high(to)
    {
    }
    [[nodiscard]] constexpr bool isRange() const { return high > low; }
    [[nodiscard]] constexpr double middle() const { return (low + high) / 2; }
    /// `share` of the way from low to high: 0 … 1.
    [[nodiscard]] constexpr double at(double share) const { return low + (high - low) * share; }
    friend constexpr bool operator==(const Estimate&, const Estimate&) = default;
};

} // namespace shardscope
