#pragma once

#include <cstdint>
#include <vector>

#include "core/consumers/query_aggregate.h"
#include "core/consumers/query_keys.h"
#include "core/consumers/query_results.h"

namespace shardscope {

/// Tumbling and sliding windows: state of every key in every open window. Copyable.
class WindowPanes {
public:
    WindowPanes() = default;
    /// `spec` as resolved() gives it.
    explicit WindowPanes(const AnalyticsSpec& spec);

    /// Takes one element into every window it belongs to. False when all of them are gone.
    [[nodiscard]] bool add(std::int64_t ms, std::uint32_t key, double value,
                           std::int64_t watermarkMs, KeyTable& keys, QueryResults& results);
    /// Fires what the watermark has reached and lets go what is gone.
    void advance(std::int64_t watermarkMs, KeyTable& keys, QueryResults& results);

    [[nodiscard]] std::int64_t open() const { return static_cast<std::int64_t>(m_panes.size()); }
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Cell {
        std::uint32_t key = 0;
        Accumulator sum;
    };
    struct Sample {
        std::uint32_t cell = 0;
        double value = 0;
    };
    struct Pane {
        std::int64_t startMs = 0;
        bool fired = false;
        std::vector<std::uint32_t> cellOf; ///< by key: place in `cells` + 1, or 0
        std::vector<Cell> cells;
        std::vector<Sample> samples; ///< Percentile only
    };
    Pane& paneAt(std::int64_t startMs);
    std::uint32_t put(Pane& pane, std::uint32_t key, double value, KeyTable& keys) const;
    void fire(Pane& pane, const KeyTable& keys, QueryResults& results, bool again);
    void fireTop(const Pane& pane, const KeyTable& keys, QueryResults& results, bool again);
    void fireCell(Pane& pane, std::uint32_t cell, const KeyTable& keys, QueryResults& results);
    [[nodiscard]] QueryWindow windowOf(const Pane& pane) const
    {
        return {pane.startMs, pane.startMs + m_sizeMs};
    }

    AnalyticsSpec::Aggregate m_aggregate = AnalyticsSpec::Aggregate::Count;
    std::int64_t m_sizeMs = 1, m_slideMs = 1, m_latenessMs = 0;
    double m_percent = 0;
    std::int64_t m_k = 0;
    bool m_bySum = false; ///< TopK: by the sum, not by the count
    std::vector<Pane> m_panes; ///< open ones, ascending by start
    std::vector<Pane> m_spare; ///< emptied, with their memory
    std::size_t m_last = 0; ///< the pane of the element before
    std::vector<double> m_values; ///< of one key, while a percentile is looked for
    std::vector<Sample> m_sorted;
};

} // namespace shardscope
