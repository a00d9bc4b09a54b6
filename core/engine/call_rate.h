#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "core/clock/sim_time.h"

namespace shardscope {

/// Operations whose calls may be counted. Names as in the API.
enum class Operation : std::uint8_t {
    CreateStream,
    DeleteStream,
    DescribeStream,
    DescribeStreamSummary,
    ListStreams,
    UpdateStreamMode,
    UpdateMaxRecordSize,
    UpdateStreamWarmThroughput,
    UpdateStreamRecordDistributionStrategy,
    IncreaseStreamRetentionPeriod,
    DecreaseStreamRetentionPeriod,
    StartStreamEncryption,
    StopStreamEncryption,
    EnableEnhancedMonitoring,
    DisableEnhancedMonitoring,
    ListShards,
    SplitShard,
    MergeShards,
    UpdateShardCount,
    GetShardIterator,
    RegisterStreamConsumer,
    DeregisterStreamConsumer,
    DescribeStreamConsumer,
    ListStreamConsumers,
    AddTagsToStream,
    RemoveTagsFromStream,
    ListTagsForStream,
    TagResource,
    UntagResource,
    ListTagsForResource,
    PutResourcePolicy,
    GetResourcePolicy,
    DeleteResourcePolicy,
    DescribeLimits,
    DescribeAccountSettings,
    UpdateAccountSettings,
    CreateChannel,
    DescribeChannel,
    ListChannels,
    UpdateChannel,
    DeleteChannel,
};
[[nodiscard]] const char* operationName(Operation operation);

/// Calls a second per operation: a token bucket each, holding one second's worth (API 1.3). An
/// operation counts for the account, for a stream or for a shard, as published.
class CallRates {
public:
    /// Takes one call if there is one at `now`. `factor` scales every rate; nullopt lifts them all.
    /// `stream` and `shard` matter where the rate is theirs.
    [[nodiscard]] bool admit(Operation operation, std::uint32_t stream, std::uint32_t shard,
                             SimTime now, std::optional<double> factor);

private:
    std::map<std::pair<Operation, std::uint64_t>, SimTime> m_fullAt; ///< past: as if not there
    std::size_t m_pruneAt = 1'024; ///< entries at which those of the past go
};

} // namespace shardscope
