#pragma once

#include <string>

#include "core/planner/plan.h"
#include "core/planner/report/svg.h"

/// The pictures of a report: each a whole SVG document, 860 px wide.
namespace shardscope::report {

inline constexpr double kPictureWidth = 860;

/// Offered bytes against the capacity step line, refusals in a lane below, the cost by the hour.
[[nodiscard]] std::string monthSvg(const StreamPlan& stream, const PlanOption& option,
                                   const SvgColours& colours);
/// Use of the busiest shard in each hour, days across, hours down.
[[nodiscard]] std::string heatSvg(const StreamPlan& stream, const PlanOption& option,
                                  const SvgColours& colours);
[[nodiscard]] std::string limitsSvg(const StreamPlan& stream, const SvgColours& colours);
[[nodiscard]] std::string breakEvenSvg(const StreamPlan& stream, const SvgColours& colours);
[[nodiscard]] std::string tornadoSvg(const StreamPlan& stream, const SvgColours& colours);

} // namespace shardscope::report
