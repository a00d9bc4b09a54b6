#include <algorithm>
#include <array>

#include "ui/format.h"
#include "ui/screens/explore/plot_parts.h"

/// How far the consumers are behind: iterator age and lag.
namespace shardscope::ui {

namespace {

using parts::tr;

constexpr double kLeastAgeMs = 10;
/// A loss further away than this is no forecast but a straight line drawn too far.
constexpr SimDuration kForecastMost = SimDuration::days(7);
constexpr SimDuration kLossIsNear = SimDuration::hours(1);
constexpr std::array kStrokes {Stroke::Solid, Stroke::Dashed, Stroke::Dotted, Stroke::DashDot};

bool isAsked(const ConsumerRow& c, const PlotQuery& query)
{
    return !c.removed && (!query.reader || *query.reader == c.slot);
}

/// The consumers that read, and whose past is kept.
std::vector<const ConsumerRow*> readersOf(const Snapshot& snapshot, const PlotQuery& query)
{
    std::vector<const ConsumerRow*> readers;
    for (const ConsumerRow& c : snapshot.consumers)
        if (isAsked(c, query) && c.slot.index() < kConsumersKept)
            readers.push_back(&c);
    return readers;
}

QString nothingToDraw(const Snapshot& snapshot, const PlotQuery& query)
{
    if (query.reader && query.reader->index() >= kConsumersKept)
        return tr("The past is kept of the first %1 readers that joined.").arg(kConsumersKept);
    return parts::nobodyReads(snapshot);
}

/// A curve per reader, told apart by its stroke; one alone may carry a filling.
template <typename Value>
std::vector<Curve> curvesOf(const std::vector<const ConsumerRow*>& readers,
                            const std::vector<StreamPoint>& points, Ink ink, Value&& value)
{
    std::vector<Curve> curves;
    for (const ConsumerRow* reader : readers) {
        Curve curve {QString::fromStdString(reader->spec.name),
                     ink,
                     kStrokes[curves.size() % kStrokes.size()],
                     readers.size() == 1 ? Fill::Tint : Fill::None,
                     {}};
        for (const StreamPoint& p : points)
            if (const ConsumerSample& c = p.sample.consumers[reader->slot.index()]; c.present())
                curve.points.push_back({p.at, p.step, static_cast<double>(value(c)), 0});
        curves.push_back(std::move(curve));
    }
    return curves;
}

std::optional<SimDuration> lossOf(const ConsumerRow& c)
{
    return !c.removed && c.timeToDataLoss && *c.timeToDataLoss < kForecastMost ? c.timeToDataLoss
                                                                               : std::nullopt;
}

const ConsumerRow* soonestLoss(const Snapshot& snapshot, const PlotQuery& query)
{
    const ConsumerRow* soonest = nullptr;
    for (const ConsumerRow& c : snapshot.consumers)
        if (isAsked(c, query) && lossOf(c)
            && (soonest == nullptr || *lossOf(c) < *lossOf(*soonest)))
            soonest = &c;
    return soonest;
}

bool lossIsNear(const ConsumerRow& c)
{
    return c.lostRecords > 0 || (lossOf(c) && *lossOf(c) < kLossIsNear);
}

QString trendOf(const ConsumerRow& c)
{
    switch (c.trend) {
    case Trend::Growing:
        return lossOf(c) ? tr("▲ growing, loss in %1").arg(format::duration(*lossOf(c)))
                         : tr("▲ growing");
    case Trend::Draining:
        return c.timeToDrain ? tr("▼ draining, %1 to go").arg(format::duration(*c.timeToDrain))
                             : tr("▼ draining");
    case Trend::Steady:
        break;
    }
    return tr("● steady");
}

QString ageText(std::int64_t ms)
{
    return format::duration(SimDuration::millis(ms));
}

} // namespace

PlotModel ageModel(const Snapshot& snapshot, const PlotQuery& query)
{
    PlotModel model = parts::begin(tr("Iterator age"), snapshot, query);
    const double retentionMs
        = static_cast<double>(snapshot.stream.summary.retentionHours) * 3'600'000.0;
    model.logarithmic = true;
    model.low = kLeastAgeMs;
    model.high = retentionMs * 3;
    model.unit = tr("ms");
    model.valueText = [](double ms) { return ageText(static_cast<std::int64_t>(ms)); };
    model.endLabels = !query.reader;
    const auto points = streamPoints(snapshot.history, resolutionOf(snapshot, query), query.window);
    const auto readers = readersOf(snapshot, query);
    model.curves
        = curvesOf(readers, points, Ink::Age, [](const ConsumerSample& c) { return c.ageMs; });
    const auto all = std::count_if(snapshot.consumers.begin(), snapshot.consumers.end(),
                                   [&](const ConsumerRow& c) { return isAsked(c, query); });
    if (!query.reader && static_cast<std::size_t>(all) > readers.size()) {
        Curve oldest {tr("oldest of %1").arg(all), Ink::Age, Stroke::Solid, Fill::None, {}};
        for (const StreamPoint& p : points)
            oldest.points.push_back({p.at, p.step, static_cast<double>(p.sample.sum.ageMs), 0});
        model.curves.push_back(std::move(oldest));
    }
    static constexpr std::array<std::pair<double, const char*>, 6> decades {{{10, "10 ms"},
                                                                             {1e3, "1 s"},
                                                                             {6e4, "1 m"},
                                                                             {3.6e6, "1 h"},
                                                                             {8.64e7, "1 d"},
                                                                             {2.592e9, "30 d"}}};
    for (const auto& [ms, text] : decades)
        if (ms <= model.high)
            model.ticks.push_back({ms, tr(text)});
    std::int64_t age = 0;
    std::int64_t most = 0;
    for (const ConsumerRow& c : snapshot.consumers)
        if (isAsked(c, query)) {
            age = std::max(age, c.ageMs);
            most = std::max(most, c.maxAgeMs);
        }
    model.limits.push_back({retentionMs,
                            tr("retention %1 h").arg(snapshot.stream.summary.retentionHours),
                            {tr("Retention · records older than %1 h are gone")
                                 .arg(snapshot.stream.summary.retentionHours),
                             tr("oldest unread record so far: %1").arg(ageText(most))}});
    model.spokenValue = static_cast<double>(age);
    model.headline = ageText(age);
    const ConsumerRow* loss = soonestLoss(snapshot, query);
    if (loss != nullptr)
        model.note
            = tr("▲ %1: loss in %2")
                  .arg(QString::fromStdString(loss->spec.name), format::duration(*lossOf(*loss)));
    for (const ConsumerRow& c : snapshot.consumers)
        model.alarming = model.alarming || (isAsked(c, query) && lossIsNear(c));
    model.empty = nothingToDraw(snapshot, query);
    model.sentence = tr("The oldest unread record is %1 old.").arg(model.headline);
    if (loss != nullptr)
        model.sentence += QLatin1Char(' ')
            + tr("%1 falls further behind; data is lost in %2.")
                  .arg(QString::fromStdString(loss->spec.name), format::duration(*lossOf(*loss)));
    return model;
}

PlotModel lagModel(const Snapshot& snapshot, const PlotQuery& query)
{
    PlotQuery own = query;
    own.cloudWatchLens = false; // CloudWatch knows ages, not records
    const SimDuration over = parts::meanOver(own.window);
    const bool means = over > SimDuration {};
    PlotModel model = parts::begin(
        means ? tr("Lag · mean of %1 s").arg(over / SimDuration::seconds(1)) : tr("Lag · records"),
        snapshot, own);
    model.unit = tr("records");
    model.valueText = [](double n) { return tr("%1 records").arg(format::count(n)); };
    const auto readers = readersOf(snapshot, query);
    model.curves = curvesOf(readers,
                            streamPoints(snapshot.history, resolutionOf(snapshot, own),
                                         {own.window.from - over, own.window.to}),
                            Ink::Lag, [](const ConsumerSample& c) { return c.lagRecords; });
    for (Curve& curve : model.curves)
        if (means) {
            curve.points = parts::meansOf(curve.points, over);
            parts::cutBefore(curve.points, own.window.from);
        }
    parts::setAxis(model, 0);
    QStringList spoken;
    double lag = 0;
    for (const ConsumerRow& c : snapshot.consumers) {
        if (!isAsked(c, query))
            continue;
        lag += static_cast<double>(c.lagRecords);
        const LegendRow row {QString::fromStdString(c.spec.name), trendOf(c),
                             format::count(static_cast<double>(c.lagRecords)), lossIsNear(c)};
        spoken << tr("%1: %2 records behind, %3, %4")
                      .arg(row.name, format::count(static_cast<double>(c.lagRecords)),
                           ageText(c.ageMs), row.words);
        if (c.slot.index() < kConsumersKept)
            model.legend.push_back(row);
    }
    model.spokenValue = lag;
    model.headline = format::count(lag);
    model.empty = nothingToDraw(snapshot, query);
    model.sentence = spoken.isEmpty() ? model.empty : spoken.join(QStringLiteral("; "));
    return model;
}

} // namespace shardscope::ui
