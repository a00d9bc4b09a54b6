#include "core/metrics/decimate.h"

#include <algorithm>

namespace shardscope {

namespace {

/// The extremes of one column of pixels.
struct Column {
    std::int64_t number = -1;
    CurvePoint least, most;

    void add(const CurvePoint& point)
    {
        if (point.value < least.value)
            least = point;
        if (point.value > most.value)
            most = point;
    }
    void flush(CurvePiece& piece) const
    {
        if (number < 0)
            return;
        const bool leastFirst = least.at <= most.at;
        piece.push_back(leastFirst ? least : most);
        if (least.at != most.at)
            piece.push_back(leastFirst ? most : least);
    }
};

} // namespace

std::vector<CurvePiece> decimate(std::span<const CurveSample> samples, TimeWindow window,
                                 int columns)
{
    const double width = (window.to - window.from).inSeconds();
    std::vector<CurvePiece> pieces;
    Column column;
    SimTime end = window.from;
    for (const CurveSample& sample : samples) {
        if (sample.at < window.from || sample.at >= window.to)
            continue;
        const auto number = std::min<std::int64_t>(
            columns - 1,
            static_cast<std::int64_t>((sample.at - window.from).inSeconds() / width * columns));
        const CurvePoint point {sample.at, sample.value};
        if (number == column.number) {
            column.add(point);
        } else {
            if (!pieces.empty())
                column.flush(pieces.back());
            if (pieces.empty() || sample.at > end)
                pieces.emplace_back();
            column = {number, point, point};
        }
        end = sample.at + sample.step;
    }
    if (!pieces.empty())
        column.flush(pieces.back());
    return pieces;
}

std::vector<CurvePiece> stepCurve(std::span<const CurveSample> samples)
{
    std::vector<CurvePiece> pieces;
    SimTime end;
    for (const CurveSample& sample : samples) {
        if (pieces.empty() || sample.at > end)
            pieces.emplace_back();
        end = sample.at + sample.step;
        pieces.back().push_back({sample.at, sample.value});
        pieces.back().push_back({end, sample.value});
    }
    return pieces;
}

std::vector<CurveSample> cloudWatchLens(std::span<const CurveSample> sums)
{
    constexpr SimDuration minute = SimDuration::minutes(1);
    std::vector<CurveSample> means;
    SimTime at;
    SimDuration covered;
    double sum = 0;
    for (const CurveSample& sample : sums) {
        const SimTime start
            = SimTime::fromMicros(sample.at.inMicros() - sample.at.inMicros() % minute.inMicros());
        if (covered == SimDuration {} || start != at) {
            at = start;
            covered = {};
            sum = 0;
        }
        covered += sample.step;
        sum += sample.value;
        if (covered == minute)
            means.push_back({at, minute, sum / minute.inSeconds()});
    }
    return means;
}

} // namespace shardscope
