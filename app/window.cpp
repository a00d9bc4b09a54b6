#include "app/window.h"

#include <QApplication>
#include <QFileInfo>
#include <QIcon>

#include <utility>

#include "app/bundled.h"
#include "app/ending_signals.h"
#include "app/endpoint_hands.h"
#include "app/followed_files.h"
#include "app/headless.h"
#include "app/options.h"
#include "app/quit_on_signal.h"
#include "core/runtime/outside_jobs.h"
#include "ui/english.h"
#include "ui/feed.h"
#include "ui/main_window.h"
#include "ui/preferences.h"
#include "ui/text.h"
#include "ui/view_state.h"

namespace shardscope {

namespace {

const char* const kFirstScenario = "hot-key";

bool isTrace(const std::string& file)
{
    return ui::toQt(file).endsWith(QStringLiteral(".csv"), Qt::CaseInsensitive);
}

tl::unexpected<Error> busy()
{
    return fail(ErrorCode::LimitExceeded, "The engine is busy: try again in a moment.");
}

ui::FollowDeck followDeck(std::unique_ptr<LogAgent>& agent, RealRecords& records,
                          EndpointHands& hands)
{
    ui::FollowDeck deck;
    deck.follow = [&](const std::string& file) -> Result<void> {
        agent.reset(); // two would note how far they are in one database
        auto following = followFiles(file, records);
        if (!following)
            return tl::unexpected(following.error());
        agent = *std::move(following);
        return {};
    };
    deck.stop = [&] { agent.reset(); };
    deck.flows = [&] {
        std::vector<ui::FollowedFlow> flows;
        if (agent != nullptr)
            for (AgentFlowState& flow : agent->states())
                flows.push_back({std::move(flow), false});
        for (AgentFlowState& flow : hands.followed())
            flows.push_back({std::move(flow), true});
        return flows;
    };
    return deck;
}

} // namespace

std::vector<Option> windowOptionList(WindowOptions& o)
{
    return {
        {"--outside", "", "readers may call real functions and write real files",
         [&o](const std::string&) {
             o.outside = true;
             return Result<void> {};
         }},
        {"--agent", "FILE", "follows log files into the stream, as this agent.json says",
         [&o](const std::string& v) {
             o.agent = v;
             return Result<void> {};
         }},
    };
}

Result<WindowOptions> parseWindowOptions(std::span<const std::string> arguments)
{
    WindowOptions options;
    const auto read = readArguments(
        arguments, windowOptionList(options), [&](const std::string& word) -> Result<void> {
            if (!options.file.empty())
                return fail(ErrorCode::BadInput,
                            "the window opens one file; \"" + word + "\" is a second one");
            options.file = word;
            return {};
        });
    if (!read)
        return tl::unexpected(read.error());
    return options;
}

bool hasDisplay()
{
    for (const char* name : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"})
        if (!qEnvironmentVariableIsEmpty(name))
            return true;
    return false;
}

ui::Deck deckOf(Runtime& runtime, QObject* home)
{
    ui::Deck deck;
    deck.send = [&runtime, home](Command command, ui::Deck::Done done) {
        const auto answer = [home, done](Result<void> result) {
            QMetaObject::invokeMethod(
                home,
                [done, result = std::move(result)] {
                    if (done)
                        done(result);
                },
                Qt::QueuedConnection);
        };
        if (!runtime.submit(std::move(command), answer))
            answer(busy());
    };
    deck.explain
        = [&runtime, home](std::uint64_t id, std::function<void(const Result<WhyCard>&)> done) {
              const auto answer = [home, done](Result<WhyCard> card) {
                  QMetaObject::invokeMethod(
                      home, [done, card = std::move(card)] { done(card); }, Qt::QueuedConnection);
              };
              if (!runtime.explain(id, answer))
                  answer(busy());
          };
    return deck;
}

std::vector<ui::BundledScenario> bundledForWindow()
{
    std::vector<ui::BundledScenario> bundled;
    for (const std::string& name : bundledScenarios()) {
        const Result<Scenario> scenario = loadScenario(name);
        if (scenario)
            bundled.push_back({ui::toQt(name), ui::toQt(scenario->title),
                               ui::toQt(scenario->lesson), [name] { return loadScenario(name); }});
    }
    return bundled;
}

int runWindow(int& argc, char** argv, const WindowOptions& options)
{
    // A file that cannot be used is said where it was named, before any window opens.
    if (!options.file.empty() && !isTrace(options.file))
        if (const auto scenario = loadScenario(options.file); !scenario)
            return complain(scenario.error(), kWrongUsage);
    if (!hasDisplay())
        return complain({ErrorCode::Io,
                         "there is no display to show the window on; \"run hot-key\" runs a "
                         "scenario without one"},
                        kFailed);
    const sigset_t held = holdEndingSignals();
    QApplication application(argc, argv);
    const QuitOnSignal quitOnSignal(held);
    QCoreApplication::setApplicationName(QStringLiteral("shardscope"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Shardscope"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SHARDSCOPE_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("shardscope"));
    QGuiApplication::setWindowIcon(QIcon::fromTheme(QStringLiteral("shardscope")));
    ui::EnglishPlurals english;
    QCoreApplication::installTranslator(&english);

    QObject home;
    Simulation::Real real;
    if (options.outside)
        real.outside = std::make_shared<OutsideJobs>(OutsideJobs::Options {});
    real.records = std::make_shared<RealRecords>();
    std::unique_ptr<LogAgent> agent;
    if (!options.agent.empty()) {
        auto following = followFiles(options.agent, *real.records);
        if (!following)
            return complain(following.error(), kWrongUsage);
        agent = *std::move(following);
    }
    Runtime runtime({.threads = defaultThreads(),
                     .wallClock = {},
                     .pricesJson = bundledPricesJson(),
                     .real = real});
    ui::Feed feed([&runtime] { return runtime.snapshot(); });
    ui::ViewState view;
    ui::Preferences preferences;
    EndpointHands hands;
    ui::MainWindow window(feed, view, deckOf(runtime, &home), preferences, bundledForWindow(),
                          hands.deck(), followDeck(agent, *real.records, hands));
    window.show();
    const QString last = preferences.lastFile();
    const QString file = ui::toQt(options.file);
    const bool bundled = options.file.empty() || !QFileInfo::exists(file);
    if (!file.isEmpty())
        bundled ? window.openBundled(file, false) : window.openFile(file, false);
    else if (last.isEmpty() || !QFileInfo::exists(last) || !window.openFile(last, true))
        window.openBundled(QString::fromLatin1(kFirstScenario), options.serve.has_value());
    if (options.serve) {
        hands.switchOn(*options.serve);
        window.showWorkspace(ui::MainWindow::Workspace::Monitor);
    }
    feed.start();
    const int status = QApplication::exec();
    feed.stop();
    return status;
}

} // namespace shardscope
