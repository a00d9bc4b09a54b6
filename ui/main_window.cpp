#include "ui/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QFileInfo>
#include <QKeyEvent>
#include <QPointer>
#include <QScreen>
#include <QStatusBar>
#include <QToolButton>

#include <algorithm>
#include <utility>

#include "core/scenario/scenario_json.h"
#include "ui/format.h"
#include "ui/icons.h"
#include "ui/main_window_parts.h"
#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr QSize kDesigned {1440, 900};
constexpr QSize kSmallest {1024, 700};

QString doneText(const Command& command)
{
    if (const auto* act = std::get_if<Do>(&command))
        return MainWindow::tr("Done: %1.").arg(toQt(actText(act->act)));
    return {};
}

} // namespace

MainWindow::MainWindow(Feed& feed, ViewState& view, Deck deck, Preferences& preferences,
                       std::vector<BundledScenario> bundled, MonitorDeck monitor, FollowDeck follow,
                       QWidget* parent)
    : QMainWindow(parent)
    , m_feed(feed)
    , m_view(view)
    , m_preferences(preferences)
    , m_bundled(std::move(bundled))
    , m_parts(std::make_unique<Parts>())
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Shardscope"));
    resize(kDesigned);
    m_parts->plainFont = QApplication::font();
    m_parts->systemPalette = QApplication::palette();
    applyTheme();
    m_deck = reporting(std::move(deck));
    m_follow = std::move(follow);
    m_parts->actions = new Actions(this);
    for (const ActionSpec& spec : actionTable())
        if (const auto keys = m_preferences.keys(spec.id))
            m_parts->actions->setKeys(spec.id, keys);
    m_parts->actions->setSingleKeys(m_preferences.singleKeys());
    if (monitor.endpoint)
        m_parts->monitor = new MonitorPage(std::move(monitor), this);
    m_view.setReduceMotion(m_preferences.reduceMotion());
    buildBars();
    buildDocks();
    buildMenus();
    bindFile();
    bindStream();
    bindRun();
    bindView();
    bindMonitor();
    bindHelp();
    connectParts();
    setMinimumSize(kSmallest);
    m_parts->strip->setVisible(m_preferences.startStrip());
    if (!m_preferences.geometry().isEmpty())
        restoreGeometry(m_preferences.geometry());
    if (m_preferences.magnification() != 100)
        setMagnification(m_preferences.magnification());
    qApp->installEventFilter(this);
    restyle();
    if (const auto now = m_feed.current())
        present(*now);
}

MainWindow::~MainWindow()
{
    qApp->removeEventFilter(this);
    // Parts that go after this must not speak to what is left of it.
    disconnect(&m_view, nullptr, this, nullptr);
    disconnect(&m_feed, nullptr, this, nullptr);
    for (QObject* part : findChildren<QObject*>())
        disconnect(part, nullptr, this, nullptr);
}

Actions& MainWindow::actions() const
{
    return *m_parts->actions;
}

QWidget* MainWindow::board() const
{
    return m_parts->board;
}

QString MainWindow::sentence() const
{
    return m_parts->status->sentence();
}

Deck MainWindow::reporting(Deck deck)
{
    Deck wrapped;
    wrapped.explain = deck.explain;
    wrapped.send = [self = QPointer(this), send = std::move(deck.send)](Command command,
                                                                        Deck::Done done) {
        const QString success = doneText(command);
        send(std::move(command), [self, success, done = std::move(done)](const Result<void>& r) {
            if (self && !r)
                self->complain(toQt(r.error().message));
            else if (self && !success.isEmpty())
                self->report(success);
            if (done)
                done(r);
        });
    };
    return wrapped;
}

void MainWindow::send(Command command)
{
    m_deck.send(std::move(command), {});
}

void MainWindow::report(const QString& sentence)
{
    m_parts->status->say(sentence);
}

void MainWindow::complain(const QString& sentence)
{
    m_parts->status->complain(sentence);
}

bool MainWindow::openBundled(const QString& name, bool paused)
{
    const auto found = std::find_if(m_bundled.begin(), m_bundled.end(),
                                    [&name](const BundledScenario& b) { return b.name == name; });
    if (found == m_bundled.end()) {
        complain(tr("No bundled scenario is called “%1”.").arg(name));
        return false;
    }
    const Result<Scenario> scenario = found->load();
    if (!scenario) {
        complain(toQt(scenario.error().message));
        return false;
    }
    m_preferences.setLastFile({});
    load(*scenario, paused);
    return true;
}

bool MainWindow::openFile(const QString& path, bool paused)
{
    const QString whole = QFileInfo(path).absoluteFilePath();
    Scenario scenario;
    if (path.endsWith(QStringLiteral(".csv"), Qt::CaseInsensitive)) {
        scenario.name = toStd(QFileInfo(path).completeBaseName());
        scenario.title = scenario.name;
        scenario.lesson = toStd(tr("a trace, replayed on four shards"));
        scenario.history = SimDuration();
        scenario.speed = 1;
        ProducerSpec producer = producerPreset(ProducerKind::Custom, "trace");
        producer.kind = ProducerKind::Trace;
        producer.tracePath = toStd(whole);
        scenario.producers.push_back(std::move(producer));
    } else {
        Result<Scenario> read = readScenarioFile(toStd(whole));
        if (!read) {
            complain(toQt(read.error().message));
            return false;
        }
        scenario = std::move(*read);
    }
    m_preferences.addRecentFile(whole);
    m_preferences.setLastFile(whole);
    fillRecent();
    load(scenario, paused);
    return true;
}

void MainWindow::load(const Scenario& scenario, bool paused)
{
    showWorkspace(Workspace::Explore);
    const std::int64_t minutes = scenario.history / SimDuration::minutes(1);
    if (minutes > 0)
        report(tr("Preparing %n minute(s) of history…", nullptr, static_cast<int>(minutes)));
    m_deck.send(Load {scenario, paused}, [self = QPointer(this), scenario](const Result<void>& r) {
        if (!self || !r)
            return;
        self->m_parts->scenario = scenario;
        self->m_parts->status->say({});
        self->m_view.followLive();
        self->m_parts->chooseBusiest = true;
        self->setWindowTitle(tr("%1 - Shardscope").arg(toQt(scenario.title)));
    });
}

void MainWindow::presentNow()
{
    if (workspace() == Workspace::Monitor)
        return m_parts->monitor->presentNow();
    m_feed.poll();
    if (const auto now = m_feed.current()) {
        present(*now);
        if (workspace() == Workspace::Explore)
            m_parts->board->present(*now);
    }
}

void MainWindow::present(const Snapshot& snapshot)
{
    Parts& p = *m_parts;
    p.paused = snapshot.clock.paused;
    if (p.chooseBusiest && !snapshot.shards.empty()) {
        p.chooseBusiest = false;
        const auto busiest
            = std::max_element(snapshot.shards.begin(), snapshot.shards.end(),
                               [](const ShardRow& a, const ShardRow& b) {
                                   return a.minute.percentOfLimit() < b.minute.percentOfLimit();
                               });
        m_view.chooseShard(busiest->slot);
    }
    p.header->present(snapshot);
    p.time->present(snapshot);
    p.status->present(snapshot);
    p.announcer->present(snapshot);
    if (p.actorsDock->isVisible() || !p.shownBefore) {
        p.actors->present(snapshot);
        p.scenarios->setRunning(toQt(snapshot.scenarioName));
    }
    p.why->present(snapshot);
    p.stream->present(snapshot);
    if (p.laneDock->isVisible() || !p.shownBefore)
        p.lane->present(snapshot);
    const auto label = [&p](const char* id, const QString& text, bool on) {
        QAction* action = (*p.actions)[QString::fromLatin1(id)];
        if (action->text() != text)
            action->setText(text);
        action->setEnabled(on);
    };
    if (workspace() == Workspace::Readers)
        p.readers->present(m_feed.current());
    const bool here = workspace() != Workspace::Monitor;
    label("edit.undo",
          snapshot.undoText.empty() ? tr("&Undo") : tr("&Undo: %1").arg(toQt(snapshot.undoText)),
          here && !snapshot.undoText.empty());
    label("edit.redo",
          snapshot.redoText.empty() ? tr("&Redo") : tr("&Redo: %1").arg(toQt(snapshot.redoText)),
          here && !snapshot.redoText.empty());
    (*p.actions)[QStringLiteral("run.slowDown")]->setChecked(snapshot.clock.slowsAtEvents);
    const QString hint = p.firstRefusal.notice(snapshot);
    if (!hint.isEmpty())
        p.callout->say(hint);
    const bool some = snapshot.refusals && !snapshot.refusals->empty();
    const std::uint64_t newest = some ? snapshot.refusals->back().id : 0;
    if (p.explainNextRefusal && newest > p.refusalsKnown && snapshot.clock.paused) {
        p.explainNextRefusal = false;
        m_view.chooseRefusal(newest);
    }
    if (!p.explainNextRefusal)
        p.refusalsKnown = newest;
}

void MainWindow::applyTheme()
{
    if (m_parts->restyling)
        return;
    m_parts->restyling = true;
    switch (m_preferences.theme()) {
    case Preferences::Theme::System:
        setLook(m_parts->systemPalette.window().color().lightnessF() < 0.5F ? Look::Dark
                                                                            : Look::Light);
        break;
    case Preferences::Theme::Light:
        setLook(Look::Light);
        break;
    case Preferences::Theme::Dark:
        setLook(Look::Dark);
        break;
    case Preferences::Theme::HighContrast:
        setLook(Look::HighContrast);
        break;
    }
    m_parts->restyling = false;
    if (m_parts->board != nullptr)
        restyle();
}

void MainWindow::restyle()
{
    Parts& p = *m_parts;
    p.header->restyle();
    p.time->restyle();
    p.actors->restyle();
    p.readers->restyle();
    p.plan->restyle();
    p.why->restyle();
    p.callout->restyle();
    if (p.monitor != nullptr)
        p.monitor->restyle();
    for (auto* button : findChildren<QToolButton*>())
        if (button->objectName() == u"closePanel" || button->objectName() == u"closeStartStrip")
            button->setIcon(icon(Sign::Close));
    const Palette& colours = ui::palette();
    // A thin frame round every part.
    setStyleSheet(QStringLiteral("QToolBar { border: 0; spacing: 0; border-bottom: 1px solid %1; }"
                                 "QStatusBar { border-top: 1px solid %1; }"
                                 "QStatusBar::item { border: 0; }"
                                 "#startStrip { background: %2; border: 0;"
                                 " border-bottom: 1px solid %1; }")
                      .arg(colours.border.name(), colours.panel.name()));
    for (QWidget* child : findChildren<QWidget*>())
        child->update();
    if (const auto now = m_feed.current())
        present(*now);
}

void MainWindow::setMagnification(int percent)
{
    m_preferences.setMagnification(percent);
    QFont font = m_parts->plainFont;
    font.setPointSizeF(font.pointSizeF() * m_preferences.magnification() / 100);
    QApplication::setFont(font);
    QApplication::setFont(font, "QDockWidgetTitle");
    restyle();
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (!m_parts || m_parts->restyling)
        return;
    if (event->type() == QEvent::ThemeChange) {
        // Our own palette hides the desktop's: it is put aside to look at the new one.
        m_parts->restyling = true;
        QApplication::setPalette(QPalette());
        m_parts->systemPalette = QApplication::palette();
        m_parts->restyling = false;
        applyTheme();
    }
}

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    if (m_parts->shownBefore)
        return;
    m_parts->shownBefore = true;
    if (m_preferences.layout().isEmpty() || !restoreState(m_preferences.layout()))
        arrangeDocks();
    syncDockActions();
    m_parts->board->setFocus(); // the picture, not the first button of the frame
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!m_parts->beforePresentation.isEmpty())
        setPresentation(false);
    showWorkspace(Workspace::Explore); // whose layout is the one to keep
    m_preferences.setPlace(saveGeometry(), saveState());
    QMainWindow::closeEvent(event);
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ApplicationPaletteChange && !m_parts->restyling
        && QApplication::palette().window().color() != ui::palette().window) {
        m_parts->systemPalette = QApplication::palette();
        applyTheme();
    }
    // The lens is on while its key is held.
    if (event->type() == QEvent::KeyRelease && m_view.cloudWatchLens()) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const auto keys = m_parts->actions->keys(QStringLiteral("view.lens"));
        if (!key->isAutoRepeat() && m_view.cloudWatchLens()
            && keys.contains(QKeySequence(key->keyCombination())))
            m_view.setCloudWatchLens(false);
    }
    return QMainWindow::eventFilter(watched, event);
}

} // namespace shardscope::ui
