#pragma once

#include <QWidget>

#include <memory>
#include <vector>

#include "core/endpoint/traffic.h"
#include "ui/monitor_deck.h"
#include "ui/screens/monitor/rows_model.h"

class QLineEdit;
class QStackedWidget;

namespace shardscope::ui {

class ConnectPane;
class WatchTable;

/// Who calls, and what is called: clients above, operations below.
class ClientsPage : public QWidget {
    Q_OBJECT

public:
    explicit ClientsPage(QWidget* parent = nullptr);

    void present(const std::shared_ptr<const endpoint::TrafficReport>& traffic,
                 const EndpointState& endpoint, const QString& region, qint64 wallMs);
    void takeFocus();

    [[nodiscard]] static std::vector<RowsColumn<endpoint::ClientRow>> clientColumns();
    [[nodiscard]] static std::vector<RowsColumn<endpoint::OperationRow>> operationColumns();

signals:
    void report(const QString& sentence);

private:
    RowsModel<endpoint::ClientRow>* m_clients;
    RowsModel<endpoint::OperationRow>* m_operations;
    WatchTable *m_clientTable, *m_operationTable;
    QLineEdit* m_filter; ///< of clients
    ConnectPane* m_connect;
    QStackedWidget* m_stack;
};

/// The errors answered lately, newest first.
class ErrorsPage : public QWidget {
    Q_OBJECT

public:
    explicit ErrorsPage(QWidget* parent = nullptr);

    void present(const std::shared_ptr<const endpoint::TrafficReport>& traffic, qint64 wallMs);
    void takeFocus();

    [[nodiscard]] static std::vector<RowsColumn<endpoint::ErrorRow>> columns();

signals:
    /// A row that names a stream was opened.
    void momentAsked(const QString& stream, shardscope::SimTime at);

private:
    RowsModel<endpoint::ErrorRow>* m_model;
    WatchTable* m_table;
    QLineEdit* m_filter;
    QStackedWidget* m_stack;
};

} // namespace shardscope::ui
