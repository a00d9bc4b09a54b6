#include <algorithm>

#include "ui/format.h"
#include "ui/screens/explore/plot_parts.h"

/// Ingest of one shard, and the whole stream against its capacity.
namespace shardscope::ui {

namespace {

using parts::kMiB;
using parts::rate;
using parts::tr;

constexpr double kBytesLimit = static_cast<double>(limits::kShardWriteBytes);
constexpr double kRecordsLimit = static_cast<double>(limits::kShardWriteRecords);

struct Levels {
    double bytes = 0, records = 0, shown = 0, offered = 0;
};

/// Accepted and offered in the unit asked for; in percent the larger of bytes and records.
Levels levelsOf(const ShardPoint& p, ViewState::Unit unit)
{
    const double inBytes = rate(static_cast<double>(p.sample.inBytes), p.step);
    const double inRecords = rate(p.sample.inRecords, p.step);
    const double offBytes = rate(static_cast<double>(p.sample.offeredBytes()), p.step);
    const double offRecords = rate(static_cast<double>(p.sample.offeredRecords()), p.step);
    switch (unit) {
    case ViewState::Unit::MiBPerSecond:
        return {inBytes / kMiB, inRecords, inBytes / kMiB, offBytes / kMiB};
    case ViewState::Unit::RecordsPerSecond:
        return {inBytes, inRecords, inRecords, offRecords};
    case ViewState::Unit::Percent:
        break;
    }
    const double bytes = inBytes / kBytesLimit * 100;
    const double records = inRecords / kRecordsLimit * 100;
    return {bytes, records, std::max(bytes, records),
            std::max(offBytes / kBytesLimit, offRecords / kRecordsLimit) * 100};
}

void addLimits(PlotModel& model, const Snapshot& snapshot, const PlotQuery& query)
{
    QStringList bytes {
        tr("W1 · a shard takes %1, data and key").arg(format::bytesPerSecond(kBytesLimit))};
    QStringList records {tr("W2 · a shard takes %1").arg(format::recordsPerSecond(kRecordsLimit))};
    bytes << parts::closestInLastMinute(snapshot, query.shard, [](const ShardSample& s) {
        return static_cast<double>(s.offeredBytes()) / kBytesLimit * 100;
    });
    records << parts::closestInLastMinute(snapshot, query.shard, [](const ShardSample& s) {
        return static_cast<double>(s.offeredRecords()) / kRecordsLimit * 100;
    });
    switch (query.unit) {
    case ViewState::Unit::Percent:
        model.limits.push_back({100, tr("W1 · W2"), bytes + records});
        break;
    case ViewState::Unit::MiBPerSecond:
        model.limits.push_back({kBytesLimit / kMiB, tr("W1"), bytes});
        break;
    case ViewState::Unit::RecordsPerSecond:
        model.limits.push_back({kRecordsLimit, tr("W2"), records});
        break;
    }
    model.limits.back().card.removeAll(QString());
}

double nowIn(const ShardRates& r, ViewState::Unit unit)
{
    switch (unit) {
    case ViewState::Unit::MiBPerSecond:
        return r.offeredBytes() / kMiB;
    case ViewState::Unit::RecordsPerSecond:
        return r.offeredRecords();
    case ViewState::Unit::Percent:
        break;
    }
    return r.percentOfLimit();
}

} // namespace

PlotModel ingestModel(const Snapshot& snapshot, const PlotQuery& query)
{
    PlotModel model = parts::begin(tr("Ingest · shard %1").arg(query.shard.value), snapshot, query);
    model.markRow = true;
    const ShardRow* row = snapshot.find(query.shard);
    const ShardRates now = row == nullptr ? ShardRates {} : row->second;
    const double refusedNow = now.refusedByBytes + now.refusedByRecords;
    model.spokenValue = nowIn(now, query.unit);
    model.headline = tr("now %1").arg(model.valueText(model.spokenValue));
    model.alarming = refusedNow > 0 || now.percentOfLimit() > 100;

    const bool percent = query.unit == ViewState::Unit::Percent;
    Curve accepted {
        percent ? tr("bytes") : tr("accepted"), Ink::Ingest, Stroke::Solid, Fill::Tint, {}};
    Curve records {tr("records"), Ink::Ingest, Stroke::Dotted, Fill::None, {}};
    Curve refused {tr("refused"), Ink::Refused, Stroke::None, Fill::Hatch, {}};
    for (const ShardPoint& p :
         shardPoints(snapshot.history, resolutionOf(snapshot, query), query.shard, query.window)) {
        const Levels level = levelsOf(p, query.unit);
        accepted.points.push_back({p.at, p.step, percent ? level.bytes : level.shown, 0});
        if (percent)
            records.points.push_back({p.at, p.step, level.records, 0});
        const auto count = p.sample.refusedByBytes + p.sample.refusedByRecords;
        // CloudWatch knows no offered load: through the lens refusals are seen in no curve.
        if (count == 0 || query.cloudWatchLens)
            continue;
        refused.points.push_back({p.at, p.step, level.offered, level.shown});
        model.marks.push_back({p.at, p.step, static_cast<double>(count), QStringLiteral("✕")});
    }
    model.curves = {std::move(accepted), std::move(refused), std::move(records)};
    if (!percent)
        model.curves.pop_back();
    addLimits(model, snapshot, query);
    parts::setAxis(model, model.limits.front().value);
    if (snapshot.producers.empty() && snapshot.offered.records == 0)
        model.empty = tr("Nothing is sending. A shard takes 1 MiB or 1,000 records a second.");
    model.sentence = refusedNow > 0
        ? tr("Shard %1 is offered %2 of its limit; %3 records a second are refused.")
              .arg(query.shard.value)
              .arg(format::percent(now.percentOfLimit()), format::count(refusedNow))
        : tr("Shard %1 is offered %2 of its limit; nothing is refused.")
              .arg(query.shard.value)
              .arg(format::percent(now.percentOfLimit()));
    return model;
}

PlotModel totalsModel(const Snapshot& snapshot, const PlotQuery& query)
{
    // Against a capacity that moves, percent would hide the very step that this plot shows.
    PlotQuery own = query;
    if (own.unit == ViewState::Unit::Percent)
        own.unit = ViewState::Unit::MiBPerSecond;
    const bool bytes = own.unit == ViewState::Unit::MiBPerSecond;
    PlotModel model
        = parts::begin(bytes ? tr("Stream · MiB/s") : tr("Stream · records/s"), snapshot, own);
    model.markRow = true;
    Curve accepted {tr("accepted"), Ink::Ingest, Stroke::Solid, Fill::Tint, {}};
    Curve refused {tr("refused"), Ink::Refused, Stroke::None, Fill::Hatch, {}};
    Curve capacity {tr("capacity"), Ink::Limit, Stroke::Dashed, Fill::None, {}};
    for (const StreamPoint& p :
         streamPoints(snapshot.history, resolutionOf(snapshot, own), own.window)) {
        const ShardSample& sum = p.sample.sum;
        const double in = bytes ? rate(static_cast<double>(sum.inBytes), p.step) / kMiB
                                : rate(sum.inRecords, p.step);
        const double offered = bytes ? rate(static_cast<double>(sum.offeredBytes()), p.step) / kMiB
                                     : rate(static_cast<double>(sum.offeredRecords()), p.step);
        accepted.points.push_back({p.at, p.step, in, 0});
        capacity.points.push_back(
            {p.at, p.step, p.sample.openShards * (bytes ? kBytesLimit / kMiB : kRecordsLimit), 0});
        const auto count = sum.refusedByBytes + sum.refusedByRecords;
        if (count == 0 || query.cloudWatchLens)
            continue;
        refused.points.push_back({p.at, p.step, offered, in});
        model.marks.push_back({p.at, p.step, static_cast<double>(count), QStringLiteral("✕")});
    }
    model.curves = {std::move(accepted), std::move(refused), std::move(capacity)};
    parts::setAxis(model, 0);
    const double now = bytes ? snapshot.stream.offeredBytes / kMiB : snapshot.stream.offeredRecords;
    const double most
        = bytes ? snapshot.stream.capacityBytes / kMiB : snapshot.stream.capacityRecords;
    model.spokenValue = now;
    model.headline
        = tr("%1 of %2")
              .arg(format::percent(most > 0 ? now / most * 100 : 0), model.valueText(most));
    model.alarming = now > most;
    model.sentence = tr("The stream is offered %1 of a capacity of %2; %3 records a second are "
                        "refused.")
                         .arg(model.valueText(now), model.valueText(most),
                              format::count(snapshot.stream.refusedRecords));
    return model;
}

} // namespace shardscope::ui
