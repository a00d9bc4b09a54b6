#include <algorithm>

#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/engine/paging.h"
#include "core/engine/service.h"

/// What is told of streams and of the account, call by call.
namespace shardscope {
namespace {

using Listing = PageToken::Listing;

} // namespace

Result<DescribeStreamResult> Service::act(const DescribeStream& r, SimTime now)
{
    const std::int64_t limit = r.limit.value_or(limits::kListedMost);
    if (auto ok = constraints::range("limit", limit, 1, limits::kListLimitMost); !ok)
        return tl::unexpected(ok.error());
    const auto found = called(Operation::DescribeStream, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    const Stream& stream = **found;
    const auto first = firstListed(stream, r.exclusiveStartShardId);
    if (!first)
        return tl::unexpected(first.error());

    DescribeStreamResult result;
    result.summary = stream.summary();
    const auto most = static_cast<std::size_t>(std::min(limit, limits::kListedMost));
    for (std::size_t i = *first; i < stream.m_shards.size() && !result.hasMoreShards; ++i) {
        if (stream.m_shards[i].state == ShardState::Expired)
            continue;
        if (result.shards.size() == most)
            result.hasMoreShards = true;
        else
            result.shards.push_back(described(stream.m_shards[i]));
    }
    return result;
}

Result<StreamDescriptionSummary> Service::act(const DescribeStreamSummary& r, SimTime now)
{
    const auto found = called(Operation::DescribeStreamSummary, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    if (auto ok = permit(**found, "DescribeStreamSummary"); !ok)
        return tl::unexpected(ok.error());
    return (*found)->summary();
}

/// A token goes before a name to start after: whoever pages repeats the first request beside it.
Result<ListStreamsResult> Service::act(const ListStreams& r, SimTime now)
{
    const std::int64_t limit = r.limit.value_or(limits::kListedMost);
    if (auto ok = constraints::range("limit", limit, 1, limits::kListLimitMost); !ok)
        return tl::unexpected(ok.error());
    std::string after = r.exclusiveStartStreamName.value_or(std::string());
    if (r.exclusiveStartStreamName) {
        if (auto ok = constraints::name("exclusiveStartStreamName", after); !ok)
            return tl::unexpected(ok.error());
    }
    if (r.nextToken) {
        auto token = PageToken::parse(*r.nextToken, Listing::Streams, now);
        if (!token)
            return tl::unexpected(token.error());
        after = std::move(token->after);
    }
    if (auto ok = admitCall(Operation::ListStreams, now); !ok)
        return tl::unexpected(ok.error());

    const auto most = static_cast<std::size_t>(std::min(limit, limits::kListedMost));
    ListStreamsResult result;
    auto next = m_slots.upper_bound(after);
    for (; next != m_slots.end() && result.streams.size() < most; ++next)
        result.streams.push_back(m_streams[next->second.index()].summary());
    result.hasMoreStreams = next != m_slots.end();
    if (result.hasMoreStreams)
        result.nextToken = PageToken {.listing = Listing::Streams,
                                      .issuedAt = now,
                                      .after = result.streams.back().streamName}
                               .text();
    return result;
}

/// Shards of on-demand streams are not the account's to spend, so they are not told (SCALE 1.1).
Result<DescribeLimitsResult> Service::act(const DescribeLimits&, SimTime now)
{
    if (auto ok = admitCall(Operation::DescribeLimits, now); !ok)
        return tl::unexpected(ok.error());
    const auto told = [](const std::optional<std::int64_t>& limit) {
        return std::min(limit.value_or(limits::kCountMost), limits::kCountMost);
    };
    DescribeLimitsResult result;
    result.shardLimit = told(m_options.account.shards);
    result.onDemandStreamCountLimit = told(m_options.account.onDemandStreams);
    // Only on-demand streams have channels, and two each.
    result.channelCountLimit = std::min(
        limits::kChannelsPerStream * result.onDemandStreamCountLimit, limits::kCountMost);
    for (const Stream& stream : m_streams) {
        if (stream.m_gone)
            continue;
        if (stream.m_summary.mode == StreamMode::OnDemand)
            ++result.onDemandStreamCount;
        else
            result.openShardCount += static_cast<std::int64_t>(stream.m_open.size());
    }
    result.channelCount = static_cast<std::int64_t>(m_channels.size());
    return result;
}

Result<AccountSettings> Service::act(const DescribeAccountSettings&, SimTime now)
{
    if (auto ok = admitCall(Operation::DescribeAccountSettings, now); !ok)
        return tl::unexpected(ok.error());
    return m_commitment.settings();
}

Result<AccountSettings> Service::act(const UpdateAccountSettings& r, SimTime now)
{
    if (auto ok = admitCall(Operation::UpdateAccountSettings, now); !ok)
        return tl::unexpected(ok.error());
    if (r.minimumThroughputBillingCommitment) {
        m_commitment.enable(now);
        note(now, EventKind::AccountChanged, "On-demand Advantage is enabled.");
        return m_commitment.settings();
    }
    for (const Stream& stream : m_streams) {
        if (!stream.m_gone && stream.m_summary.warmThroughputTargetMiBps)
            return fail(ErrorCode::Validation,
                        "Stream " + under(stream)
                            + " has warm throughput; remove it (0 MiB/s) before leaving "
                              "On-demand Advantage.");
    }
    m_commitment.disable(now);
    note(now, EventKind::AccountChanged,
         m_commitment.inForce() ? "On-demand Advantage ends when its first 24 hours are over."
                                : "On-demand Advantage is disabled.");
    return m_commitment.settings();
}

} // namespace shardscope
