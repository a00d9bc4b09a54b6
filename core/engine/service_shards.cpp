#include <algorithm>

#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/engine/paging.h"
#include "core/engine/resharding.h"
#include "core/engine/sequence_number.h"
#include "core/engine/service.h"

namespace shardscope {
namespace {

/// On-demand streams reshard themselves (API 4).
Result<void> needsProvisioned(const StreamDescriptionSummary& summary, const char* operation)
{
    if (summary.mode == StreamMode::Provisioned)
        return {};
    return fail(ErrorCode::Validation,
                std::string(operation) + " is not allowed on stream " + summary.streamName
                    + ": it is on-demand and scales by itself; switch it to provisioned first.");
}

/// The filter without what its type does not look at.
Result<ShardFilter> effective(ShardFilter filter)
{
    using Type = ShardFilter::Type;
    if (filter.type == Type::AfterShardId && !filter.shardId)
        return fail(ErrorCode::InvalidArgument,
                    "ShardFilter of type AFTER_SHARD_ID needs a ShardId.");
    if ((filter.type == Type::AtTimestamp || filter.type == Type::FromTimestamp)
        && !filter.timestamp)
        return fail(ErrorCode::InvalidArgument,
                    std::string("ShardFilter of type ")
                        + (filter.type == Type::AtTimestamp ? "AT_TIMESTAMP" : "FROM_TIMESTAMP")
                        + " needs a Timestamp.");
    if (filter.type != Type::AfterShardId)
        filter.shardId.reset();
    return filter;
}

/// What is left to ask of the pages to come: they begin after the filter's shard anyway.
ShardFilter filterOfRest(const ShardFilter& filter)
{
    if (filter.type == ShardFilter::Type::AfterShardId)
        return {};
    return {.type = filter.type, .timestamp = filter.timestamp};
}

/// Whether a shard is in the listing (API 4). `horizon`: what is older is not there any more; at
/// least when the stream's first shards opened.
bool passes(const ShardFilter& filter, const Shard& shard, SimTime horizon)
{
    if (shard.state == ShardState::Expired)
        return false;
    const bool open = shard.state == ShardState::Open;
    switch (filter.type) {
    case ShardFilter::Type::AfterShardId:
    case ShardFilter::Type::FromTrimHorizon:
        return true;
    case ShardFilter::Type::AtLatest:
        return open;
    case ShardFilter::Type::AtTrimHorizon:
    case ShardFilter::Type::AtTimestamp: {
        const SimTime at = std::max(filter.timestamp.value_or(horizon), horizon);
        return shard.openedAt <= at && (open || *shard.closedAt >= at);
    }
    case ShardFilter::Type::FromTimestamp:
        return open || *shard.closedAt >= std::max(*filter.timestamp, horizon);
    }
    return false;
}

/// Where the next page of a stream's shards goes on, but for `after` and the filter.
PageToken tokenOf(const StreamDescriptionSummary& summary, SimTime now)
{
    return {.listing = PageToken::Listing::Shards,
            .issuedAt = now,
            .stream = summary.streamName,
            .streamCreatedAt = summary.createdAt};
}

} // namespace

/// The words for a closed shard were seen: github.com/mhart/kinesalite/issues/109.
Result<ShardSlot> Service::openShard(const Stream& stream, const std::string& shardId) const
{
    const auto slot = readableShard(stream, shardId);
    if (!slot || stream.m_shards[slot->index()].state == ShardState::Open)
        return slot;
    return fail(ErrorCode::InvalidArgument,
                "Shard " + shardIdText(*slot) + " in stream " + under(stream)
                    + " has already been merged or split, and thus is not eligible for merging or "
                      "splitting.");
}

Result<void> Service::act(const SplitShard& r, SimTime now)
{
    const auto found = changeable(Operation::SplitShard, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    if (auto ok = needsProvisioned(stream.m_summary, "SplitShard"); !ok)
        return ok;
    const auto slot = openShard(stream, r.shardToSplit);
    if (!slot)
        return tl::unexpected(slot.error());
    const auto cut = parseHashKey(r.newStartingHashKey);
    if (!cut)
        return tl::unexpected(cut.error());
    const HashKeyRange& range = stream.m_shards[slot->index()].range;
    if (!canSplitAt(range, *cut))
        return fail(ErrorCode::InvalidArgument,
                    "NewStartingHashKey " + toDecimal(*cut) + " used in SplitShard() on shard "
                        + shardIdText(*slot) + " in stream " + under(stream)
                        + " is not both greater than one plus the shard's StartingHashKey "
                        + toDecimal(range.start) + " and less than the shard's EndingHashKey "
                        + toDecimal(range.end) + ".");
    if (auto ok = allowShards(1); !ok)
        return ok;
    stream.beginReshard({ReshardStep::Kind::Split, *slot, {}, *cut, 1}, m_options.timings.reshard,
                        now);
    return {};
}

Result<void> Service::act(const MergeShards& r, SimTime now)
{
    const auto found = changeable(Operation::MergeShards, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    if (auto ok = needsProvisioned(stream.m_summary, "MergeShards"); !ok)
        return ok;
    const auto low = openShard(stream, r.shardToMerge);
    if (!low)
        return tl::unexpected(low.error());
    const auto high = openShard(stream, r.adjacentShardToMerge);
    if (!high)
        return tl::unexpected(high.error());
    const HashKey end = stream.m_shards[low->index()].range.end;
    const HashKey start = stream.m_shards[high->index()].range.start;
    if (end == HashKey::max() || end.value + 1 != start.value)
        return fail(ErrorCode::InvalidArgument,
                    "Shards " + shardIdText(*low) + " and " + shardIdText(*high) + " in stream "
                        + under(stream)
                        + " are not an adjacent pair of shards eligible for merging");
    stream.beginReshard({ReshardStep::Kind::Merge, *low, *high, {}, 1}, m_options.timings.reshard,
                        now);
    return {};
}

/// Which exception each breach raises is not published; API 4 tells what others chose.
Result<UpdateShardCountResult> Service::act(const UpdateShardCount& r, SimTime now)
{
    if (auto ok = constraints::range("targetShardCount", r.targetShardCount, 1, INT32_MAX); !ok)
        return tl::unexpected(ok.error());
    const auto found = changeable(Operation::UpdateShardCount, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    if (auto ok = needsProvisioned(stream.m_summary, "UpdateShardCount"); !ok)
        return tl::unexpected(ok.error());
    const auto current = static_cast<std::int64_t>(stream.m_open.size());
    const std::int64_t target = r.targetShardCount;
    const std::string wanted = "UpdateShardCount of stream " + under(stream) + " to "
        + std::to_string(target) + " shards is refused: ";
    const bool quotas = m_options.throttling.quotas;
    if (quotas
        && (target > limits::kShardsPerStreamByUpdate
            || (current > limits::kShardsPerStreamByUpdate
                && target == limits::kShardsPerStreamByUpdate)))
        return fail(ErrorCode::LimitExceeded,
                    wanted + "a stream can be scaled to at most "
                        + std::to_string(limits::kShardsPerStreamByUpdate) + " shards.");
    if (target > 2 * current)
        return fail(ErrorCode::InvalidArgument,
                    wanted + "at most double the current open shard count "
                        + std::to_string(current) + " is allowed.");
    if (2 * target < current)
        return fail(ErrorCode::InvalidArgument,
                    wanted + "at least half the current open shard count " + std::to_string(current)
                        + " is needed.");
    if (quotas && stream.shardCountUpdatesLeft(now) == 0)
        return fail(ErrorCode::LimitExceeded,
                    wanted + "it was called " + std::to_string(limits::kShardCountUpdatesPerDay)
                        + " times in the last 24 hours, its most.");
    const ShardSlot next {static_cast<std::uint32_t>(stream.m_shards.size())};
    const ReshardPlan plan = planUniform(stream.m_open, next, target);
    if (auto ok = allowShards(plan.openMost - current); !ok)
        return tl::unexpected(ok.error());
    stream.m_shardCountUpdates.note(now);
    // Steps that do not wait for each other take one reshard's time together; within the whole
    // time they come one after another, as they do in the service.
    const SimDuration whole
        = plan.steps.empty() ? m_options.timings.update : m_options.timings.reshard * plan.levels;
    stream.beginPlan(plan, ReshardCause::ShardCount, true, whole, now,
                     "Scaling from " + std::to_string(current) + " to " + std::to_string(target)
                         + " shards.");
    return UpdateShardCountResult {current, target};
}

/// The slot that a listing of shards begins with.
Result<std::size_t> Service::firstListed(const Stream& stream,
                                         const std::optional<std::string>& after) const
{
    if (!after)
        return std::size_t {0};
    if (const auto slot = parseShardId(*after))
        return slot->index() + 1;
    return fail(ErrorCode::ResourceNotFound,
                "Could not find shard " + *after + " in stream " + under(stream) + ".");
}

ShardDescription Service::described(const Shard& shard)
{
    ShardDescription d;
    d.shardId = shardIdText(shard.slot);
    d.slot = shard.slot;
    d.range = shard.range;
    d.state = shard.state;
    d.parent = shard.parent;
    d.adjacentParent = shard.adjacentParent;
    const std::int64_t created = shard.openedAt.inSeconds();
    d.startingSequenceNumber = SequenceNumber {created, shard.slot, 0, created}.text();
    if (shard.closedAt)
        d.endingSequenceNumber = SequenceNumber {created, shard.slot, SequenceNumber::kLastCounter,
                                                 shard.closedAt->inSeconds()}
                                     .text();
    d.openedAt = shard.openedAt;
    d.closedAt = shard.closedAt;
    return d;
}

/// Names, ids and times a listing of shards may be asked with: a token carries them all.
Result<ListShards> Service::wholeRequest(const ListShards& r, SimTime now) const
{
    const auto together = [](const char* other) {
        return fail(ErrorCode::InvalidArgument,
                    std::string("NextToken and ") + other + " cannot be provided together.");
    };
    if (!r.nextToken) {
        if (r.streamName.empty())
            return fail(ErrorCode::InvalidArgument,
                        "Either NextToken or StreamName should be provided.");
        return r;
    }
    if (!r.streamName.empty())
        return together("StreamName");
    if (r.streamCreationTimestamp)
        return together("StreamCreationTimestamp");
    if (r.exclusiveStartShardId)
        return together("ExclusiveStartShardId");
    auto token = PageToken::parse(*r.nextToken, PageToken::Listing::Shards, now);
    if (!token)
        return tl::unexpected(token.error());
    return ListShards {.streamName = std::move(token->stream),
                       .exclusiveStartShardId = std::move(token->after),
                       .maxResults = r.maxResults,
                       .streamCreationTimestamp = token->streamCreatedAt,
                       .filter = std::move(token->filter)};
}

Result<ListShardsResult> Service::act(const ListShards& request, SimTime now)
{
    const std::int64_t limit = request.maxResults.value_or(limits::kListedShardsMost);
    if (auto ok = constraints::range("maxResults", limit, 1, limits::kListLimitMost); !ok)
        return tl::unexpected(ok.error());
    const auto whole = wholeRequest(request, now);
    if (!whole)
        return tl::unexpected(whole.error());
    const auto found = called(Operation::ListShards, whole->streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    const Stream& stream = **found;
    if (auto ok = sameCreation(stream, whole->streamCreationTimestamp); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = permit(stream, "ListShards"); !ok)
        return tl::unexpected(ok.error());
    const auto filter = effective(whole->filter.value_or(ShardFilter {}));
    if (!filter)
        return tl::unexpected(filter.error());
    const auto start = firstListed(stream, whole->exclusiveStartShardId);
    if (!start)
        return tl::unexpected(start.error());
    const auto filtered = firstListed(stream, filter->shardId);
    if (!filtered)
        return tl::unexpected(filtered.error());

    const auto most = static_cast<std::size_t>(std::min(limit, limits::kListedShardsMost));
    const SimTime horizon = now - SimDuration::hours(stream.m_summary.retentionHours);
    const std::span<const Shard> rest
        = stream.shards().subspan(std::min(std::max(*start, *filtered), stream.m_shards.size()));
    ListShardsResult result;
    for (const Shard& shard : rest) {
        if (!passes(*filter, shard, std::max(horizon, stream.m_shards.front().openedAt)))
            continue;
        if (result.shards.size() == most) {
            PageToken token = tokenOf(stream.m_summary, now);
            token.after = result.shards.back().shardId;
            token.filter = filterOfRest(*filter);
            result.nextToken = token.text();
            break;
        }
        result.shards.push_back(described(shard));
    }
    return result;
}

} // namespace shardscope
