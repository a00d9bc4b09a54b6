#include "ui/screens/explore/shard_map_geometry.h"

#include <algorithm>
#include <cmath>

namespace shardscope::ui {

namespace {

MapShard shown(const ShardRow& row, SimTime now)
{
    MapShard shard;
    shard.slot = row.slot;
    shard.left = row.range.start.fraction();
    shard.right = shard.left + row.range.width();
    shard.from = row.openedAt;
    shard.open = row.state == ShardState::Open;
    shard.to = shard.open ? now : row.closedAt.value_or(now);
    shard.expired = row.state == ShardState::Expired;
    shard.changing = row.changing;
    shard.percent = row.second.percentOfLimit();
    shard.refusedPerSecond = row.second.refusedByBytes + row.second.refusedByRecords;
    return shard;
}

QRect between(double left, double right, int top, int bottom)
{
    const int x = static_cast<int>(std::lround(left));
    const int end = std::max(x + 1, static_cast<int>(std::lround(right)));
    return {x, top, end - x, std::max(1, bottom - top)};
}

} // namespace

ShardMapModel mapModel(const Snapshot& snapshot, SimDuration depth)
{
    ShardMapModel model;
    model.now = snapshot.clock.now;
    for (const ShardRow& row : snapshot.shards) {
        if (row.state == ShardState::Open)
            model.open.push_back(shown(row, model.now));
        else if (row.closedAt && *row.closedAt > model.now - depth)
            model.closed.push_back(shown(row, model.now));
    }
    std::stable_sort(model.open.begin(), model.open.end(),
                     [](const MapShard& a, const MapShard& b) { return a.left < b.left; });
    return model;
}

double ShardMapGeometry::xOf(double fraction) const
{
    return axis.left() + (fraction - from) / (to - from) * axis.width();
}

double ShardMapGeometry::fractionAt(double x) const
{
    const double part = (x - axis.left()) / std::max(1, axis.width());
    return std::clamp(from + part * (to - from), from, std::min(to, std::nextafter(1.0, 0.0)));
}

double ShardMapGeometry::yOf(SimTime at) const
{
    const double part = (now - at).inSeconds() / std::max(1e-6, depth.inSeconds());
    return lineage.bottom() + 1 - std::clamp(part, 0.0, 1.0) * lineage.height();
}

QRect ShardMapGeometry::rectOf(const MapShard& shard) const
{
    if (!shard.open)
        return lineageOf(shard);
    return between(xOf(shard.left), xOf(shard.right), nowRow.top(), nowRow.bottom() + 1);
}

QRect ShardMapGeometry::lineageOf(const MapShard& shard) const
{
    return between(xOf(shard.left), xOf(shard.right),
                   static_cast<int>(std::lround(yOf(shard.from))),
                   static_cast<int>(std::lround(yOf(shard.to))));
}

void ShardMapGeometry::zoom(double factor, double x)
{
    // Narrower than a thousandth of a shard of 10,000 there is nothing left to see.
    const double span = std::clamp((to - from) * factor, 1e-7, 1.0);
    const double anchor = fractionAt(x);
    const double part = (anchor - from) / (to - from);
    from = std::clamp(anchor - part * span, 0.0, 1.0 - span);
    to = from + span;
}

const MapShard* openShardAt(const ShardMapModel& model, double fraction)
{
    const auto after = std::upper_bound(model.open.begin(), model.open.end(), fraction,
                                        [](double f, const MapShard& s) { return f < s.left; });
    return after == model.open.begin() ? nullptr : &*std::prev(after);
}

const MapShard* find(const ShardMapModel& model, ShardSlot slot)
{
    for (const auto* list : {&model.open, &model.closed})
        for (const MapShard& shard : *list)
            if (shard.slot == slot)
                return &shard;
    return nullptr;
}

} // namespace shardscope::ui
