#pragma once

#include <cstdint>

#include "core/base/rng.h"
#include "core/engine/admission.h"
#include "core/engine/bucket.h"

/// The decision on one record and everything that is counted with it. Both ways in, the slice and
/// the single record, come through here.
namespace shardscope {

/// What the buckets of a stream have in common at one moment.
struct BucketMoment {
    std::int64_t nowSteps = 0;
    std::int64_t byteCapacity = 0;
    bool throttling = true;
};

/// Decides, charges the buckets of a taken record and counts it in the shard's hot line.
inline Outcome decide(ShardHot& hot, const BucketMoment& moment, std::uint32_t bytes)
{
    if (!moment.throttling) {
        ++hot.acceptedRecords;
        hot.acceptedBytes += bytes;
        return Outcome::Accepted;
    }
    const std::int64_t byteSpent
        = bucket::spent(hot.bytesFullAt, moment.nowSteps, moment.byteCapacity)
        + std::int64_t {bytes} * kBucketStepsPerByte;
    const std::int64_t recordSpent
        = bucket::spent(hot.recordsFullAt, moment.nowSteps, bucket::kRecordCapacity)
        + kBucketStepsPerRecord;
    const std::int64_t byteWait = byteSpent - moment.byteCapacity;
    const std::int64_t recordWait = recordSpent - bucket::kRecordCapacity;
    if (byteWait <= 0 && recordWait <= 0) [[likely]] {
        hot.bytesFullAt = moment.nowSteps + byteSpent;
        hot.recordsFullAt = moment.nowSteps + recordSpent;
        ++hot.acceptedRecords;
        hot.acceptedBytes += bytes;
        return Outcome::Accepted;
    }
    hot.refusedBytes += bytes;
    if (byteWait >= recordWait) {
        ++hot.refusedByBytes;
        return Outcome::RefusedBytes;
    }
    ++hot.refusedByRecords;
    return Outcome::RefusedRecords;
}

/// Mixes a decision into the shard's digest: the order of the records shows in it.
inline void mixDigest(ShardHot& hot, const RecordMeta& record, Outcome outcome)
{
    const std::uint64_t facts
        = (record.source ^ (std::uint64_t {record.bytes} << 24)) * 0xd1342543de82ef95ULL
        + (static_cast<std::uint64_t>(record.arrivalMs) << 2 | static_cast<std::uint64_t>(outcome));
    const std::uint64_t mixed = (hot.digest ^ facts) * 0x9e3779b97f4a7c15ULL;
    hot.digest = mixed ^ (mixed >> 32);
}

/// Shards that have been offered more than this are sampled for their hottest keys: one record in
/// kSketchWeight, each for as many.
inline constexpr std::uint64_t kSketchExact = 256;
inline constexpr std::uint64_t kSketchWeight = 32;

/// Which records are sampled comes from the digest, which no pattern of keys can follow.
inline void countKey(KeySketch& sketch, const ShardHot& hot, const RecordMeta& record)
{
    const std::uint64_t offered = hot.acceptedRecords + hot.refusedByBytes + hot.refusedByRecords;
    if (offered <= kSketchExact)
        sketch.add(record.hashHigh, record.source, record.bytes);
    else if (hot.digest % kSketchWeight == 0) [[unlikely]]
        sketch.add(record.hashHigh, record.source, record.bytes * kSketchWeight);
}

inline constexpr int kHeatShift = 54; ///< 64 − log2(1024)

/// The shards' columns by their addresses, which the compiler keeps in registers.
struct ShardColumns {
    explicit ShardColumns(WriteColumns& columns)
        : hot(columns.hot.data())
        , logs(columns.logs.data())
        , sketches(columns.sketches.data())
    {
    }
    ShardHot* hot;
    ShardLog* logs;
    KeySketch* sketches;
};

/// Decides, counts and stores one record; everything but the heat, which is not the shard's.
inline Outcome admit(const ShardColumns& shards, std::uint32_t slot, const BucketMoment& moment,
                     const RecordMeta& meta)
{
    ShardHot& hot = shards.hot[slot];
    const Outcome outcome = decide(hot, moment, meta.bytes);
    mixDigest(hot, meta, outcome);
    countKey(shards.sketches[slot], hot, meta);
    if (outcome == Outcome::Accepted) [[likely]]
        shards.logs[slot].append(meta);
    return outcome;
}

} // namespace shardscope
