#pragma once

#include <QString>

#include "core/metrics/snapshot.h"

/// What is said of a reader, in words.
namespace shardscope::ui::words {

/// "KCL 3.x, fan-out"
[[nodiscard]] QString wayOf(const ConsumerRow& reader);
/// "▲ growing", "▼ draining, 12 s to go", "● steady", "○ paused"
[[nodiscard]] QString trendOf(const ConsumerRow& reader);
/// "1,840 records behind, the oldest unread for 2.1 s; draining: caught up in 1 m 35 s."
[[nodiscard]] QString howFarBehind(const ConsumerRow& reader);
/// "At this rate the oldest unread record is lost in 3 h 12 m.", with what was lost already and
/// what was processed again; or empty.
[[nodiscard]] QString forecastOf(const ConsumerRow& reader);
/// "$0.12", "none" for what costs nothing, "–" where a price is missing
[[nodiscard]] QString costOf(const ConsumerRow& reader);

} // namespace shardscope::ui::words
