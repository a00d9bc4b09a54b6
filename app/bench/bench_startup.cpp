#include "app/bench/bench_startup.h"

#include <QApplication>
#include <QChart>
#include <QChartView>
#include <QEventLoop>
#include <QLineSeries>
#include <QMainWindow>
#include <QTemporaryDir>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <vector>

#include "app/bench/bench_application.h"
#include "app/bench/rounds.h"
#include "app/bundled.h"
#include "app/window.h"
#include "core/base/check.h"
#include "ui/feed.h"
#include "ui/main_window.h"
#include "ui/preferences.h"
#include "ui/view_state.h"

namespace shardscope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr QSize kWindow {1440, 900};
constexpr int kPoints = 300;

double milliseconds(Clock::time_point since)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

/// Our window, from the reading of the scenario's file to the first frame with its five minutes of
/// history.
double ourWindow(int threads)
{
    // Nobody's own preferences may change the figure.
    const QTemporaryDir folder;
    const auto begin = Clock::now();
    QObject home;
    Runtime runtime({.threads = threads, .wallClock = {}, .pricesJson = bundledPricesJson()});
    const ui::Deck deck = deckOf(runtime, &home);
    const auto scenario = loadScenario("hot-key");
    SHARDSCOPE_CHECK(scenario.has_value());
    QEventLoop loading;
    deck.send(Load {*scenario, true}, [&loading](const Result<void>& loaded) {
        SHARDSCOPE_CHECK(loaded.has_value());
        loading.quit();
    });
    // The window is built while the engine works out the history.
    ui::Preferences preferences(folder.filePath(QStringLiteral("window.ini")));
    ui::Feed feed([&runtime] { return runtime.snapshot(); });
    ui::ViewState view;
    ui::MainWindow window(feed, view, deck, preferences, bundledForWindow());
    window.resize(kWindow);
    window.show();
    loading.exec();
    window.presentNow();
    QApplication::processEvents();
    return milliseconds(begin);
}

/// A bare window of the same size with one chart.
double bareWindow()
{
    const auto begin = Clock::now();
    QMainWindow window;
    auto* series = new QLineSeries;
    for (int i = 0; i < kPoints; ++i)
        series->append(i, i % 40);
    auto* chart = new QChart;
    chart->addSeries(series);
    chart->createDefaultAxes();
    window.setCentralWidget(new QChartView(chart));
    window.resize(kWindow);
    window.show();
    QApplication::processEvents();
    return milliseconds(begin);
}

std::vector<BenchResult> startup(const BenchOptions& options)
{
    const std::unique_ptr<QApplication> own = applicationUnlessThere();
    std::vector<double> ours, bare, ratios;
    // The first round of each reads fonts and the like from the disk and does not count.
    for (int round = -1; round < std::max(1, options.rounds); ++round) {
        const double mine = ourWindow(options.threads);
        const double theirs = bareWindow();
        if (round < 0)
            continue;
        ours.push_back(mine);
        bare.push_back(theirs);
        ratios.push_back(mine / theirs);
    }
    BenchResult result;
    result.name = "startup";
    result.value = median(ours);
    result.unit = "ms";
    result.higherIsBetter = false;
    result.referenceName = "a bare window with one chart";
    result.referenceValue = median(bare);
    result.ratio = median(ratios);
    result.ratioLeast = *std::min_element(ratios.begin(), ratios.end());
    result.ratioMost = *std::max_element(ratios.begin(), ratios.end());
    result.goal = 3;
    return {result};
}

constexpr std::array kBenches {
    Bench {"startup", "the window's first frame with five minutes of the hot key's history",
           &startup},
};

} // namespace

std::span<const Bench> startupBenches()
{
    return kBenches;
}

} // namespace shardscope
