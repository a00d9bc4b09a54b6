#include "core/engine/call_rate.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace shardscope {
namespace {

enum class Scope { Account, Stream, Shard };
struct Row {
    const char* name;
    double perSecond; ///< 0: no rate is published
    Scope scope;
};

/// API 1.3. Where the documents disagree about the scope, the quota page (newer) decides: API 9.
Row rowOf(Operation operation)
{
    switch (operation) {
    case Operation::CreateStream:
        return {"CreateStream", 5, Scope::Account};
    case Operation::DeleteStream:
        return {"DeleteStream", 5, Scope::Account};
    case Operation::DescribeStream:
        return {"DescribeStream", 10, Scope::Account};
    case Operation::DescribeStreamSummary:
        return {"DescribeStreamSummary", 20, Scope::Account};
    case Operation::ListStreams:
        return {"ListStreams", 5, Scope::Account};
    case Operation::UpdateStreamMode:
        return {"UpdateStreamMode", 0, Scope::Account};
    case Operation::UpdateMaxRecordSize:
        return {"UpdateMaxRecordSize", 0, Scope::Account};
    case Operation::UpdateStreamWarmThroughput:
        return {"UpdateStreamWarmThroughput", 5, Scope::Account};
    case Operation::UpdateStreamRecordDistributionStrategy:
        return {"UpdateStreamRecordDistributionStrategy", 0, Scope::Account};
    case Operation::IncreaseStreamRetentionPeriod:
        return {"IncreaseStreamRetentionPeriod", 5, Scope::Stream};
    case Operation::DecreaseStreamRetentionPeriod:
        return {"DecreaseStreamRetentionPeriod", 5, Scope::Stream};
    case Operation::StartStreamEncryption:
        return {"StartStreamEncryption", 0, Scope::Account};
    case Operation::StopStreamEncryption:
        return {"StopStreamEncryption", 0, Scope::Account};
    case Operation::EnableEnhancedMonitoring:
        return {"EnableEnhancedMonitoring", 5, Scope::Stream};
    case Operation::DisableEnhancedMonitoring:
        return {"DisableEnhancedMonitoring", 5, Scope::Stream};
    case Operation::ListShards:
        return {"ListShards", 1000, Scope::Stream};
    case Operation::SplitShard:
        return {"SplitShard", 5, Scope::Stream};
    case Operation::MergeShards:
        return {"MergeShards", 5, Scope::Stream};
    case Operation::UpdateShardCount:
        return {"UpdateShardCount", 10, Scope::Account};
    case Operation::GetShardIterator:
        return {"GetShardIterator", 5, Scope::Shard};
    case Operation::RegisterStreamConsumer:
        return {"RegisterStreamConsumer", 5, Scope::Stream};
    case Operation::DeregisterStreamConsumer:
        return {"DeregisterStreamConsumer", 5, Scope::Stream};
    case Operation::DescribeStreamConsumer:
        return {"DescribeStreamConsumer", 20, Scope::Stream};
    case Operation::ListStreamConsumers:
        return {"ListStreamConsumers", 5, Scope::Stream};
    case Operation::AddTagsToStream:
        return {"AddTagsToStream", 5, Scope::Account};
    case Operation::RemoveTagsFromStream:
        return {"RemoveTagsFromStream", 5, Scope::Stream};
    case Operation::ListTagsForStream:
        return {"ListTagsForStream", 5, Scope::Stream};
    case Operation::TagResource:
        return {"TagResource", 0, Scope::Account};
    case Operation::UntagResource:
        return {"UntagResource", 0, Scope::Account};
    case Operation::ListTagsForResource:
        return {"ListTagsForResource", 0, Scope::Account};
    case Operation::PutResourcePolicy:
        return {"PutResourcePolicy", 5, Scope::Account};
    case Operation::GetResourcePolicy:
        return {"GetResourcePolicy", 5, Scope::Account};
    case Operation::DeleteResourcePolicy:
        return {"DeleteResourcePolicy", 5, Scope::Account};
    case Operation::DescribeLimits:
        return {"DescribeLimits", 1, Scope::Account};
    case Operation::DescribeAccountSettings:
        return {"DescribeAccountSettings", 5, Scope::Account};
    case Operation::UpdateAccountSettings:
        return {"UpdateAccountSettings", 5, Scope::Account};
    case Operation::CreateChannel:
        return {"CreateChannel", 5, Scope::Account};
    case Operation::DescribeChannel:
        return {"DescribeChannel", 5, Scope::Account};
    case Operation::ListChannels:
        return {"ListChannels", 5, Scope::Account};
    case Operation::UpdateChannel:
        return {"UpdateChannel", 5, Scope::Account};
    case Operation::DeleteChannel:
        return {"DeleteChannel", 5, Scope::Account};
    }
    std::abort();
}

} // namespace

const char* operationName(Operation operation)
{
    return rowOf(operation).name;
}

bool CallRates::admit(Operation operation, std::uint32_t stream, std::uint32_t shard, SimTime now,
                      std::optional<double> factor)
{
    const Row rate = rowOf(operation);
    if (!factor || rate.perSecond == 0)
        return true;
    const double perSecond = rate.perSecond * *factor;
    if (perSecond <= 0)
        return false;
    const std::uint64_t subject = rate.scope == Scope::Account ? 0
        : rate.scope == Scope::Stream                          ? stream
                                      : (std::uint64_t {stream} << 32) | shard;
    const SimDuration cost = SimDuration::micros(std::llround(1e6 / perSecond));
    // At least one call must fit, however low the rate is set.
    const SimDuration burst = std::max(SimDuration::seconds(1), cost);
    if (m_fullAt.size() >= m_pruneAt) {
        std::erase_if(m_fullAt, [&](const auto& entry) { return entry.second <= now; });
        m_pruneAt = std::max(m_pruneAt, 2 * m_fullAt.size());
    }
    SimTime& fullAt = m_fullAt[{operation, subject}];
    const SimTime after = std::max(fullAt, now) + cost;
    if (after - now > burst)
        return false;
    fullAt = after;
    return true;
}

} // namespace shardscope
