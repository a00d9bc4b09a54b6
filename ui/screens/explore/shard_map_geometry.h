#pragma once

#include <QRect>

#include <vector>

#include "core/metrics/snapshot.h"

/// Where things lie on the shard map: hash keys across, time down to the row of now. Plain values,
/// tested without a screen.
namespace shardscope::ui {

struct MapShard {
    ShardSlot slot;
    double left = 0, right = 1; ///< of the whole key space
    SimTime from, to; ///< open between these; `to` is now for an open shard
    bool open = true;
    bool expired = false; ///< closed so long ago that no record is left
    bool changing = false;
    double percent = 0; ///< offered, of the limit
    double refusedPerSecond = 0;
};

struct ShardMapModel {
    SimTime now;
    std::vector<MapShard> open; ///< ascending by range: they tile the space
    std::vector<MapShard> closed; ///< younger than the depth that is shown
};
[[nodiscard]] ShardMapModel mapModel(const Snapshot& snapshot, SimDuration depth);

struct ShardMapGeometry {
    QRect axis, lineage, nowRow, heat; ///< from top to bottom, equally wide
    double from = 0, to = 1; ///< the part of the key space that is shown
    SimTime now;
    SimDuration depth = SimDuration::minutes(5);

    [[nodiscard]] double xOf(double fraction) const;
    [[nodiscard]] double fractionAt(double x) const; ///< bounded to what is shown
    [[nodiscard]] double yOf(SimTime at) const; ///< bounded to the lineage
    /// A shard's cell in the row of now, or its rectangle in the lineage when it is closed. Not
    /// empty, though perhaps outside of what is shown.
    [[nodiscard]] QRect rectOf(const MapShard& shard) const;
    [[nodiscard]] QRect lineageOf(const MapShard& shard) const;
    /// Shows `factor` as much of the space, keeping what lies under `x` where it is.
    void zoom(double factor, double x);
};

/// The open shard at this place of the space; null when there is none.
[[nodiscard]] const MapShard* openShardAt(const ShardMapModel& model, double fraction);
[[nodiscard]] const MapShard* find(const ShardMapModel& model, ShardSlot slot);

} // namespace shardscope::ui
