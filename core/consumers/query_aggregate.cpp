#include "core/consumers/query_aggregate.h"

#include <algorithm>
#include <cmath>

namespace shardscope {

void Accumulator::merge(const Accumulator& other)
{
    count += other.count;
    sum += other.sum;
    least = std::min(least, other.least);
    most = std::max(most, other.most);
}

double percentileOf(std::span<double> values, double percent)
{
    const auto size = static_cast<double>(values.size());
    const auto rank
        = static_cast<std::ptrdiff_t>(std::clamp(std::ceil(percent / 100 * size), 1.0, size));
    const auto at = values.begin() + (rank - 1);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

double answerOf(AnalyticsSpec::Aggregate aggregate, const Accumulator& of)
{
    using A = AnalyticsSpec::Aggregate;
    switch (aggregate) {
    case A::Sum:
        return of.sum;
    case A::Average:
    case A::Share:
        return of.count > 0 ? of.sum / static_cast<double>(of.count) : 0;
    case A::Minimum:
        return of.least;
    case A::Maximum:
        return of.most;
    case A::Count:
    case A::Percentile:
    case A::TopK:
        break;
    }
    return static_cast<double>(of.count);
}

} // namespace shardscope
