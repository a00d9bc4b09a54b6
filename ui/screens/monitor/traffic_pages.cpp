#include "ui/screens/monitor/traffic_pages.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/format.h"
#include "ui/screens/monitor/connect_pane.h"
#include "ui/screens/monitor/empty_state.h"
#include "ui/screens/monitor/watch_table.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

using endpoint::ClientRow;
using endpoint::ErrorRow;
using endpoint::LatencyHistogram;
using endpoint::OperationRow;

QString micros(std::int64_t n)
{
    if (n <= 0)
        return QStringLiteral("–");
    if (n < 1'000)
        return ClientsPage::tr("%1 µs").arg(n);
    if (n < 1'000'000)
        return ClientsPage::tr("%1 ms").arg(
            QLocale().toString(static_cast<double>(n) / 1e3, 'f', n < 9'950 ? 1 : 0));
    return ClientsPage::tr("%1 s").arg(QLocale().toString(static_cast<double>(n) / 1e6, 'f', 1));
}

QString perSecond(double n)
{
    return n > 0 ? format::count(n) : QStringLiteral("–");
}

QString marked(std::int64_t refused)
{
    return refused > 0 ? QStringLiteral("✕ ") + format::exact(refused) : QStringLiteral("–");
}

QLabel* heading(const QString& words)
{
    auto* label = new QLabel(words);
    label->setContentsMargins(10, 6, 10, 4);
    label->setStyleSheet(QStringLiteral("font-weight: bold;"));
    return label;
}

QWidget* under(QWidget* title, QWidget* table)
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(title);
    column->addWidget(table, 1);
    return box;
}

/// A percentile of a row's latencies.
template <typename Row>
RowsColumn<Row> percentile(const QString& title, const QString& tip, double part)
{
    return {.title = title,
            .tip = tip,
            .text = [part](const Row& r) { return micros(r.latency.quantileMicros(part)); },
            .order = [part](const Row& r) { return whole(r.latency.quantileMicros(part)); },
            .number = true};
}

} // namespace

std::vector<RowsColumn<ClientRow>> ClientsPage::clientColumns()
{
    using Row = ClientRow;
    return {
        {.title = tr("Client"),
         .tip = tr("As its user agent names it"),
         .text
         = [](const Row& r) { return toQt(r.sdk.empty() ? r.userAgent.substr(0, 60) : r.sdk); },
         .rowTip =
             [](const Row& r) {
                 return tr("%1\naccess key %2")
                     .arg(toQt(r.userAgent),
                          r.accessKeyId.empty() ? tr("none") : toQt(r.accessKeyId));
             }},
        {.title = tr("Address"),
         .tip = tr("Where it calls from"),
         .text = [](const Row& r) { return toQt(r.address); }},
        {.title = tr("Protocol"),
         .tip = tr("Of its last request"),
         .text = [](const Row& r) { return toQt(r.protocol); }},
        {.title = tr("Connections"),
         .tip = tr("Open now"),
         .text = [](const Row& r) { return format::exact(r.connections); },
         .order = [](const Row& r) { return whole(r.connections); },
         .number = true},
        {.title = tr("Calls/s"),
         .tip = tr("In the last full second"),
         .text = [](const Row& r) { return perSecond(r.callsPerSecond); },
         .order = [](const Row& r) { return r.callsPerSecond; },
         .number = true,
         .rowTip = [](const Row& r) { return tr("%1 calls so far").arg(format::exact(r.calls)); }},
        {.title = tr("Records/s"),
         .tip = tr("Put and read, in the last full second"),
         .text = [](const Row& r) { return perSecond(r.recordsPerSecond); },
         .order = [](const Row& r) { return r.recordsPerSecond; },
         .number = true},
        {.title = tr("Records refused/s"),
         .tip = tr("Told in answers to PutRecords, in the last full second"),
         .text =
             [](const Row& r) {
                 return r.refusedRecordsPerSecond > 0
                     ? QStringLiteral("✕ ") + format::count(r.refusedRecordsPerSecond)
                     : QStringLiteral("–");
             },
         .order = [](const Row& r) { return r.refusedRecordsPerSecond; },
         .number = true,
         .rowTip =
             [](const Row& r) {
                 return tr("%1 records refused so far").arg(format::exact(r.refusedRecords));
             }},
        {.title = tr("Calls refused/s"),
         .tip = tr("Answered with an error, in the last full second"),
         .text =
             [](const Row& r) {
                 return r.refusedPerSecond > 0
                     ? QStringLiteral("✕ ") + format::count(r.refusedPerSecond)
                     : QStringLiteral("–");
             },
         .order = [](const Row& r) { return r.refusedPerSecond; },
         .number = true,
         .rowTip =
             [](const Row& r) {
                 return tr("%1 refused so far, %2 of them throttled")
                     .arg(format::exact(r.refused), format::exact(r.throttled));
             }},
        percentile<Row>(tr("p50"), tr("Half of its calls were answered within"), 0.5),
        percentile<Row>(tr("p99"), tr("99 of 100 calls were answered within"), 0.99),
        {.title = tr("Last operation"),
         .tip = tr("What it asked for last"),
         .text = [](const Row& r) { return toQt(r.lastOperation); }},
        {.title = tr("Last seen, UTC"),
         .tip = tr("When it called last"),
         .text = [](const Row& r) { return format::clock(r.lastSeen); },
         .order = [](const Row& r) { return whole(r.lastSeen.inMicros()); },
         .rowTip =
             [](const Row& r) {
                 return tr("From %1 to %2 UTC")
                     .arg(format::dateTime(r.firstSeen), format::dateTime(r.lastSeen));
             }},
    };
}

std::vector<RowsColumn<OperationRow>> ClientsPage::operationColumns()
{
    using Row = OperationRow;
    return {
        {.title = tr("Operation"),
         .tip = tr("As the API names it"),
         .text = [](const Row& r) { return toQt(r.operation); }},
        {.title = tr("Calls"),
         .tip = tr("Since the endpoint was switched on"),
         .text = [](const Row& r) { return format::exact(r.calls); },
         .order = [](const Row& r) { return whole(r.calls); },
         .number = true},
        {.title = tr("Refused"),
         .tip = tr("Answered with an error"),
         .text = [](const Row& r) { return marked(r.refused); },
         .order = [](const Row& r) { return whole(r.refused); },
         .number = true},
        {.title = tr("In"),
         .tip = tr("Bodies of requests"),
         .text = [](const Row& r) { return format::bytes(static_cast<double>(r.bytesIn)); },
         .order = [](const Row& r) { return whole(r.bytesIn); },
         .number = true},
        {.title = tr("Out"),
         .tip = tr("Bodies of answers"),
         .text = [](const Row& r) { return format::bytes(static_cast<double>(r.bytesOut)); },
         .order = [](const Row& r) { return whole(r.bytesOut); },
         .number = true},
        percentile<Row>(tr("p50"), tr("Half of the calls were answered within"), 0.5),
        percentile<Row>(tr("p99"), tr("99 of 100 calls were answered within"), 0.99),
    };
}

ClientsPage::ClientsPage(QWidget* parent)
    : QWidget(parent)
    , m_clients(new RowsModel<ClientRow>(
          clientColumns(), [](const ClientRow& r) { return r.address + '\n' + r.userAgent; }, this))
    , m_operations(new RowsModel<OperationRow>(
          operationColumns(), [](const OperationRow& r) { return r.operation; }, this))
    , m_clientTable(new WatchTable(m_clients))
    , m_operationTable(new WatchTable(m_operations))
    , m_filter(new QLineEdit)
    , m_connect(new ConnectPane)
    , m_stack(new QStackedWidget)
{
    m_clientTable->setObjectName(QStringLiteral("clients"));
    m_clientTable->setAccessibleName(tr("Clients"));
    m_clientTable->setWidths({.wanted = {26, 18, 26, 16, 12, 14, 20, 18, 11, 11, 38, 18},
                              .least = {20, 13, 21, 14, 10, 12, 19, 16, 9, 9, 22, 16},
                              .givesWay = {10, 3, 11},
                              .stretch = 0});
    m_clientTable->sortBy(4, Qt::DescendingOrder);
    m_operationTable->setObjectName(QStringLiteral("operations"));
    m_operationTable->setAccessibleName(tr("Operations"));
    m_operationTable->setWidths({.wanted = {38, 16, 14, 14, 14, 12, 12}});
    m_operationTable->sortBy(1, Qt::DescendingOrder);
    m_filter->setObjectName(QStringLiteral("clientFilter"));
    m_filter->setPlaceholderText(tr("Filter clients by name, address, protocol or operation"));
    m_filter->setAccessibleName(m_filter->placeholderText());
    m_filter->setClearButtonEnabled(true);
    connect(m_filter, &QLineEdit::textChanged, m_clientTable, &WatchTable::filter);
    auto* none = new EmptyState(tr("Nobody has called yet"),
                                tr("Paste these lines, and what they do is seen here."));
    none->addWidget(m_connect);
    connect(m_connect, &ConnectPane::report, this, &ClientsPage::report);
    auto* split = new QSplitter(Qt::Vertical);
    split->setChildrenCollapsible(false);
    auto* top = new QWidget;
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 2, 10, 2);
    row->addWidget(heading(tr("Clients")));
    row->addStretch(1);
    row->addWidget(m_filter, 1);
    split->addWidget(under(top, m_clientTable));
    split->addWidget(under(heading(tr("Operations")), m_operationTable));
    m_stack->addWidget(none);
    m_stack->addWidget(split);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
}

void ClientsPage::present(const std::shared_ptr<const endpoint::TrafficReport>& traffic,
                          const EndpointState& endpoint, const QString& region, qint64 wallMs)
{
    const bool some
        = traffic != nullptr && (!traffic->clients.empty() || !traffic->operations.empty());
    m_stack->setCurrentIndex(some ? 1 : 0);
    if (!some)
        m_connect->present(endpoint, region);
    m_clients->setRows(traffic ? RowsModel<ClientRow>::Rows(traffic, &traffic->clients) : nullptr);
    m_operations->setRows(traffic ? RowsModel<OperationRow>::Rows(traffic, &traffic->operations)
                                  : nullptr);
    m_clientTable->settle(wallMs);
    m_operationTable->settle(wallMs);
}

void ClientsPage::takeFocus()
{
    if (m_stack->currentIndex() == 1)
        m_clientTable->setFocus(Qt::ShortcutFocusReason);
}

std::vector<RowsColumn<ErrorRow>> ErrorsPage::columns()
{
    using Row = ErrorRow;
    return {
        {.title = tr("Time, UTC"),
         .tip = tr("When it was answered last"),
         .text = [](const Row& r) { return format::clockExact(r.at); },
         .order = [](const Row& r) { return whole(r.at.inMicros()); },
         .rowTip =
             [](const Row& r) {
                 return tr("%1 UTC, request %2").arg(format::dateTime(r.at), toQt(r.requestId));
             }},
        {.title = tr("Client"),
         .tip = tr("Who was answered so"),
         .text = [](const Row& r) { return toQt(r.client); }},
        {.title = tr("Operation"),
         .tip = tr("What was asked for"),
         .text = [](const Row& r) { return toQt(r.operation); }},
        {.title = tr("Stream"),
         .tip = tr("Which stream it was about"),
         .text = [](const Row& r) { return toQt(r.stream); }},
        {.title = tr("Error"),
         .tip = tr("Its type, and the HTTP status"),
         .text = [](const Row& r) { return toQt(r.type); },
         .rowTip = [](const Row& r) { return tr("%1, HTTP %2").arg(toQt(r.type)).arg(r.status); }},
        {.title = tr("Times"),
         .tip = tr("The same one again and again; of refused records each counts"),
         .text = [](const Row& r) { return format::exact(r.times); },
         .order = [](const Row& r) { return whole(r.times); },
         .number = true},
        {.title = tr("Message"),
         .tip = tr("As it was answered"),
         .text = [](const Row& r) { return toQt(r.message); }},
    };
}

ErrorsPage::ErrorsPage(QWidget* parent)
    : QWidget(parent)
    , m_model(new RowsModel<ErrorRow>(
          columns(), [](const ErrorRow& r) { return std::to_string(r.id); }, this))
    , m_table(new WatchTable(m_model))
    , m_filter(new QLineEdit)
    , m_stack(new QStackedWidget)
{
    m_table->setObjectName(QStringLiteral("errors"));
    m_table->setAccessibleName(tr("Errors given lately"));
    m_table->setWidths({.wanted = {21, 30, 38, 20, 50, 10, 60},
                        .least = {21, 25, 22, 11, 22, 9, 30},
                        .stretch = 6});
    m_table->sortBy(0, Qt::DescendingOrder);
    m_filter->setObjectName(QStringLiteral("errorFilter"));
    m_filter->setPlaceholderText(tr("Filter errors by client, operation, stream, type or words"));
    m_filter->setAccessibleName(m_filter->placeholderText());
    m_filter->setClearButtonEnabled(true);
    connect(m_filter, &QLineEdit::textChanged, m_table, &WatchTable::filter);
    connect(m_table, &WatchTable::opened, this, [this](int row) {
        const ErrorRow* error = m_model->at(row);
        if (error != nullptr && !error->stream.empty())
            emit momentAsked(toQt(error->stream), error->at);
    });
    auto* filled = new QWidget;
    auto* inside = new QVBoxLayout(filled);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(0);
    auto* top = new QVBoxLayout;
    top->setContentsMargins(10, 8, 10, 8);
    top->addWidget(m_filter);
    inside->addLayout(top);
    inside->addWidget(m_table, 1);
    m_stack->addWidget(new EmptyState(
        tr("No error so far"),
        tr("Whatever is answered with an error stands here with its reason: who was refused, "
           "what, and in which words.")));
    m_stack->addWidget(filled);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
}

void ErrorsPage::present(const std::shared_ptr<const endpoint::TrafficReport>& traffic,
                         qint64 wallMs)
{
    const bool some = traffic != nullptr && !traffic->errors.empty();
    m_stack->setCurrentIndex(some ? 1 : 0);
    m_model->setRows(traffic ? RowsModel<ErrorRow>::Rows(traffic, &traffic->errors) : nullptr);
    m_table->settle(wallMs);
}

void ErrorsPage::takeFocus()
{
    if (m_stack->currentIndex() == 1)
        m_table->setFocus(Qt::ShortcutFocusReason);
}

} // namespace shardscope::ui
