#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/admission.h"
#include "core/engine/events.h"
#include "core/engine/requests.h"
#include "core/engine/service_options.h"
#include "core/engine/shard.h"

namespace shardscope {

/// One stream: its shards, their lineage, what is under way. Copyable: a copy shares stored
/// records. Time comes in by argument and never goes back.
class Stream {
public:
    // --- looking --------------------------------------------------------------------------------
    [[nodiscard]] StreamDescriptionSummary summary() const;
    [[nodiscard]] std::span<const Shard> shards() const; ///< every shard ever, by slot
    [[nodiscard]] const ShardMap& map() const; ///< the open ones
    [[nodiscard]] const WriteColumns& columns() const;
    /// On-demand: highest write throughput remembered, bytes/s, and the shards its rule asks for.
    [[nodiscard]] double peakBytes30d() const;
    [[nodiscard]] std::int64_t shardsNeeded() const;
    /// One sentence about scaling under way, or empty.
    [[nodiscard]] std::string scalingText() const;
    [[nodiscard]] int modeSwitchesLeft(SimTime now) const;
    [[nodiscard]] int shardCountUpdatesLeft(SimTime now) const;
    /// Records taken by retention or by the memory budget so far.
    [[nodiscard]] Volume trimmed() const;
    [[nodiscard]] bool trimmedByBudget() const;

    // --- records in bulk ------------------------------------------------------------------------
    /// One slice of offered records: see Admission::run.
    void offer(std::span<OfferBatch*> batches, SimTime sliceStart, Admission& admission,
               WorkerPool& pool, std::vector<RefusedRecord>& refusals);
    /// Reads up to `recordsMost` (1 … 10,000) and 10 MiB from `position` of a shard, by the rules
    /// R1 to R3.
    [[nodiscard]] ReadAnswer read(ShardSlot shard, std::uint64_t position, std::int64_t recordsMost,
                                  SimTime now);
    /// Where LATEST and TRIM_HORIZON stand now.
    [[nodiscard]] std::uint64_t latest(ShardSlot shard) const;
    [[nodiscard]] std::uint64_t trimHorizon(ShardSlot shard) const;
    [[nodiscard]] std::span<const RecordMeta> records(ShardSlot shard,
                                                      std::uint64_t position) const;

private:
    friend class Service;
    // State: the implementer's.
};

} // namespace shardscope
