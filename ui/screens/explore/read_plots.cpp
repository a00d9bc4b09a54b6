#include <algorithm>

#include "ui/format.h"
#include "ui/screens/explore/plot_parts.h"

/// Egress of one shard.
namespace shardscope::ui {

namespace {

using parts::kMiB;
using parts::rate;
using parts::tr;

constexpr double kReadLimit = static_cast<double>(limits::kShardReadBytes);
constexpr double kCallsLimit = static_cast<double>(limits::kShardReadCalls);

double shownBytes(double bytesPerSecond, double recordsPerSecond, ViewState::Unit unit)
{
    return unit == ViewState::Unit::Percent     ? bytesPerSecond / kReadLimit * 100
        : unit == ViewState::Unit::MiBPerSecond ? bytesPerSecond / kMiB
                                                : recordsPerSecond;
}

/// "3 of 5 calls/s: Archiver 2, Dashboard 1".
QString whoReads(const Snapshot& snapshot, ShardSlot shard, double calls)
{
    QStringList names;
    for (const ConsumerRow& c : snapshot.consumers)
        if (!c.removed && std::find(c.reading.begin(), c.reading.end(), shard) != c.reading.end())
            names << tr("%1 %2").arg(
                QString::fromStdString(c.spec.name),
                format::count(c.callsPerSecond / static_cast<double>(c.reading.size())));
    const QString total
        = tr("%1 of %2 calls/s").arg(format::count(calls)).arg(limits::kShardReadCalls);
    return names.isEmpty() ? total : tr("%1: %2").arg(total, names.join(QStringLiteral(", ")));
}

void addLimits(PlotModel& model, const Snapshot& snapshot, const PlotQuery& query)
{
    QStringList bytes {
        tr("R1 · all polling readers share %1").arg(format::bytesPerSecond(kReadLimit))};
    QStringList calls {tr("R2 · a shard answers %1 GetRecords/s").arg(limits::kShardReadCalls)};
    bytes << parts::closestInLastMinute(snapshot, query.shard, [](const ShardSample& s) {
        return static_cast<double>(s.outBytes) / kReadLimit * 100;
    });
    calls << parts::closestInLastMinute(snapshot, query.shard, [](const ShardSample& s) {
        return s.readCalls / kCallsLimit * 100;
    });
    if (query.unit == ViewState::Unit::Percent)
        model.limits.push_back({100, tr("R1 · R2"), bytes + calls});
    else if (query.unit == ViewState::Unit::MiBPerSecond)
        model.limits.push_back({kReadLimit / kMiB, tr("R1"), bytes});
    for (LimitLine& limit : model.limits)
        limit.card.removeAll(QString());
}

} // namespace

PlotModel egressModel(const Snapshot& snapshot, const PlotQuery& query)
{
    PlotModel model = parts::begin(tr("Egress · shard %1").arg(query.shard.value), snapshot, query);
    model.markRow = true;
    const ShardRow* row = snapshot.find(query.shard);
    const ShardRates now = row == nullptr ? ShardRates {} : row->second;
    const bool percent = query.unit == ViewState::Unit::Percent;
    const SimDuration over = query.cloudWatchLens ? SimDuration {} : parts::meanOver(query.window);
    const bool means = over > SimDuration {};
    Curve bytes {percent ? tr("bytes") : tr("read"),
                 Ink::Egress,
                 means ? Stroke::None : Stroke::Solid,
                 Fill::Tint,
                 {}};
    Curve calls {tr("calls"), Ink::Egress, Stroke::Dotted, Fill::None, {}};
    // The first mean of the window needs what came before it.
    const TimeWindow asked {query.window.from - over, query.window.to};
    for (const ShardPoint& p :
         shardPoints(snapshot.history, resolutionOf(snapshot, query), query.shard, asked)) {
        const double out = rate(static_cast<double>(p.sample.outBytes), p.step);
        bytes.points.push_back(
            {p.at, p.step, shownBytes(out, rate(p.sample.outRecords, p.step), query.unit), 0});
        calls.points.push_back(
            {p.at, p.step, rate(p.sample.readCalls, p.step) / kCallsLimit * 100, 0});
        if (p.sample.refusedReads > 0 && !query.cloudWatchLens && p.at >= query.window.from)
            model.marks.push_back(
                {p.at, p.step, static_cast<double>(p.sample.refusedReads), QStringLiteral("▽")});
    }
    if (means) {
        Curve level {tr("mean of %1 s").arg(over / SimDuration::seconds(1)), Ink::Egress,
                     Stroke::Solid, Fill::None, parts::meansOf(bytes.points, over)};
        calls.points = parts::meansOf(calls.points, over);
        for (Curve* curve : {&bytes, &level, &calls})
            parts::cutBefore(curve->points, query.window.from);
        model.curves.push_back(std::move(level));
        model.curves.push_back(std::move(bytes));
    } else {
        model.curves.push_back(std::move(bytes));
    }
    if (percent)
        model.curves.push_back(std::move(calls));
    addLimits(model, snapshot, query);
    parts::setAxis(model, model.limits.empty() ? 0 : model.limits.front().value);
    model.spokenValue
        = percent ? now.readPercentOfLimit() : shownBytes(now.outBytes, now.outRecords, query.unit);
    model.headline = tr("now %1").arg(model.valueText(model.spokenValue));
    model.alarming = now.refusedReads > 0;
    model.note = whoReads(snapshot, query.shard, now.readCalls);
    model.empty = parts::nobodyReads(snapshot);
    model.sentence
        = tr("Shard %1 is read at %2 of its limit, %3; %4 calls a second are refused.")
              .arg(query.shard.value)
              .arg(format::percent(now.readPercentOfLimit()), format::bytesPerSecond(now.outBytes),
                   format::count(now.refusedReads));
    return model;
}

} // namespace shardscope::ui
