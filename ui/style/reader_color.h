#pragma once

#include <QColor>

#include "core/base/strong_id.h"

namespace shardscope::ui {

/// The colour of one reader, the same wherever it is drawn, in the look in force. Twelve tell
/// apart; the thirteenth reader has the first one's again, so names always stand beside them.
[[nodiscard]] QColor readerColor(ConsumerSlot reader);

} // namespace shardscope::ui
