#include "core/endpoint/actions/common.h"

#include <algorithm>

namespace shardscope::endpoint {
namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isLower(char c)
{
    return c >= 'a' && c <= 'z';
}

/// `0` or up to `most` digits that do not begin with one.
bool isDecimal(std::string_view text, std::size_t most)
{
    if (text == "0")
        return true;
    return !text.empty() && text.size() <= most && text[0] != '0'
        && std::all_of(text.begin(), text.end(), isDigit);
}

bool areLowerOrDigits(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return isLower(c) || isDigit(c); });
}

} // namespace

namespace shapes {

bool isName(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return isLower(static_cast<char>(c | 0x20)) || isDigit(c) || c == '_' || c == '.'
            || c == '-';
    });
}

bool isHashKey(std::string_view text)
{
    return isDecimal(text, 39);
}
bool isSequenceNumber(std::string_view text)
{
    return isDecimal(text, 129);
}

bool isStreamId(std::string_view text)
{
    return text.size() == 24 && text[20] == '-' && areLowerOrDigits(text.substr(0, 20))
        && areLowerOrDigits(text.substr(21));
}

} // namespace shapes

Result<void> refuseStreamId(const Input& input)
{
    if (input.has("StreamId"))
        return fail(ErrorCode::InvalidArgument,
                    "StreamId is reserved for future use. Use StreamName or StreamARN.");
    return {};
}

Result<std::string> resolveStream(std::optional<std::string_view> name,
                                  std::optional<std::string_view> arn, const ArnScope& scope)
{
    if (!arn)
        return std::string(name.value_or(std::string_view()));
    auto named = parseStreamArn(*arn, scope);
    if (named && name && *name != *named)
        return fail(ErrorCode::InvalidArgument,
                    "StreamName " + std::string(*name) + " and StreamARN " + std::string(*arn)
                        + " do not name the same stream.");
    return named;
}

Result<std::string> streamIfAny(const Input& input, const ArnScope& scope)
{
    if (auto ok = refuseStreamId(input); !ok)
        return tl::unexpected(ok.error());
    return resolveStream(input.text("StreamName"), input.text("StreamARN"), scope);
}

Result<std::string> streamOf(const Input& input, const ArnScope& scope)
{
    auto name = streamIfAny(input, scope);
    if (name && name->empty())
        return fail(ErrorCode::InvalidArgument,
                    "Either StreamName or StreamARN should be provided.");
    return name;
}

std::optional<StreamMode> modeOf(const Input& input)
{
    const auto details = input.structure("StreamModeDetails");
    const auto mode = details ? details->choice("StreamMode", words::kStreamMode) : std::nullopt;
    return mode ? std::optional(static_cast<StreamMode>(*mode)) : std::nullopt;
}

void writeHashKeyRange(WireWriter& out, const HashKeyRange& range)
{
    out.beginMap("HashKeyRange");
    out.member("StartingHashKey", toDecimal(range.start));
    out.member("EndingHashKey", toDecimal(range.end));
    out.endMap();
}

void writeChildShards(WireWriter& out, const std::vector<ChildShard>& children)
{
    if (children.empty())
        return;
    out.beginList("ChildShards");
    for (const ChildShard& child : children) {
        out.beginMap();
        out.member("ShardId", child.shardId);
        out.beginList("ParentShards");
        for (const std::string& parent : child.parentShards)
            out.text(parent);
        out.endList();
        writeHashKeyRange(out, child.range);
        out.endMap();
    }
    out.endList();
}

void writeStreamNames(WireWriter& out, const Answering& with)
{
    out.member("StreamName", with.streamName);
    out.member("StreamARN", streamArn(with.scope, with.streamName));
}

void writeMode(WireWriter& out, StreamMode mode)
{
    out.beginMap("StreamModeDetails");
    out.member("StreamMode", words::of(words::kStreamMode, mode));
    out.endMap();
}

void writeShardMetrics(WireWriter& out, std::string_view name,
                       const std::set<ShardLevelMetric>& metrics)
{
    out.beginList(name);
    for (const ShardLevelMetric metric : metrics)
        out.text(words::of(words::kShardMetric, metric));
    out.endList();
}

void writeWarmThroughput(WireWriter& out, std::int64_t targetMiBps, std::int64_t currentMiBps)
{
    out.beginMap("WarmThroughput");
    out.member("TargetMiBps", targetMiBps);
    out.member("CurrentMiBps", currentMiBps);
    out.endMap();
}

std::string throttleText(const SequenceNumber& record, const Answering& with)
{
    return "Rate exceeded for shard " + shardIdText(record.shard) + " in stream " + with.streamName
        + " under account " + std::string(with.scope.account) + '.';
}

} // namespace shardscope::endpoint
