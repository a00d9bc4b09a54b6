#pragma once

#include <memory>

#include "core/metrics/snapshot.h"
#include "core/planner/measured_stream.h"

namespace shardscope::ui {

/// What was seen of a running stream so far, whole minutes of it, as something to plan for; null
/// when there is no whole minute yet. Sources: the snapshot's history by the minute.
[[nodiscard]] std::shared_ptr<const MeasuredStream> measuredRun(const Snapshot& snapshot);

} // namespace shardscope::ui
