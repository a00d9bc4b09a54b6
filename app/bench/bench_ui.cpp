#include "app/bench/bench_ui.h"

#include <QApplication>
#include <QImage>
#include <QPainter>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <memory>

#include "app/bench/bench_application.h"
#include "app/bench/rounds.h"
#include "core/runtime/simulation.h"
#include "ui/screens/explore/explore_board.h"

namespace shardscope {

namespace {

using Clock = std::chrono::steady_clock;
constexpr QSize kFrame {1440, 900};
constexpr int kPoints = 300;

/// A real run, a tenth of a second further with every frame.
class Run {
public:
    Run(int shards, int threads)
        : m_pool(threads)
        , m_simulation(Simulation::create(scenario(shards), PriceBook {}))
    {
        m_until = kDefaultStart + SimDuration::seconds(60);
        next();
    }
    [[nodiscard]] bool good() const { return m_simulation.has_value(); }
    std::shared_ptr<const Snapshot> next()
    {
        auto snapshot = std::make_shared<Snapshot>();
        if (!good())
            return snapshot;
        m_simulation->advance(m_until, m_pool);
        m_simulation->fill(*snapshot);
        snapshot->revision = ++m_revision;
        snapshot->world = 1;
        snapshot->clock.start = m_simulation->start();
        snapshot->clock.now = m_simulation->now();
        m_until += SimDuration::millis(100);
        return snapshot;
    }

private:
    static Scenario scenario(int shards)
    {
        Scenario s;
        s.stream.shards = shards;
        ProducerSpec even = producerPreset(ProducerKind::Custom, "even");
        even.rate.recordsPerSecond = 60.0 * shards;
        even.keys.count = 100'000;
        ProducerSpec hot = producerPreset(ProducerKind::Custom, "hot");
        hot.rate.recordsPerSecond = 1'300;
        hot.keys.shape = KeySpec::Shape::Constant;
        s.producers = {even, hot};
        s.consumers.push_back({.name = "reader"});
        return s;
    }

    WorkerPool m_pool;
    Result<Simulation> m_simulation;
    SimTime m_until;
    std::uint64_t m_revision = 0;
};

double milliseconds(Clock::time_point from)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - from).count();
}

double quantile(std::vector<double> values, double part)
{
    std::sort(values.begin(), values.end());
    const auto last = static_cast<double>(values.size() - 1);
    return values[static_cast<std::size_t>(std::lround(part * last))];
}

/// What a frame is held against: the same number of curves by the toolkit's own fastest way.
void paintPolylines(QImage& image, const std::vector<QPolygonF>& lines)
{
    QPainter painter(&image);
    painter.fillRect(image.rect(), Qt::white);
    painter.setPen(QPen(Qt::blue, 0));
    for (const QPolygonF& line : lines)
        painter.drawPolyline(line);
}

std::vector<QPolygonF> polylines(int shards)
{
    std::vector<QPolygonF> lines(static_cast<std::size_t>(shards));
    const double lane = static_cast<double>(kFrame.height()) / shards;
    for (int s = 0; s < shards; ++s)
        for (int i = 0; i < kPoints; ++i)
            lines[static_cast<std::size_t>(s)]
                << QPointF(static_cast<double>(i) * kFrame.width() / kPoints,
                           lane * (s + 0.5 + 0.45 * std::sin(0.37 * i + s)));
    return lines;
}

/// p50 and p99 of a whole frame: taking the snapshot in and painting the board.
std::vector<BenchResult> frames(int shards, const BenchOptions& options)
{
    const std::unique_ptr<QApplication> own = applicationUnlessThere();
    Run run(shards, options.threads);
    auto snapshot = run.next();
    ui::Feed feed([&] { return snapshot; });
    ui::ViewState view;
    ui::ExploreBoard board(feed, view);
    board.resize(kFrame);
    QImage image(kFrame, QImage::Format_RGB32);
    const auto lines = polylines(shards);
    std::vector<double> medians, tails, ratios, references;
    for (int round = 0; round < std::max(1, options.rounds); ++round) {
        std::vector<double> ours, theirs;
        const auto began = Clock::now();
        while (ours.size() < 12 || milliseconds(began) < options.roundSeconds * 1'000) {
            snapshot = run.next();
            auto from = Clock::now();
            feed.poll();
            board.render(&image);
            ours.push_back(milliseconds(from));
            from = Clock::now();
            paintPolylines(image, lines);
            theirs.push_back(milliseconds(from));
        }
        medians.push_back(quantile(ours, 0.5));
        tails.push_back(quantile(ours, 0.99));
        references.push_back(quantile(theirs, 0.5));
        ratios.push_back(medians.back() / references.back());
    }
    const std::string title = "frame-" + std::to_string(shards);
    BenchResult p50;
    p50.name = title + " p50";
    p50.value = median(medians);
    p50.unit = "ms";
    p50.higherIsBetter = false;
    p50.referenceName = "drawPolyline of as many curves, 300 points each";
    p50.referenceValue = median(references);
    p50.ratio = median(ratios);
    p50.ratioLeast = *std::min_element(ratios.begin(), ratios.end());
    p50.ratioMost = *std::max_element(ratios.begin(), ratios.end());
    BenchResult p99;
    p99.name = title + " p99";
    p99.value = median(tails);
    p99.unit = "ms";
    p99.higherIsBetter = false;
    return {p50, p99};
}

constexpr std::array<Bench, 3> kBenches {
    {{"frame-16", "one frame of the board with 16 shards, 1440 × 900",
      [](const BenchOptions& o) { return frames(16, o); }},
     {"frame-64", "one frame of the board with 64 shards, 1440 × 900",
      [](const BenchOptions& o) { return frames(64, o); }},
     {"frame-1024", "one frame of the board with 1,024 shards, 1440 × 900",
      [](const BenchOptions& o) { return frames(1024, o); }}}};

} // namespace

std::span<const Bench> uiBenches()
{
    return kBenches;
}

} // namespace shardscope
