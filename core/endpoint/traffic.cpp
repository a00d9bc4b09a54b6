#include "core/endpoint/traffic.h"

#include <algorithm>
#include <cmath>

namespace shardscope::endpoint {
namespace {

constexpr double kLeastMicros = 16;

/// Upper edges of the buckets.
const std::array<std::int64_t, 45>& edges()
{
    static const std::array<std::int64_t, 45> table = [] {
        std::array<std::int64_t, 45> made {};
        for (std::size_t i = 0; i < made.size(); ++i)
            made[i] = std::llround(kLeastMicros * std::pow(2.0, static_cast<double>(i) / 2));
        return made;
    }();
    return table;
}

} // namespace

void LatencyHistogram::add(std::int64_t micros)
{
    const auto at = std::lower_bound(edges().begin(), edges().end() - 1, micros);
    ++m_buckets[static_cast<std::size_t>(at - edges().begin())];
    ++m_count;
}

void LatencyHistogram::add(const LatencyHistogram& other)
{
    for (std::size_t i = 0; i < m_buckets.size(); ++i)
        m_buckets[i] += other.m_buckets[i];
    m_count += other.m_count;
}

std::int64_t LatencyHistogram::edgeMicros(std::size_t bucket)
{
    return edges()[bucket];
}

std::int64_t LatencyHistogram::quantileMicros(double part) const
{
    const auto wanted
        = std::max<std::int64_t>(1, std::llround(std::ceil(part * static_cast<double>(m_count))));
    std::int64_t below = 0;
    for (std::size_t i = 0; i < m_buckets.size(); ++i) {
        below += m_buckets[i];
        if (m_count != 0 && below >= wanted)
            return edges()[i];
    }
    return 0;
}

} // namespace shardscope::endpoint
