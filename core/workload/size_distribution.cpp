#include "core/workload/size_distribution.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/engine/limits.h"

namespace shardscope {

SizeDistribution::SizeDistribution(const SizeSpec& spec)
{
    const auto clamped = [](double bytes) {
        const double most = static_cast<double>(limits::kMaxRecordLargest);
        return static_cast<std::uint32_t>(std::llround(std::clamp(bytes, 0.0, most)));
    };
    switch (spec.shape) {
    case SizeSpec::Shape::Fixed:
        m_least = clamped(spec.bytes);
        break;
    case SizeSpec::Shape::Uniform: {
        m_least = clamped(spec.bytes - spec.spread);
        m_span = clamped(spec.bytes + spec.spread) - m_least + 1;
        break;
    }
    case SizeSpec::Shape::LogNormal: {
        const double sigma = std::log(spec.spread / spec.bytes) / normalQuantile(0.99);
        constexpr std::size_t kRows = std::size_t {1} << kTableBits;
        m_table.reserve(kRows);
        for (std::size_t i = 0; i < kRows; ++i) {
            const double p = (static_cast<double>(i) + 0.5) / static_cast<double>(kRows);
            m_table.push_back(clamped(spec.bytes * std::exp(sigma * normalQuantile(p))));
        }
        break;
    }
    }
}

std::uint32_t SizeDistribution::largest() const
{
    if (!m_table.empty())
        return m_table.back();
    return m_span == 0 ? m_least : m_least + m_span - 1;
}

double normalQuantile(double p)
{
    // Newton steps on the distribution function from a logistic first guess: exact to rounding, and
    // only tables are made with it.
    double x = std::log(p / (1 - p)) / 1.702;
    for (int i = 0; i < 60; ++i) {
        const double error = 0.5 * std::erfc(-x / std::numbers::sqrt2) - p;
        const double density = std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
        const double step = std::clamp(error / density, -0.5, 0.5);
        x -= step;
        if (std::abs(step) < 1e-13)
            break;
    }
    return x;
}

} // namespace shardscope
