#include <algorithm>

#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/engine/resharding.h"
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

} // namespace

Result<ShardSlot> Service::openShard(const Stream& stream, const std::string& shardId) const
{
    const auto slot = parseShardId(shardId);
    if (!slot || slot->index() >= stream.m_shards.size()
        || stream.m_shards[slot->index()].state == ShardState::Expired)
        return fail(ErrorCode::ResourceNotFound,
                    "Shard " + shardId + " in stream " + under(stream) + " does not exist");
    if (stream.m_shards[slot->index()].state != ShardState::Open)
        return fail(ErrorCode::InvalidArgument,
                    "Shard " + shardId + " in stream " + under(stream)
                        + " is closed; only an open shard can be split or merged.");
    return *slot;
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
Result<void> Service::act(const UpdateShardCount& r, SimTime now)
{
    if (auto ok = constraints::range("targetShardCount", r.targetShardCount, 1, INT32_MAX); !ok)
        return ok;
    const auto found = changeable(Operation::UpdateShardCount, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    if (auto ok = needsProvisioned(stream.m_summary, "UpdateShardCount"); !ok)
        return ok;
    const auto current = static_cast<std::int64_t>(stream.m_open.size());
    const std::int64_t target = r.targetShardCount;
    const std::string wanted = "UpdateShardCount of stream " + under(stream) + " to "
        + std::to_string(target) + " shards is refused: ";
    if (target > limits::kShardsPerStreamByUpdate
        || (current > limits::kShardsPerStreamByUpdate
            && target == limits::kShardsPerStreamByUpdate))
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
    if (stream.shardCountUpdatesLeft(now) == 0)
        return fail(ErrorCode::LimitExceeded,
                    wanted + "it was called " + std::to_string(limits::kShardCountUpdatesPerDay)
                        + " times in the last 24 hours, its most.");
    const ShardSlot next {static_cast<std::uint32_t>(stream.m_shards.size())};
    const ReshardPlan plan = planUniform(stream.m_open, next, target);
    if (auto ok = allowShards(plan.openMost - current); !ok)
        return ok;
    stream.m_shardCountUpdates.note(now);
    // Steps that do not wait for each other take one reshard's time together; within the whole
    // time they come one after another, as they do in the service.
    const SimDuration whole
        = plan.steps.empty() ? m_options.timings.update : m_options.timings.reshard * plan.levels;
    stream.beginPlan(plan, ReshardCause::ShardCount, true, whole, now,
                     "Scaling from " + std::to_string(current) + " to " + std::to_string(target)
                         + " shards.");
    return {};
}

Result<void> Service::act(const RegisterStreamConsumer& r, SimTime now)
{
    if (auto ok = constraints::name("consumerName", r.consumerName); !ok)
        return ok;
    const auto found = called(Operation::RegisterStreamConsumer, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    auto& consumers = stream.m_fanOut;
    if (stream.m_summary.status == StreamStatus::Creating
        || stream.m_summary.status == StreamStatus::Deleting)
        return fail(ErrorCode::ResourceInUse, "Stream " + under(stream) + " is not ACTIVE.");
    if (std::any_of(consumers.begin(), consumers.end(),
                    [&](const auto& c) { return c.name == r.consumerName; }))
        return fail(ErrorCode::ResourceInUse,
                    "Consumer " + r.consumerName + " of stream " + under(stream)
                        + " already exists.");
    const int most = advantage() ? limits::kFanOutConsumersAdvantage : limits::kFanOutConsumers;
    if (consumers.size() >= static_cast<std::size_t>(most))
        return fail(ErrorCode::LimitExceeded,
                    "Stream " + under(stream) + " has " + std::to_string(most)
                        + " registered consumers, its most.");
    if (std::count_if(consumers.begin(), consumers.end(), [](const auto& c) { return c.creating; })
        >= limits::kConsumersCreating)
        return fail(ErrorCode::LimitExceeded,
                    "Stream " + under(stream) + " has " + std::to_string(limits::kConsumersCreating)
                        + " consumers in CREATING, its most at once.");
    consumers.push_back({r.consumerName});
    stream.m_pending.emplace(onSlice(now + m_options.timings.update),
                             change::ConsumerReady {r.consumerName});
    stream.note(now, EventKind::ConsumerAdded, {},
                "Consumer " + r.consumerName + " is registered for enhanced fan-out.");
    return {};
}

Result<void> Service::act(const DeregisterStreamConsumer& r, SimTime now)
{
    if (auto ok = constraints::name("consumerName", r.consumerName); !ok)
        return ok;
    const auto found = called(Operation::DeregisterStreamConsumer, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    const auto consumer
        = std::find_if(stream.m_fanOut.begin(), stream.m_fanOut.end(),
                       [&](const auto& c) { return c.name == r.consumerName && !c.deleting; });
    if (consumer == stream.m_fanOut.end())
        return fail(ErrorCode::ResourceNotFound,
                    "Consumer " + r.consumerName + " of stream " + under(stream) + " not found.");
    consumer->deleting = true;
    consumer->creating = false;
    stream.m_pending.emplace(onSlice(now + m_options.timings.update),
                             change::ConsumerGone {r.consumerName});
    stream.note(now, EventKind::ConsumerRemoved, {},
                "Consumer " + r.consumerName + " is deregistered.");
    return {};
}

} // namespace shardscope
