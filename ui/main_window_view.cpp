#include <QApplication>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "ui/dialogs/reshard_dialogs.h"
#include "ui/main_window_parts.h"

namespace shardscope::ui {

namespace {

constexpr int kMagnifyStep = 10; // percent
constexpr int kPresentationMagnification = 150;

} // namespace

void MainWindow::bindView()
{
    Parts& p = *m_parts;
    Actions& a = *p.actions;
    a.bind(QStringLiteral("view.explore"), [this](bool) {
        showWorkspace(Workspace::Explore);
        m_parts->board->setFocus();
    });
    a.bind(QStringLiteral("view.readers"), [this](bool) { showWorkspace(Workspace::Readers); });
    a.bind(QStringLiteral("view.plan"), [this](bool) { showWorkspace(Workspace::Plan); });
    a.bind(QStringLiteral("view.monitor"), [this](bool) { showWorkspace(Workspace::Monitor); });
    a[QStringLiteral("view.explore")]->setChecked(true);
    a.bind(QStringLiteral("view.why"), [this](bool) {
        if (!m_parts->why->explainAtCursor())
            complain(tr("No record was refused yet: press N to run to the first refusal."));
    });
    a.bind(QStringLiteral("view.lens"), [this](bool on) { m_view.setCloudWatchLens(on); });
    connect(&m_view, &ViewState::lensChanged, a[QStringLiteral("view.lens")], &QAction::setChecked);

    using Unit = ViewState::Unit;
    const auto units = {std::pair(QStringLiteral("view.percent"), Unit::Percent),
                        std::pair(QStringLiteral("view.mib"), Unit::MiBPerSecond),
                        std::pair(QStringLiteral("view.records"), Unit::RecordsPerSecond)};
    for (const auto& [id, unit] : units) {
        a.bind(id, [this, unit = unit](bool) { m_view.setUnit(unit); });
        QAction* action = a[id];
        action->setChecked(m_view.unit() == unit);
        connect(&m_view, &ViewState::unitChanged, action,
                [this, action, unit = unit] { action->setChecked(m_view.unit() == unit); });
    }
    a.bind(QStringLiteral("view.zoomIn"), [this](bool) { zoom(0.5); });
    a.bind(QStringLiteral("view.zoomOut"), [this](bool) { zoom(2); });
    a.bind(QStringLiteral("view.zoomReset"),
           [this](bool) { stage().view.setSpan(SimDuration::minutes(2)); });
    a.bind(QStringLiteral("view.panLeft"), [this](bool) { pan(-0.1); });
    a.bind(QStringLiteral("view.panRight"), [this](bool) { pan(0.1); });
    a.bind(QStringLiteral("view.panLeftFine"), [this](bool) { pan(-0.01); });
    a.bind(QStringLiteral("view.panRightFine"), [this](bool) { pan(0.01); });
    for (int n = 1; n <= 9; ++n)
        a.bind(QStringLiteral("view.shard%1").arg(n), [this, n](bool) { selectShard(n); });

    const auto dock = [this, &a](const char* id, QDockWidget* which) {
        a.bind(QString::fromLatin1(id), [which](bool on) {
            which->setVisible(on);
            if (on)
                which->raise();
        });
        // Behind another tab a dock is invisible, and still not closed.
        connect(which, &QDockWidget::visibilityChanged, this, &MainWindow::syncDockActions);
    };
    dock("view.actors", p.actorsDock);
    dock("view.whyDock", p.whyDock);
    dock("view.streamDock", p.streamDock);
    dock("view.eventsDock", p.laneDock);
    a.bind(QStringLiteral("view.log"), [this](bool on) {
        m_parts->laneDock->show();
        const int height = on ? std::max(180, this->height() / 4) : m_parts->lane->closedHeight();
        resizeDocks({m_parts->laneDock}, {height}, Qt::Vertical);
    });
    connect(p.lane, &EventLane::logShownChanged, a[QStringLiteral("view.log")],
            &QAction::setChecked);
    a.bind(QStringLiteral("view.startStrip"), [this](bool on) {
        m_parts->strip->setVisible(on);
        m_preferences.setStartStrip(on);
    });
    a.bind(QStringLiteral("view.resetLayout"), [this](bool) {
        m_preferences.forgetPlace();
        arrangeDocks();
    });
    a.bind(QStringLiteral("view.presentation"), [this](bool on) { setPresentation(on); });

    using Theme = Preferences::Theme;
    const auto themes = {std::pair(QStringLiteral("view.system"), Theme::System),
                         std::pair(QStringLiteral("view.light"), Theme::Light),
                         std::pair(QStringLiteral("view.dark"), Theme::Dark),
                         std::pair(QStringLiteral("view.contrast"), Theme::HighContrast)};
    for (const auto& [id, theme] : themes) {
        a.bind(id, [this, theme = theme](bool) {
            m_preferences.setTheme(theme);
            applyTheme();
        });
        a[id]->setChecked(m_preferences.theme() == theme);
    }
    a.bind(QStringLiteral("view.larger"),
           [this](bool) { setMagnification(m_preferences.magnification() + kMagnifyStep); });
    a.bind(QStringLiteral("view.smaller"),
           [this](bool) { setMagnification(m_preferences.magnification() - kMagnifyStep); });
    a.bind(QStringLiteral("view.normalSize"), [this](bool) { setMagnification(100); });
    a.bind(QStringLiteral("view.reduceMotion"), [this](bool on) {
        m_preferences.setReduceMotion(on);
        m_view.setReduceMotion(on);
    });
    a[QStringLiteral("view.reduceMotion")]->setChecked(m_preferences.reduceMotion());
    a.bind(QStringLiteral("view.singleKeys"), [this](bool on) {
        m_preferences.setSingleKeys(on);
        m_parts->actions->setSingleKeys(on);
    });
    a[QStringLiteral("view.singleKeys")]->setChecked(m_preferences.singleKeys());
}

void MainWindow::syncDockActions()
{
    Parts& p = *m_parts;
    const auto sync = [&p](const char* id, const QWidget* part) {
        (*p.actions)[QString::fromLatin1(id)]->setChecked(!part->isHidden());
    };
    sync("view.actors", p.actorsDock);
    sync("view.whyDock", p.whyDock);
    sync("view.streamDock", p.streamDock);
    sync("view.eventsDock", p.laneDock);
    sync("view.startStrip", p.strip);
    p.sideTool->setVisible(p.whyDock->isHidden() && p.streamDock->isHidden()
                           && p.beforePresentation.isEmpty() && workspace() == Workspace::Explore);
}

void MainWindow::setPresentation(bool on)
{
    Parts& p = *m_parts;
    if (on == !p.beforePresentation.isEmpty())
        return;
    QFont font = p.plainFont;
    if (on) {
        p.beforePresentation = saveState();
        p.wasMaximized = isMaximized();
        for (QWidget* part :
             std::initializer_list<QWidget*> {p.actorsDock, p.whyDock, p.streamDock, p.sideTool})
            part->hide();
        font.setPointSizeF(font.pointSizeF() * kPresentationMagnification / 100);
        showFullScreen();
    } else {
        restoreState(std::exchange(p.beforePresentation, {}));
        font.setPointSizeF(font.pointSizeF() * m_preferences.magnification() / 100);
        p.wasMaximized ? showMaximized() : showNormal();
    }
    QApplication::setFont(font);
    (*p.actions)[QStringLiteral("view.presentation")]->setChecked(on);
    restyle();
    syncDockActions();
}

MainWindow::Workspace MainWindow::workspace() const
{
    const Parts& p = *m_parts;
    const QWidget* shown = p.workspaces != nullptr ? p.workspaces->currentWidget() : nullptr;
    return shown == nullptr || shown == p.centre ? Workspace::Explore
        : shown == p.readers                     ? Workspace::Readers
        : shown == p.plan                        ? Workspace::Plan
                                                 : Workspace::Monitor;
}

MainWindow::Stage MainWindow::stage() const
{
    const Parts& p = *m_parts;
    if (workspace() == Workspace::Monitor)
        return {p.monitor->snapshot(), p.monitor->view(), p.monitor->boardDeck(),
                p.monitor->board()};
    return {m_feed.current(), m_view, m_deck, p.board};
}

/// What is not seen is not drawn either.
void MainWindow::enter(Workspace wanted)
{
    Parts& p = *m_parts;
    p.exploreLayout = saveState();
    for (QWidget* part : std::initializer_list<QWidget*> {p.actorsDock, p.whyDock, p.streamDock})
        part->hide();
    p.callout->hide();
    if (wanted == Workspace::Plan) {
        for (QWidget* part : std::initializer_list<QWidget*> {p.laneDock, p.timeTool, p.sideTool})
            part->hide();
        p.workspaces->setCurrentWidget(p.plan);
        p.plan->setFocus();
        return;
    }
    if (wanted == Workspace::Readers) {
        p.workspaces->setCurrentWidget(p.readers);
        p.readers->setFocus();
        return;
    }
    for (QWidget* part : std::initializer_list<QWidget*> {p.laneDock, p.timeTool, p.sideTool})
        part->hide();
    p.feedRan = m_feed.isRunning();
    m_feed.stop();
    p.workspaces->setCurrentWidget(p.monitor);
    p.header->showEndpoint(p.monitor->summary());
    p.monitor->showTab(p.monitor->tab());
}

void MainWindow::leaveToExplore()
{
    Parts& p = *m_parts;
    const bool monitor = workspace() == Workspace::Monitor;
    p.workspaces->setCurrentWidget(p.centre);
    restoreState(p.exploreLayout);
    p.timeTool->show();
    if (!monitor)
        return;
    p.header->showSimulation();
    if (p.feedRan)
        m_feed.start();
}

void MainWindow::showWorkspace(Workspace wanted)
{
    Parts& p = *m_parts;
    if (wanted == workspace() || (wanted == Workspace::Monitor && p.monitor == nullptr))
        return;
    setPresentation(false);
    if (workspace() != Workspace::Explore)
        leaveToExplore();
    if (wanted != Workspace::Explore)
        enter(wanted);
    const bool run = wanted != Workspace::Monitor;
    p.status->showRun(run);
    p.status->say({});
    static const std::map<Workspace, QString> ids {
        {Workspace::Explore, QStringLiteral("view.explore")},
        {Workspace::Readers, QStringLiteral("view.readers")},
        {Workspace::Plan, QStringLiteral("view.plan")},
        {Workspace::Monitor, QStringLiteral("view.monitor")}};
    (*p.actions)[ids.at(wanted)]->setChecked(true);
    allowActions();
    syncDockActions();
    if (const auto now = m_feed.current(); now && run)
        present(*now);
}

void MainWindow::allowActions()
{
    // What speaks to the simulated run alone rests while the endpoint is shown.
    const bool simulated = workspace() != Workspace::Monitor;
    for (const ActionSpec& spec : actionTable()) {
        const bool board = spec.id.startsWith(u"stream.split")
            || spec.id.startsWith(u"stream.merge") || spec.id == u"stream.shardCount"
            || spec.id == u"run.live";
        const bool run = spec.group == ActionGroup::Edit || spec.group == ActionGroup::Run
            || spec.group == ActionGroup::Stream || spec.id.startsWith(u"view.why")
            || spec.id.endsWith(u"Dock") || spec.id == u"view.actors" || spec.id == u"view.log"
            || spec.id == u"view.startStrip" || spec.id == u"view.resetLayout"
            || spec.id.startsWith(u"file.save") || spec.id == u"file.exportRefused";
        if (run && !board)
            (*m_parts->actions)[spec.id]->setEnabled(simulated);
    }
}

void MainWindow::bindMonitor()
{
    Parts& p = *m_parts;
    Actions& a = *p.actions;
    const auto bind = [this, &a](const char* id, auto act) {
        a.bind(QString::fromLatin1(id), [this, act](bool) {
            if (m_parts->monitor == nullptr)
                return;
            showWorkspace(Workspace::Monitor);
            act(*m_parts->monitor);
        });
    };
    using Tab = MonitorPage::Tab;
    bind("monitor.streams", [](MonitorPage& page) { page.showTab(Tab::Streams); });
    bind("monitor.board", [](MonitorPage& page) { page.showTab(Tab::Board); });
    bind("monitor.records", [](MonitorPage& page) { page.showTab(Tab::Records); });
    bind("monitor.clients", [](MonitorPage& page) { page.showTab(Tab::Clients); });
    bind("monitor.errors", [](MonitorPage& page) { page.showTab(Tab::Errors); });
    bind("monitor.readers", [](MonitorPage& page) { page.showTab(Tab::Readers); });
    bind("monitor.endpoint", [](MonitorPage& page) { page.switchEndpoint(); });
    bind("monitor.connect", [](MonitorPage& page) { page.connectClient(); });
    bind("monitor.create", [](MonitorPage& page) { page.createStream(); });
    bind("monitor.put", [](MonitorPage& page) { page.change(StreamChange::PutRecord); });
    bind("monitor.delete", [](MonitorPage& page) { page.change(StreamChange::Delete); });
    if (p.monitor == nullptr) {
        for (const ActionSpec& spec : actionTable())
            if (spec.group == ActionGroup::Monitor || spec.id == u"view.monitor")
                a[spec.id]->setEnabled(false);
        a[QStringLiteral("view.monitor")]->setVisible(false);
        return;
    }
    connect(p.monitor, &MonitorPage::report, this, &MainWindow::report);
    connect(p.monitor, &MonitorPage::complain, this, &MainWindow::complain);
    connect(p.monitor, &MonitorPage::shardMenuAsked, this, &MainWindow::shardMenu);
    connect(p.monitor, &MonitorPage::summaryChanged, this, [this](const QString& summary) {
        if (workspace() == Workspace::Monitor)
            m_parts->header->showEndpoint(summary);
    });
    // One unit and one lens for both boards.
    ViewState& theirs = p.monitor->view();
    connect(&theirs, &ViewState::unitChanged, this,
            [this, &theirs] { m_view.setUnit(theirs.unit()); });
    connect(&m_view, &ViewState::unitChanged, &theirs,
            [this, &theirs] { theirs.setUnit(m_view.unit()); });
    connect(&m_view, &ViewState::lensChanged, &theirs, &ViewState::setCloudWatchLens);
}

void MainWindow::pan(double part)
{
    const auto [now, view, deck, board] = stage();
    if (!now)
        return;
    TimeWindow window = view.windowAt(now->clock.now);
    const SimDuration by = SimDuration::fromSeconds((window.to - window.from).inSeconds() * part);
    window.from += by;
    window.to += by;
    if (window.to >= now->clock.now)
        view.followLive();
    else
        view.lookAt(window);
}

void MainWindow::zoom(double factor)
{
    const auto [now, view, deck, board] = stage();
    const auto fixed = view.fixedWindow();
    if (!now || !fixed)
        return view.setSpan(SimDuration::fromSeconds(view.span().inSeconds() * factor));
    const double half = (fixed->to - fixed->from).inSeconds() * factor / 2;
    const SimTime middle = fixed->from + (fixed->to - fixed->from) / 2;
    view.lookAt({middle - SimDuration::fromSeconds(half), middle + SimDuration::fromSeconds(half)});
}

void MainWindow::selectShard(int number)
{
    const auto [now, view, deck, board] = stage();
    if (!now)
        return;
    const auto open = openShards(*now);
    if (number <= static_cast<int>(open.size()))
        view.chooseShard(open[static_cast<std::size_t>(number - 1)]->slot);
    else
        complain(
            tr("The stream has only %n open shard(s).", nullptr, static_cast<int>(open.size())));
}

} // namespace shardscope::ui
