#pragma once

#include <QCoreApplication>

#include "core/engine/limits.h"
#include "ui/screens/explore/plots.h"

/// Small things that the builders of plots share.
namespace shardscope::ui::parts {

inline constexpr double kMiB = 1048576.0;

[[nodiscard]] inline QString tr(const char* text, int n = -1)
{
    return QCoreApplication::translate("Plots", text, nullptr, n);
}

/// A sum over `step` as a rate per second.
[[nodiscard]] inline double rate(double sum, SimDuration step)
{
    return sum / step.inSeconds();
}

/// A plot's top: `calm` while everything fits under it, then one jump, then round figures, so that
/// the axis does not breathe with the data.
[[nodiscard]] double topFor(double most, double calm, double jump);
[[nodiscard]] double mostOf(const std::vector<Curve>& curves);
/// Title, words and axis of the unit.
[[nodiscard]] std::function<QString(double)> textOf(ViewState::Unit unit);
/// Percent of 100, or the unit's own figures with ticks that fit.
void setAxis(PlotModel& model, double limit);
/// A figure for an axis, in the room of five characters: `150`, `1.5k`.
[[nodiscard]] QString axisFigure(double value);
/// Title, window, unit and what happened inside the window.
[[nodiscard]] PlotModel begin(const QString& title, const Snapshot& snapshot,
                              const PlotQuery& query);

/// Polling readers take what has come since their last call in one gulp. Seen from further away the
/// gulps stand as close as a comb, and how much is read is told by their mean: over this long, or
/// over nothing where a window is narrow enough to tell them apart.
[[nodiscard]] SimDuration meanOver(TimeWindow window);
/// Each point becomes the mean of what ended at most `over` before it does.
[[nodiscard]] std::vector<PlotPoint> meansOf(const std::vector<PlotPoint>& points,
                                             SimDuration over);
void cutBefore(std::vector<PlotPoint>& points, SimTime from);

/// What a plot of reading says when nobody reads; empty when somebody does.
[[nodiscard]] QString nobodyReads(const Snapshot& snapshot);

/// "largest second of the last minute: 98 % at 12:04:31", of one shard in percent of a limit.
/// Empty while nothing is known of it.
[[nodiscard]] QString
closestInLastMinute(const Snapshot& snapshot, ShardSlot shard,
                    const std::function<double(const ShardSample&)>& percentOfLimit);

} // namespace shardscope::ui::parts
