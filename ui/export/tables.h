#pragma once

#include <QByteArray>

#include "core/metrics/snapshot.h"

/// Files for machines: comma separated, time first, UTC, the C locale, columns in a fixed order.
namespace shardscope::ui {

/// One row a bucket of the finest resolution that covers `window`; the stream's columns, then those
/// of each shard.
[[nodiscard]] QByteArray windowCsv(const Snapshot& snapshot, TimeWindow window);

/// The refused records that are still known, with rule and partition key. Keys are made again from
/// the producers and checked against the hash; one that cannot be made again stays empty.
[[nodiscard]] QByteArray refusedCsv(const Snapshot& snapshot);

} // namespace shardscope::ui
