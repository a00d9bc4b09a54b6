#include <QCoreApplication>

#include "ui/actions.h"

namespace shardscope::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("ActionTable", text);
}

QList<QKeySequence> keysOf(std::initializer_list<const char*> texts)
{
    QList<QKeySequence> keys;
    for (const char* text : texts)
        keys.append(QKeySequence(QString::fromLatin1(text), QKeySequence::PortableText));
    return keys;
}

std::vector<ActionSpec> fileActions()
{
    using S = ActionSpec::Safety;
    constexpr auto kGroup = ActionGroup::File;
    return {
        {.id = QStringLiteral("file.blank"),
         .group = kGroup,
         .text = tr("&New blank stream"),
         .tip = tr("Start over with an empty stream of four shards and nobody on it"),
         .keys = keysOf({"Ctrl+N"})},
        {.id = QStringLiteral("file.open"),
         .group = kGroup,
         .text = tr("&Open…"),
         .tip = tr("Open a scenario, a run file or a trace (CSV of time, key, size)"),
         .keys = keysOf({"Ctrl+O"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("file.follow"),
         .group = kGroup,
         .text = tr("Follow &log files…"),
         .tip = tr("Take the records of real log files into the stream, as the Kinesis Agent does"),
         .keys = keysOf({"Ctrl+Alt+F"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("file.saveScenario"),
         .group = kGroup,
         .text = tr("&Save scenario as…"),
         .tip = tr("Save what this run started from: stream, producers, consumers, planned acts"),
         .keys = keysOf({"Ctrl+S"}),
         .safety = S::OpensDialog,
         .separatorBefore = true},
        {.id = QStringLiteral("file.saveRun"),
         .group = kGroup,
         .text = tr("Save &run file as…"),
         .tip
         = tr("Save scenario, seed and everything you did, so that the same run can be repeated"),
         .keys = keysOf({"Ctrl+Alt+S"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("file.exportData"),
         .group = kGroup,
         .text = tr("Export &data…"),
         .tip = tr("Save the visible time window as CSV, time first, in UTC"),
         .keys = keysOf({"Ctrl+E"}),
         .safety = S::OpensDialog,
         .separatorBefore = true},
        {.id = QStringLiteral("file.exportRefused"),
         .group = kGroup,
         .text = tr("Export re&fused records…"),
         .tip = tr("Save the refused records that are still known as CSV, with rule and key"),
         .keys = keysOf({"Ctrl+Alt+E"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("file.exportPicture"),
         .group = kGroup,
         .text = tr("Export &picture…"),
         .tip = tr("Save the board as PNG (1× or 2×) or SVG"),
         .keys = keysOf({"Ctrl+Shift+S"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("file.copyPicture"),
         .group = kGroup,
         .text = tr("&Copy picture"),
         .tip = tr("Put a picture of the board on the clipboard"),
         .keys = keysOf({"Ctrl+Shift+C"})},
        {.id = QStringLiteral("file.quit"),
         .group = kGroup,
         .text = tr("&Quit"),
         .tip = tr("Close Shardscope"),
         .keys = keysOf({"Ctrl+Q"}),
         .safety = S::EndsProgram,
         .separatorBefore = true},
    };
}

std::vector<ActionSpec> editActions()
{
    using S = ActionSpec::Safety;
    constexpr auto kGroup = ActionGroup::Edit;
    return {
        {.id = QStringLiteral("edit.undo"),
         .group = kGroup,
         .text = tr("&Undo"),
         .tip = tr("Take back your last act: the run goes back to the moment before it"),
         .keys = keysOf({"Ctrl+Z"})},
        {.id = QStringLiteral("edit.redo"),
         .group = kGroup,
         .text = tr("&Redo"),
         .tip = tr("Do again what was taken back"),
         .keys = keysOf({"Ctrl+Shift+Z", "Ctrl+Y"})},
        {.id = QStringLiteral("edit.copyWhy"),
         .group = kGroup,
         .text = tr("&Copy the Why card"),
         .tip = tr("Put the explanation of the chosen refusal on the clipboard as text"),
         .keys = keysOf({"Ctrl+Shift+W"}),
         .separatorBefore = true},
        {.id = QStringLiteral("edit.note"),
         .group = kGroup,
         .text = tr("&Note here…"),
         .tip = tr("Write a note on the time line at this moment"),
         .keys = keysOf({"A"}),
         .safety = S::OpensDialog},
    };
}

std::vector<ActionSpec> streamActions()
{
    using S = ActionSpec::Safety;
    constexpr auto kGroup = ActionGroup::Stream;
    return {
        {.id = QStringLiteral("stream.addProducer"),
         .group = kGroup,
         .text = tr("Add &producer…"),
         .tip = tr("Add a simulated producer to the running stream"),
         .keys = keysOf({"P"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("stream.addConsumer"),
         .group = kGroup,
         .text = tr("Add &consumer…"),
         .tip = tr("Add a polling reader to the running stream"),
         .keys = keysOf({"K"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("stream.split"),
         .group = kGroup,
         .text = tr("&Split on the map"),
         .tip = tr("Open the split handle of the selected shard; arrows move it, Enter splits"),
         .keys = keysOf({"S"}),
         .separatorBefore = true},
        {.id = QStringLiteral("stream.splitAt"),
         .group = kGroup,
         .text = tr("Split &at…"),
         .tip = tr("Split the selected shard at a hash key, a share or a partition key"),
         .keys = keysOf({"Shift+S"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("stream.mergeRight"),
         .group = kGroup,
         .text = tr("&Merge with the right neighbour…"),
         .tip = tr("Merge the selected shard with the next one in the hash key space"),
         .keys = keysOf({"M"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("stream.mergeLeft"),
         .group = kGroup,
         .text = tr("Merge with the &left neighbour…"),
         .tip = tr("Merge the selected shard with the one before it in the hash key space"),
         .keys = keysOf({"Shift+M"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("stream.shardCount"),
         .group = kGroup,
         .text = tr("&Update shard count…"),
         .tip = tr("Scale the whole stream to a number of shards (UpdateShardCount)"),
         .keys = keysOf({"Ctrl+U"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("stream.settings"),
         .group = kGroup,
         .text = tr("S&tream settings"),
         .tip = tr("Capacity mode, retention, record size, monitoring, scaling, account limits"),
         .keys = keysOf({"Ctrl+T"}),
         .separatorBefore = true},
    };
}

std::vector<ActionSpec> runActions()
{
    using S = ActionSpec::Safety;
    constexpr auto kGroup = ActionGroup::Run;
    return {
        {.id = QStringLiteral("run.toggle"),
         .group = kGroup,
         .text = tr("&Play or pause"),
         .tip = tr("Let simulated time run, or hold it"),
         .keys = keysOf({"Space", "F6"})},
        {.id = QStringLiteral("run.step"),
         .group = kGroup,
         .text = tr("&Step to the next event"),
         .tip = tr("Run to the next event and pause there"),
         .keys = keysOf({".", "F5"})},
        {.id = QStringLiteral("run.stepSecond"),
         .group = kGroup,
         .text = tr("Step one second"),
         .tip = tr("Run to the next full second and pause there"),
         .keys = keysOf({"Shift+.", ">"})},
        {.id = QStringLiteral("run.back"),
         .group = kGroup,
         .text = tr("Step &back"),
         .tip = tr("Go back to the event before"),
         .keys = keysOf({",", "F4"})},
        {.id = QStringLiteral("run.backSecond"),
         .group = kGroup,
         .text = tr("Step back one second"),
         .tip = tr("Go back to the full second before"),
         .keys = keysOf({"Shift+,", "<"})},
        {.id = QStringLiteral("run.start"),
         .group = kGroup,
         .text = tr("Back to the s&tart"),
         .tip = tr("Go back to the start of the run"),
         .keys = keysOf({"Home", "F3"})},
        {.id = QStringLiteral("run.live"),
         .group = kGroup,
         .text = tr("Follow &live"),
         .tip = tr("Let the plots follow the newest moment again"),
         .keys = keysOf({"End"})},
        {.id = QStringLiteral("run.nextRefusal"),
         .group = kGroup,
         .text = tr("Run to the next &refusal"),
         .tip = tr("Run until a record is refused, and pause there"),
         .keys = keysOf({"N"}),
         .separatorBefore = true},
        {.id = QStringLiteral("run.until"),
         .group = kGroup,
         .text = tr("Run &until…"),
         .tip = tr("Run until a time or a condition, and pause there"),
         .keys = keysOf({"U"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("run.faster"),
         .group = kGroup,
         .text = tr("&Faster"),
         .tip = tr("Next speed up"),
         .keys = keysOf({"]"}),
         .separatorBefore = true},
        {.id = QStringLiteral("run.slower"),
         .group = kGroup,
         .text = tr("S&lower"),
         .tip = tr("Next speed down"),
         .keys = keysOf({"["})},
        {.id = QStringLiteral("run.realTime"),
         .group = kGroup,
         .text = tr("&Real time (1×)"),
         .tip = tr("One simulated second a second"),
         .keys = keysOf({"\\"})},
        {.id = QStringLiteral("run.fastest"),
         .group = kGroup,
         .text = tr("As fast as possible"),
         .tip = tr("Run at the engine's own speed"),
         .keys = keysOf({"F8"})},
        {.id = QStringLiteral("run.slowDown"),
         .group = kGroup,
         .text = tr("Slow down at &events"),
         .tip = tr("Fall to 1× for a moment at the first refusal or reshard"),
         .keys = keysOf({"Ctrl+Alt+D"}),
         .kind = ActionSpec::Kind::Checkable},
    };
}

std::vector<ActionSpec> monitorActions()
{
    using S = ActionSpec::Safety;
    constexpr auto kGroup = ActionGroup::Monitor;
    return {
        {.id = QStringLiteral("monitor.streams"),
         .group = kGroup,
         .text = tr("&Streams"),
         .tip = tr("Every stream of the endpoint on a line"),
         .keys = keysOf({"Ctrl+Shift+1"})},
        {.id = QStringLiteral("monitor.board"),
         .group = kGroup,
         .text = tr("&Board"),
         .tip = tr("The chosen stream's shards against their limits, live"),
         .keys = keysOf({"Ctrl+Shift+2"})},
        {.id = QStringLiteral("monitor.records"),
         .group = kGroup,
         .text = tr("&Records"),
         .tip = tr("What is stored in the chosen stream"),
         .keys = keysOf({"Ctrl+Shift+3"})},
        {.id = QStringLiteral("monitor.clients"),
         .group = kGroup,
         .text = tr("C&lients"),
         .tip = tr("Who calls, how much and with what luck"),
         .keys = keysOf({"Ctrl+Shift+4"})},
        {.id = QStringLiteral("monitor.errors"),
         .group = kGroup,
         .text = tr("Errors"),
         .tip = tr("The errors answered lately"),
         .keys = keysOf({"Ctrl+Shift+5"})},
        {.id = QStringLiteral("monitor.readers"),
         .group = kGroup,
         .text = tr("Re&aders"),
         .tip = tr("Who reads the chosen stream, and readers that run here beside the clients"),
         .keys = keysOf({"Ctrl+Shift+6"})},
        {.id = QStringLiteral("monitor.endpoint"),
         .group = kGroup,
         .text = tr("Switch the &endpoint on or off"),
         .tip = tr("Answer AWS clients on this machine, or stop answering"),
         .keys = keysOf({"Ctrl+Shift+E"}),
         .safety = S::OpensDialog,
         .separatorBefore = true},
        {.id = QStringLiteral("monitor.connect"),
         .group = kGroup,
         .text = tr("Connect a &client…"),
         .tip = tr("The lines to paste for the AWS CLI, Python, JavaScript and Java"),
         .keys = keysOf({"Ctrl+Shift+L"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("monitor.create"),
         .group = kGroup,
         .text = tr("Create a st&ream…"),
         .tip = tr("A new stream on the endpoint"),
         .keys = keysOf({"Ctrl+Shift+N"}),
         .safety = S::OpensDialog,
         .separatorBefore = true},
        {.id = QStringLiteral("monitor.put"),
         .group = kGroup,
         .text = tr("&Put a test record…"),
         .tip = tr("Put one record, or up to 500, into the chosen stream"),
         .keys = keysOf({"Ctrl+Shift+P"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("monitor.delete"),
         .group = kGroup,
         .text = tr("&Delete the stream…"),
         .tip = tr("Delete the chosen stream and everything stored in it"),
         .keys = keysOf({"Ctrl+Shift+Del"}),
         .safety = S::OpensDialog},
    };
}

std::vector<ActionSpec> viewActions()
{
    constexpr auto kGroup = ActionGroup::View;
    constexpr auto kCheck = ActionSpec::Kind::Checkable;
    const QString unit = QStringLiteral("unit");
    const QString theme = QStringLiteral("theme");
    const QString workspace = QStringLiteral("workspace");
    std::vector<ActionSpec> actions {
        {.id = QStringLiteral("view.explore"),
         .group = kGroup,
         .text = tr("E&xplore"),
         .tip = tr("Show the simulated run"),
         .keys = keysOf({"Ctrl+1"}),
         .kind = kCheck,
         .choice = workspace},
        {.id = QStringLiteral("view.readers"),
         .group = kGroup,
         .text = tr("&Readers"),
         .tip = tr("Show who reads the simulated stream, and how far behind they are"),
         .keys = keysOf({"Ctrl+2"}),
         .kind = kCheck,
         .choice = workspace},
        {.id = QStringLiteral("view.plan"),
         .group = kGroup,
         .text = tr("&Plan"),
         .tip = tr("Plan shards, capacity mode and cost for a workload or for what was measured"),
         .keys = keysOf({"Ctrl+3"}),
         .kind = kCheck,
         .choice = workspace},
        {.id = QStringLiteral("view.monitor"),
         .group = kGroup,
         .text = tr("Mo&nitor"),
         .tip = tr("Show the endpoint: real clients, their streams and records"),
         .keys = keysOf({"Ctrl+4"}),
         .kind = kCheck,
         .choice = workspace},
        {.id = QStringLiteral("view.why"),
         .group = kGroup,
         .text = tr("&Why was it refused?"),
         .tip = tr("Explain the refusal at the cursor, or the newest one"),
         .keys = keysOf({"G"}),
         .separatorBefore = true},
        {.id = QStringLiteral("view.lens"),
         .group = kGroup,
         .text = tr("&CloudWatch lens"),
         .tip = tr("Show what CloudWatch would show: one-minute sums; hold the key to peek"),
         .keys = keysOf({"W"}),
         .kind = kCheck},
        {.id = QStringLiteral("view.percent"),
         .group = kGroup,
         .text = tr("Percent of the limit"),
         .tip = tr("Plots in percent of the limit that binds"),
         .keys = keysOf({"Alt+1"}),
         .kind = kCheck,
         .choice = unit,
         .separatorBefore = true},
        {.id = QStringLiteral("view.mib"),
         .group = kGroup,
         .text = tr("MiB per second"),
         .tip = tr("Plots in MiB per second"),
         .keys = keysOf({"Alt+2"}),
         .kind = kCheck,
         .choice = unit},
        {.id = QStringLiteral("view.records"),
         .group = kGroup,
         .text = tr("Records per second"),
         .tip = tr("Plots in records per second"),
         .keys = keysOf({"Alt+3"}),
         .kind = kCheck,
         .choice = unit},
        {.id = QStringLiteral("view.zoomIn"),
         .group = kGroup,
         .text = tr("Zoom &in"),
         .tip = tr("Show half as much time"),
         .keys = keysOf({"+", "="}),
         .separatorBefore = true},
        {.id = QStringLiteral("view.zoomOut"),
         .group = kGroup,
         .text = tr("Zoom &out"),
         .tip = tr("Show twice as much time"),
         .keys = keysOf({"-"})},
        {.id = QStringLiteral("view.zoomReset"),
         .group = kGroup,
         .text = tr("Two &minutes"),
         .tip = tr("Show the last two minutes and follow the run"),
         .keys = keysOf({"0"})},
        {.id = QStringLiteral("view.panLeft"),
         .group = kGroup,
         .text = tr("Earlier"),
         .tip = tr("Move the plots a tenth of their width back in time"),
         .keys = keysOf({"Left"})},
        {.id = QStringLiteral("view.panRight"),
         .group = kGroup,
         .text = tr("Later"),
         .tip = tr("Move the plots a tenth of their width forward in time"),
         .keys = keysOf({"Right"})},
        {.id = QStringLiteral("view.panLeftFine"),
         .group = kGroup,
         .text = tr("A little earlier"),
         .tip = tr("Move the plots a hundredth of their width back in time"),
         .keys = keysOf({"Shift+Left"})},
        {.id = QStringLiteral("view.panRightFine"),
         .group = kGroup,
         .text = tr("A little later"),
         .tip = tr("Move the plots a hundredth of their width forward in time"),
         .keys = keysOf({"Shift+Right"})},
        {.id = QStringLiteral("view.actors"),
         .group = kGroup,
         .text = tr("&Actors and scenarios"),
         .tip = tr("Show or hide producers, consumers and scenarios"),
         .keys = keysOf({"Ctrl+Alt+1"}),
         .kind = kCheck,
         .separatorBefore = true},
        {.id = QStringLiteral("view.whyDock"),
         .group = kGroup,
         .text = tr("Wh&y panel"),
         .tip = tr("Show or hide the Why panel"),
         .keys = keysOf({"Ctrl+Alt+2"}),
         .kind = kCheck},
        {.id = QStringLiteral("view.streamDock"),
         .group = kGroup,
         .text = tr("S&tream panel"),
         .tip = tr("Show or hide the stream's settings"),
         .keys = keysOf({"Ctrl+Alt+3"}),
         .kind = kCheck},
        {.id = QStringLiteral("view.eventsDock"),
         .group = kGroup,
         .text = tr("&Event lane"),
         .tip = tr("Show or hide the lane of events"),
         .keys = keysOf({"Ctrl+Alt+4"}),
         .kind = kCheck},
        {.id = QStringLiteral("view.log"),
         .group = kGroup,
         .text = tr("Event &log"),
         .tip = tr("Open the event lane up to a table of all events"),
         .keys = keysOf({"Ctrl+L"}),
         .kind = kCheck},
        {.id = QStringLiteral("view.startStrip"),
         .group = kGroup,
         .text = tr("Start strip"),
         .tip = tr("Show or hide the strip of first steps"),
         .keys = keysOf({"Ctrl+Alt+5"}),
         .kind = kCheck},
        {.id = QStringLiteral("view.resetLayout"),
         .group = kGroup,
         .text = tr("&Reset the layout"),
         .tip = tr("Put every panel back where it was at first"),
         .keys = keysOf({"Ctrl+Alt+0"})},
        {.id = QStringLiteral("view.presentation"),
         .group = kGroup,
         .text = tr("&Presentation"),
         .tip = tr("Big numbers, no side panels, whole screen"),
         .keys = keysOf({"F11"}),
         .kind = kCheck},
        {.id = QStringLiteral("view.system"),
         .group = kGroup,
         .text = tr("Theme of the &system"),
         .tip = tr("Light or dark as the desktop is"),
         .keys = keysOf({"Ctrl+Alt+Y"}),
         .kind = kCheck,
         .choice = theme,
         .separatorBefore = true},
        {.id = QStringLiteral("view.light"),
         .group = kGroup,
         .text = tr("&Light theme"),
         .tip = tr("Dark text on white"),
         .keys = keysOf({"Ctrl+Alt+L"}),
         .kind = kCheck,
         .choice = theme},
        {.id = QStringLiteral("view.dark"),
         .group = kGroup,
         .text = tr("&Dark theme"),
         .tip = tr("Light text on dark grey"),
         .keys = keysOf({"Ctrl+Alt+K"}),
         .kind = kCheck,
         .choice = theme},
        {.id = QStringLiteral("view.contrast"),
         .group = kGroup,
         .text = tr("&High contrast"),
         .tip = tr("Strongest contrast the palette has"),
         .keys = keysOf({"Ctrl+Alt+H"}),
         .kind = kCheck,
         .choice = theme},
        {.id = QStringLiteral("view.larger"),
         .group = kGroup,
         .text = tr("Larger te&xt"),
         .tip = tr("Magnify everything by a step"),
         .keys = keysOf({"Ctrl++", "Ctrl+="}),
         .separatorBefore = true},
        {.id = QStringLiteral("view.smaller"),
         .group = kGroup,
         .text = tr("Smaller text"),
         .tip = tr("Shrink everything by a step"),
         .keys = keysOf({"Ctrl+-"})},
        {.id = QStringLiteral("view.normalSize"),
         .group = kGroup,
         .text = tr("Normal text size"),
         .tip = tr("Text as large as the desktop has it"),
         .keys = keysOf({"Ctrl+0"})},
        {.id = QStringLiteral("view.reduceMotion"),
         .group = kGroup,
         .text = tr("Reduce &motion"),
         .tip = tr("No moving dots, pulses or fades"),
         .keys = keysOf({"Ctrl+Alt+M"}),
         .kind = kCheck},
        {.id = QStringLiteral("view.singleKeys"),
         .group = kGroup,
         .text = tr("Single-letter &keys"),
         .tip = tr("Let single letters and digits act without Ctrl"),
         .keys = keysOf({"Ctrl+Alt+J"}),
         .kind = kCheck},
    };
    for (int n = 1; n <= 9; ++n) {
        ActionSpec spec {.id = QStringLiteral("view.shard%1").arg(n),
                         .group = kGroup,
                         .text = tr("Select open shard %1").arg(n),
                         .tip
                         = tr("Select the shard that is number %1 in the hash key space").arg(n),
                         .keys = {QKeySequence(Qt::Key_0 + n)}};
        spec.separatorBefore = n == 1;
        actions.push_back(spec);
    }
    return actions;
}

std::vector<ActionSpec> helpActions()
{
    using S = ActionSpec::Safety;
    constexpr auto kGroup = ActionGroup::Help;
    return {
        {.id = QStringLiteral("help.find"),
         .group = kGroup,
         .text = tr("&Find an action…"),
         .tip = tr("Type a few letters of what you want to do, and do it"),
         .keys = keysOf({"Ctrl+K", "Ctrl+Shift+A"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("help.keys"),
         .group = kGroup,
         .text = tr("&Keyboard…"),
         .tip = tr("All keys on one sheet; change them there"),
         .keys = keysOf({"?", "F1"}),
         .safety = S::OpensDialog},
        {.id = QStringLiteral("help.about"),
         .group = kGroup,
         .text = tr("&About Shardscope"),
         .tip = tr("Version, licence, and whom it does not belong to"),
         .keys = keysOf({"Ctrl+F1"}),
         .safety = S::OpensDialog},
    };
}

} // namespace

QString groupText(ActionGroup group)
{
    switch (group) {
    case ActionGroup::File:
        return tr("&File");
    case ActionGroup::Edit:
        return tr("&Edit");
    case ActionGroup::Stream:
        return tr("&Stream");
    case ActionGroup::Run:
        return tr("&Run");
    case ActionGroup::Monitor:
        return tr("&Monitor");
    case ActionGroup::View:
        return tr("&View");
    case ActionGroup::Help:
        return tr("&Help");
    }
    return {};
}

const std::vector<ActionSpec>& actionTable()
{
    static const std::vector<ActionSpec> table = [] {
        std::vector<ActionSpec> all;
        for (auto part : {fileActions(), editActions(), streamActions(), runActions(),
                          monitorActions(), viewActions(), helpActions()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return table;
}

} // namespace shardscope::ui
