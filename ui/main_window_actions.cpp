#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/scenario/scenario_json.h"
#include "ui/dialogs/consumer_dialog.h"
#include "ui/dialogs/follow_dialog.h"
#include "ui/dialogs/help_dialogs.h"
#include "ui/dialogs/producer_dialog.h"
#include "ui/dialogs/reshard_dialogs.h"
#include "ui/dialogs/run_dialogs.h"
#include "ui/dialogs/stream_dialogs.h"
#include "ui/export/picture.h"
#include "ui/export/tables.h"
#include "ui/format.h"
#include "ui/main_window_parts.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

/// "clicks", or "clicks 2" when that is taken.
template <typename Rows> std::string freeName(const Rows& rows, const std::string& wanted)
{
    std::string name = wanted;
    for (int n = 2; std::any_of(rows.begin(), rows.end(),
                                [&name](const auto& row) { return row.spec.name == name; });
         ++n)
        name = wanted + " " + std::to_string(n);
    return name;
}

std::string usualName(ProducerKind kind)
{
    switch (kind) {
    case ProducerKind::Iot:
        return "IoT fleet";
    case ProducerKind::Clickstream:
        return "clicks";
    case ProducerKind::ServerLogs:
        return "server logs";
    case ProducerKind::Custom:
        return "producer";
    case ProducerKind::Trace:
        return "trace";
    }
    return "producer";
}

} // namespace

std::shared_ptr<const Snapshot> MainWindow::snapshotOrComplain()
{
    auto now = stage().now;
    if (!now)
        complain(workspace() == Workspace::Monitor
                     ? tr("No stream is shown yet: choose one first.")
                     : tr("Nothing runs yet: open a scenario first."));
    return now;
}

void MainWindow::saveAs(const QString& title, const QString& suggestion, const QString& filter,
                        const std::function<Result<void>(const QString&)>& save)
{
    auto* dialog = new QFileDialog(this, title, suggestion, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->selectFile(suggestion);
    connect(dialog, &QFileDialog::fileSelected, this, [this, save](const QString& path) {
        const Result<void> saved = save(path);
        if (saved)
            report(tr("Saved %1.").arg(path));
        else
            complain(toQt(saved.error().message));
    });
    dialog->open();
}

void MainWindow::bindFile()
{
    Actions& a = *m_parts->actions;
    a.bind(QStringLiteral("file.blank"), [this](bool) {
        Scenario blank;
        blank.name = "blank";
        blank.title = toStd(tr("Blank stream"));
        blank.lesson = toStd(tr("add a producer and watch where its records go"));
        blank.history = SimDuration();
        blank.speed = 1;
        m_preferences.setLastFile({});
        load(blank, false);
    });
    a.bind(QStringLiteral("file.open"), [this](bool) {
        auto* dialog = new QFileDialog(
            this, tr("Open"), {},
            tr("Scenarios, runs and traces (*.json *.scn *.run *.csv);;All files (*)"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, this,
                [this](const QString& path) { openFile(path, false); });
        dialog->open();
    });
    a.bind(QStringLiteral("file.follow"), [this](bool) {
        auto* dialog = new FollowDialog(m_follow, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
    });
    const auto save = [this](const QString& title, const QString& ending, bool withActs) {
        if (!m_parts->scenario)
            return complain(tr("Nothing runs yet: open a scenario first."));
        Scenario scenario = *m_parts->scenario;
        const auto now = m_feed.current();
        if (withActs && now && now->acts)
            scenario.acts.insert(scenario.acts.end(), now->acts->begin(), now->acts->end());
        std::stable_sort(scenario.acts.begin(), scenario.acts.end(),
                         [](const ScheduledAct& x, const ScheduledAct& y) { return x.at < y.at; });
        saveAs(title, toQt(scenario.name) + ending, tr("Scenario (*.json)"),
               [scenario](const QString& path) {
                   return saveBytes(QByteArray::fromStdString(writeScenario(scenario)), path);
               });
    };
    a.bind(QStringLiteral("file.saveScenario"),
           [this, save](bool) { save(tr("Save the scenario"), QStringLiteral(".json"), false); });
    a.bind(QStringLiteral("file.saveRun"),
           [this, save](bool) { save(tr("Save the run"), QStringLiteral(".run.json"), true); });
    a.bind(QStringLiteral("file.exportData"), [this](bool) {
        const auto now = snapshotOrComplain();
        if (!now)
            return;
        const TimeWindow window = stage().view.windowAt(now->clock.now);
        saveAs(tr("Export data"), toQt(now->scenarioName) + QStringLiteral(".csv"),
               tr("Comma separated (*.csv)"), [now, window](const QString& path) {
                   return saveBytes(windowCsv(*now, window), path);
               });
    });
    a.bind(QStringLiteral("file.exportRefused"), [this](bool) {
        if (const auto now = snapshotOrComplain())
            saveAs(tr("Export refused records"),
                   toQt(now->scenarioName) + QStringLiteral("-refused.csv"),
                   tr("Comma separated (*.csv)"),
                   [now](const QString& path) { return saveBytes(refusedCsv(*now), path); });
    });
    a.bind(QStringLiteral("file.exportPicture"), [this](bool) {
        const QString twice = tr("PNG, 2× (*.png)");
        auto* dialog
            = new QFileDialog(this, tr("Export picture"), QStringLiteral("shardscope.png"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setNameFilters({tr("PNG (*.png)"), twice, tr("SVG (*.svg)")});
        dialog->selectFile(QStringLiteral("shardscope.png"));
        connect(dialog, &QFileDialog::fileSelected, this, [this, dialog, twice](QString path) {
            if (QFileInfo(path).suffix().isEmpty())
                path += dialog->selectedNameFilter().contains(u"svg") ? QStringLiteral(".svg")
                                                                      : QStringLiteral(".png");
            const double scale = dialog->selectedNameFilter() == twice ? 2 : 1;
            const Result<void> saved = savePicture(*stage().board, path, scale);
            saved ? report(tr("Saved %1.").arg(path)) : complain(toQt(saved.error().message));
        });
        dialog->open();
    });
    a.bind(QStringLiteral("file.copyPicture"), [this](bool) {
        QApplication::clipboard()->setImage(pictureOf(*stage().board, devicePixelRatioF()));
        report(tr("The picture is on the clipboard."));
    });
    a.bind(QStringLiteral("file.quit"), [this](bool) { close(); });
}

void MainWindow::fillRecent()
{
    QMenu* menu = m_parts->recent;
    menu->clear();
    for (const QString& path : m_preferences.recentFiles())
        connect(menu->addAction(QFileInfo(path).fileName()), &QAction::triggered, this,
                [this, path] { openFile(path, false); });
    menu->setEnabled(!menu->isEmpty());
}

void MainWindow::bindStream()
{
    Actions& a = *m_parts->actions;
    a.bind(QStringLiteral("edit.undo"), [this](bool) { send(Undo {}); });
    a.bind(QStringLiteral("edit.redo"), [this](bool) { send(Redo {}); });
    a.bind(QStringLiteral("edit.copyWhy"), [this](bool) {
        m_parts->why->copy();
        report(tr("The Why card is on the clipboard."));
    });
    a.bind(QStringLiteral("edit.note"), [this](bool) {
        if (const auto now = snapshotOrComplain())
            (new NoteDialog(now->clock.now, m_deck, this))->open();
    });
    a.bind(QStringLiteral("stream.addProducer"),
           [this](bool) { emit m_parts->actors->producerAsked(ProducerKind::Custom); });
    a.bind(QStringLiteral("stream.addConsumer"),
           [this](bool) { emit m_parts->actors->consumerAsked(ConsumerKind::Polling); });
    a.bind(QStringLiteral("stream.split"), [this](bool) {
        if (snapshotOrComplain())
            stage().board->beginSplit();
    });
    a.bind(QStringLiteral("stream.splitAt"), [this](bool) {
        if (const auto now = snapshotOrComplain())
            (new SplitDialog(now, stage().view.shard(), stage().deck, this))->open();
    });
    const auto merge = [this](MergeDialog::Side side) {
        if (const auto now = snapshotOrComplain())
            (new MergeDialog(now, stage().view.shard(), side, stage().deck, this))->open();
    };
    a.bind(QStringLiteral("stream.mergeRight"), [merge](bool) { merge(MergeDialog::Side::Right); });
    a.bind(QStringLiteral("stream.mergeLeft"), [merge](bool) { merge(MergeDialog::Side::Left); });
    a.bind(QStringLiteral("stream.shardCount"), [this](bool) {
        if (const auto now = snapshotOrComplain())
            (new ShardCountDialog(now, stage().deck, this))->open();
    });
    a.bind(QStringLiteral("stream.settings"), [this](bool) {
        m_parts->streamDock->show();
        m_parts->streamDock->raise();
    });
}

void MainWindow::bindRun()
{
    Actions& a = *m_parts->actions;
    a.bind(QStringLiteral("run.toggle"),
           [this](bool) { m_parts->paused ? send(Play {}) : send(Pause {}); });
    a.bind(QStringLiteral("run.step"), [this](bool) { send(StepForward {}); });
    a.bind(QStringLiteral("run.stepSecond"), [this](bool) { send(StepForward {true}); });
    a.bind(QStringLiteral("run.back"), [this](bool) { send(StepBack {}); });
    a.bind(QStringLiteral("run.backSecond"), [this](bool) { send(StepBack {true}); });
    a.bind(QStringLiteral("run.start"), [this](bool) { send(JumpToStart {}); });
    a.bind(QStringLiteral("run.live"), [this](bool) { stage().view.followLive(); });
    a.bind(QStringLiteral("run.nextRefusal"), [this](bool) {
        RunCondition next;
        next.kind = RunCondition::Kind::NextRefusal;
        send(RunUntil {next});
    });
    const auto until = [this](RunCondition::Kind kind) {
        if (const auto now = snapshotOrComplain())
            (new RunUntilDialog(now->clock, m_view.shard(), kind, m_deck, this))->open();
    };
    a.bind(QStringLiteral("run.until"), [until](bool) { until(RunCondition::Kind::Time); });
    connect(m_parts->time, &TimeBar::conditionAsked, this, until);
    a.bind(QStringLiteral("run.faster"), [this](bool) { m_parts->time->faster(); });
    a.bind(QStringLiteral("run.slower"), [this](bool) { m_parts->time->slower(); });
    a.bind(QStringLiteral("run.realTime"), [this](bool) { m_parts->time->setSpeed(1); });
    a.bind(QStringLiteral("run.fastest"), [this](bool) { m_parts->time->setSpeed(0); });
    a.bind(QStringLiteral("run.slowDown"), [this](bool on) { send(SetSlowDownAtEvents {on}); });
    a[QStringLiteral("run.slowDown")]->setChecked(true);
}

void MainWindow::bindHelp()
{
    Actions& a = *m_parts->actions;
    a.bind(QStringLiteral("help.find"),
           [this](bool) { (new FindAction(*m_parts->actions, this))->open(); });
    a.bind(QStringLiteral("help.keys"),
           [this](bool) { (new ShortcutsSheet(*m_parts->actions, m_preferences, this))->open(); });
    a.bind(QStringLiteral("help.about"), [this](bool) { (new AboutDialog(this))->open(); });
}

void MainWindow::connectParts()
{
    Parts& p = *m_parts;
    connect(&m_feed, &Feed::changed, this, &MainWindow::present);
    connect(p.board, &ExploreBoard::actAsked, this, [this](const Act& act) { send(Do {act}); });
    connect(p.board, &ExploreBoard::statusText, this, &MainWindow::report);
    connect(p.board, &ExploreBoard::shardMenuAsked, this, &MainWindow::shardMenu);
    connect(p.board, &ExploreBoard::pinnedShard, this, [this](ShardSlot shard) {
        report(tr("The key belongs to shard %1.").arg(shard.value));
    });
    connect(p.actors, &ActorsPanel::producerAsked, this, [this](ProducerKind kind) {
        const auto now = snapshotOrComplain();
        if (!now)
            return;
        const std::string name = freeName(now->producers, usualName(kind));
        (new ProducerDialog(ProducerDialog::Purpose::Add, producerPreset(kind, name), m_deck, this))
            ->open();
    });
    connect(p.actors, &ActorsPanel::producerEditAsked, this, [this](const ProducerSpec& spec) {
        (new ProducerDialog(ProducerDialog::Purpose::Change, spec, m_deck, this))->open();
    });
    connect(p.actors, &ActorsPanel::consumerAsked, this, [this](ConsumerKind kind) {
        const auto now = snapshotOrComplain();
        if (!now)
            return;
        ConsumerSpec spec;
        spec.kind = kind;
        spec.start = usualStart(kind);
        if (kind == ConsumerKind::Analytics)
            spec.analytics.query = AnalyticsSpec::Query::DeviceAverage;
        spec.name = freeName(now->consumers,
                             kind == ConsumerKind::Analytics ? "analytics"
                                 : kind == ConsumerKind::Kcl ? "application"
                                                             : "reader");
        (new ConsumerDialog(ConsumerDialog::Purpose::Add, spec, stage().deck, this))->open();
    });
    const auto change = [this](const ConsumerSpec& spec) {
        (new ConsumerDialog(ConsumerDialog::Purpose::Change, spec, stage().deck, this))->open();
    };
    connect(p.actors, &ActorsPanel::consumerEditAsked, this, change);
    connect(p.readers, &ReadersPage::editAsked, this, change);
    const auto offer = [this](const QWidget* beside) {
        m_parts->actors->offerConsumers(beside->mapToGlobal(QPoint(0, beside->height())));
    };
    connect(p.readers, &ReadersPage::addAsked, this, offer);
    connect(p.plan, &PlanPage::report, this, &MainWindow::report);
    connect(p.plan, &PlanPage::complain, this, &MainWindow::complain);
    connect(p.plan, &PlanPage::runAsked, this,
            [this](const Scenario& scenario) { load(scenario, false); });
    if (p.monitor != nullptr) {
        connect(p.monitor, &MonitorPage::readerAsked, this, offer);
        connect(p.monitor, &MonitorPage::readerEditAsked, this, change);
    }
    connect(p.scenarios, &ScenariosPanel::chosen, this,
            [this](const QString& name) { openBundled(name, false); });
    connect(p.stream, &StreamPanel::policyAsked, this, [this] {
        if (const auto now = snapshotOrComplain())
            (new PolicyDialog(now->stream.policySpec, m_deck, this))->open();
    });
    connect(p.stream, &StreamPanel::accountAsked, this, [this] {
        if (const auto now = snapshotOrComplain())
            (new AccountDialog(now->stream.account, m_deck, this))->open();
    });
    const auto trigger = [&p](const char* id) {
        return [action = (*p.actions)[QString::fromLatin1(id)]] { action->trigger(); };
    };
    connect(p.why, &WhyPanel::nextRefusalAsked, this, trigger("run.nextRefusal"));
    connect(p.strip, &StartStrip::blankAsked, this, trigger("file.blank"));
    connect(p.strip, &StartStrip::openAsked, this, trigger("file.open"));
    connect(p.strip, &StartStrip::keysAsked, this, trigger("help.keys"));
    connect(p.strip, &StartStrip::scenariosAsked, this, [this] {
        m_parts->actorsDock->show();
        m_parts->scenarios->takeFocus();
    });
    connect(p.strip, &StartStrip::refusalAsked, this, [this] {
        m_parts->explainNextRefusal = true;
        showWhy();
        (*m_parts->actions)[QStringLiteral("run.nextRefusal")]->trigger();
    });
    connect(p.strip, &StartStrip::dismissed, this, [this](bool forGood) {
        m_parts->strip->hide();
        if (forGood)
            m_preferences.setStartStrip(false);
        syncDockActions();
    });
    connect(p.callout, &Callout::clicked, this, [this] { m_parts->why->explainAtCursor(); });
    connect(&m_view, &ViewState::refusalChosen, this, &MainWindow::showWhy);
}

void MainWindow::showWhy()
{
    m_parts->whyDock->show();
    m_parts->whyDock->raise();
}

void MainWindow::shardMenu(ShardSlot shard, const QPoint& at)
{
    stage().view.chooseShard(shard);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const char* id : {"stream.split", "stream.splitAt", "stream.mergeLeft",
                           "stream.mergeRight", "stream.shardCount", "view.why"})
        menu->addAction((*m_parts->actions)[QString::fromLatin1(id)]);
    menu->popup(at);
}

} // namespace shardscope::ui
