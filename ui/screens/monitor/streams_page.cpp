#include "ui/screens/monitor/streams_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/format.h"
#include "ui/screens/monitor/empty_state.h"
#include "ui/screens/monitor/watch_table.h"
#include "ui/stream_header.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

using Row = ServedStreamRow;

QString rate(double bytes)
{
    return bytes > 0 ? format::bytesPerSecond(bytes) : QStringLiteral("–");
}

QString perSecond(double n)
{
    return n > 0 ? format::count(n) : QStringLiteral("–");
}

/// A shard gives twice as much as it takes.
constexpr double kReadPerWrite = 2;

double part(double rate, double capacity)
{
    return capacity > 0 ? rate / capacity : 0;
}

} // namespace

std::vector<RowsColumn<Row>> StreamsPage::columns()
{
    return {
        {.title = tr("Stream"),
         .tip = tr("Its name"),
         .text = [](const Row& r) { return toQt(r.summary.streamName); }},
        {.title = tr("Status"),
         .tip = tr("As DescribeStreamSummary says it"),
         .text = [](const Row& r) { return statusText(r.summary.status); }},
        {.title = tr("Shards"),
         .tip = tr("Open shards"),
         .text = [](const Row& r) { return format::exact(r.summary.openShardCount); },
         .order = [](const Row& r) { return whole(r.summary.openShardCount); },
         .number = true},
        {.title = tr("In"),
         .tip = tr("Accepted in the last second, against 1 MiB/s for each open shard"),
         .text = [](const Row& r) { return rate(r.acceptedBytes); },
         .order = [](const Row& r) { return r.acceptedBytes; },
         .number = true,
         .bar = [](const Row& r) { return part(r.offeredBytes, r.capacityBytes); },
         .rowTip =
             [](const Row& r) {
                 return tr("%1, %2 in the last second; hottest shard at %3 of its limit")
                     .arg(format::bytesPerSecond(r.acceptedBytes),
                          format::recordsPerSecond(r.acceptedRecords),
                          format::percent(r.hottestPercentOfLimit));
             }},
        {.title = tr("Records/s"),
         .tip = tr("Accepted records in the last second"),
         .text = [](const Row& r) { return perSecond(r.acceptedRecords); },
         .order = [](const Row& r) { return r.acceptedRecords; },
         .number = true},
        {.title = tr("Refused/s"),
         .tip = tr("Records refused in the last second"),
         .text =
             [](const Row& r) {
                 return r.refusedRecords > 0
                     ? QStringLiteral("✕ ") + format::count(r.refusedRecords)
                     : QStringLiteral("–");
             },
         .order = [](const Row& r) { return r.refusedRecords; },
         .number = true},
        {.title = tr("Hottest"),
         .tip = tr("The fullest open shard, in percent of the limit that binds"),
         .text = [](const Row& r) { return format::percent(r.hottestPercentOfLimit); },
         .order = [](const Row& r) { return r.hottestPercentOfLimit; },
         .number = true,
         .bar = [](const Row& r) { return r.hottestPercentOfLimit / 100; }},
        {.title = tr("Out"),
         .tip = tr("Read in the last second, against 2 MiB/s for each open shard"),
         .text = [](const Row& r) { return rate(r.outBytes); },
         .order = [](const Row& r) { return r.outBytes; },
         .number = true,
         .bar = [](const Row& r) { return part(r.outBytes, r.capacityBytes * kReadPerWrite); }},
        {.title = tr("Iterator age"),
         .tip = tr("The largest of the last reads"),
         .text =
             [](const Row& r) {
                 return r.ageMs > 0 ? format::duration(SimDuration::millis(r.ageMs))
                                    : QStringLiteral("–");
             },
         .order = [](const Row& r) { return whole(r.ageMs); },
         .number = true},
        {.title = tr("Stored"),
         .tip = tr("Records that are kept now"),
         .text = [](const Row& r) { return format::bytes(static_cast<double>(r.stored.bytes)); },
         .order = [](const Row& r) { return whole(r.stored.bytes); },
         .number = true,
         .rowTip =
             [](const Row& r) {
                 return tr("%1 in %2 records")
                     .arg(format::bytes(static_cast<double>(r.stored.bytes)),
                          format::exact(r.stored.records));
             }},
        {.title = tr("Mode"),
         .tip = tr("Capacity mode"),
         .text = [](const Row& r) { return modeText(r.summary.mode); }},
        {.title = tr("Consumers"),
         .tip = tr("Registered consumers, and their open subscriptions"),
         .text =
             [](const Row& r) {
                 if (r.consumers.empty())
                     return QStringLiteral("–");
                 return r.subscriptions > 0
                     ? tr("%1, %2 open").arg(r.consumers.size()).arg(r.subscriptions)
                     : QString::number(r.consumers.size());
             },
         .order = [](const Row& r) { return whole(static_cast<std::int64_t>(r.consumers.size())); },
         .number = true},
        {.title = tr("Retention"),
         .tip = tr("How long records are kept"),
         .text = [](const Row& r) { return tr("%1 h").arg(r.summary.retentionHours); },
         .order = [](const Row& r) { return whole(r.summary.retentionHours); },
         .number = true},
        {.title = tr("Encryption"),
         .tip = tr("At rest"),
         .text =
             [](const Row& r) {
                 return r.summary.encryption == EncryptionType::Kms ? QStringLiteral("KMS")
                                                                    : QStringLiteral("–");
             }},
    };
}

StreamsPage::StreamsPage(QWidget* parent)
    : QWidget(parent)
    , m_model(new RowsModel<Row>(
          columns(), [](const Row& r) { return r.summary.streamName; }, this))
    , m_table(new WatchTable(m_model))
    , m_filter(new QLineEdit)
    , m_count(new QLabel)
    , m_card(new StreamCard)
    , m_stack(new QStackedWidget)
{
    m_table->setObjectName(QStringLiteral("streams"));
    m_table->setAccessibleName(tr("Streams"));
    // The card beside the table, or the tip of "In", says what gives way.
    m_table->setWidths({.wanted = {25, 11, 8, 14, 10, 10, 9, 14, 10, 12, 20, 13, 12, 13},
                        .least = {17, 11, 8, 14, 10, 10, 9, 14, 10, 12, 20, 13, 12, 13},
                        .givesWay = {13, 12, 11, 10, 9, 1, 2, 4},
                        .stretch = 0});
    m_table->sortBy(0, Qt::AscendingOrder);
    m_filter->setObjectName(QStringLiteral("filter"));
    m_filter->setPlaceholderText(tr("Filter streams"));
    m_filter->setAccessibleName(m_filter->placeholderText());
    m_filter->setClearButtonEnabled(true);
    m_count->setObjectName(QStringLiteral("streamCount"));

    auto* none = new EmptyState(
        tr("No stream yet"),
        tr("A stream takes records from any AWS client and keeps them for its retention. "
           "Create one here, or let your program call CreateStream."));
    auto* create = none->addButton(tr("Create a stream…"), tr("Choose a name and a capacity"));
    create->setObjectName(QStringLiteral("createFirst"));
    connect(create, &QPushButton::clicked, this, &StreamsPage::createAsked);
    m_stack->addWidget(none);
    m_stack->addWidget(tablePart());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& letters) {
        m_table->filter(letters);
        if (m_service)
            present(m_service, 0);
    });
    connect(m_table, &WatchTable::chosen, this, [this](int row) {
        if (const Row* stream = m_model->at(row)) {
            m_stream = stream->summary.streamName;
            showCard();
            emit streamChosen(toQt(m_stream));
        }
    });
    connect(m_table, &WatchTable::opened, this, &StreamsPage::boardAsked);
    connect(m_card, &StreamCard::changeAsked, this, &StreamsPage::changeAsked);
    connect(m_card, &StreamCard::boardAsked, this, &StreamsPage::boardAsked);
    connect(m_card, &StreamCard::recordsAsked, this, &StreamsPage::recordsAsked);
}

QWidget* StreamsPage::tablePart()
{
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(10, 8, 10, 8);
    row->setSpacing(10);
    auto* create = new QPushButton(tr("Create stream…"));
    create->setObjectName(QStringLiteral("createStream"));
    create->setToolTip(tr("Choose a name and a capacity"));
    connect(create, &QPushButton::clicked, this, &StreamsPage::createAsked);
    row->addWidget(m_filter, 1);
    row->addWidget(m_count);
    row->addStretch(1);
    row->addWidget(create);
    column->addLayout(row);
    column->addWidget(m_table, 1);
    auto* split = new QSplitter(Qt::Horizontal);
    split->setChildrenCollapsible(false);
    split->addWidget(left);
    split->addWidget(m_card);
    split->setStretchFactor(0, 5);
    split->setStretchFactor(1, 2);
    const int letter = fontMetrics().averageCharWidth();
    split->setSizes({letter * 130, letter * 58});
    return split;
}

void StreamsPage::present(const std::shared_ptr<const ServedSnapshot>& service, qint64 wallMs)
{
    m_service = service;
    const bool some = service != nullptr && !service->streams.empty();
    m_stack->setCurrentIndex(some ? 1 : 0);
    m_model->setRows(service ? RowsModel<Row>::Rows(service, &service->streams) : nullptr);
    m_table->settle(wallMs);
    if (!some)
        return;
    const int all = m_model->rowCount();
    const int shown = m_table->shownRows();
    m_count->setText(shown == all ? tr("%n stream(s)", nullptr, all)
                                  : tr("%1 of %n stream(s)", nullptr, all).arg(shown));
    showCard();
}

void StreamsPage::choose(const std::string& stream)
{
    m_stream = stream;
    const int row = m_model->rowOf(stream);
    if (row != m_table->chosenRow())
        m_table->choose(row);
    showCard();
}

void StreamsPage::showCard()
{
    if (!m_service)
        return;
    const auto found
        = std::find_if(m_service->streams.begin(), m_service->streams.end(),
                       [this](const Row& row) { return row.summary.streamName == m_stream; });
    m_card->setVisible(found != m_service->streams.end());
    if (found != m_service->streams.end())
        m_card->present(*found, *m_service);
}

void StreamsPage::restyle()
{
    m_card->restyle();
}

void StreamsPage::takeFocus()
{
    m_table->setFocus(Qt::ShortcutFocusReason);
}

} // namespace shardscope::ui
