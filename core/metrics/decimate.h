#pragma once

#include <span>
#include <vector>

#include "core/metrics/series.h"

/// Curves for a picture of a given width, from buckets. Pure functions.
namespace shardscope {

/// One bucket's value.
struct CurveSample {
    SimTime at; ///< the bucket's start
    SimDuration step;
    double value = 0;
    friend bool operator==(const CurveSample&, const CurveSample&) = default;
};
struct CurvePoint {
    SimTime at;
    double value = 0;
    friend bool operator==(const CurvePoint&, const CurvePoint&) = default;
};
/// Points to be joined by a line. Where buckets are missing a new piece begins.
using CurvePiece = std::vector<CurvePoint>;

/// At most two points for each of `columns` even parts of `window`: the smallest and the largest
/// value in it, in the order of their times, so a spike of one bucket is never lost. Samples
/// ascending; those that begin outside the window are left out. columns > 0. A gap narrower than a
/// column cannot be seen and is joined.
[[nodiscard]] std::vector<CurvePiece> decimate(std::span<const CurveSample> samples,
                                               TimeWindow window, int columns);

/// Every sample as a level from its start to its end. Samples ascending.
[[nodiscard]] std::vector<CurvePiece> stepCurve(std::span<const CurveSample> samples);

/// What CloudWatch would show: sums per bucket (of a minute or an even part of one) become the mean
/// per second of each full minute. Minutes of which a bucket is missing, the newest one above all,
/// are left out.
[[nodiscard]] std::vector<CurveSample> cloudWatchLens(std::span<const CurveSample> sums);

} // namespace shardscope
