#include "ui/widgets/column_raster.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace shardscope::ui {

void paintSparkline(QImage& image, const QRect& area, std::span<const float> values, float top,
                    float limit, const SparklineColors& colors)
{
    const QRect inside = area & image.rect();
    if (values.empty() || inside.isEmpty() || top <= 0)
        return;
    const auto count = static_cast<std::int64_t>(values.size());
    const int height = area.height();
    const auto rowOf = [&](float v) {
        return height
            - static_cast<int>(
                   std::lround(std::clamp(v / top, 0.0F, 1.0F) * static_cast<float>(height)));
    };
    const int limitRow = rowOf(limit);
    auto* pixels = reinterpret_cast<QRgb*>(image.bits());
    const auto stride = static_cast<std::ptrdiff_t>(image.bytesPerLine() / 4);
    int before = -1;
    for (int x = inside.left(); x <= inside.right(); ++x) {
        const std::int64_t column = x - area.left();
        const std::int64_t first = column * count / area.width();
        const std::int64_t last = std::max(first + 1, (column + 1) * count / area.width());
        float peak = 0;
        for (std::int64_t i = first; i < std::min(last, count); ++i)
            peak = std::max(peak, values[static_cast<std::size_t>(i)]);
        const int crest = std::min(rowOf(peak), height - 1);
        // The line joins its neighbour's height, so that steps are closed.
        const int joined = before < 0 ? crest : before;
        const int from = std::min(crest, joined);
        const int to = std::max(crest, joined);
        before = crest;
        QRgb* p = pixels + (area.top() + from) * stride + x;
        for (int y = from; y < height; ++y, p += stride) {
            const bool line = y == crest || (y >= from && y <= to && y < crest) || y == from;
            if (y < crest && !line)
                continue;
            *p = y < limitRow && peak > limit ? colors.over : line ? colors.line : colors.fill;
        }
    }
}

} // namespace shardscope::ui
