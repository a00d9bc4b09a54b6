#pragma once

#include "core/runtime/served_snapshot.h"
#include "ui/monitor_deck.h"
#include "ui/screens/monitor/stream_card.h"

class QDialog;

namespace shardscope::ui {

/// The dialog for a change of a stream, not yet open; it deletes itself when it is closed.
[[nodiscard]] QDialog* changeDialog(StreamChange change, const ServedStreamRow& stream,
                                    const ServedSnapshot& service, const MonitorDeck& deck,
                                    QWidget* parent);

} // namespace shardscope::ui
