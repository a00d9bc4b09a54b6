#pragma once

#include <cstdint>
#include <vector>

#include "core/base/rng.h"
#include "core/workload/producer_spec.h"

namespace shardscope {

/// Bytes of a record's data, drawn from its number.
class SizeDistribution {
public:
    explicit SizeDistribution(const SizeSpec& spec);

    [[nodiscard]] std::uint32_t bytes(std::uint64_t number, const CounterRng& rng) const
    {
        if (m_table.empty())
            return m_span == 0 ? m_least
                               : m_least + static_cast<std::uint32_t>(rng.below(number, m_span));
        return m_table[rng.bits(number) >> (64 - kTableBits)];
    }
    [[nodiscard]] bool fixed() const { return m_table.empty() && m_span == 0; }
    [[nodiscard]] std::uint32_t largest() const;

private:
    static constexpr int kTableBits = 12;
    std::uint32_t m_least = 0;
    std::uint32_t m_span = 0; ///< how many sizes from m_least on; 0 = just m_least
    std::vector<std::uint32_t> m_table; ///< LogNormal: the middles of 4,096 equal shares
};

/// The standard normal distribution's quantile; 0 < p < 1.
[[nodiscard]] double normalQuantile(double p);

} // namespace shardscope
