#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/worker_pool.h"
#include "core/engine/key_sketch.h"
#include "core/engine/offer.h"
#include "core/engine/shard_hot.h"
#include "core/engine/shard_map.h"
#include "core/storage/shard_log.h"

namespace shardscope {

/// A refusal as the buckets saw it; metrics/snapshot.h shows it to people.
struct RefusedRecord {
    std::int64_t atMs = 0;
    ShardSlot shard;
    Rule rule {};
    ProducerSlot producer;
    std::uint64_t number = 0;
    std::uint64_t hashHigh = 0, hashLow = 0;
    std::uint32_t bytes = 0;
    std::uint16_t attempt = 1;
    std::int64_t tokensLeft = 0; ///< of the rule's bucket: bytes, or thousandths of a record
    std::int64_t wouldPassAtMs = 0; ///< rounded up
};

/// A stream's columns for writing. One row per shard ever made, indexed by ShardSlot.
struct WriteColumns {
    std::vector<ShardHot> hot;
    std::vector<ShardLog> logs;
    std::vector<KeySketch> sketches;
    std::array<std::uint64_t, 1024> heat {}; ///< bytes offered per even part of the hash key space
    std::int64_t epochMs = 0; ///< bucket clocks count from here
    Bytes bytesBurst = 0; ///< of the W1 bucket
    bool throttling = true;
};

/// What one shard's buckets hold at a moment.
struct BucketLevels {
    std::int64_t bytes = 0; ///< whole bytes left, rule W1
    std::int64_t recordThousandths = 0; ///< thousandths of a record left, rule W2
};
[[nodiscard]] BucketLevels levels(const ShardHot& hot, Bytes bytesBurst, std::int64_t atMs,
                                  std::int64_t epochMs);

/// Takes an accepted record's cost out of both buckets of `hot`, as admission does.
void charge(ShardHot& hot, std::uint32_t bytes, std::int64_t atMs, std::int64_t epochMs);

/// Admits whole slices. Holds scratch memory only, so one object serves any stream.
///
/// Order within a shard: (tick, batch, row), whatever the number of workers. A record is taken when
/// both buckets can pay for it; then it costs both. A refused record costs nothing. When both
/// refuse, the rule whose bucket would let it pass later is named.
class Admission {
public:
    Admission();
    ~Admission();
    Admission(const Admission&); ///< scratch is not copied
    Admission(Admission&&) noexcept;
    Admission& operator=(Admission other) noexcept;

    /// Routes every row of every batch (filling `slot`), admits it (filling `outcome`), appends the
    /// taken ones to their shards' logs, counts, and keeps refusals: at most `refusalsPerShard` a
    /// shard and slice, in the order (tick, batch, row). `sliceStart` is a multiple of kSlice.
    void run(std::span<OfferBatch*> batches, SimTime sliceStart, const ShardMap& map,
             WriteColumns& columns, WorkerPool& pool, std::vector<RefusedRecord>& refusals,
             int refusalsPerShard = 4);

private:
    struct Slice {
        std::span<OfferBatch*> batches;
        std::int64_t startMs = 0;
        const ShardMap& map;
        WriteColumns& columns;
        int refusalsPerShard = 0;
    };
    struct StagedRow;
    struct Segment;
    struct Group;
    struct Heat;

    void runDirect(const Slice& slice, std::vector<RefusedRecord>& refusals);
    void runGrouped(const Slice& slice, WorkerPool& pool, std::size_t rows,
                    std::vector<RefusedRecord>& refusals);
    void stage(const Slice& slice, Segment& segment, Heat& heat, std::uint32_t groups);
    void admitGroup(const Slice& slice, std::uint32_t number);
    void collect(const Slice& slice, std::uint32_t groups, std::vector<RefusedRecord>& refusals);

    std::vector<StagedRow> m_staged;
    std::vector<Segment> m_segments;
    std::vector<Group> m_groups;
    std::vector<Heat> m_heat;
    std::vector<const void*> m_order; ///< refusals to be sorted
    std::vector<int> m_kept; ///< refusals kept of each shard in this slice
};

/// One record by the same rules: the slow path of PutRecord and PutRecords from real clients. On
/// acceptance `meta` is appended to the shard's log.
[[nodiscard]] Outcome admitOne(WriteColumns& columns, ShardSlot shard, HashKey hash,
                               const RecordMeta& meta);

} // namespace shardscope
