#pragma once

#include <QImage>
#include <QPainter>

#include <functional>
#include <vector>

#include "core/metrics/snapshot.h"
#include "ui/widgets/plot_model.h"

namespace shardscope::ui {

/// A picture of all open shards over time: a pixel row per shard or few, a pixel column per bucket.
/// A ring: while the window moves on, only new columns are written.
class ShardRaster {
public:
    using Value = std::function<double(const ShardSample& sample, SimDuration step)>;
    using Color = std::function<QRgb(double value)>;

    ShardRaster(Value value, Color color, QRgb nothing);
    void setColors(Value value, Color color, QRgb nothing); ///< forgets what is drawn

    /// Where there are more shards than `rowsMost`, neighbours share a row by their largest value,
    /// so that a single hot shard among thousands is seen.
    void update(const Snapshot& snapshot, TimeWindow window, Resolution resolution, int rowsMost);
    /// Fills `area.rect`; time lies as `area` says.
    void paint(QPainter& painter, const PlotArea& area) const;

    [[nodiscard]] const std::vector<ShardSlot>& shards() const { return m_shards; } ///< rows
    [[nodiscard]] int columnsWritten() const { return m_written; } ///< by the last update

private:
    void write(const SeriesBlock& block, std::size_t row);
    [[nodiscard]] int columnOf(std::int64_t bucket) const;

    Value m_value;
    Color m_color;
    QRgb m_nothing;
    QImage m_ring;
    std::vector<ShardSlot> m_shards;
    std::vector<std::ptrdiff_t> m_columns; ///< of the block that is being read, per row
    const SeriesBlock* m_mapped = nullptr;
    std::uint64_t m_world = 0;
    SimDuration m_step;
    std::int64_t m_first = 0, m_end = 0; ///< buckets in the ring, counted since 1970
    int m_written = 0;
};

} // namespace shardscope::ui
