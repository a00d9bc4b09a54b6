#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"
#include "ui/screens/explore/plot_parts.h"

/// Egress of one shard, iterator age, lag of the consumers.
namespace shardscope::ui {

namespace {

using parts::kMiB;
using parts::rate;
using parts::tr;

constexpr double kReadLimit = static_cast<double>(limits::kShardReadBytes);
constexpr double kCallsLimit = static_cast<double>(limits::kShardReadCalls);
constexpr double kLeastAgeMs = 10;

QString nobodyReads(const Snapshot& snapshot)
{
    return tr("Records are stored for %1 h and nobody reads them.")
        .arg(snapshot.stream.summary.retentionHours);
}

double shownBytes(double bytesPerSecond, double recordsPerSecond, ViewState::Unit unit)
{
    return unit == ViewState::Unit::Percent     ? bytesPerSecond / kReadLimit * 100
        : unit == ViewState::Unit::MiBPerSecond ? bytesPerSecond / kMiB
                                                : recordsPerSecond;
}

Curve ageCurve(const QString& name, Stroke stroke, Fill fill)
{
    return {name, Ink::Age, stroke, fill, {}};
}

std::optional<SimDuration> soonestLoss(const Snapshot& snapshot)
{
    std::optional<SimDuration> soonest;
    for (const ConsumerRow& c : snapshot.consumers)
        if (!c.removed && c.timeToDataLoss && (!soonest || *c.timeToDataLoss < *soonest))
            soonest = c.timeToDataLoss;
    return soonest;
}

std::int64_t oldestMs(const Snapshot& snapshot)
{
    std::int64_t oldest = 0;
    for (const ConsumerRow& c : snapshot.consumers)
        if (!c.removed)
            oldest = std::max(oldest, c.ageMs);
    return oldest;
}

bool somebodyReads(const Snapshot& snapshot)
{
    return std::any_of(snapshot.consumers.begin(), snapshot.consumers.end(),
                       [](const ConsumerRow& c) { return !c.removed; });
}

} // namespace

PlotModel egressModel(const Snapshot& snapshot, const PlotQuery& query)
{
    PlotModel model = parts::begin(tr("Egress · shard %1").arg(query.shard.value), query);
    model.markRow = true;
    const ShardRow* row = snapshot.find(query.shard);
    const ShardRates now = row == nullptr ? ShardRates {} : row->second;
    const bool percent = query.unit == ViewState::Unit::Percent;
    Curve bytes {percent ? tr("bytes") : tr("read"), Ink::Egress, Stroke::Solid, Fill::Tint, {}};
    Curve calls {tr("calls"), Ink::Egress, Stroke::Dotted, Fill::None, {}};
    for (const ShardPoint& p :
         shardPoints(snapshot.history, resolutionOf(snapshot, query), query.shard, query.window)) {
        const double out = rate(static_cast<double>(p.sample.outBytes), p.step);
        bytes.points.push_back(
            {p.at, p.step, shownBytes(out, rate(p.sample.outRecords, p.step), query.unit), 0});
        calls.points.push_back(
            {p.at, p.step, rate(p.sample.readCalls, p.step) / kCallsLimit * 100, 0});
        if (p.sample.refusedReads > 0 && !query.cloudWatchLens)
            model.marks.push_back(
                {p.at, p.step, static_cast<double>(p.sample.refusedReads), QStringLiteral("▽")});
    }
    model.curves.push_back(std::move(bytes));
    if (percent)
        model.curves.push_back(std::move(calls));
    const QString r1 = tr("Rule R1: all polling readers of a shard share %1.")
                           .arg(format::bytesPerSecond(kReadLimit));
    const QString r2 = tr("Rule R2: a shard answers at most %1 GetRecords calls a second.")
                           .arg(limits::kShardReadCalls);
    if (percent)
        model.limits.push_back({100, tr("R1 · R2"), r1 + QLatin1Char('\n') + r2});
    else if (query.unit == ViewState::Unit::MiBPerSecond)
        model.limits.push_back({kReadLimit / kMiB, tr("R1"), r1});
    parts::setAxis(model, model.limits.empty() ? 0 : model.limits.front().value);
    model.spokenValue
        = percent ? now.readPercentOfLimit() : shownBytes(now.outBytes, now.outRecords, query.unit);
    model.headline = tr("now %1").arg(model.valueText(model.spokenValue));
    model.alarming = now.refusedReads > 0;
    model.note
        = tr("%1 of %2 calls/s").arg(format::count(now.readCalls)).arg(limits::kShardReadCalls);
    if (!somebodyReads(snapshot))
        model.empty = nobodyReads(snapshot);
    model.sentence
        = tr("Shard %1 is read at %2 of its limit, %3; %4 calls a second are refused.")
              .arg(query.shard.value)
              .arg(format::percent(now.readPercentOfLimit()), format::bytesPerSecond(now.outBytes),
                   format::count(now.refusedReads));
    return model;
}

PlotModel ageModel(const Snapshot& snapshot, const PlotQuery& query)
{
    PlotModel model = parts::begin(tr("Iterator age"), query);
    const double retentionMs
        = static_cast<double>(snapshot.stream.summary.retentionHours) * 3'600'000.0;
    model.logarithmic = true;
    model.low = kLeastAgeMs;
    model.high = retentionMs * 3;
    model.valueText = [](double ms) {
        return format::duration(SimDuration::millis(static_cast<std::int64_t>(ms)));
    };
    Curve oldest = ageCurve(tr("oldest"), Stroke::DashDot, Fill::None);
    for (const StreamPoint& p :
         streamPoints(snapshot.history, resolutionOf(snapshot, query), query.window))
        oldest.points.push_back({p.at, p.step, static_cast<double>(p.sample.sum.ageMs), 0});
    Curve own = ageCurve(tr("shard %1").arg(query.shard.value), Stroke::Solid, Fill::Tint);
    for (const ShardPoint& p :
         shardPoints(snapshot.history, resolutionOf(snapshot, query), query.shard, query.window))
        own.points.push_back({p.at, p.step, static_cast<double>(p.sample.ageMs), 0});
    model.curves = {std::move(own), std::move(oldest)};
    static constexpr std::array<std::pair<double, const char*>, 6> decades {{{10, "10 ms"},
                                                                             {1e3, "1 s"},
                                                                             {6e4, "1 m"},
                                                                             {3.6e6, "1 h"},
                                                                             {8.64e7, "1 d"},
                                                                             {2.592e9, "30 d"}}};
    for (const auto& [ms, text] : decades)
        if (ms <= model.high)
            model.ticks.push_back({ms, tr(text)});
    model.limits.push_back(
        {retentionMs, tr("retention %1 h").arg(snapshot.stream.summary.retentionHours),
         tr("Records older than the retention period are lost to readers that have not reached "
            "them.")});
    const std::int64_t age = oldestMs(snapshot);
    model.spokenValue = static_cast<double>(age);
    model.headline = model.valueText(model.spokenValue);
    const auto loss = soonestLoss(snapshot);
    model.note = loss ? tr("data loss in %1").arg(format::duration(*loss)) : QString();
    model.alarming = loss.has_value() && *loss < SimDuration::hours(1);
    if (!somebodyReads(snapshot))
        model.empty = nobodyReads(snapshot);
    model.sentence = loss ? tr("The oldest unread record is %1 old and grows older: %2.")
                                .arg(model.headline, model.note)
                          : tr("The oldest unread record is %1 old.").arg(model.headline);
    return model;
}

std::vector<LagRow> lagRows(const Snapshot& snapshot)
{
    std::vector<LagRow> rows;
    const double retentionMs
        = static_cast<double>(std::max<std::int64_t>(1, snapshot.stream.summary.retentionHours))
        * 3'600'000.0;
    for (const ConsumerRow& c : snapshot.consumers) {
        if (c.removed)
            continue;
        LagRow row;
        row.name = QString::fromStdString(c.spec.name);
        row.records = tr("%1 records").arg(format::count(static_cast<double>(c.lagRecords)));
        row.age = format::duration(SimDuration::millis(c.ageMs));
        switch (c.trend) {
        case Trend::Growing:
            row.trend = c.timeToDataLoss
                ? tr("▲ growing, loss in %1").arg(format::duration(*c.timeToDataLoss))
                : tr("▲ growing");
            break;
        case Trend::Draining:
            row.trend = c.timeToDrain
                ? tr("▼ draining, %1 to go").arg(format::duration(*c.timeToDrain))
                : tr("▼ draining");
            break;
        case Trend::Steady:
            row.trend = tr("● steady");
            break;
        }
        row.alarming = c.trend == Trend::Growing;
        row.bar = std::clamp(std::log(std::max(1.0, static_cast<double>(c.ageMs) / kLeastAgeMs))
                                 / std::log(retentionMs / kLeastAgeMs),
                             0.0, 1.0);
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace shardscope::ui
