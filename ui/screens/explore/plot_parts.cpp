#include "ui/screens/explore/plot_parts.h"

#include <algorithm>

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
        model.ticks = valueTicks(model.high, 3, [](double v) { return format::count(v); });
        return;
    }
    model.high = most <= limit * 1.5 ? limit * 1.5 : topFor(most, limit * 2, limit * 4);
    const double step = model.high <= limit * 2 + 1e-9 ? limit / 2
        : model.high <= limit * 4 + 1e-9               ? limit
                                                       : niceTop(model.high / 4);
    const bool percent = limit == 100;
    for (double v = 0; v <= model.high * 1.0001; v += step)
        model.ticks.push_back({v,
                               percent             ? format::percent(v)
                                   : limit < 1'000 ? QLocale().toString(v, 'g', 3)
                                                   : format::count(v)});
}

PlotModel begin(const QString& title, const PlotQuery& query)
{
    PlotModel model;
    model.title = query.cloudWatchLens ? tr("%1 · as CloudWatch shows it").arg(title) : title;
    model.window = query.window;
    model.valueText = textOf(query.unit);
    return model;
}

} // namespace parts
} // namespace shardscope::ui
