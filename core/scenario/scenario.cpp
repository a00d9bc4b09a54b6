#include "core/scenario/scenario.h"

namespace shardscope {
namespace {

/// `2` for shardId-000000000002; what cannot be read stays as it is.
std::string shardNumber(const std::string& shardId)
{
    const auto slot = parseShardId(shardId);
    return slot ? std::to_string(slot->value) : shardId;
}

const char* modeText(StreamMode mode)
{
    return mode == StreamMode::OnDemand ? "on-demand" : "provisioned";
}

struct RequestText {
    std::string operator()(const CreateStream& r) { return "create stream " + r.streamName; }
    std::string operator()(const DeleteStream& r) { return "delete stream " + r.streamName; }
    std::string operator()(const UpdateStreamMode& r)
    {
        return std::string("switch to ") + modeText(r.mode);
    }
    std::string operator()(const UpdateMaxRecordSize& r)
    {
        return "set the largest record to " + std::to_string(r.maxRecordSizeKiB) + " KiB";
    }
    std::string operator()(const UpdateStreamWarmThroughput& r)
    {
        return "warm up " + std::to_string(r.warmThroughputMiBps) + " MiB/s";
    }
    std::string operator()(const IncreaseStreamRetentionPeriod& r) { return retention(r.hours); }
    std::string operator()(const DecreaseStreamRetentionPeriod& r) { return retention(r.hours); }
    std::string operator()(const StartStreamEncryption&) { return "encrypt at rest"; }
    std::string operator()(const StopStreamEncryption&) { return "stop encryption at rest"; }
    std::string operator()(const EnableEnhancedMonitoring&) { return "monitor shards"; }
    std::string operator()(const DisableEnhancedMonitoring&) { return "stop monitoring shards"; }
    std::string operator()(const UpdateAccountSettings& r)
    {
        return r.minimumThroughputBillingCommitment ? "switch to On-demand Advantage"
                                                    : "leave On-demand Advantage";
    }
    std::string operator()(const SplitShard& r)
    {
        return "split shard " + shardNumber(r.shardToSplit);
    }
    std::string operator()(const MergeShards& r)
    {
        return "merge shards " + shardNumber(r.shardToMerge) + " and "
            + shardNumber(r.adjacentShardToMerge);
    }
    std::string operator()(const UpdateShardCount& r)
    {
        return "scale to " + std::to_string(r.targetShardCount)
            + (r.targetShardCount == 1 ? " shard" : " shards");
    }
    std::string operator()(const RegisterStreamConsumer& r)
    {
        return "register consumer " + r.consumerName;
    }
    std::string operator()(const DeregisterStreamConsumer& r)
    {
        return "deregister consumer " + r.consumerName;
    }

    static std::string retention(std::int64_t hours)
    {
        return "keep records for " + std::to_string(hours) + " h";
    }
};

struct ActText {
    std::string operator()(const ControlRequest& r) { return std::visit(RequestText {}, r); }
    std::string operator()(const AddProducer& a) { return "add producer " + a.spec.name; }
    std::string operator()(const ChangeProducer& a) { return "change producer " + a.spec.name; }
    std::string operator()(const PauseProducer& a)
    {
        return (a.paused ? "pause producer " : "resume producer ") + a.name;
    }
    std::string operator()(const RemoveProducer& a) { return "remove producer " + a.name; }
    std::string operator()(const AddConsumer& a) { return "add consumer " + a.spec.name; }
    std::string operator()(const ChangeConsumer& a) { return "change consumer " + a.spec.name; }
    std::string operator()(const PauseConsumer& a)
    {
        return (a.paused ? "pause consumer " : "resume consumer ") + a.name;
    }
    std::string operator()(const RemoveConsumer& a) { return "remove consumer " + a.name; }
    std::string operator()(const ReplayConsumer& a)
    {
        return "replay consumer " + a.name + " from " + placeText(a.to);
    }
    std::string operator()(const CrashConsumer& a)
    {
        return "crash consumer " + a.name
            + (a.crash.worker > 0 ? " worker " + std::to_string(a.crash.worker) : std::string());
    }
    std::string operator()(const AttachPolicy& a)
    {
        return a.policy ? "attach the scaling policy" : "detach the scaling policy";
    }
    std::string operator()(const SetAccountLimits&) { return "set the account's limits"; }
    std::string operator()(const Note& a) { return "note \"" + a.text + '"'; }
};

} // namespace

std::string placeText(const ReplayPoint& to)
{
    switch (to.kind) {
    case ReplayPoint::Kind::TrimHorizon:
        return "the oldest record kept";
    case ReplayPoint::Kind::Latest:
        return "the tip";
    case ReplayPoint::Kind::Time:
        return toText(to.back) + " back";
    case ReplayPoint::Kind::SequenceNumber:
        return "record " + to.sequenceNumber;
    }
    return {};
}

std::string actText(const Act& act)
{
    return std::visit(ActText {}, act);
}

} // namespace shardscope
