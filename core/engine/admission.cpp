#include "core/engine/admission.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/engine/admit_record.h"

namespace shardscope {

BucketLevels levels(const ShardHot& hot, Bytes bytesBurst, std::int64_t atMs, std::int64_t epochMs)
{
    const std::int64_t now = bucket::stepsAt(atMs, epochMs);
    const std::int64_t capacity = bucket::byteCapacity(bytesBurst);
    const std::int64_t bytes = capacity - bucket::spent(hot.bytesFullAt, now, capacity);
    const std::int64_t records
        = bucket::kRecordCapacity - bucket::spent(hot.recordsFullAt, now, bucket::kRecordCapacity);
    return {bytes / kBucketStepsPerByte, records * 1'000 / kBucketStepsPerRecord};
}

void charge(ShardHot& hot, std::uint32_t bytes, std::int64_t atMs, std::int64_t epochMs)
{
    const std::int64_t now = bucket::stepsAt(atMs, epochMs);
    hot.bytesFullAt = std::max(hot.bytesFullAt, now) + std::int64_t {bytes} * kBucketStepsPerByte;
    hot.recordsFullAt = std::max(hot.recordsFullAt, now) + kBucketStepsPerRecord;
}

namespace {

RefusedRecord refusal(const WriteColumns& columns, const OfferBatch& batch, std::size_t row,
                      std::int64_t atMs)
{
    RefusedRecord r;
    r.atMs = atMs;
    r.shard = ShardSlot {batch.slot[row]};
    r.producer = batch.producer;
    r.number = batch.number[row];
    r.hashHigh = batch.hashHigh[row];
    r.hashLow = batch.hashLow[row];
    r.bytes = batch.bytes[row];
    r.attempt = batch.attempt[row];

    const ShardHot& hot = columns.hot[r.shard.index()];
    const BucketLevels left = levels(hot, columns.bytesBurst, atMs, columns.epochMs);
    const bool byBytes = batch.outcome[row] == Outcome::RefusedBytes;
    r.rule = byBytes ? Rule::W1WriteBytes : Rule::W2WriteRecords;
    r.tokensLeft = byBytes ? left.bytes : left.recordThousandths;

    const std::int64_t now = bucket::stepsAt(atMs, columns.epochMs);
    const std::int64_t capacity
        = byBytes ? bucket::byteCapacity(columns.bytesBurst) : bucket::kRecordCapacity;
    const std::int64_t wait
        = bucket::spent(byBytes ? hot.bytesFullAt : hot.recordsFullAt, now, capacity)
        + (byBytes ? std::int64_t {r.bytes} * kBucketStepsPerByte : kBucketStepsPerRecord)
        - capacity;
    r.wouldPassAtMs = atMs + (wait + kBucketStepsPerMilli - 1) / kBucketStepsPerMilli;
    return r;
}

} // namespace

void Admission::run(std::span<OfferBatch*> batches, SimTime sliceStart, const ShardMap& map,
                    WriteColumns& columns, WorkerPool& pool, std::vector<RefusedRecord>& refusals,
                    int refusalsPerShard)
{
    static_cast<void>(pool);
    for (OfferBatch* batch : batches) {
        batch->slot.resize(batch->size());
        batch->outcome.resize(batch->size());
        map.route(batch->hashHigh, batch->hashLow, batch->slot.data());
    }
    m_kept.assign(columns.hot.size(), 0);
    BucketMoment moment {0, bucket::byteCapacity(columns.bytesBurst), columns.throttling};
    for (std::size_t tick = 0; tick < kTicksPerSlice; ++tick) {
        const std::int64_t atMs = sliceStart.inMillis() + static_cast<std::int64_t>(tick);
        moment.nowSteps = bucket::stepsAt(atMs, columns.epochMs);
        for (OfferBatch* batch : batches) {
            for (std::size_t row = batch->tickBegin[tick]; row < batch->tickBegin[tick + 1];
                 ++row) {
                const std::uint32_t slot = batch->slot[row];
                ShardHot& hot = columns.hot[slot];
                const std::uint32_t bytes = batch->bytes[row];
                const OfferedRecord offered {(std::uint64_t {batch->producer.value} << 48)
                                                 | (batch->number[row] & RecordMeta::kNumberMask),
                                             batch->hashHigh[row], atMs, bytes};
                const Outcome outcome = decide(hot, moment, bytes);
                batch->outcome[row] = outcome;
                mixDigest(hot, offered, outcome);
                countKey(columns.sketches[slot], hot, offered);
                columns.heat[offered.hashHigh >> kHeatShift] += bytes;
                if (outcome == Outcome::Accepted)
                    columns.logs[slot].append(
                        {offered.source, offered.hashHigh, atMs, bytes, batch->keyBytes[row],
                         static_cast<std::uint16_t>(
                             std::min(batch->userRecords[row], std::uint32_t {0xffff}))});
                else if (m_kept[slot] < refusalsPerShard) {
                    ++m_kept[slot];
                    refusals.push_back(refusal(columns, *batch, row, atMs));
                }
            }
        }
    }
}

Outcome admitOne(WriteColumns& columns, ShardSlot shard, HashKey hash, const RecordMeta& meta)
{
    ShardHot& hot = columns.hot[shard.index()];
    const OfferedRecord offered {meta.source, hash.high(), meta.arrivalMs, meta.bytes};
    const Outcome outcome = decide(hot,
                                   {bucket::stepsAt(meta.arrivalMs, columns.epochMs),
                                    bucket::byteCapacity(columns.bytesBurst), columns.throttling},
                                   meta.bytes);
    mixDigest(hot, offered, outcome);
    countKey(columns.sketches[shard.index()], hot, offered);
    columns.heat[offered.hashHigh >> kHeatShift] += meta.bytes;
    if (outcome == Outcome::Accepted)
        columns.logs[shard.index()].append(meta);
    return outcome;
}

} // namespace shardscope
