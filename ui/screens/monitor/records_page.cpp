#include "ui/screens/monitor/records_page.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "ui/format.h"
#include "ui/screens/monitor/empty_state.h"
#include "ui/screens/monitor/record_formats.h"
#include "ui/screens/monitor/record_view.h"
#include "ui/screens/monitor/volume_strip.h"
#include "ui/screens/monitor/watch_table.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

using Kind = ReadStart::Kind;

QString bytes(std::size_t n)
{
    return format::bytes(static_cast<double>(n));
}

} // namespace

RecordsPage::RecordsPage(MonitorDeck deck, QWidget* parent)
    : QWidget(parent)
    , m_deck(std::move(deck))
    , m_reader(new RecordReader(m_deck, this))
    , m_model(new RecordsModel(this))
    , m_stack(new QStackedWidget)
    , m_shard(new QComboBox)
    , m_from(new QComboBox)
    , m_where(new QLineEdit)
    , m_search(new QLineEdit)
    , m_read(new QPushButton)
    , m_pause(new QPushButton)
    , m_state(new QLabel)
    , m_problem(new QLabel)
    , m_table(new QTableView)
    , m_view(new RecordView)
    , m_volume(new VolumeStrip)
{
    auto* none = new EmptyState(
        tr("No record read yet"),
        tr("Reading here is reading as any client does: one GetRecords a second for each shard, "
           "which counts against the stream's own limits."));
    none->setObjectName(QStringLiteral("noRecords"));
    connect(none->addButton(tr("Read from the &oldest kept"), tr("TRIM_HORIZON")),
            &QPushButton::clicked, this, [this] { start(Kind::TrimHorizon); });
    connect(none->addButton(tr("Read what comes from &now on"), tr("LATEST")),
            &QPushButton::clicked, this, [this] { start(Kind::Latest); });
    connect(none->addButton(tr("&Put a test record…"), tr("Put one record into the stream")),
            &QPushButton::clicked, this, &RecordsPage::putAsked);

    m_table->setModel(m_model);
    m_table->setObjectName(QStringLiteral("records"));
    m_table->setAccessibleName(tr("Records"));
    dress(*m_table);
    const int letter = fontMetrics().averageCharWidth();
    int column = 0;
    for (const int letters : {17, 9, 26, 12})
        m_table->horizontalHeader()->resizeSection(column++, letters * letter);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& at) { openRow(at.row()); });
    connect(m_model, &RecordsModel::modelReset, m_view, &RecordView::close);
    connect(m_view, &RecordView::report, this, &RecordsPage::report);
    connect(m_view, &RecordView::copyCommandAsked, this, &RecordsPage::copyCommand);
    connect(m_reader, &RecordReader::arrived, this, &RecordsPage::take);

    auto* split = new QSplitter(Qt::Vertical);
    split->setChildrenCollapsible(false);
    split->addWidget(m_table);
    split->addWidget(m_view);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    connect(m_volume, &VolumeStrip::sought, this,
            [this](qint64 ms) { goTo(m_model->nearest(ms)); });
    auto* some = new QWidget;
    auto* inside = new QVBoxLayout(some);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(0);
    inside->addWidget(m_volume);
    inside->addWidget(split, 1);
    m_stack->addWidget(none);
    m_stack->addWidget(some);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addLayout(controls());
    whole->addLayout(searchLine());
    whole->addWidget(m_stack, 1);
    showWhere();
    showState();
}

void RecordsPage::setStream(const std::string& stream)
{
    if (stream == m_stream)
        return;
    stop();
    m_stream = stream;
    m_shardsShown = 0;
    const QSignalBlocker quiet(m_shard);
    while (m_shard->count() > 1)
        m_shard->removeItem(1);
    m_model->clear();
    m_stack->setCurrentIndex(0);
    showState();
}

void RecordsPage::takeFocus()
{
    (m_stack->currentIndex() == 0 ? static_cast<QWidget*>(m_read) : m_table)
        ->setFocus(Qt::ShortcutFocusReason);
}

void RecordsPage::showWhere()
{
    const auto from = static_cast<Kind>(m_from->currentIndex());
    m_where->setVisible(from == Kind::AtTime || from == Kind::AtNumber);
    m_shard->setEnabled(from != Kind::AtNumber); // the number names it
    if (from == Kind::AtTime) {
        const auto service = m_deck.snapshot();
        const SimTime now = service ? service->now : kDefaultStart;
        m_where->setText(toQt(toIso(now - SimDuration::minutes(5))));
        m_where->setAccessibleName(tr("Time in UTC, e.g. 2026-01-05T12:00:00Z"));
    } else if (from == Kind::AtNumber) {
        m_where->clear();
        m_where->setPlaceholderText(tr("56 digits"));
        m_where->setAccessibleName(tr("Sequence number"));
    }
    m_where->setToolTip(m_where->accessibleName());
}

bool RecordsPage::readStart(ReadStart* from)
{
    from->kind = static_cast<Kind>(m_from->currentIndex());
    const std::string text = toStd(m_where->text().trimmed());
    if (from->kind == Kind::AtTime) {
        const auto time = parseIso(text);
        if (!time) {
            m_problem->setText(toQt(time.error().message));
            return false;
        }
        from->time = *time;
    }
    if (from->kind == Kind::AtNumber) {
        const auto number = SequenceNumber::parse(text);
        if (!number) {
            m_problem->setText(toQt(number.error().message));
            return false;
        }
        from->number = text;
    }
    return true;
}

void RecordsPage::start(ReadStart::Kind from)
{
    m_from->setCurrentIndex(static_cast<int>(from));
    startAsChosen();
}

void RecordsPage::startAt(SimTime at)
{
    constexpr SimDuration kBefore = SimDuration::seconds(1);
    m_shard->setCurrentIndex(0);
    m_from->setCurrentIndex(static_cast<int>(Kind::AtTime));
    m_where->setText(toQt(toIso(at - kBefore)));
    startAsChosen();
}

void RecordsPage::startAsChosen()
{
    ReadStart from;
    m_problem->clear();
    if (m_stream.empty() || !readStart(&from))
        return;
    m_model->clear();
    m_held.clear();
    m_heldBytes = 0;
    m_pause->setChecked(false);
    m_reader->start(m_stream, toStd(m_shard->currentData().toString()), from);
    showState();
}

void RecordsPage::stop()
{
    m_pause->setChecked(false);
    m_reader->stop();
    showState();
}

void RecordsPage::showShards(const Snapshot* board)
{
    if (board == nullptr || board->stream.summary.streamName != m_stream
        || board->shards.size() == m_shardsShown)
        return;
    m_shardsShown = board->shards.size();
    const QVariant chosen = m_shard->currentData();
    const QSignalBlocker quiet(m_shard);
    while (m_shard->count() > 1)
        m_shard->removeItem(1);
    for (const ShardRow& shard : board->shards)
        if (shard.state != ShardState::Expired)
            m_shard->addItem(shard.state == ShardState::Open
                                 ? tr("shard %1").arg(shard.slot.value)
                                 : tr("shard %1, closed").arg(shard.slot.value),
                             toQt(shardIdText(shard.slot)));
    m_shard->setCurrentIndex(std::max(0, m_shard->findData(chosen)));
}

void RecordsPage::present(const ServedSnapshot* service, qint64 wallMs)
{
    showShards(service ? service->board.get() : nullptr);
    m_reader->tick(wallMs);
    m_volume->present(*m_model);
    showState();
}

void RecordsPage::showState()
{
    const RecordReader::State state = m_reader->state();
    m_read->setText(state.running ? tr("&Stop") : tr("&Read"));
    m_read->setToolTip(state.running ? tr("Stop reading; what was read stays")
                                     : tr("Read from where it says"));
    m_pause->setEnabled(state.running);
    m_pause->setText(m_paused ? tr("Resume") : tr("Pause"));
    QStringList words;
    if (state.running) {
        words += tr("reading %n shard(s)", nullptr, static_cast<int>(state.shards));
        words += tr("%1 calls/s").arg(state.callsLastSecond);
        if (state.behindMs > 0)
            words += tr("%1 behind").arg(format::duration(SimDuration::millis(state.behindMs)));
    }
    if (state.throttled > 0)
        words += tr("throttled on %n shard(s), slowed down", nullptr,
                    static_cast<int>(state.throttled));
    if (m_model->rowCount() > 0)
        words += tr("%1 records, %2")
                     .arg(format::exact(m_model->rowCount()), bytes(m_model->bytes()));
    if (m_model->dropped() > 0)
        words += tr("%1 older ones let go").arg(format::exact(m_model->dropped()));
    if (m_paused) {
        const bool full = m_heldBytes >= kHeldBytesMost;
        words.prepend(
            full ? tr("paused, full: reading waits")
                 : tr("paused, %1 of %2 buffered").arg(bytes(m_heldBytes), bytes(kHeldBytesMost)));
    }
    const QString text = words.join(QStringLiteral(" · "));
    m_state->setText(text);
    m_state->setToolTip(text);
    if (!state.trouble.isEmpty() && state.trouble != m_problem->text()) {
        m_problem->setText(state.trouble);
        QAccessibleEvent alert(m_problem, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    } else if (state.trouble.isEmpty() && state.running) {
        m_problem->clear();
    }
    if (state.running && state.trouble.isEmpty() && m_stack->currentIndex() == 0)
        m_problem->setText(tr("Waiting for records…"));
}

void RecordsPage::take(const std::shared_ptr<const RecordPage>& page)
{
    if (!m_paused)
        return append(page);
    m_held.push_back(page);
    m_heldBytes += bytesOf(*page);
    m_reader->hold(m_heldBytes >= kHeldBytesMost);
}

void RecordsPage::append(const RecordsModel::Page& page)
{
    const QScrollBar* bar = m_table->verticalScrollBar();
    const bool following = bar->value() == bar->maximum();
    m_model->append(page);
    m_stack->setCurrentIndex(1);
    if (following)
        m_table->scrollToBottom();
    if (!m_view->record())
        m_table->selectRow(m_model->rowCount() - 1);
}

void RecordsPage::setPaused(bool on)
{
    m_paused = on;
    if (!on) {
        for (const RecordsModel::Page& page : std::exchange(m_held, {}))
            append(page);
        m_heldBytes = 0;
        m_reader->hold(false);
    }
    showState();
}

void RecordsPage::openRow(int row)
{
    const auto record = m_model->at(row);
    m_volume->mark(record ? record->meta().arrivalMs : -1);
    if (record)
        m_view->open(*record, m_model->previousOfKey(row));
}

void RecordsPage::goTo(int row)
{
    m_table->selectRow(row);
    m_table->scrollTo(m_model->index(row, 0));
}

void RecordsPage::find(bool forward)
{
    const std::string wanted = toStd(m_search->text());
    if (wanted.empty())
        return;
    const int row = m_model->find(wanted, m_table->currentIndex().row(), forward);
    if (row < 0) {
        emit report(tr("“%1” is in none of the records read.").arg(m_search->text()));
        return;
    }
    goTo(row);
}

void RecordsPage::copyCommand()
{
    const auto& record = m_view->record();
    if (!record)
        return;
    const EndpointState endpoint = m_deck.endpoint();
    const QString url = endpoint.urls.empty() ? QStringLiteral("http://127.0.0.1:4567")
                                              : toQt(endpoint.urls.front());
    QApplication::clipboard()->setText(cliCommand(url, m_stream, record->meta().number));
    emit report(tr("The command is on the clipboard."));
}

} // namespace shardscope::ui
