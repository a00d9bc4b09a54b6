#pragma once

#include <cstdint>

namespace shardscope {

/// The line of a shard that every record touches, and nothing else. Buckets are kept as the time at
/// which they would be full again (GCRA), on a clock of 1/(2^20·1000) s since the stream was
/// created: there a byte is exactly 1000 steps of rule W1 and a record exactly 2^20 steps of rule
/// W2, so no token is ever rounded.
struct alignas(64) ShardHot {
    std::int64_t bytesFullAt = 0;
    std::int64_t recordsFullAt = 0;
    std::uint64_t acceptedRecords = 0; ///< also the counter of the newest sequence number
    std::uint64_t acceptedBytes = 0;
    std::uint64_t refusedByBytes = 0; ///< records, rule W1
    std::uint64_t refusedByRecords = 0; ///< records, rule W2
    std::uint64_t refusedBytes = 0; ///< bytes of both
    std::uint64_t digest = 0; ///< running mix of every outcome in order
};
static_assert(sizeof(ShardHot) == 64);

inline constexpr std::int64_t kBucketStepsPerMilli = std::int64_t {1} << 20; ///< 2^20·1000 a second
inline constexpr std::int64_t kBucketStepsPerByte = 1'000;
inline constexpr std::int64_t kBucketStepsPerRecord = std::int64_t {1} << 20;

} // namespace shardscope
