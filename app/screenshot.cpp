#include "app/screenshot.h"

#include <QApplication>
#include <QEventLoop>
#include <QPixmap>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>
#include <memory>
#include <utility>

#include "app/bundled.h"
#include "app/headless.h"
#include "app/options.h"
#include "app/sample_service.h"
#include "app/window.h"
#include "core/scenario/nearest.h"
#include "ui/english.h"
#include "ui/export/picture.h"
#include "ui/feed.h"
#include "ui/main_window.h"
#include "ui/preferences.h"
#include "ui/screens/monitor/monitor_page.h"
#include "ui/screens/monitor/record_view.h"
#include "ui/screens/monitor/records_page.h"
#include "ui/screens/plan/plan_page.h"
#include "ui/screens/readers/readers_page.h"
#include "ui/text.h"
#include "ui/view_state.h"

namespace shardscope {

namespace {

constexpr int kFrames = 8; // after these every pane has been drawn in its final size

Result<void> takeSize(ScreenshotOptions& options, const std::string& value)
{
    int width = 0;
    int height = 0;
    char rest = 0;
    if (std::sscanf(value.c_str(), "%dx%d%c", &width, &height, &rest) != 2 || width < 1'024
        || height < 700 || width > 8'192 || height > 8'192)
        return fail(ErrorCode::BadInput,
                    "--size: must be WIDTHxHEIGHT from 1024x700 to 8192x8192, not \"" + value
                        + '"');
    options.width = width;
    options.height = height;
    return {};
}

const std::vector<std::string> kThemes {"light", "dark", "high-contrast"};
const std::vector<std::string> kWorkspaces {"explore", "readers", "plan", "monitor"};
/// In the order of MonitorPage::Tab.
const std::vector<std::string> kTabs {"streams", "board",  "records",
                                      "clients", "errors", "readers"};

Result<void> takeWord(const char* option, const std::string& value,
                      const std::vector<std::string>& words, std::string& target)
{
    if (std::find(words.begin(), words.end(), value) == words.end())
        return fail(ErrorCode::BadInput,
                    std::string(option) + ": must be " + orList(words) + ", not \"" + value + '"');
    target = value;
    return {};
}

std::vector<Option> optionList(ScreenshotOptions& options)
{
    return {
        {"--out", "FILE.png", "where the picture goes",
         [&options](const std::string& value) -> Result<void> {
             options.out = value;
             return {};
         }},
        {"--at", "DURATION", "the moment, counted from the window's first frame (0)",
         [&options](const std::string& value) -> Result<void> {
             const auto at = durationValue("--at", value);
             if (!at)
                 return tl::unexpected<Error>(at.error());
             options.at = *at;
             return {};
         }},
        {"--workspace", "explore|readers|plan|monitor",
         "a scenario's board or its readers, or the Monitor of a sample service (explore)",
         [&options](const std::string& value) {
             return takeWord("--workspace", value, kWorkspaces, options.workspace);
         }},
        {"--reader", "NAME", "who is chosen among the readers (the first)",
         [&options](const std::string& value) -> Result<void> {
             options.reader = value;
             return {};
         }},
        {"--tab", "streams|board|records|clients|errors|readers", "of the Monitor (streams)",
         [&options](const std::string& value) {
             return takeWord("--tab", value, kTabs, options.tab);
         }},
        {"--theme", "light|dark|high-contrast", "colours (light)",
         [&options](const std::string& value) {
             return takeWord("--theme", value, kThemes, options.theme);
         }},
        {"--size", "WxH", "of the window (1440x900)",
         [&options](const std::string& value) { return takeSize(options, value); }},
        {"--help", "", "these lines",
         [&options](const std::string&) -> Result<void> {
             options.help = true;
             return {};
         }},
    };
}

ui::Preferences::Theme themeOf(const std::string& word)
{
    return word == "dark"         ? ui::Preferences::Theme::Dark
        : word == "high-contrast" ? ui::Preferences::Theme::HighContrast
                                  : ui::Preferences::Theme::Light;
}

/// Sends a command and waits for its reply.
Result<void> ask(const ui::Deck& deck, Command command)
{
    QEventLoop loop;
    Result<void> answer;
    deck.send(std::move(command), [&](const Result<void>& result) {
        answer = result;
        loop.quit();
    });
    loop.exec();
    return answer;
}

/// Loads the scenario and brings it to the moment, standing still there.
Result<void> reach(Runtime& runtime, const ui::Deck& deck, const Scenario& scenario, SimDuration at)
{
    if (auto loaded = ask(deck, Load {scenario, true}); !loaded)
        return loaded;
    const SimTime target = runtime.snapshot()->clock.now + at;
    if (at > SimDuration()) {
        RunCondition until;
        until.kind = RunCondition::Kind::Time;
        until.time = target;
        for (const Command& command : std::initializer_list<Command> {
                 SetSlowDownAtEvents {false}, SetSpeed {0}, RunUntil {until}})
            if (auto done = ask(deck, command); !done)
                return done;
    }
    QEventLoop loop;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        const auto now = runtime.snapshot();
        if (now->clock.now >= target && now->clock.paused)
            loop.quit();
    });
    look.start(5);
    loop.exec();
    return ask(deck, SetSpeed {scenario.speed});
}

/// Shows the Monitor on the tab asked for. Records are read as a person would have them read, from
/// the oldest that is kept.
void showMonitor(ui::MainWindow& window, const std::string& tab)
{
    window.showWorkspace(ui::MainWindow::Workspace::Monitor);
    auto* page = window.findChild<ui::MonitorPage*>();
    page->chooseStream(SampleService::kStream);
    page->showTab(static_cast<ui::MonitorPage::Tab>(std::find(kTabs.begin(), kTabs.end(), tab)
                                                    - kTabs.begin()));
    if (page->tab() == ui::MonitorPage::Tab::Records)
        window.findChild<ui::RecordsPage*>()->start(ui::ReadStart::Kind::TrimHorizon);
}

/// Opens one of the records in sight, as a click on it would.
void openRecord(const ui::MainWindow& window)
{
    auto* table = window.findChild<QTableView*>(QStringLiteral("records"));
    constexpr int kFromTheEnd = 4;
    table->selectRow(table->model()->rowCount() - kFromTheEnd);
    window.findChild<ui::RecordView*>()->showTab(ui::RecordView::Tab::Json);
}

Result<void> take(const ScreenshotOptions& options, const Scenario& scenario)
{
    const bool monitor = options.workspace == "monitor";
    QObject home;
    Runtime runtime(
        {.threads = defaultThreads(), .wallClock = {}, .pricesJson = bundledPricesJson()});
    const ui::Deck deck = deckOf(runtime, &home);
    if (auto there = reach(runtime, deck, scenario, monitor ? SimDuration() : options.at); !there)
        return there;
    std::unique_ptr<SampleService> sample;
    ui::MonitorDeck served;
    if (monitor) {
        sample = std::make_unique<SampleService>();
        sample->run(options.at);
        served = sample->deck(&home);
    }
    // Nothing of the person's own window may show in the picture.
    const QTemporaryDir folder;
    ui::Preferences preferences(folder.filePath(QStringLiteral("window.ini")));
    preferences.setTheme(themeOf(options.theme));
    preferences.setStartStrip(false);
    ui::Feed feed([&runtime] { return runtime.snapshot(); });
    ui::ViewState view;
    ui::MainWindow window(feed, view, deck, preferences, bundledForWindow(), served);
    window.resize(options.width, options.height);
    window.show();
    if (monitor)
        showMonitor(window, options.tab);
    if (options.workspace == "readers") {
        window.showWorkspace(ui::MainWindow::Workspace::Readers);
        window.findChild<ui::ReadersPage*>()->choose(options.reader);
    }
    if (options.workspace == "plan") {
        window.showWorkspace(ui::MainWindow::Workspace::Plan);
        const auto* page = window.findChild<ui::PlanPage*>();
        QEventLoop loop;
        QObject::connect(page, &ui::PlanPage::settled, &loop, &QEventLoop::quit);
        if (page->working())
            loop.exec();
    }
    for (int i = 0; i < kFrames; ++i) {
        window.presentNow();
        if (monitor)
            window.findChild<ui::MonitorPage*>()->presentNow();
        QApplication::processEvents();
    }
    if (monitor && options.tab == "records")
        openRecord(window);
    // As many pixels as the screen it is for has: what the panes keep is drawn in those.
    return ui::savePicture(window, ui::toQt(options.out), window.devicePixelRatioF());
}

} // namespace

Result<ScreenshotOptions> parseScreenshotOptions(std::span<const std::string> arguments)
{
    ScreenshotOptions options;
    bool named = false;
    const auto word = [&](const std::string& text) -> Result<void> {
        if (std::exchange(named, true))
            return fail(ErrorCode::BadInput,
                        "screenshot takes one scenario; \"" + text + "\" is one too many");
        options.scenario = text;
        return {};
    };
    if (auto read = readArguments(arguments, optionList(options), word); !read)
        return tl::unexpected<Error>(read.error());
    if (named && options.workspace == "monitor")
        return fail(ErrorCode::BadInput,
                    "--workspace monitor shows a sample service: it takes no scenario, not \""
                        + options.scenario + '"');
    if (!options.help && options.out.empty())
        return fail(ErrorCode::BadInput, "--out is missing: name the PNG file to write");
    return options;
}

int screenshotCommand(std::span<const std::string> arguments)
{
    const auto options = parseScreenshotOptions(arguments);
    if (!options)
        return complain(options.error(), kWrongUsage);
    if (options->help) {
        ScreenshotOptions defaults;
        std::cout << "shardscope screenshot [SCENARIO] --out FILE.png [OPTIONS]\n\nRenders the "
                     "window at one moment of a run, or its Monitor on a sample service.\n\n"
                  << optionsHelp(optionList(defaults));
        return kDone;
    }
    const auto scenario = loadScenario(options->scenario);
    if (!scenario)
        return complain(scenario.error(), kWrongUsage);
    // The same picture with and without a display.
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    std::string name = "shardscope";
    std::array<char*, 2> argv {name.data(), nullptr};
    int argc = 1;
    QApplication application(argc, argv.data());
    ui::EnglishPlurals english;
    QCoreApplication::installTranslator(&english);
    if (const auto taken = take(*options, *scenario); !taken)
        return complain(taken.error(),
                        taken.error().code == ErrorCode::BadInput ? kWrongUsage : kFailed);
    return kDone;
}

} // namespace shardscope
