#pragma once

#include <QDialog>

#include <cstdint>

#include "ui/monitor_deck.h"

namespace shardscope::ui {

/// Asks before the endpoint stops while somebody is connected or something would be lost.
class SwitchOffDialog : public QDialog {
    Q_OBJECT

public:
    SwitchOffDialog(const EndpointState& endpoint, std::int64_t connections, qsizetype streams,
                    QWidget* parent);
};

/// The lines to paste for each kind of client.
class ConnectDialog : public QDialog {
    Q_OBJECT

public:
    ConnectDialog(const EndpointState& endpoint, const QString& region, QWidget* parent);

signals:
    void report(const QString& sentence);
};

} // namespace shardscope::ui
