#pragma once

#include <QImage>
#include <QRect>

#include <span>

/// Curves of many shards at once, written straight into pixels: one band per pixel column. It costs
/// a fraction of what any stroker does and keeps every peak.
namespace shardscope::ui {

struct SparklineColors {
    QRgb line = 0, fill = 0, over = 0; ///< `over`: the part above `limit`
};

/// Draws `values` (0 … `top`, newest last) into `area` of an RGB32 image, filled down to the
/// bottom. More values than columns share columns by their largest, fewer are spread in steps.
void paintSparkline(QImage& image, const QRect& area, std::span<const float> values, float top,
                    float limit, const SparklineColors& colors);

} // namespace shardscope::ui
