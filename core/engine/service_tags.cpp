#include <algorithm>

#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/engine/service.h"

/// Tags and resource policies: what is kept beside a stream, a consumer or a channel.
namespace shardscope {
namespace {

using Kind = ResourceRef::Kind;

Result<void> checkTagKeys(const std::vector<std::string>& keys)
{
    const auto count = static_cast<std::int64_t>(keys.size());
    if (count < 1)
        return constraints::refuse("tagKeys", "have length greater than or equal to 1");
    if (count > limits::kTagKeysPerCall)
        return constraints::refuse("tagKeys",
                                   "have length less than or equal to "
                                       + std::to_string(limits::kTagKeysPerCall));
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (auto ok
            = constraints::length("tagKeys." + std::to_string(i + 1) + ".member", keys[i], 1, 128);
            !ok)
            return ok;
    }
    return {};
}

} // namespace

/// The tags of what `ref` names, if the call is within its rate.
Result<Service::Tags*> Service::tagsOf(const ResourceRef& ref, Operation operation, SimTime now)
{
    if (ref.kind == Kind::Channel) {
        if (auto ok = admitCall(operation, now); !ok)
            return tl::unexpected(ok.error());
        return channelOf(ref.channelId).map([](Channel* channel) { return &channel->tags; });
    }
    const auto stream = called(operation, ref.streamName, now);
    if (!stream)
        return tl::unexpected(stream.error());
    if (ref.kind == Kind::Stream)
        return &(*stream)->m_tags;
    return consumerOf(**stream, ref.consumerName, ref.consumerCreatedAt)
        .map([](Stream::FanOutConsumer* consumer) { return &consumer->tags; });
}

/// As tagsOf(), and they may be changed: not while their stream is on its way in or out.
Result<Service::Tags*> Service::changeableTags(const ResourceRef& ref, Operation operation,
                                               SimTime now)
{
    auto tags = tagsOf(ref, operation, now);
    if (!tags || ref.kind == Kind::Channel)
        return tags;
    if (auto ok = settled(*find(ref.streamName)); !ok)
        return tl::unexpected(ok.error());
    return tags;
}

Result<void> Service::act(const AddTags& r, SimTime now)
{
    if (r.tags.empty())
        return constraints::refuse("tags", "have length greater than or equal to 1");
    if (auto ok = constraints::tagTexts(r.tags); !ok)
        return ok;
    const auto tags = changeableTags(
        r.resource, r.byResource ? Operation::TagResource : Operation::AddTagsToStream, now);
    if (!tags)
        return tl::unexpected(tags.error());
    Tags merged = r.tags;
    merged.insert((*tags)->begin(), (*tags)->end()); // the new value stays where both have the key
    if (merged.size() > static_cast<std::size_t>(limits::kTagsPerResource))
        return fail(ErrorCode::InvalidArgument,
                    "Failed to add tags to " + described(r.resource)
                        + " because it cannot have more than "
                        + std::to_string(limits::kTagsPerResource) + " tags associated with it.");
    **tags = std::move(merged);
    return {};
}

Result<void> Service::act(const RemoveTags& r, SimTime now)
{
    if (auto ok = checkTagKeys(r.tagKeys); !ok)
        return ok;
    const auto tags = changeableTags(
        r.resource, r.byResource ? Operation::UntagResource : Operation::RemoveTagsFromStream, now);
    if (!tags)
        return tl::unexpected(tags.error());
    for (const std::string& key : r.tagKeys)
        (*tags)->erase(key);
    return {};
}

Result<TagsResult> Service::act(const ListTagsForStream& r, SimTime now)
{
    const std::int64_t limit = r.limit.value_or(limits::kListedTagsMost);
    if (auto ok = constraints::range("limit", limit, 1, limits::kListedTagsMost); !ok)
        return tl::unexpected(ok.error());
    if (r.exclusiveStartTagKey) {
        if (auto ok = constraints::length("exclusiveStartTagKey", *r.exclusiveStartTagKey, 1, 128);
            !ok)
            return tl::unexpected(ok.error());
    }
    const auto found = called(Operation::ListTagsForStream, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    const Tags& tags = (*found)->m_tags;
    auto at = r.exclusiveStartTagKey ? tags.upper_bound(*r.exclusiveStartTagKey) : tags.begin();
    TagsResult result;
    for (; at != tags.end() && static_cast<std::int64_t>(result.tags.size()) < limit; ++at)
        result.tags.insert(*at);
    result.hasMoreTags = at != tags.end();
    return result;
}

Result<TagsResult> Service::act(const ListTagsForResource& r, SimTime now)
{
    const auto tags = tagsOf(r.resource, Operation::ListTagsForResource, now);
    if (!tags)
        return tl::unexpected(tags.error());
    return TagsResult {**tags, false};
}

/// Where the policy of what `ref` names is kept, if the call is within its rate.
Result<ResourcePolicy*> Service::policyOf(const ResourceRef& ref, Operation operation, SimTime now)
{
    if (ref.kind == Kind::Channel)
        return fail(ErrorCode::InvalidArgument,
                    "A channel has no resource policy; streams and their consumers have one.");
    const auto stream = called(operation, ref.streamName, now);
    if (!stream)
        return tl::unexpected(stream.error());
    if (ref.kind == Kind::Stream)
        return &(*stream)->m_resourcePolicy;
    return consumerOf(**stream, ref.consumerName, ref.consumerCreatedAt)
        .map([](Stream::FanOutConsumer* consumer) { return &consumer->policy; });
}

Result<void> Service::act(const PutResourcePolicy& r, SimTime now)
{
    if (auto ok = constraints::length("policy", r.policy, 1, limits::kResourcePolicyBytes); !ok)
        return ok;
    const auto place = policyOf(r.resource, Operation::PutResourcePolicy, now);
    if (!place)
        return tl::unexpected(place.error());
    Stream& stream = *find(r.resource.streamName);
    if (auto ok = settled(stream); !ok)
        return ok;
    if (r.resource.kind == Kind::Consumer) {
        const Stream::FanOutConsumer& consumer
            = **consumerOf(stream, r.resource.consumerName, r.resource.consumerCreatedAt);
        // Seen: github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2442.
        if (consumer.creating || consumer.deleting)
            return fail(ErrorCode::ResourceInUse,
                        "Consumer " + consumer.name + " with creation timestamp "
                            + std::to_string(consumer.createdAt.inSeconds()) + " under stream "
                            + stream.name() + " and account " + m_options.accountId
                            + " is not in ACTIVE status.");
    }
    auto policy
        = ResourcePolicy::read(r.policy, r.resource.kind, arnOf(r.resource), m_options.accountId);
    if (!policy)
        return tl::unexpected(policy.error());
    **place = std::move(*policy);
    return {};
}

Result<ResourcePolicyResult> Service::act(const GetResourcePolicy& r, SimTime now)
{
    const auto place = policyOf(r.resource, Operation::GetResourcePolicy, now);
    if (!place)
        return tl::unexpected(place.error());
    if ((*place)->text.empty())
        return fail(ErrorCode::ResourceNotFound,
                    "No resource policy found for " + described(r.resource) + ".");
    return ResourcePolicyResult {(*place)->text};
}

Result<void> Service::act(const DeleteResourcePolicy& r, SimTime now)
{
    const auto place = policyOf(r.resource, Operation::DeleteResourcePolicy, now);
    if (!place)
        return tl::unexpected(place.error());
    if ((*place)->text.empty())
        return fail(ErrorCode::ResourceNotFound,
                    "No resource policy found for " + described(r.resource) + ".");
    **place = {};
    return {};
}

std::string Service::described(const ResourceRef& ref) const
{
    switch (ref.kind) {
    case Kind::Stream:
        return "stream " + ref.streamName + " under account " + m_options.accountId;
    case Kind::Consumer:
        return "consumer " + ref.consumerName + " of stream " + ref.streamName + " under account "
            + m_options.accountId;
    case Kind::Channel:
        return "channel " + ref.channelId + " under account " + m_options.accountId;
    }
    return {};
}

/// Of a resource that is there.
std::string Service::arnOf(const ResourceRef& ref) const
{
    const Stream* stream = find(ref.streamName);
    if (ref.kind == Kind::Stream || stream == nullptr)
        return streamArn(arnScope(), ref.streamName);
    for (const Stream::FanOutConsumer& consumer : stream->m_fanOut) {
        if (consumer.name == ref.consumerName)
            return consumerArn(arnScope(), ref.streamName, consumer.name,
                               consumer.createdAt.inSeconds());
    }
    return {};
}

Result<void> Service::permit(const Stream& stream, std::string_view action) const
{
    return stream.m_resourcePolicy.permit(action, stream.m_summary.streamArn, m_options.accountId);
}

Result<void> Service::permit(const Stream& stream, const Stream::FanOutConsumer& consumer,
                             std::string_view action) const
{
    return consumer.policy.permit(
        action,
        consumerArn(arnScope(), stream.name(), consumer.name, consumer.createdAt.inSeconds()),
        m_options.accountId);
}

} // namespace shardscope
