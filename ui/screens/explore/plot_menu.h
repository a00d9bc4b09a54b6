#pragma once

#include <QPoint>
#include <QString>

#include <functional>

namespace shardscope::ui {

class LineChart;
class ViewState;

/// Hears one sentence about what was done.
using Said = std::function<void(const QString& sentence)>;

/// What can be done with one plot: its picture, its values, its window of time. A child of the
/// chart, shown at once; goes by itself.
void showPlotMenu(LineChart& chart, ViewState& view, const QPoint& global,
                  std::function<void()> zoomBack, Said said);

/// The last 60 buckets as a table in a window of its own, for reading figures and for people who
/// listen; refreshed as the run goes on. A second call closes it.
void togglePlotTable(LineChart& chart);

} // namespace shardscope::ui
