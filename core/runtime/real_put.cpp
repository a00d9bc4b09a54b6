#include "core/runtime/real_put.h"

#include <algorithm>

#include "core/engine/limits.h"
#include "core/planner/cost.h"

namespace shardscope {
namespace {

/// Refusals of one put that are kept in full; the rest is counted.
constexpr std::size_t kRefusalsOfAPut = 8;

/// When a bucket that lacks `missing` units will have them, at `perSecond`; rounded up.
std::int64_t millisUntil(double missing, double perSecond)
{
    return static_cast<std::int64_t>(std::max(0.0, missing) * 1'000 / perSecond) + 1;
}

/// The arithmetic of a refusal from what the buckets hold now: a refused record took nothing out.
RefusedRecord refusalOf(const Stream& stream, const RecordBatch::Row& row, ShardSlot shard,
                        SimTime now)
{
    const WriteColumns& columns = stream.columns();
    const BucketLevels left
        = levels(columns.hot[shard.index()], columns.bytesBurst, now.inMillis(), columns.epochMs);
    const std::uint32_t bytes = row.dataBytes + row.keyBytes;
    const std::int64_t byBytes = millisUntil(static_cast<double>(bytes - left.bytes),
                                             static_cast<double>(limits::kShardWriteBytes));
    const std::int64_t byRecords
        = millisUntil(1 - static_cast<double>(left.recordThousandths) / 1'000,
                      static_cast<double>(limits::kShardWriteRecords));
    const bool bytesBind = left.bytes < bytes && byBytes >= byRecords;
    return {
        .atMs = now.inMillis(),
        .shard = shard,
        .rule = bytesBind ? Rule::W1WriteBytes : Rule::W2WriteRecords,
        .producer = ProducerSlot(static_cast<std::uint32_t>(RecordMeta::kRealPayload)),
        .hashHigh = row.hash.high(),
        .hashLow = static_cast<std::uint64_t>(row.hash.value),
        .bytes = bytes,
        .tokensLeft = bytesBind ? left.bytes : left.recordThousandths,
        .wouldPassAtMs = now.inMillis() + (bytesBind ? byBytes : byRecords),
    };
}

} // namespace

RealPut realPutOf(const Stream& stream, const RecordBatch& batch,
                  std::span<const SequenceNumber> numbers, SimTime now)
{
    RealPut put;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const RecordBatch::Row& row = batch.rows[i];
        const std::int64_t bytes = Bytes {row.dataBytes} + row.keyBytes;
        put.offered += {1, bytes};
        if (numbers[i].counter != 0) {
            put.putUnits += putUnits(bytes);
            put.onDemandBytes += onDemandBilledBytes(bytes);
        } else if (put.refused.size() < kRefusalsOfAPut) {
            put.refused.push_back(refusalOf(stream, row, numbers[i].shard, now));
        }
    }
    return put;
}

} // namespace shardscope
