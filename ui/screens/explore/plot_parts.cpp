#include "ui/screens/explore/plot_parts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"

namespace shardscope::ui {

Resolution resolutionOf(const Snapshot& snapshot, const PlotQuery& query)
{
    if (query.cloudWatchLens)
        return Resolution::Minute;
    return resolutionFor(snapshot.history, query.window, std::max(60, query.width));
}

std::optional<std::uint64_t> nearestRefusal(const Snapshot& snapshot,
                                            std::optional<ShardSlot> shard, SimTime at)
{
    std::optional<std::uint64_t> nearest;
    SimDuration best = SimDuration::days(10'000);
    if (snapshot.refusals == nullptr)
        return nearest;
    for (const Refusal& one : *snapshot.refusals) {
        const SimDuration away = one.at < at ? at - one.at : one.at - at;
        if ((shard && one.shard != *shard) || away >= best)
            continue;
        best = away;
        nearest = one.id;
    }
    return nearest;
}

namespace {

bool concernsThePlots(EventKind kind)
{
    switch (kind) {
    case EventKind::SplitStarted:
    case EventKind::Split:
    case EventKind::MergeStarted:
    case EventKind::Merge:
    case EventKind::ScalingStarted:
    case EventKind::Scaled:
    case EventKind::ModeChanged:
    case EventKind::RetentionChanged:
    case EventKind::DataLost:
    case EventKind::ProducerAdded:
    case EventKind::ProducerPaused:
    case EventKind::ProducerResumed:
    case EventKind::ProducerRemoved:
    case EventKind::ConsumerAdded:
    case EventKind::ConsumerPaused:
    case EventKind::ConsumerResumed:
    case EventKind::ConsumerRemoved:
    case EventKind::ConsumerReplayed:
    case EventKind::ConsumerCrashed:
    case EventKind::Note:
        return true;
    default:
        return false;
    }
}

} // namespace

std::vector<Annotation> annotationsIn(const Snapshot& snapshot, TimeWindow window)
{
    std::vector<Annotation> found;
    if (snapshot.events == nullptr)
        return found;
    const auto& events = *snapshot.events;
    const auto before = [](const Event& event, SimTime t) { return event.at < t; };
    for (auto event = std::lower_bound(events.begin(), events.end(), window.from, before);
         event != events.end() && event->at < window.to; ++event)
        if (event->at > snapshot.clock.start && concernsThePlots(event->kind)
            && (found.empty() || found.back().at != event->at))
            found.push_back({event->at, event->kind == EventKind::Note});
    return found;
}

namespace parts {

double topFor(double most, double calm, double jump)
{
    if (most <= calm)
        return calm;
    return most <= jump ? jump : niceTop(most);
}

double mostOf(const std::vector<Curve>& curves)
{
    double most = 0;
    for (const Curve& curve : curves)
        for (const PlotPoint& p : curve.points)
            most = std::max(most, p.value);
    return most;
}

std::function<QString(double)> textOf(ViewState::Unit unit)
{
    switch (unit) {
    case ViewState::Unit::MiBPerSecond:
        return [](double v) { return format::bytesPerSecond(v * kMiB); };
    case ViewState::Unit::RecordsPerSecond:
        return [](double v) { return format::recordsPerSecond(v); };
    case ViewState::Unit::Percent:
        break;
    }
    return [](double v) { return format::percent(v); };
}

void setAxis(PlotModel& model, double limit)
{
    const double most = mostOf(model.curves);
    model.low = 0;
    if (limit <= 0) {
        model.high = niceTop(most * 1.1);
        model.ticks = valueTicks(model.high, 3, axisFigure);
        return;
    }
    const double far = niceTop(most / 4);
    model.high = most <= limit * 1.5 ? limit * 1.5
        : most <= limit * 4          ? topFor(most, limit * 2, limit * 4)
                                     : std::ceil(most / far) * far;
    const double step = model.high <= limit * 2 + 1e-9 ? limit / 2
        : model.high <= limit * 4 + 1e-9               ? limit
                                                       : far;
    const bool percent = limit == 100;
    for (double v = 0; v <= model.high * 1.0001; v += step)
        model.ticks.push_back({v, percent ? tr("%1 %").arg(axisFigure(v)) : axisFigure(v)});
}

QString axisFigure(double value)
{
    static constexpr std::array<std::pair<double, const char*>, 3> steps {
        {{1e9, "G"}, {1e6, "M"}, {1e3, "k"}}};
    for (const auto& [size, letter] : steps)
        if (value >= size)
            return QLocale().toString(value / size, 'g', 3) + QLatin1String(letter);
    return QLocale().toString(value, 'g', 3);
}

SimDuration meanOver(TimeWindow window)
{
    if (window.to - window.from <= SimDuration::seconds(15))
        return {};
    const SimDuration least = (window.to - window.from) / 15;
    for (const int seconds : {5, 10, 30, 60, 300, 600, 1'800, 3'600, 21'600})
        if (SimDuration::seconds(seconds) >= least)
            return SimDuration::seconds(seconds);
    return SimDuration::days(1);
}

std::vector<PlotPoint> meansOf(const std::vector<PlotPoint>& points, SimDuration over)
{
    std::vector<PlotPoint> means = points;
    double sum = 0;
    std::size_t oldest = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        sum += points[i].value;
        // The point itself always counts, even where its bucket is longer than `over`.
        for (; oldest < i && points[oldest].at + over < points[i].at + points[i].step; ++oldest)
            sum -= points[oldest].value;
        means[i].value = std::max(0.0, sum / static_cast<double>(i + 1 - oldest));
    }
    return means;
}

void cutBefore(std::vector<PlotPoint>& points, SimTime from)
{
    points.erase(points.begin(),
                 std::find_if(points.begin(), points.end(),
                              [&](const PlotPoint& p) { return p.at >= from; }));
}

QString nobodyReads(const Snapshot& snapshot)
{
    const bool somebody = std::any_of(snapshot.consumers.begin(), snapshot.consumers.end(),
                                      [](const ConsumerRow& c) { return !c.removed; });
    return somebody ? QString()
                    : tr("Records are stored for %1 h and nobody reads them.")
                          .arg(snapshot.stream.summary.retentionHours);
}

QString closestInLastMinute(const Snapshot& snapshot, ShardSlot shard,
                            const std::function<double(const ShardSample&)>& percentOfLimit)
{
    const TimeWindow minute {snapshot.clock.now - SimDuration::minutes(1), snapshot.clock.now};
    std::optional<ShardPoint> closest;
    for (const ShardPoint& p : shardPoints(snapshot.history, Resolution::Second, shard, minute))
        if (!closest || percentOfLimit(p.sample) > percentOfLimit(closest->sample))
            closest = p;
    return closest ? tr("largest second of the last minute: %1 at %2")
                         .arg(format::percent(percentOfLimit(closest->sample)),
                              format::clock(closest->at).left(8))
                   : QString();
}

PlotModel begin(const QString& title, const Snapshot& snapshot, const PlotQuery& query)
{
    PlotModel model;
    model.title = title;
    model.window = query.window;
    model.valueText = textOf(query.unit);
    model.unit = query.unit == ViewState::Unit::Percent ? tr("% of limit")
        : query.unit == ViewState::Unit::MiBPerSecond   ? tr("MiB/s")
                                                        : tr("records/s");
    model.annotations = annotationsIn(snapshot, query.window);
    return model;
}

} // namespace parts
} // namespace shardscope::ui
