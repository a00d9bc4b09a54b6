#include "core/engine/call_rate.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace shardscope {
namespace {

enum class Scope { Account, Stream, Shard };
struct Rate {
    double perSecond = 0; ///< 0: no rate is published
    Scope scope = Scope::Account;
};

/// API 1.3. Where the documents disagree about the scope, the quota page (newer) decides: API 9.
Rate rateOf(Operation operation)
{
    switch (operation) {
    case Operation::CreateStream:
        return {5, Scope::Account};
    case Operation::DeleteStream:
        return {5, Scope::Account};
    case Operation::UpdateStreamMode:
        return {};
    case Operation::UpdateMaxRecordSize:
        return {};
    case Operation::UpdateStreamWarmThroughput:
        return {5, Scope::Account};
    case Operation::IncreaseStreamRetentionPeriod:
        return {5, Scope::Stream};
    case Operation::DecreaseStreamRetentionPeriod:
        return {5, Scope::Stream};
    case Operation::StartStreamEncryption:
        return {};
    case Operation::StopStreamEncryption:
        return {};
    case Operation::EnableEnhancedMonitoring:
        return {5, Scope::Stream};
    case Operation::DisableEnhancedMonitoring:
        return {5, Scope::Stream};
    case Operation::UpdateAccountSettings:
        return {5, Scope::Account};
    case Operation::SplitShard:
        return {5, Scope::Stream};
    case Operation::MergeShards:
        return {5, Scope::Stream};
    case Operation::UpdateShardCount:
        return {10, Scope::Account};
    case Operation::RegisterStreamConsumer:
        return {5, Scope::Stream};
    case Operation::DeregisterStreamConsumer:
        return {5, Scope::Stream};
    case Operation::GetShardIterator:
        return {5, Scope::Shard};
    }
    std::abort();
}

} // namespace

const char* operationName(Operation operation)
{
    switch (operation) {
    case Operation::CreateStream:
        return "CreateStream";
    case Operation::DeleteStream:
        return "DeleteStream";
    case Operation::UpdateStreamMode:
        return "UpdateStreamMode";
    case Operation::UpdateMaxRecordSize:
        return "UpdateMaxRecordSize";
    case Operation::UpdateStreamWarmThroughput:
        return "UpdateStreamWarmThroughput";
    case Operation::IncreaseStreamRetentionPeriod:
        return "IncreaseStreamRetentionPeriod";
    case Operation::DecreaseStreamRetentionPeriod:
        return "DecreaseStreamRetentionPeriod";
    case Operation::StartStreamEncryption:
        return "StartStreamEncryption";
    case Operation::StopStreamEncryption:
        return "StopStreamEncryption";
    case Operation::EnableEnhancedMonitoring:
        return "EnableEnhancedMonitoring";
    case Operation::DisableEnhancedMonitoring:
        return "DisableEnhancedMonitoring";
    case Operation::UpdateAccountSettings:
        return "UpdateAccountSettings";
    case Operation::SplitShard:
        return "SplitShard";
    case Operation::MergeShards:
        return "MergeShards";
    case Operation::UpdateShardCount:
        return "UpdateShardCount";
    case Operation::RegisterStreamConsumer:
        return "RegisterStreamConsumer";
    case Operation::DeregisterStreamConsumer:
        return "DeregisterStreamConsumer";
    case Operation::GetShardIterator:
        return "GetShardIterator";
    }
    std::abort();
}

bool CallRates::admit(Operation operation, std::uint32_t stream, std::uint32_t shard, SimTime now,
                      std::optional<double> factor)
{
    const Rate rate = rateOf(operation);
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
    SimTime& fullAt = m_fullAt[{operation, subject}];
    const SimTime after = std::max(fullAt, now) + cost;
    if (after - now > burst)
        return false;
    fullAt = after;
    return true;
}

} // namespace shardscope
