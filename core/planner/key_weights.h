#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/hash_key.h"
#include "core/workload/producer_spec.h"

namespace shardscope {

/// Which share of a stream's records falls into which part of the hash key space: heavy points,
/// one for each key, over a floor that is piecewise even.
class KeyWeights {
public:
    /// Random keys: even everywhere.
    KeyWeights() = default;
    /// By the keys' own hashes. Of more than 2^20 keys the heaviest are placed and the rest is
    /// taken as even. Not for Timestamp.
    [[nodiscard]] static KeyWeights ofKeys(const KeySpec& keys);
    /// Even inside each of as many even ranges as there are weights; weights >= 0, one above 0.
    [[nodiscard]] static KeyWeights ofShards(std::span<const double> weights);

    /// Of a range, 0 … 1.
    [[nodiscard]] double of(const HashKeyRange& range) const;
    /// Of each of `count` even ranges, in their order.
    [[nodiscard]] std::vector<double> ofEvenRanges(std::int64_t count) const;
    /// The heaviest of `count` even ranges ÷ their mean; >= 1.
    [[nodiscard]] double skew(std::int64_t count) const;
    /// The heaviest key: its share, 0 when keys have no end, and where it hashes to.
    [[nodiscard]] double topKey() const { return m_topKey; }
    [[nodiscard]] HashKey topKeyAt() const { return m_topKeyAt; }

private:
    struct Point {
        std::uint64_t at = 0; ///< upper half of the hash
        double weight = 0;
    };
    void settle();
    [[nodiscard]] double below(std::uint64_t at) const;

    std::vector<std::uint64_t> m_at; ///< of the keys, ascending
    std::vector<double> m_before; ///< share of the keys before each; one more than keys
    std::vector<Point> m_points; ///< until settle()
    std::vector<double> m_floor {0, 1}; ///< share of the floor before each even part of the space
    double m_floorShare = 1; ///< of all records
    double m_topKey = 0;
    HashKey m_topKeyAt;
};

} // namespace shardscope
