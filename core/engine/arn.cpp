#include "core/engine/arn.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/engine/constraints.h"

namespace shardscope {
namespace {

constexpr std::int64_t kArnCharacters = 2'048; ///< API 1.1
constexpr std::int64_t kChannelIdCharacters = 64; ///< API 1.1
constexpr std::string_view kStream = "stream/";
constexpr std::string_view kConsumer = "/consumer/";
constexpr std::string_view kChannel = "channel/";

/// What a kind of ARN is called in a request, and the pattern it must have (API 1.1).
struct Form {
    const char* member;
    const char* pattern;
};
constexpr Form kStreamForm {"streamARN", R"(arn:aws.*:kinesis:.*:\d{12}:stream/\S+)"};
constexpr Form kConsumerForm {
    "consumerARN",
    R"(^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+)"};
constexpr Form kChannelForm {"channelARN", R"(arn:aws.*:kinesis:.*:\d{12}:channel/\S+)"};
constexpr Form kResourceForm {"resourceARN", R"(arn:aws.*:kinesis:.*:\d{12}:.*stream/\S+)"};

struct Parts {
    std::string_view region, account, resource;
};

bool isAccount(std::string_view text)
{
    return text.size() == 12
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Parts> split(std::string_view text)
{
    std::array<std::string_view, 5> head; // arn, partition, service, region, account
    for (std::string_view& part : head) {
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos)
            return std::nullopt;
        part = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    if (head[0] != "arn" || !head[1].starts_with("aws") || head[2] != "kinesis"
        || !isAccount(head[4]))
        return std::nullopt;
    return Parts {head[3], head[4], text};
}

std::string prefix(const ArnScope& scope)
{
    std::string out = "arn:aws:kinesis:";
    out.append(scope.region).append(":").append(scope.account).append(":");
    return out;
}

bool isName(std::string_view text)
{
    return constraints::name("", text).has_value();
}

/// `<consumer>:<epoch>` of a consumer's ARN.
bool readConsumer(std::string_view text, ResourceRef& ref)
{
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || !isName(text.substr(0, colon)))
        return false;
    ref.consumerName = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    const char* end = digits.data() + digits.size();
    const auto [at, error] = std::from_chars(digits.data(), end, ref.consumerCreatedAt);
    return error == std::errc {} && at == end && ref.consumerCreatedAt >= 0;
}

/// What `stream/…` or `channel/…` names; none when it is neither.
std::optional<ResourceRef> readResource(std::string_view text)
{
    ResourceRef ref;
    if (text.starts_with(kChannel)) {
        ref.kind = ResourceRef::Kind::Channel;
        ref.channelId = text.substr(kChannel.size());
        const bool fits = isName(ref.channelId)
            && static_cast<std::int64_t>(ref.channelId.size()) <= kChannelIdCharacters;
        return fits ? std::optional(ref) : std::nullopt;
    }
    if (!text.starts_with(kStream))
        return std::nullopt;
    text.remove_prefix(kStream.size());
    const std::size_t consumer = text.find(kConsumer);
    ref.streamName = text.substr(0, consumer);
    if (!isName(ref.streamName))
        return std::nullopt;
    if (consumer == std::string_view::npos)
        return ref;
    ref.kind = ResourceRef::Kind::Consumer;
    if (!readConsumer(text.substr(consumer + kConsumer.size()), ref))
        return std::nullopt;
    return ref;
}

std::string described(const ResourceRef& ref)
{
    switch (ref.kind) {
    case ResourceRef::Kind::Stream:
        return "Stream " + ref.streamName;
    case ResourceRef::Kind::Consumer:
        return "Consumer " + ref.consumerName + " of stream " + ref.streamName;
    case ResourceRef::Kind::Channel:
        return "Channel " + ref.channelId;
    }
    return {};
}

Result<ResourceRef> parse(std::string_view text, const ArnScope& scope, const Form& form,
                          std::optional<ResourceRef::Kind> kind)
{
    if (auto ok = constraints::length(form.member, text, 1, kArnCharacters); !ok)
        return tl::unexpected(ok.error());
    const auto parts = split(text);
    const auto ref = parts ? readResource(parts->resource) : std::nullopt;
    if (!ref || (kind && ref->kind != *kind))
        return tl::unexpected(
            constraints::refuse(form.member,
                                std::string("satisfy regular expression pattern: ") + form.pattern)
                .error());
    if (parts->account != scope.account)
        return fail(ErrorCode::ResourceNotFound,
                    described(*ref) + " under account " + std::string(parts->account)
                        + " not found.");
    if (parts->region != scope.region)
        return fail(ErrorCode::ResourceNotFound,
                    described(*ref) + " under account " + std::string(parts->account)
                        + " not found: its ARN is of Region " + std::string(parts->region)
                        + ", and this is " + std::string(scope.region) + ".");
    return *ref;
}

} // namespace

std::string streamArn(const ArnScope& scope, std::string_view streamName)
{
    return prefix(scope).append(kStream).append(streamName);
}

std::string consumerArn(const ArnScope& scope, std::string_view streamName,
                        std::string_view consumerName, std::int64_t createdAt)
{
    return streamArn(scope, streamName)
        .append(kConsumer)
        .append(consumerName)
        .append(":")
        .append(std::to_string(createdAt));
}

std::string channelArn(const ArnScope& scope, std::string_view channelId)
{
    return prefix(scope).append(kChannel).append(channelId);
}

Result<std::string> parseStreamArn(std::string_view text, const ArnScope& scope)
{
    return parse(text, scope, kStreamForm, ResourceRef::Kind::Stream).map([](ResourceRef ref) {
        return std::move(ref.streamName);
    });
}

Result<ResourceRef> parseConsumerArn(std::string_view text, const ArnScope& scope)
{
    return parse(text, scope, kConsumerForm, ResourceRef::Kind::Consumer);
}

Result<std::string> parseChannelArn(std::string_view text, const ArnScope& scope)
{
    return parse(text, scope, kChannelForm, ResourceRef::Kind::Channel).map([](ResourceRef ref) {
        return std::move(ref.channelId);
    });
}

Result<ResourceRef> parseResourceArn(std::string_view text, const ArnScope& scope)
{
    return parse(text, scope, kResourceForm, std::nullopt);
}

} // namespace shardscope
