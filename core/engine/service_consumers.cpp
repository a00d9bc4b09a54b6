#include <algorithm>

#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/engine/paging.h"
#include "core/engine/service.h"

/// Registered consumers: enhanced fan-out's names, with their states and limits.
namespace shardscope {

std::vector<ConsumerDescription> Service::consumers(const Stream& stream) const
{
    std::vector<ConsumerDescription> all;
    for (const Stream::FanOutConsumer& consumer : stream.m_fanOut)
        all.push_back(described(stream, consumer));
    return all;
}

ConsumerDescription Service::described(const Stream& stream, const Stream::FanOutConsumer& consumer)
{
    const ConsumerStatus status = consumer.deleting ? ConsumerStatus::Deleting
        : consumer.creating                         ? ConsumerStatus::Creating
                                                    : ConsumerStatus::Active;
    return {stream.name(), consumer.name, status, consumer.createdAt};
}

Result<Stream::FanOutConsumer*> Service::consumerOf(Stream& stream, const std::string& name,
                                                    std::int64_t createdAt) const
{
    for (Stream::FanOutConsumer& consumer : stream.m_fanOut) {
        if (consumer.name == name
            && (createdAt == 0 || consumer.createdAt.inSeconds() == createdAt))
            return &consumer;
    }
    return fail(ErrorCode::ResourceNotFound,
                "Consumer " + name + " of stream " + under(stream) + " not found.");
}

Result<void> Service::allowConsumer(const Stream& stream) const
{
    const bool quotas = m_options.throttling.quotas;
    const auto most = static_cast<std::size_t>(!quotas           ? budgets::kConsumersPerStream
                                                   : advantage() ? limits::kFanOutConsumersAdvantage
                                                                 : limits::kFanOutConsumers);
    if (stream.m_fanOut.size() >= most)
        return fail(ErrorCode::LimitExceeded,
                    "Stream " + under(stream) + " has " + std::to_string(most)
                        + " registered consumers, its most.");
    const auto creating = std::count_if(stream.m_fanOut.begin(), stream.m_fanOut.end(),
                                        [](const auto& c) { return c.creating; });
    if (quotas && creating >= limits::kConsumersCreating)
        return fail(ErrorCode::LimitExceeded,
                    "Stream " + under(stream) + " has " + std::to_string(limits::kConsumersCreating)
                        + " consumers in CREATING, its most at once.");
    return {};
}

Result<ConsumerDescription> Service::act(const RegisterStreamConsumer& r, SimTime now)
{
    if (auto ok = constraints::name("consumerName", r.consumerName); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = constraints::tags(r.tags); !ok)
        return tl::unexpected(ok.error());
    const auto found = called(Operation::RegisterStreamConsumer, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    if (auto ok = settled(stream); !ok)
        return tl::unexpected(ok.error());
    if (consumerOf(stream, r.consumerName, 0))
        return fail(ErrorCode::ResourceInUse,
                    "Consumer " + r.consumerName + " of stream " + under(stream)
                        + " already exists.");
    if (auto ok = allowConsumer(stream); !ok)
        return tl::unexpected(ok.error());
    stream.m_fanOut.push_back({.name = r.consumerName, .createdAt = now, .tags = r.tags});
    stream.m_pending.emplace(onSlice(now + m_options.timings.update),
                             change::ConsumerReady {r.consumerName});
    stream.note(now, EventKind::ConsumerAdded, {},
                "Consumer " + r.consumerName + " is registered for enhanced fan-out.");
    return described(stream, stream.m_fanOut.back());
}

Result<void> Service::act(const DeregisterStreamConsumer& r, SimTime now)
{
    if (auto ok = constraints::name("consumerName", r.consumerName); !ok)
        return ok;
    const auto found = called(Operation::DeregisterStreamConsumer, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    const auto consumer = consumerOf(stream, r.consumerName, r.createdAt);
    if (!consumer)
        return tl::unexpected(consumer.error());
    if ((*consumer)->deleting)
        return fail(ErrorCode::ResourceNotFound,
                    "Consumer " + r.consumerName + " of stream " + under(stream)
                        + " is being deregistered already.");
    (*consumer)->deleting = true;
    (*consumer)->creating = false;
    stream.m_pending.emplace(onSlice(now + m_options.timings.update),
                             change::ConsumerGone {r.consumerName});
    stream.note(now, EventKind::ConsumerRemoved, {},
                "Consumer " + r.consumerName + " is deregistered.");
    return {};
}

Result<ConsumerDescription> Service::act(const DescribeStreamConsumer& r, SimTime now)
{
    if (auto ok = constraints::name("consumerName", r.consumerName); !ok)
        return tl::unexpected(ok.error());
    const auto found = called(Operation::DescribeStreamConsumer, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    const auto consumer = consumerOf(**found, r.consumerName, r.createdAt);
    if (!consumer)
        return tl::unexpected(consumer.error());
    if (auto ok = permit(**found, **consumer, "DescribeStreamConsumer"); !ok)
        return tl::unexpected(ok.error());
    return described(**found, **consumer);
}

Result<ListStreamConsumersResult> Service::act(const ListStreamConsumers& r, SimTime now)
{
    const std::int64_t limit = r.maxResults.value_or(limits::kListedMost);
    if (auto ok = constraints::range("maxResults", limit, 1, limits::kListLimitMost); !ok)
        return tl::unexpected(ok.error());
    const auto found = called(Operation::ListStreamConsumers, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    const Stream& stream = **found;
    if (auto ok = sameCreation(stream, r.streamCreationTimestamp); !ok)
        return tl::unexpected(ok.error());
    std::string after;
    if (r.nextToken) {
        const auto token = PageToken::parse(*r.nextToken, PageToken::Listing::Consumers, now);
        if (!token)
            return tl::unexpected(token.error());
        if (token->stream != stream.name() || token->streamCreatedAt != stream.m_summary.createdAt)
            return fail(ErrorCode::InvalidArgument,
                        "NextToken belongs to a listing of another stream than " + under(stream)
                            + ".");
        after = token->after;
    }

    ListStreamConsumersResult result;
    for (const Stream::FanOutConsumer& consumer : stream.m_fanOut) {
        if (consumer.name > after)
            result.consumers.push_back(described(stream, consumer));
    }
    std::sort(result.consumers.begin(), result.consumers.end(),
              [](const auto& a, const auto& b) { return a.consumerName < b.consumerName; });
    const auto most = static_cast<std::size_t>(std::min(limit, limits::kListedMost));
    if (result.consumers.size() > most) {
        result.consumers.resize(most);
        result.nextToken = PageToken {.listing = PageToken::Listing::Consumers,
                                      .issuedAt = now,
                                      .stream = stream.name(),
                                      .streamCreatedAt = stream.m_summary.createdAt,
                                      .after = result.consumers.back().consumerName}
                               .text();
    }
    return result;
}

} // namespace shardscope
