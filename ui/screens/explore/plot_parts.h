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
[[nodiscard]] PlotModel begin(const QString& title, const PlotQuery& query);

} // namespace shardscope::ui::parts
