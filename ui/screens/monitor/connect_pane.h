#pragma once

#include <QString>
#include <QWidget>

#include "ui/monitor_deck.h"

class QLabel;
class QPlainTextEdit;
class QTabBar;

namespace shardscope::ui {

/// The lines for each client, one tab each, and a button that copies them.
class ConnectPane : public QWidget {
    Q_OBJECT

public:
    explicit ConnectPane(QWidget* parent = nullptr);

    void present(const EndpointState& endpoint, const QString& region);

signals:
    void report(const QString& sentence);

private:
    void fill();

    EndpointState m_endpoint;
    QString m_region;
    QTabBar* m_tabs;
    QPlainTextEdit* m_text;
    QLabel* m_note;
};

} // namespace shardscope::ui
