#include "core/endpoint/actions/actions.h"
#include "core/endpoint/actions/common.h"

namespace shardscope::endpoint::actions {
namespace {

using namespace shapes;

constexpr Member kModeMembers[] {{"StreamARN", &kArn, true},
                                 kById,
                                 {"StreamModeDetails", &kStreamModeDetails, true},
                                 {"WarmThroughputMiBps", &kNotNegative}};
constexpr Shape kMode {.members = kModeMembers};

constexpr Member kRecordSizeMembers[] {kByArn, kById, {"MaxRecordSizeInKiB", &kRecordSize, true}};
constexpr Shape kMaxRecordSize {.members = kRecordSizeMembers};

constexpr Member kWarmMembers[] {
    kByName, kByArn, kById, {"WarmThroughputMiBps", &kNotNegative, true}};
constexpr Shape kWarm {.members = kWarmMembers};

constexpr Member kDistributionMembers[] {
    {"StreamARN", &kArn, true}, kById, {"RecordDistributionStrategy", &kRecordDistribution, true}};
constexpr Shape kDistribution {.members = kDistributionMembers};

constexpr Member kRetentionMembers[] {
    kByName, kByArn, kById, {"RetentionPeriodHours", &kInteger, true}};
constexpr Shape kRetention {.members = kRetentionMembers};

constexpr Shape kEncryptionType {.type = ShapeType::Text, .values = words::kEncryption};
constexpr Shape kKeyId {.type = ShapeType::Text, .least = 1, .most = 2'048};
constexpr Member kEncryptionMembers[] {
    kByName, kByArn, kById, {"EncryptionType", &kEncryptionType, true}, {"KeyId", &kKeyId, true}};
constexpr Shape kEncryption {.members = kEncryptionMembers};

constexpr Shape kMetric {.type = ShapeType::Text, .values = words::kShardMetric};
constexpr Shape kMetrics {.type = ShapeType::List, .least = 1, .most = 7, .of = &kMetric};
constexpr Member kMonitoringMembers[] {
    kByName, kByArn, kById, {"ShardLevelMetrics", &kMetrics, true}};
constexpr Shape kMonitoring {.members = kMonitoringMembers};

/// The stream of an operation that takes no StreamName.
Result<std::string> streamByArn(const Input& in, const ArnScope& scope)
{
    if (auto ok = refuseStreamId(in); !ok)
        return tl::unexpected(ok.error());
    const auto arn = in.text("StreamARN");
    if (!arn)
        return fail(ErrorCode::InvalidArgument, "StreamARN should be provided.");
    return parseStreamArn(*arn, scope);
}

Result<ApiRequest> readMode(const Input& in, const ArnScope& scope)
{
    return streamByArn(in, scope).map([&](std::string name) -> ApiRequest {
        return UpdateStreamMode {std::move(name), modeOf(in).value_or(StreamMode::Provisioned),
                                 in.integer("WarmThroughputMiBps")};
    });
}

Result<ApiRequest> readMaxRecordSize(const Input& in, const ArnScope& scope)
{
    return streamByArn(in, scope).map([&](std::string name) -> ApiRequest {
        return UpdateMaxRecordSize {std::move(name), in.integer("MaxRecordSizeInKiB").value_or(0)};
    });
}

Result<ApiRequest> readWarm(const Input& in, const ArnScope& scope)
{
    return streamOf(in, scope).map([&](std::string name) -> ApiRequest {
        return UpdateStreamWarmThroughput {std::move(name),
                                           in.integer("WarmThroughputMiBps").value_or(0)};
    });
}

Result<ApiRequest> readDistribution(const Input& in, const ArnScope& scope)
{
    return streamByArn(in, scope).map([&](std::string name) -> ApiRequest {
        const auto strategy
            = in.choice("RecordDistributionStrategy", words::kRecordDistribution).value_or(0);
        return UpdateStreamRecordDistributionStrategy {
            std::move(name), static_cast<RecordDistributionStrategy>(strategy)};
    });
}

template <typename Request> Result<ApiRequest> readRetention(const Input& in, const ArnScope& scope)
{
    return streamOf(in, scope).map([&](std::string name) -> ApiRequest {
        return Request {std::move(name), in.integer("RetentionPeriodHours").value_or(0)};
    });
}

template <typename Request>
Result<ApiRequest> readEncryption(const Input& in, const ArnScope& scope)
{
    auto name = streamOf(in, scope);
    if (!name)
        return tl::unexpected(name.error());
    if (in.textOr("EncryptionType") != words::of(words::kEncryption, EncryptionType::Kms))
        return fail(ErrorCode::InvalidArgument, "EncryptionType must be KMS.");
    return Request {std::move(*name), in.textOr("KeyId")};
}

template <typename Request>
Result<ApiRequest> readMonitoring(const Input& in, const ArnScope& scope)
{
    return streamOf(in, scope).map([&](std::string name) -> ApiRequest {
        constexpr std::size_t kKinds = words::kShardMetric.size() - 1; // the last one means all
        Request request;
        request.streamName = std::move(name);
        for (const std::string& word : in.texts("ShardLevelMetrics"))
            for (std::size_t i = 0; i < kKinds; ++i)
                if (word == words::kShardMetric[i] || word == words::kShardMetric[kKinds])
                    request.metrics.insert(static_cast<ShardLevelMetric>(i));
        return request;
    });
}

void writeWarm(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    const auto& result = std::get<WarmThroughputResult>(answer);
    out.beginMap();
    writeStreamNames(out, with);
    writeWarmThroughput(out, result.targetMiBps, result.currentMiBps);
    out.endMap();
}

void writeMonitoring(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    const auto& result = std::get<EnhancedMonitoringResult>(answer);
    out.beginMap();
    writeStreamNames(out, with);
    writeShardMetrics(out, "CurrentShardLevelMetrics", result.before);
    writeShardMetrics(out, "DesiredShardLevelMetrics", result.after);
    out.endMap();
}

} // namespace

const Action kUpdateStreamMode {.name = "UpdateStreamMode", .input = &kMode, .read = readMode};
const Action kUpdateMaxRecordSize {
    .name = "UpdateMaxRecordSize", .input = &kMaxRecordSize, .read = readMaxRecordSize};
const Action kUpdateStreamWarmThroughput {
    .name = "UpdateStreamWarmThroughput", .input = &kWarm, .read = readWarm, .write = writeWarm};
const Action kUpdateStreamRecordDistributionStrategy {.name
                                                      = "UpdateStreamRecordDistributionStrategy",
                                                      .input = &kDistribution,
                                                      .read = readDistribution};
const Action kIncreaseStreamRetentionPeriod {.name = "IncreaseStreamRetentionPeriod",
                                             .input = &kRetention,
                                             .read = readRetention<IncreaseStreamRetentionPeriod>};
const Action kDecreaseStreamRetentionPeriod {.name = "DecreaseStreamRetentionPeriod",
                                             .input = &kRetention,
                                             .read = readRetention<DecreaseStreamRetentionPeriod>};
const Action kStartStreamEncryption {.name = "StartStreamEncryption",
                                     .input = &kEncryption,
                                     .read = readEncryption<StartStreamEncryption>};
const Action kStopStreamEncryption {.name = "StopStreamEncryption",
                                    .input = &kEncryption,
                                    .read = readEncryption<StopStreamEncryption>};
const Action kEnableEnhancedMonitoring {.name = "EnableEnhancedMonitoring",
                                        .input = &kMonitoring,
                                        .read = readMonitoring<EnableEnhancedMonitoring>,
                                        .write = writeMonitoring};
const Action kDisableEnhancedMonitoring {.name = "DisableEnhancedMonitoring",
                                         .input = &kMonitoring,
                                         .read = readMonitoring<DisableEnhancedMonitoring>,
                                         .write = writeMonitoring};

} // namespace shardscope::endpoint::actions
