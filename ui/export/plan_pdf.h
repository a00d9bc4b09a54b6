#pragma once

#include <string>

#include "core/base/result.h"
#include "core/planner/plan.h"

namespace shardscope::ui {

/// Writes a plan as a PDF of A4 pages. Needs a QGuiApplication. Errors: Io when the file cannot be
/// written.
[[nodiscard]] Result<void> writePlanPdf(const PlanResult& result, const std::string& path);

} // namespace shardscope::ui
