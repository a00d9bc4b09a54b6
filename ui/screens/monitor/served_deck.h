#pragma once

#include <string>

#include "ui/deck.h"
#include "ui/monitor_deck.h"

namespace shardscope::ui {

/// The hands that boards and stream dialogs know, on a stream of the endpoint: an act becomes the
/// API's request for `stream`, or is done to a reader that runs here. What only a simulated run can
/// do is refused with a sentence.
[[nodiscard]] Deck servedDeck(const MonitorDeck& deck, const std::string& stream);

} // namespace shardscope::ui
