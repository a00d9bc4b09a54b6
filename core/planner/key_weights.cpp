#include "core/planner/key_weights.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "core/workload/key_distribution.h"

namespace shardscope {
namespace {

/// Shares of the keys by their id in KeyDistribution; they sum to 1.
std::vector<double> sharesById(const KeySpec& keys)
{
    const auto count = static_cast<std::size_t>(keys.count);
    const auto salt = static_cast<std::size_t>(keys.salt);
    std::vector<double> share;
    switch (keys.shape) {
    case KeySpec::Shape::Constant:
        share.assign(salt, 1.0 / static_cast<double>(salt));
        break;
    case KeySpec::Shape::Uniform:
        share.assign(count * salt, 1.0 / static_cast<double>(count * salt));
        break;
    case KeySpec::Shape::Zipf: {
        double sum = 0;
        for (std::size_t i = 0; i < count; ++i)
            sum += std::pow(static_cast<double>(i + 1), -keys.exponent);
        share.reserve(count * salt);
        for (std::size_t i = 0; i < count; ++i)
            share.insert(share.end(), salt,
                         std::pow(static_cast<double>(i + 1), -keys.exponent)
                             / (sum * static_cast<double>(salt)));
        break;
    }
    case KeySpec::Shape::HotShare:
        share.assign(count, (1 - keys.hotShare) / static_cast<double>(count));
        share.insert(share.end(), salt, keys.hotShare / static_cast<double>(salt));
        break;
    case KeySpec::Shape::Random:
    case KeySpec::Shape::Timestamp:
        break;
    }
    return share;
}

/// As many of the heaviest keys as a KeyDistribution keeps hashes of: ids begin with them, whatever
/// the shape, but for HotShare, whose hot key comes last.
KeySpec heaviest(KeySpec keys)
{
    const auto most = static_cast<std::int64_t>(KeyDistribution::kTableKeys);
    const std::int64_t room
        = keys.shape == KeySpec::Shape::HotShare ? most - keys.salt : most / keys.salt;
    keys.count = std::max<std::int64_t>(1, std::min(keys.count, room));
    return keys;
}

} // namespace

KeyWeights KeyWeights::ofKeys(const KeySpec& keys)
{
    KeyWeights weights;
    if (keys.shape == KeySpec::Shape::Random || keys.shape == KeySpec::Shape::Timestamp)
        return weights;
    const bool small
        = static_cast<std::uint64_t>(keys.count) * static_cast<std::uint64_t>(keys.salt)
        <= KeyDistribution::kTableKeys;
    const KeySpec placed = small ? keys : heaviest(keys);
    if (!small && keys.shape == KeySpec::Shape::Uniform)
        return weights;
    const KeyDistribution distribution(placed);
    std::vector<double> share = sharesById(placed);
    if (!small && keys.shape == KeySpec::Shape::Zipf) {
        // The rest of the ranks by the integral of rank^-s.
        double all = 0;
        for (std::int64_t i = 1; i <= keys.count; ++i)
            all += std::pow(static_cast<double>(i), -keys.exponent);
        double some = 0;
        for (std::int64_t i = 1; i <= placed.count; ++i)
            some += std::pow(static_cast<double>(i), -keys.exponent);
        for (double& s : share)
            s *= some / all;
    } else if (!small && keys.shape == KeySpec::Shape::HotShare) {
        const double kept = static_cast<double>(placed.count) / static_cast<double>(keys.count);
        for (std::size_t i = 0; i < static_cast<std::size_t>(placed.count); ++i)
            share[i] *= kept;
    }
    const auto table = distribution.table();
    weights.m_floorShare = std::max(0.0, 1 - std::accumulate(share.begin(), share.end(), 0.0));
    if (small)
        weights.m_floorShare = 0;
    for (std::size_t id = 0; id < table.size(); ++id) {
        weights.m_points.push_back({table[id].high, share[id]});
        if (share[id] > weights.m_topKey) {
            weights.m_topKey = share[id];
            weights.m_topKeyAt = HashKey::fromWords(table[id].high, table[id].low);
        }
    }
    weights.settle();
    return weights;
}

KeyWeights KeyWeights::ofShards(std::span<const double> weights)
{
    KeyWeights out;
    out.m_floor.assign(1, 0);
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (const double w : weights)
        out.m_floor.push_back(out.m_floor.back() + w / sum);
    return out;
}

void KeyWeights::settle()
{
    std::sort(m_points.begin(), m_points.end(),
              [](const Point& a, const Point& b) { return a.at < b.at; });
    m_before.assign(1, 0);
    for (const Point& p : m_points) {
        m_at.push_back(p.at);
        m_before.push_back(m_before.back() + p.weight);
    }
    m_points = {};
}

double KeyWeights::below(std::uint64_t at) const
{
    const double place = static_cast<double>(at) / 0x1p64 * static_cast<double>(m_floor.size() - 1);
    const auto part = std::min(static_cast<std::size_t>(place), m_floor.size() - 2);
    const double floor
        = m_floor[part] + (m_floor[part + 1] - m_floor[part]) * (place - static_cast<double>(part));
    double keys = 0;
    if (!m_at.empty()) {
        const auto it = std::lower_bound(m_at.begin(), m_at.end(), at);
        keys = m_before[static_cast<std::size_t>(it - m_at.begin())];
    }
    return m_floorShare * floor + keys;
}

double KeyWeights::of(const HashKeyRange& range) const
{
    const double to = range.end == HashKey::max()
        ? m_floorShare * m_floor.back() + (m_before.empty() ? 0 : m_before.back())
        : below(HashKey {range.end.value + 1}.high());
    return std::max(0.0, to - below(range.start.high()));
}

std::vector<double> KeyWeights::ofEvenRanges(std::int64_t count) const
{
    std::vector<double> weights;
    weights.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i)
        weights.push_back(
            of(evenRange(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(count))));
    return weights;
}

double KeyWeights::skew(std::int64_t count) const
{
    const std::vector<double> weights = ofEvenRanges(count);
    return std::max(1.0,
                    *std::max_element(weights.begin(), weights.end()) * static_cast<double>(count));
}

} // namespace shardscope
