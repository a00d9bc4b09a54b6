#include "app/window.h"

#include <QApplication>
#include <QFileInfo>
#include <QIcon>

#include <utility>

#include "app/bundled.h"
#include "app/ending_signals.h"
#include "app/endpoint_hands.h"
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

} // namespace

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
    std::shared_ptr<Outside> outside;
    if (options.outside)
        outside = std::make_shared<OutsideJobs>(OutsideJobs::Options {});
    Runtime runtime({.threads = defaultThreads(),
                     .wallClock = {},
                     .pricesJson = bundledPricesJson(),
                     .outside = std::move(outside)});
    ui::Feed feed([&runtime] { return runtime.snapshot(); });
    ui::ViewState view;
    ui::Preferences preferences;
    EndpointHands hands;
    ui::MainWindow window(feed, view, deckOf(runtime, &home), preferences, bundledForWindow(),
                          hands.deck());
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
