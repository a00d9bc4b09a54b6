#include "ui/screens/monitor/monitor_page.h"

#include <QComboBox>
#include <QCompleter>
#include <QElapsedTimer>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "ui/dialogs/create_stream_dialog.h"
#include "ui/dialogs/endpoint_dialogs.h"
#include "ui/dialogs/put_record_dialog.h"
#include "ui/screens/explore/explore_board.h"
#include "ui/screens/monitor/change_dialog.h"
#include "ui/screens/monitor/empty_state.h"
#include "ui/screens/monitor/endpoint_pane.h"
#include "ui/screens/monitor/records_page.h"
#include "ui/screens/monitor/served_deck.h"
#include "ui/screens/monitor/streams_page.h"
#include "ui/screens/monitor/traffic_pages.h"
#include "ui/screens/readers/readers_page.h"
#include "ui/stream_header.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr int kBeatMs = 33; ///< of the board
constexpr int kBeatsPerTable = 3; ///< tables change ten times a second

/// The endpoint's streams for a choice, and the way to one by typing.
QComboBox* streamPicker()
{
    auto* box = new QComboBox;
    box->setObjectName(QStringLiteral("streamPicker"));
    box->setAccessibleName(MonitorPage::tr("Stream"));
    box->setToolTip(MonitorPage::tr("The stream whose board and records are shown"));
    box->setEditable(true);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->completer()->setCompletionMode(QCompleter::PopupCompletion);
    box->completer()->setFilterMode(Qt::MatchContains);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(24);
    box->setMaxVisibleItems(24);
    return box;
}

} // namespace

struct MonitorPage::Parts {
    MonitorDeck deck;
    QStackedWidget* stack = nullptr; ///< off, on
    EndpointOff* off = nullptr;
    EndpointBar* bar = nullptr;
    QTabWidget* tabs = nullptr;
    QComboBox* picker = nullptr;
    StreamsPage* streams = nullptr;
    QStackedWidget* boardStack = nullptr; ///< nothing, the board
    EmptyState* noBoard = nullptr;
    ExploreBoard* board = nullptr;
    RecordsPage* records = nullptr;
    ClientsPage* clients = nullptr;
    ErrorsPage* errors = nullptr;
    QStackedWidget* readersStack = nullptr; ///< nothing, the readers
    ReadersPage* readers = nullptr;
    std::unique_ptr<Feed> feed;
    ViewState view;
    QTimer* timer = nullptr;
    QElapsedTimer wall;
    int beats = 0;
    std::shared_ptr<const ServedSnapshot> service;
    EndpointState endpoint;
    std::string stream;
    std::string watched;
    QStringList names; ///< in the picker
    QString summary;
};

MonitorPage::MonitorPage(MonitorDeck deck, QWidget* parent)
    : QWidget(parent)
    , m_parts(std::make_unique<Parts>())
{
    Parts& p = *m_parts;
    p.deck = std::move(deck);
    p.wall.start();
    setObjectName(QStringLiteral("monitorPage"));
    p.feed = std::make_unique<Feed>([this]() -> std::shared_ptr<const Snapshot> {
        const Parts& parts = *m_parts;
        return parts.service ? parts.service->board : nullptr;
    });
    p.off = new EndpointOff;
    p.bar = new EndpointBar;
    p.streams = new StreamsPage;
    p.noBoard = new EmptyState(tr("No stream to look at"),
                               tr("Create a stream, or choose one above: its shards, its traffic "
                                  "and every refusal are drawn here as they happen."));
    p.board = new ExploreBoard(*p.feed, p.view);
    p.boardStack = new QStackedWidget;
    p.boardStack->addWidget(p.noBoard);
    p.boardStack->addWidget(p.board);
    p.records = new RecordsPage(p.deck);
    p.clients = new ClientsPage;
    p.errors = new ErrorsPage;
    p.readers = new ReadersPage(p.view, lateDeck());
    p.readers->setObjectName(QStringLiteral("servedReaders"));
    p.readersStack = new QStackedWidget;
    p.readersStack->addWidget(
        new EmptyState(tr("No stream to read"),
                       tr("Create a stream, or choose one above: its readers stand here.")));
    p.readersStack->addWidget(p.readers);
    p.picker = streamPicker();

    p.tabs = new QTabWidget;
    p.tabs->setObjectName(QStringLiteral("monitorTabs"));
    p.tabs->setDocumentMode(true);
    p.tabs->tabBar()->setAccessibleName(tr("Parts of the Monitor"));
    p.tabs->addTab(p.streams, tr("Streams"));
    p.tabs->addTab(p.boardStack, tr("Board"));
    p.tabs->addTab(p.records, tr("Records"));
    p.tabs->addTab(p.clients, tr("Clients"));
    p.tabs->addTab(p.errors, tr("Errors"));
    p.tabs->addTab(p.readersStack, tr("Readers"));
    auto* corner = new QWidget;
    auto* row = new QHBoxLayout(corner);
    row->setContentsMargins(8, 2, 10, 2);
    auto* label = new QLabel(tr("Stream"));
    label->setBuddy(p.picker);
    row->addWidget(label);
    row->addWidget(p.picker);
    p.tabs->setCornerWidget(corner);

    auto* on = new QWidget;
    auto* column = new QVBoxLayout(on);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(p.bar);
    column->addWidget(p.tabs, 1);
    p.stack = new QStackedWidget;
    p.stack->addWidget(p.off);
    p.stack->addWidget(on);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(p.stack);

    p.timer = new QTimer(this);
    p.timer->setInterval(kBeatMs);
    connect(p.timer, &QTimer::timeout, this, &MonitorPage::beat);
    connect(p.off, &EndpointOff::switchOnAsked, this, [this](const EndpointWish& wish) {
        m_parts->deck.switchOn(wish);
        present();
    });
    connect(p.bar, &EndpointBar::switchOffAsked, this, &MonitorPage::switchOff);
    connect(p.bar, &EndpointBar::connectAsked, this, &MonitorPage::connectClient);
    connect(p.bar, &EndpointBar::report, this, &MonitorPage::report);
    connect(p.tabs, &QTabWidget::currentChanged, this, [this] { presentNow(); });
    connect(p.picker, &QComboBox::activated, this,
            [this](int at) { chooseStream(toStd(m_parts->picker->itemText(at))); });
    connect(p.streams, &StreamsPage::streamChosen, this,
            [this](const QString& name) { chooseStream(toStd(name)); });
    connect(p.streams, &StreamsPage::boardAsked, this, [this] { showTab(Tab::Board); });
    connect(p.streams, &StreamsPage::recordsAsked, this, [this] { showTab(Tab::Records); });
    connect(p.records, &RecordsPage::putAsked, this, [this] { change(StreamChange::PutRecord); });
    connect(p.records, &RecordsPage::report, this, &MonitorPage::report);
    connect(p.clients, &ClientsPage::report, this, &MonitorPage::report);
    connect(p.errors, &ErrorsPage::momentAsked, this, &MonitorPage::showMoment);
    connect(p.streams, &StreamsPage::createAsked, this, &MonitorPage::createStream);
    connect(p.streams, &StreamsPage::changeAsked, this, &MonitorPage::change);
    connect(p.readers, &ReadersPage::addAsked, this, &MonitorPage::readerAsked);
    connect(p.readers, &ReadersPage::editAsked, this, &MonitorPage::readerEditAsked);
    connect(p.board, &ExploreBoard::statusText, this, &MonitorPage::report);
    connect(p.board, &ExploreBoard::shardMenuAsked, this, &MonitorPage::shardMenuAsked);
    connect(p.board, &ExploreBoard::actAsked, this, [this](const Act& act) {
        boardDeck().send(Do {act}, [this](const Result<void>& reply) {
            if (!reply)
                emit complain(toQt(reply.error().message));
        });
    });
    present();
}

MonitorPage::~MonitorPage() = default;

void MonitorPage::showTab(Tab tab)
{
    m_parts->tabs->setCurrentIndex(static_cast<int>(tab));
    if (m_parts->stack->currentIndex() == 0)
        return;
    switch (tab) {
    case Tab::Streams:
        m_parts->streams->takeFocus();
        return;
    case Tab::Board:
        m_parts->board->setFocus();
        return;
    case Tab::Records:
        m_parts->records->takeFocus();
        return;
    case Tab::Clients:
        m_parts->clients->takeFocus();
        return;
    case Tab::Errors:
        m_parts->errors->takeFocus();
        return;
    case Tab::Readers:
        m_parts->readers->setFocus();
        return;
    }
}

MonitorPage::Tab MonitorPage::tab() const
{
    return static_cast<Tab>(m_parts->tabs->currentIndex());
}

const std::string& MonitorPage::stream() const
{
    return m_parts->stream;
}

const QString& MonitorPage::summary() const
{
    return m_parts->summary;
}

ViewState& MonitorPage::view() const
{
    return m_parts->view;
}

std::shared_ptr<const Snapshot> MonitorPage::snapshot() const
{
    return m_parts->feed->current();
}

Deck MonitorPage::boardDeck() const
{
    return servedDeck(m_parts->deck, m_parts->stream);
}

/// For parts that outlive the choice of a stream.
Deck MonitorPage::lateDeck() const
{
    Deck deck;
    deck.send = [this](Command command, Deck::Done done) {
        boardDeck().send(std::move(command), std::move(done));
    };
    deck.explain = [this](std::uint64_t id, std::function<void(const Result<WhyCard>&)> done) {
        boardDeck().explain(id, std::move(done));
    };
    return deck;
}

ExploreBoard* MonitorPage::board() const
{
    return m_parts->board;
}

void MonitorPage::chooseStream(const std::string& stream)
{
    Parts& p = *m_parts;
    if (p.stream == stream)
        return;
    p.stream = stream;
    p.view.followLive();
    p.streams->choose(stream);
    present();
}

void MonitorPage::showMoment(const QString& stream, SimTime at)
{
    Parts& p = *m_parts;
    if (!p.names.contains(stream))
        return emit report(tr("There is no stream %1.").arg(stream));
    chooseStream(toStd(stream));
    showTab(Tab::Records);
    p.records->startAt(at);
}

void MonitorPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_parts->timer->start();
    presentNow();
}

void MonitorPage::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_parts->timer->stop();
    if (!std::exchange(m_parts->watched, {}).empty())
        m_parts->deck.watch({});
}

void MonitorPage::beat()
{
    Parts& p = *m_parts;
    if (++p.beats % kBeatsPerTable == 0)
        present();
    else if (tab() == Tab::Board && p.stack->currentIndex() == 1) {
        p.service = p.deck.snapshot();
        p.feed->poll();
    }
}

void MonitorPage::presentNow()
{
    m_parts->beats = 0;
    present();
}

const ServedStreamRow* MonitorPage::chosenRow() const
{
    const Parts& p = *m_parts;
    if (!p.service)
        return nullptr;
    const auto& streams = p.service->streams;
    const auto found = std::lower_bound(streams.begin(), streams.end(), p.stream,
                                        [](const ServedStreamRow& row, const std::string& name) {
                                            return row.summary.streamName < name;
                                        });
    return found == streams.end() || found->summary.streamName != p.stream ? nullptr : &*found;
}

void MonitorPage::present()
{
    Parts& p = *m_parts;
    p.endpoint = p.deck.endpoint();
    p.service = p.deck.snapshot();
    const bool on = p.endpoint.on;
    if (p.stack->currentIndex() != (on ? 1 : 0)) {
        p.stack->setCurrentIndex(on ? 1 : 0);
        if (on && isVisible())
            p.streams->takeFocus();
    }
    if (on)
        p.bar->present(p.endpoint, p.service.get());
    else
        p.off->present(p.endpoint);
    QStringList names;
    if (p.service)
        for (const ServedStreamRow& row : p.service->streams)
            names += toQt(row.summary.streamName);
    if (names != p.names) {
        p.names = names;
        const QSignalBlocker quiet(p.picker);
        p.picker->clear();
        p.picker->addItems(names);
    }
    // The first stream is chosen until a person chooses another; who deletes one sees the next.
    if (chosenRow() == nullptr && p.service != nullptr && !p.service->streams.empty()) {
        p.stream = p.service->streams.front().summary.streamName;
        p.streams->choose(p.stream);
    }
    const QString chosen = chosenRow() ? toQt(p.stream) : QString();
    if (!p.picker->hasFocus() && p.picker->currentText() != chosen)
        p.picker->setCurrentIndex(static_cast<int>(p.names.indexOf(chosen)));
    const std::string wanted = isVisible() && chosenRow() != nullptr ? p.stream : std::string();
    if (wanted != p.watched) {
        p.watched = wanted;
        p.deck.watch(wanted);
    }
    presentTab();
    QString summary = tr("endpoint off");
    if (on)
        summary = p.names.isEmpty() ? tr("no stream")
                                    : tr("%n stream(s)", nullptr, static_cast<int>(p.names.size()));
    if (summary != p.summary) {
        p.summary = summary;
        emit summaryChanged(summary);
    }
}

void MonitorPage::presentTab()
{
    Parts& p = *m_parts;
    if (p.stack->currentIndex() == 0)
        return;
    switch (tab()) {
    case Tab::Streams:
        p.streams->present(p.service, p.wall.elapsed());
        if (p.streams->isVisible())
            p.streams->choose(p.stream);
        return;
    case Tab::Board: {
        const auto board = p.service ? p.service->board : nullptr;
        const bool some = board != nullptr && board->stream.summary.streamName == p.stream;
        p.boardStack->setCurrentIndex(some ? 1 : 0);
        if (some)
            p.feed->poll();
        return;
    }
    case Tab::Readers: {
        const auto board = p.service ? p.service->board : nullptr;
        const bool some = board != nullptr && board->stream.summary.streamName == p.stream;
        p.readersStack->setCurrentIndex(some ? 1 : 0);
        if (some)
            p.readers->present(board);
        return;
    }
    case Tab::Records:
        p.records->setStream(chosenRow() ? p.stream : std::string());
        p.records->present(p.service.get(), p.wall.elapsed());
        return;
    case Tab::Clients:
        p.clients->present(p.deck.traffic(), p.endpoint, region(), p.wall.elapsed());
        return;
    case Tab::Errors:
        p.errors->present(p.deck.traffic(), p.wall.elapsed());
        return;
    }
}

QString MonitorPage::region() const
{
    return m_parts->service ? toQt(m_parts->service->region) : QStringLiteral("us-east-1");
}

void MonitorPage::restyle()
{
    m_parts->off->restyle();
    m_parts->bar->restyle();
    m_parts->streams->restyle();
    m_parts->readers->restyle();
}

void MonitorPage::switchEndpoint()
{
    if (m_parts->endpoint.on) {
        switchOff();
        return;
    }
    m_parts->deck.switchOn(m_parts->off->wish());
    present();
}

void MonitorPage::switchOff()
{
    Parts& p = *m_parts;
    const auto traffic = p.deck.traffic();
    std::int64_t connected = 0;
    if (traffic)
        for (const endpoint::ClientRow& client : traffic->clients)
            connected += client.connections;
    if (connected == 0 && (!p.endpoint.dataFolder.empty() || p.names.isEmpty())) {
        p.deck.switchOff();
        present();
        return;
    }
    auto* ask = new SwitchOffDialog(p.endpoint, connected, p.names.size(), window());
    connect(ask, &QDialog::accepted, this, [this] {
        m_parts->deck.switchOff();
        present();
    });
    ask->open();
}

void MonitorPage::createStream()
{
    Parts& p = *m_parts;
    if (!p.endpoint.on)
        return emit complain(tr("The endpoint is off: switch it on first."));
    auto* dialog = new CreateStreamDialog(p.deck, window());
    connect(dialog, &CreateStreamDialog::created, this,
            [this](const QString& name) { emit report(tr("Created %1.").arg(name)); });
    dialog->open();
}

void MonitorPage::change(StreamChange change)
{
    Parts& p = *m_parts;
    const ServedStreamRow* row = chosenRow();
    if (row == nullptr)
        return emit complain(p.endpoint.on ? tr("Choose a stream first.")
                                           : tr("The endpoint is off: switch it on first."));
    QDialog* dialog = changeDialog(change, *row, *p.service, p.deck, window());
    if (auto* put = qobject_cast<PutRecordDialog*>(dialog))
        connect(put, &PutRecordDialog::report, this, &MonitorPage::report);
    dialog->open();
}

void MonitorPage::connectClient()
{
    const Parts& p = *m_parts;
    if (!p.endpoint.on)
        return emit complain(tr("The endpoint is off: switch it on first."));
    auto* dialog = new ConnectDialog(p.endpoint, region(), window());
    connect(dialog, &ConnectDialog::report, this, &MonitorPage::report);
    dialog->open();
}

} // namespace shardscope::ui
