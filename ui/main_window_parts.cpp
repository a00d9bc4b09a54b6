#include "ui/main_window_parts.h"

#include <QElapsedTimer>
#include <QFile>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenuBar>
#include <QStatusBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/icons.h"

namespace shardscope::ui {

namespace {

QToolBar* barOf(QWidget* inside, const QString& title, const QString& name)
{
    auto* bar = new QToolBar(title);
    bar->setObjectName(name);
    bar->setMovable(false);
    bar->setFloatable(false);
    bar->toggleViewAction()->setEnabled(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    inside->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(inside);
    return bar;
}

/// The line above a panel, with a button large enough to hit. A tab already names its panel: the
/// line below it says more.
QWidget* titleOf(QDockWidget* dock, const QString& words)
{
    auto* bar = new QWidget;
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 2, 2, 2);
    auto* label = new QLabel(words);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* close = new QToolButton;
    close->setObjectName(QStringLiteral("closePanel"));
    close->setIcon(icon(Sign::Close));
    close->setAutoRaise(true);
    close->setMinimumSize(26, 26);
    close->setFocusPolicy(Qt::TabFocus);
    close->setToolTip(MainWindow::tr("Close this panel"));
    close->setAccessibleName(MainWindow::tr("Close: %1").arg(words));
    QObject::connect(close, &QToolButton::clicked, dock, &QWidget::close);
    row->addWidget(label, 1);
    row->addWidget(close);
    return bar;
}

QDockWidget* dockOf(QWidget* inside, const QString& title, const QString& name)
{
    auto* dock = new QDockWidget(title);
    dock->setObjectName(name);
    dock->setWidget(inside);
    dock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    return dock;
}

/// The prices that the program carries in itself.
PriceBook bundledPriceBook()
{
    QFile file(QStringLiteral(":/prices.json"));
    const bool open = file.open(QIODevice::ReadOnly);
    const auto book = parsePriceBook(open ? file.readAll().toStdString() : std::string());
    // Tests run windows without the program's resources; a plan then says that prices are missing.
    return book ? *book : PriceBook {"", {{"us-east-1", {}}}};
}

} // namespace

void MainWindow::buildBars()
{
    Parts& p = *m_parts;
    QList<QAction*> workspaces {(*p.actions)[QStringLiteral("view.explore")],
                                (*p.actions)[QStringLiteral("view.readers")],
                                (*p.actions)[QStringLiteral("view.plan")]};
    if (p.monitor != nullptr)
        workspaces << (*p.actions)[QStringLiteral("view.monitor")];
    p.header = new StreamHeader(workspaces, (*p.actions)[QStringLiteral("help.find")]);
    p.headerBar = barOf(p.header, tr("Stream"), QStringLiteral("headerBar"));
    p.time = new TimeBar(*p.actions, m_deck, m_view);
    p.timeTool = barOf(p.time, tr("Time"), QStringLiteral("timeToolBar"));
    addToolBar(Qt::TopToolBarArea, p.headerBar);
    addToolBarBreak(Qt::TopToolBarArea);
    addToolBar(Qt::TopToolBarArea, p.timeTool);

    p.side = new SideStrip;
    p.side->add(tr("Why"), tr("Open the Why panel"), [this] { m_parts->whyDock->show(); });
    p.side->add(tr("Stream"), tr("Open the stream's settings"),
                [this] { m_parts->streamDock->show(); });
    p.sideTool = barOf(p.side, tr("Closed panels"), QStringLiteral("sideToolBar"));
    p.side->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
    addToolBar(Qt::RightToolBarArea, p.sideTool);

    p.status = new RunStatus;
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(p.status, 1);

    static QElapsedTimer wall;
    if (!wall.isValid())
        wall.start();
    p.announcer = new Announcer(m_view, [] { return wall.elapsed(); });
    statusBar()->addPermanentWidget(p.announcer);

    p.centre = new QWidget;
    p.centre->setObjectName(QStringLiteral("centre"));
    p.strip = new StartStrip;
    p.board = new ExploreBoard(m_feed, m_view);
    auto* column = new QVBoxLayout(p.centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(p.strip);
    column->addWidget(p.board, 1);
    p.workspaces = new QStackedWidget;
    p.workspaces->addWidget(p.centre);
    p.readers = new ReadersPage(m_view, m_deck);
    p.readers->setObjectName(QStringLiteral("readersPage"));
    p.workspaces->addWidget(p.readers);
    std::vector<PlanPage::Source> sources {
        {tr("The &simulated stream"), [this] { return m_feed.current(); }}};
    if (p.monitor != nullptr)
        sources.push_back({tr("The stream that &Monitor shows"),
                           [this] { return m_parts->monitor->snapshot(); }});
    p.plan = new PlanPage(bundledPriceBook(), std::move(sources));
    p.workspaces->addWidget(p.plan);
    if (p.monitor != nullptr)
        p.workspaces->addWidget(p.monitor);
    setCentralWidget(p.workspaces);
    p.callout = new Callout(p.centre);
    p.callout->floatOver(p.board->findChild<QWidget*>(QStringLiteral("shardMap")));
}

void MainWindow::buildDocks()
{
    Parts& p = *m_parts;
    p.actors = new ActorsPanel(m_deck);
    p.scenarios = new ScenariosPanel(m_bundled);
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(p.actors);
    column->addWidget(p.scenarios, 1);
    p.actorsDock = dockOf(left, tr("Actors and scenarios"), QStringLiteral("actorsDock"));
    p.actorsDock->setTitleBarWidget(titleOf(p.actorsDock, tr("Actors and scenarios")));
    p.why = new WhyPanel(m_view, m_deck);
    p.whyDock = dockOf(p.why, tr("Why"), QStringLiteral("whyDock"));
    p.whyDock->setTitleBarWidget(titleOf(p.whyDock, tr("Why a record was refused")));
    p.stream = new StreamPanel(m_deck);
    p.streamDock = dockOf(p.stream, tr("Stream"), QStringLiteral("streamDock"));
    p.streamDock->setTitleBarWidget(titleOf(p.streamDock, tr("Settings of the stream")));
    p.lane = new EventLane(m_view);
    p.laneDock = dockOf(p.lane, tr("Events"), QStringLiteral("eventsDock"));
    // One line has no room for a title above it.
    p.laneDock->setTitleBarWidget(new QWidget);
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    setDockOptions(QMainWindow::AllowTabbedDocks);
    setTabPosition(Qt::RightDockWidgetArea, QTabWidget::North);
    arrangeDocks();
}

void MainWindow::arrangeDocks()
{
    Parts& p = *m_parts;
    addDockWidget(Qt::LeftDockWidgetArea, p.actorsDock);
    addDockWidget(Qt::RightDockWidgetArea, p.whyDock);
    addDockWidget(Qt::RightDockWidgetArea, p.streamDock);
    addDockWidget(Qt::BottomDockWidgetArea, p.laneDock);
    tabifyDockWidget(p.whyDock, p.streamDock);
    p.actorsDock->show();
    p.laneDock->show();
    // A small window keeps its middle for the board; the panels wait at the edge.
    // How much room that is depends on the font.
    const int letter = fontMetrics().averageCharWidth();
    const bool roomy = width() >= std::max(1'280, letter * 180);
    p.whyDock->setVisible(roomy);
    p.streamDock->setVisible(roomy);
    p.whyDock->raise();
    resizeDocks({p.actorsDock}, {letter * (roomy ? 34 : 30)}, Qt::Horizontal);
    resizeDocks({p.whyDock}, {letter * 52}, Qt::Horizontal);
    resizeDocks({p.laneDock}, {p.lane->closedHeight()}, Qt::Vertical);
}

void MainWindow::buildMenus()
{
    Parts& p = *m_parts;
    for (const ActionGroup group :
         {ActionGroup::File, ActionGroup::Edit, ActionGroup::Stream, ActionGroup::Run,
          ActionGroup::Monitor, ActionGroup::View, ActionGroup::Help}) {
        if (group == ActionGroup::Monitor && p.monitor == nullptr)
            continue;
        QMenu* menu = menuBar()->addMenu(groupText(group));
        p.actions->fill(menu, group);
        if (group != ActionGroup::File)
            continue;
        p.recent = new QMenu(tr("Open &recent"), menu);
        menu->insertMenu((*p.actions)[QStringLiteral("file.saveScenario")], p.recent);
        fillRecent();
    }
}

} // namespace shardscope::ui
