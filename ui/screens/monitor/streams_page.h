#pragma once

#include <QWidget>

#include <memory>
#include <string>
#include <vector>

#include "core/runtime/served_snapshot.h"
#include "ui/screens/monitor/rows_model.h"
#include "ui/screens/monitor/stream_card.h"

class QLabel;
class QLineEdit;
class QStackedWidget;

namespace shardscope::ui {

class WatchTable;

/// Every stream on a line, and the chosen one in words beside them.
class StreamsPage : public QWidget {
    Q_OBJECT

public:
    explicit StreamsPage(QWidget* parent = nullptr);

    void present(const std::shared_ptr<const ServedSnapshot>& service, qint64 wallMs);
    void choose(const std::string& stream);
    void restyle();
    void takeFocus();

    /// The table's columns, with what they say and sort by.
    [[nodiscard]] static std::vector<RowsColumn<ServedStreamRow>> columns();

signals:
    void streamChosen(const QString& stream);
    void boardAsked();
    void recordsAsked();
    void createAsked();
    void changeAsked(shardscope::ui::StreamChange change);

private:
    QWidget* tablePart();
    void showCard();

    RowsModel<ServedStreamRow>* m_model;
    WatchTable* m_table;
    QLineEdit* m_filter;
    QLabel* m_count;
    StreamCard* m_card;
    QStackedWidget* m_stack;
    std::shared_ptr<const ServedSnapshot> m_service;
    std::string m_stream; ///< chosen
};

} // namespace shardscope::ui
