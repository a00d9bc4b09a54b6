#include "core/endpoint/actions/shards.h"

#include "core/endpoint/actions/actions.h"
#include "core/endpoint/actions/common.h"

namespace shardscope::endpoint::actions {
namespace {

using namespace shapes;

constexpr Shape kFilterType {.type = ShapeType::Text, .values = words::kShardFilter};
constexpr Member kFilterMembers[] {
    {"Type", &kFilterType, true}, {"ShardId", &kName}, {"Timestamp", &kTime}};
constexpr Shape kFilter {.members = kFilterMembers};
constexpr Member kListMembers[] {kByName,
                                 kByArn,
                                 kById,
                                 {"NextToken", &kNextToken},
                                 {"ExclusiveStartShardId", &kName},
                                 {"MaxResults", &kUpTo10000},
                                 {"StreamCreationTimestamp", &kTime},
                                 {"ShardFilter", &kFilter}};
constexpr Shape kList {.members = kListMembers};

constexpr Member kSplitMembers[] {kByName,
                                  kByArn,
                                  kById,
                                  {"ShardToSplit", &kName, true},
                                  {"NewStartingHashKey", &kHashKey, true}};
constexpr Shape kSplit {.members = kSplitMembers};

constexpr Member kMergeMembers[] {
    kByName, kByArn, kById, {"ShardToMerge", &kName, true}, {"AdjacentShardToMerge", &kName, true}};
constexpr Shape kMerge {.members = kMergeMembers};

constexpr std::string_view kScalingWords[] {"UNIFORM_SCALING"};
constexpr Shape kScalingType {.type = ShapeType::Text, .values = kScalingWords};
constexpr Member kCountMembers[] {kByName,
                                  kByArn,
                                  kById,
                                  {"TargetShardCount", &kAtLeastOne, true},
                                  {"ScalingType", &kScalingType, true}};
constexpr Shape kCount {.members = kCountMembers};

/// A token carries stream and place itself.
Result<void> checkToken(const Input& in)
{
    for (const char* other : {"StreamName", "StreamCreationTimestamp", "ExclusiveStartShardId"})
        if (in.has(other))
            return fail(ErrorCode::InvalidArgument,
                        std::string("NextToken and ") + other + " cannot be provided together.");
    return {};
}

std::optional<ShardFilter> readFilter(const Input& in)
{
    const auto given = in.structure("ShardFilter");
    if (!given)
        return std::nullopt;
    const auto type = given->choice("Type", words::kShardFilter).value_or(0);
    return ShardFilter {static_cast<ShardFilter::Type>(type), given->text("ShardId"),
                        given->time("Timestamp")};
}

Result<ApiRequest> readList(const Input& in, const ArnScope& scope)
{
    auto name = streamIfAny(in, scope);
    if (!name)
        return tl::unexpected(name.error());
    const auto token = in.text("NextToken");
    if (token) {
        if (auto ok = checkToken(in); !ok)
            return tl::unexpected(ok.error());
        name->clear();
    } else if (name->empty()) {
        return fail(ErrorCode::InvalidArgument,
                    "Either NextToken or StreamName should be provided.");
    }
    return ListShards {.streamName = std::move(*name),
                       .nextToken = token,
                       .exclusiveStartShardId = in.text("ExclusiveStartShardId"),
                       .maxResults = in.integer("MaxResults"),
                       .streamCreationTimestamp = in.time("StreamCreationTimestamp"),
                       .filter = readFilter(in)};
}

Result<ApiRequest> readSplit(const Input& in, const ArnScope& scope)
{
    return streamOf(in, scope).map([&](std::string name) -> ApiRequest {
        return SplitShard {std::move(name), in.textOr("ShardToSplit"),
                           in.textOr("NewStartingHashKey")};
    });
}

Result<ApiRequest> readMerge(const Input& in, const ArnScope& scope)
{
    return streamOf(in, scope).map([&](std::string name) -> ApiRequest {
        return MergeShards {std::move(name), in.textOr("ShardToMerge"),
                            in.textOr("AdjacentShardToMerge")};
    });
}

Result<ApiRequest> readCount(const Input& in, const ArnScope& scope)
{
    return streamOf(in, scope).map([&](std::string name) -> ApiRequest {
        return UpdateShardCount {std::move(name), in.integer("TargetShardCount").value_or(0)};
    });
}

void writeList(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    const auto& result = std::get<ListShardsResult>(answer);
    out.beginMap();
    writeShards(out, result.shards);
    if (result.nextToken)
        out.member("NextToken", *result.nextToken);
    out.endMap();
}

void writeCount(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    const auto& result = std::get<UpdateShardCountResult>(answer);
    out.beginMap();
    writeStreamNames(out, with);
    out.member("CurrentShardCount", result.currentShardCount);
    out.member("TargetShardCount", result.targetShardCount);
    out.endMap();
}

void writeShard(WireWriter& out, const ShardDescription& shard)
{
    out.beginMap();
    out.member("ShardId", shard.shardId);
    if (shard.parent)
        out.member("ParentShardId", shardIdText(*shard.parent));
    if (shard.adjacentParent)
        out.member("AdjacentParentShardId", shardIdText(*shard.adjacentParent));
    writeHashKeyRange(out, shard.range);
    out.beginMap("SequenceNumberRange");
    out.member("StartingSequenceNumber", shard.startingSequenceNumber);
    if (shard.endingSequenceNumber)
        out.member("EndingSequenceNumber", *shard.endingSequenceNumber);
    out.endMap();
    out.endMap();
}

} // namespace

void writeShards(WireWriter& out, const std::vector<ShardDescription>& shards)
{
    out.beginList("Shards");
    for (const ShardDescription& shard : shards)
        writeShard(out, shard);
    out.endList();
}

const Action kListShards {
    .name = "ListShards", .input = &kList, .read = readList, .write = writeList};
const Action kSplitShard {.name = "SplitShard", .input = &kSplit, .read = readSplit};
const Action kMergeShards {.name = "MergeShards", .input = &kMerge, .read = readMerge};
const Action kUpdateShardCount {
    .name = "UpdateShardCount", .input = &kCount, .read = readCount, .write = writeCount};

} // namespace shardscope::endpoint::actions
