#pragma once

#include <algorithm>
#include <cstdint>

#include "core/engine/limits.h"
#include "core/engine/shard_hot.h"

namespace shardscope::bucket {

/// Steps of a full W2 bucket.
inline constexpr std::int64_t kRecordCapacity
    = limits::kShardWriteRecordsBurst * kBucketStepsPerRecord;
static_assert(limits::kShardWriteBytes * kBucketStepsPerByte == kBucketStepsPerMilli * 1'000);
static_assert(limits::kShardWriteRecords * kBucketStepsPerRecord == kBucketStepsPerMilli * 1'000);

[[nodiscard]] constexpr std::int64_t byteCapacity(Bytes burst)
{
    return burst * kBucketStepsPerByte;
}
[[nodiscard]] constexpr std::int64_t stepsAt(std::int64_t atMs, std::int64_t epochMs)
{
    return (atMs - epochMs) * kBucketStepsPerMilli;
}
/// How much of a bucket is spent at `now`, in steps: 0 … capacity, also after the capacity shrank.
[[nodiscard]] constexpr std::int64_t spent(std::int64_t fullAt, std::int64_t now,
                                           std::int64_t capacity)
{
    return std::min(std::max(fullAt - now, std::int64_t {0}), capacity);
}

} // namespace shardscope::bucket
