#pragma once

#include <string>
#include <vector>

#include "core/planner/plan.h"
#include "core/planner/report/svg.h"

namespace shardscope {

/// A plan for people. HTML is one file with its pictures in it, light or dark as the reader's
/// screen is; Markdown has no pictures.
[[nodiscard]] std::string planMarkdown(const PlanResult& result);
[[nodiscard]] std::string planHtml(const PlanResult& result);

/// The same in the HTML that a text document of Qt understands, with a picture for each
/// `<img src="picture-N">`, N from 0.
struct PrintablePlan {
    std::string html;
    std::vector<std::string> pictures; ///< SVG documents
};
[[nodiscard]] PrintablePlan printablePlan(const PlanResult& result);

/// One row for each option and hour: `timeUtc,stream,mode,offeredRecordsPerSecond,…`.
[[nodiscard]] std::string planCsv(const PlanResult& result);

} // namespace shardscope
