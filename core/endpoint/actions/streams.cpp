#include "core/endpoint/actions/actions.h"
#include "core/endpoint/actions/common.h"
#include "core/endpoint/actions/shards.h"

namespace shardscope::endpoint::actions {
namespace {

using namespace shapes;

constexpr Member kCreateMembers[] {{"StreamName", &kName, true},
                                   {"ShardCount", &kAtLeastOne},
                                   {"StreamModeDetails", &kStreamModeDetails},
                                   {"Tags", &kTags},
                                   {"WarmThroughputMiBps", &kNotNegative},
                                   {"MaxRecordSizeInKiB", &kRecordSize},
                                   {"RecordDistributionStrategy", &kRecordDistribution}};
constexpr Shape kCreate {.members = kCreateMembers};

constexpr Member kDeleteMembers[] {kByName, kByArn, kById, {"EnforceConsumerDeletion", &kFlag}};
constexpr Shape kDelete {.members = kDeleteMembers};

constexpr Member kDescribeMembers[] {
    kByName, kByArn, kById, {"Limit", &kUpTo10000}, {"ExclusiveStartShardId", &kName}};
constexpr Shape kDescribe {.members = kDescribeMembers};

Result<ApiRequest> readCreate(const Input& in, const ArnScope&)
{
    CreateStream request;
    request.streamName = in.textOr("StreamName");
    request.shardCount = in.integer("ShardCount");
    request.mode = modeOf(in).value_or(StreamMode::Provisioned);
    request.tags = in.textMap("Tags");
    request.warmThroughputMiBps = in.integer("WarmThroughputMiBps");
    request.maxRecordSizeKiB = in.integer("MaxRecordSizeInKiB");
    if (const auto strategy = in.choice("RecordDistributionStrategy", words::kRecordDistribution))
        request.recordDistribution = static_cast<RecordDistributionStrategy>(*strategy);
    return request;
}

Result<ApiRequest> readDelete(const Input& in, const ArnScope& scope)
{
    return streamOf(in, scope).map([&](std::string name) -> ApiRequest {
        return DeleteStream {std::move(name), in.flag("EnforceConsumerDeletion")};
    });
}

Result<ApiRequest> readDescribe(const Input& in, const ArnScope& scope)
{
    return streamOf(in, scope).map([&](std::string name) -> ApiRequest {
        return DescribeStream {std::move(name), in.integer("Limit"),
                               in.text("ExclusiveStartShardId")};
    });
}

Result<ApiRequest> readSummary(const Input& in, const ArnScope& scope)
{
    return streamOf(in, scope).map(
        [](std::string name) -> ApiRequest { return DescribeStreamSummary {std::move(name)}; });
}

/// What StreamDescription and StreamDescriptionSummary have in common.
void writeCommon(WireWriter& out, const StreamDescriptionSummary& stream)
{
    out.member("StreamName", stream.streamName);
    out.member("StreamARN", stream.streamArn);
    out.member("StreamStatus", words::of(words::kStreamStatus, stream.status));
    writeMode(out, stream.mode);
    out.member("RetentionPeriodHours", stream.retentionHours);
    out.member("StreamCreationTimestamp", stream.createdAt);
    out.beginList("EnhancedMonitoring");
    out.beginMap();
    writeShardMetrics(out, "ShardLevelMetrics", stream.enhancedMonitoring);
    out.endMap();
    out.endList();
    out.member("EncryptionType", words::of(words::kEncryption, stream.encryption));
    if (stream.encryption == EncryptionType::Kms)
        out.member("KeyId", stream.keyId);
}

void writeDescription(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    const auto& result = std::get<DescribeStreamResult>(answer);
    out.beginMap();
    out.beginMap("StreamDescription");
    writeCommon(out, result.summary);
    writeShards(out, result.shards);
    out.flag("HasMoreShards", result.hasMoreShards);
    out.endMap();
    out.endMap();
}

void writeSummary(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    const auto& stream = std::get<StreamDescriptionSummary>(answer);
    out.beginMap();
    out.beginMap("StreamDescriptionSummary");
    writeCommon(out, stream);
    out.member("OpenShardCount", stream.openShardCount);
    out.member("ConsumerCount", stream.consumerCount);
    out.member("MaxRecordSizeInKiB", stream.maxRecordSizeKiB);
    out.member("ChannelCount", stream.channelCount);
    if (stream.warmThroughputTargetMiBps)
        writeWarmThroughput(out, *stream.warmThroughputTargetMiBps,
                            stream.warmThroughputCurrentMiBps.value_or(0));
    if (stream.mode == StreamMode::OnDemand)
        out.member("RecordDistributionStrategy",
                   words::of(words::kRecordDistribution, stream.recordDistribution));
    out.endMap();
    out.endMap();
}

} // namespace

const Action kCreateStream {.name = "CreateStream", .input = &kCreate, .read = readCreate};
const Action kDeleteStream {.name = "DeleteStream", .input = &kDelete, .read = readDelete};
const Action kDescribeStream {
    .name = "DescribeStream", .input = &kDescribe, .read = readDescribe, .write = writeDescription};
const Action kDescribeStreamSummary {.name = "DescribeStreamSummary",
                                     .input = &kStreamOnly,
                                     .read = readSummary,
                                     .write = writeSummary};

} // namespace shardscope::endpoint::actions
