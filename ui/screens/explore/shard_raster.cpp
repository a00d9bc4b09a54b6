#include "ui/screens/explore/shard_raster.h"

#include <algorithm>

namespace shardscope::ui {

namespace {

constexpr int kSpareColumns = 16;

} // namespace

ShardRaster::ShardRaster(Value value, Color color, QRgb nothing)
    : m_value(std::move(value))
    , m_color(std::move(color))
    , m_nothing(nothing)
{
}

void ShardRaster::setColors(Value value, Color color, QRgb nothing)
{
    m_value = std::move(value);
    m_color = std::move(color);
    m_nothing = nothing;
    m_ring = QImage();
}

int ShardRaster::columnOf(std::int64_t bucket) const
{
    return static_cast<int>(bucket % m_ring.width());
}

void ShardRaster::update(const Snapshot& snapshot, TimeWindow window, Resolution resolution,
                         int rowsMost)
{
    m_written = 0;
    const SimDuration step = stepOf(resolution);
    const std::int64_t first = window.from.inMicros() / step.inMicros();
    // What has not come yet must not count as written.
    const std::int64_t to = std::min(window.to, snapshot.clock.now).inMicros();
    const std::int64_t end = (to + step.inMicros() - 1) / step.inMicros();
    const int width = static_cast<int>(std::clamp<std::int64_t>(end - first, 1, 4096)) + 1;
    std::vector<ShardSlot> shards;
    for (const ShardRow& row : snapshot.shards)
        if (row.state == ShardState::Open)
            shards.push_back(row.slot);
    const int height = std::clamp(static_cast<int>(shards.size()), 1, std::max(1, rowsMost));
    const bool same = !m_ring.isNull() && m_ring.width() >= width
        && m_ring.width() <= 2 * width + kSpareColumns && m_ring.height() == height
        && shards == m_shards && snapshot.world == m_world && step == m_step && first >= m_first
        && first <= m_end;
    if (!same) {
        // The window of a young run grows: with room to spare its pictures are not made anew by it.
        m_ring = QImage(width + width / 2 + kSpareColumns, height, QImage::Format_RGB32);
        m_ring.fill(m_nothing);
        m_shards = std::move(shards);
        m_world = snapshot.world;
        m_step = step;
        m_end = first;
    }
    m_first = first;
    // The bucket before the end may have been half full when it was written.
    std::int64_t from = std::max(first, m_end - 1);
    m_end = std::min(end, first + m_ring.width());
    for (std::int64_t bucket = from; bucket < m_end; ++bucket)
        for (int y = 0; y < m_ring.height(); ++y)
            reinterpret_cast<QRgb*>(m_ring.scanLine(y))[columnOf(bucket)] = m_nothing;
    m_mapped = nullptr;
    for (const auto& block : snapshot.history.of(resolution)) {
        const std::int64_t start = block->start.inMicros() / step.inMicros();
        const auto rows = static_cast<std::int64_t>(block->rows());
        if (start + rows <= from || start >= m_end)
            continue;
        m_mapped = nullptr;
        for (std::int64_t r = std::max<std::int64_t>(0, from - start);
             r < std::min(rows, m_end - start); ++r)
            write(*block, static_cast<std::size_t>(r));
    }
}

void ShardRaster::write(const SeriesBlock& block, std::size_t row)
{
    if (m_mapped != &block) {
        m_mapped = &block;
        m_columns.clear();
        for (const ShardSlot shard : m_shards)
            m_columns.push_back(block.column(shard));
    }
    const int x = columnOf(block.timeOf(row).inMicros() / m_step.inMicros());
    auto* pixel = reinterpret_cast<QRgb*>(m_ring.bits()) + x;
    const auto stride = m_ring.bytesPerLine() / 4;
    const auto count = static_cast<std::size_t>(m_columns.size());
    const auto height = static_cast<std::size_t>(m_ring.height());
    for (std::size_t y = 0; y < height; ++y, pixel += stride) {
        double most = -1;
        for (std::size_t i = y * count / height; i < (y + 1) * count / height; ++i)
            if (m_columns[i] >= 0)
                most = std::max(
                    most, m_value(block.cell(row, static_cast<std::size_t>(m_columns[i])), m_step));
        if (most >= 0)
            *pixel = m_color(most);
    }
    ++m_written;
}

void ShardRaster::paint(QPainter& painter, const PlotArea& area) const
{
    if (m_ring.isNull() || m_end <= m_first)
        return;
    painter.save();
    painter.setClipRect(area.rect);
    const auto timeOf
        = [&](std::int64_t bucket) { return SimTime::fromMicros(bucket * m_step.inMicros()); };
    for (std::int64_t bucket = m_first; bucket < m_end;) {
        const int column = columnOf(bucket);
        const auto count = std::min<std::int64_t>(m_end - bucket, m_ring.width() - column);
        const double left = area.xOf(timeOf(bucket));
        const double right = area.xOf(timeOf(bucket + count));
        painter.drawImage(QRectF(left, area.rect.top(), right - left, area.rect.height()), m_ring,
                          QRectF(column, 0, static_cast<double>(count), m_ring.height()));
        bucket += count;
    }
    painter.restore();
}

} // namespace shardscope::ui
