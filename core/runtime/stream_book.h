#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/engine/service.h"
#include "core/metrics/recorder.h"
#include "core/metrics/snapshot.h"
#include "core/planner/cost.h"
#include "core/runtime/real_put.h"

namespace shardscope {

/// What is written down about one stream while time goes by, whoever drives it: history, bill,
/// events, refusals. Copyable; copies share sealed history.
struct StreamBook {
    StreamBook(SimTime start, Bytes historyBudget, RegionPrices regionPrices);

    Recorder recorder;
    RegionPrices prices;
    Usage usage;
    std::shared_ptr<const std::vector<Event>> events; ///< never null; ascending, bounded
    std::vector<Event> eventTail; ///< those that are not among `events` yet
    std::vector<Refusal>
        refusals; ///< the newest, at least budgets::kRefusalsKept when there were as many
    std::uint64_t refusalsEver = 0;
    std::vector<std::int64_t> agesMs; ///< largest iterator age per shard slot at the last bucket

    /// Closes the bucket of 100 ms that ends at `end`; `agesMs` is set.
    void closeBucket(const Stream& stream, SimTime end,
                     std::span<const ConsumerSample> consumers = {});
    /// Adds `fresh` and the tail to the events.
    void addEvents(std::vector<Event> fresh);
    void note(SimTime at, EventKind kind, std::string text, std::vector<ShardSlot> shards = {});
    void addRefusals(std::span<const RefusedRecord> refused);
    /// Its refusals and what is billed for it.
    void addPut(const RealPut& put);
    [[nodiscard]] double cost(bool onDemand) const; ///< USD so far
};

/// What a board is made from.
struct BoardSource {
    const StreamBook& book;
    const Service& service;
    const Stream& stream;
    SimTime now;
    /// The text of a stored record's partition key; empty when it is not known any more.
    std::function<std::string(const RecordMeta&)> keyOf;
};
/// Fills everything of a snapshot that a stream and its book say: stream, shards with their hottest
/// keys, sums, events, refusals, history, cost. `out.cost` keeps its date and Region.
void fillBoard(Snapshot& out, const BoardSource& from);

} // namespace shardscope
