#include "core/engine/requests_metrics.h"

#include <algorithm>

namespace shardscope::cloudwatch {

void StatisticSet::add(double value, double count)
{
    add(StatisticSet {count, value * count, value, value});
}

void StatisticSet::add(const StatisticSet& other)
{
    if (other.sampleCount == 0)
        return;
    minimum = sampleCount == 0 ? other.minimum : std::min(minimum, other.minimum);
    maximum = sampleCount == 0 ? other.maximum : std::max(maximum, other.maximum);
    sampleCount += other.sampleCount;
    sum += other.sum;
}

} // namespace shardscope::cloudwatch
