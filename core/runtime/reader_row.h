#pragma once

#include <cstdint>
#include <span>

#include "core/consumers/reader.h"
#include "core/metrics/snapshot.h"
#include "core/planner/price_book.h"
#include "core/runtime/reader_pace.h"

/// What is told of a reader that runs here, in a simulated world or beside real clients.
namespace shardscope {

/// What it has done so far; all that is left of one that was removed.
[[nodiscard]] ConsumerRow doneBy(const Reader& reader);
/// The same with where it stands.
[[nodiscard]] ConsumerRow rowOf(const Reader& reader, const Stream& stream, const ReaderPace& pace,
                                const RegionPrices& prices, SimTime now);
/// Takes its age of each shard into `agesMs` (by shard slot, largest of all readers), and its age
/// and lag into `sample`, if there is one.
void noteBehind(const Reader& reader, const Stream& stream, SimTime now,
                std::span<std::int64_t> agesMs, ConsumerSample* sample);
[[nodiscard]] ReaderPace::Counts paceCounts(const Reader& reader);

} // namespace shardscope
