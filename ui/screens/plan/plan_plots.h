#pragma once

#include <memory>

#include "core/planner/plan.h"
#include "ui/widgets/plot_model.h"

namespace shardscope::ui {

/// A plan that is put aside to compare with: A.
struct PinnedPlan {
    std::shared_ptr<const PlanResult> result;
    std::size_t stream = 0;
    PlanMode mode {};

    [[nodiscard]] const PlanOption* option() const;
};

/// The month's plots, one value an hour: what is offered beside the shards, what is refused, and
/// what it costs. With `pinned`, its shards, refusals and cost on the same axes.
[[nodiscard]] PlotModel loadPlot(const StreamPlan& plan, const PlanOption& option,
                                 const PinnedPlan* pinned);
[[nodiscard]] PlotModel refusedPlot(const StreamPlan& plan, const PlanOption& option,
                                    const PinnedPlan* pinned);
[[nodiscard]] PlotModel costPlot(const StreamPlan& plan, const PlanOption& option,
                                 const PinnedPlan* pinned);

/// What B does that A does not, in a sentence.
[[nodiscard]] QString differenceText(const PlanOption& a, const PlanOption& b);

} // namespace shardscope::ui
