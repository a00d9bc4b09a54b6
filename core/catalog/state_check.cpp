#include "core/catalog/state_check.h"

#include <algorithm>

namespace shardscope {
namespace {

tl::unexpected<Error> wrong(const StreamState& stream, const std::string& what)
{
    return fail(ErrorCode::BadInput, "stream " + stream.summary.streamName + " " + what);
}

/// Parents must be older and closed.
bool isParent(const StreamState& stream, std::size_t slot, const std::optional<ShardSlot>& parent)
{
    return !parent
        || (parent->index() < slot && stream.shards[parent->index()].state != ShardState::Open);
}

Result<void> checkShard(const StreamState& stream, std::size_t slot)
{
    const SavedShard& shard = stream.shards[slot];
    const std::string name = "has a shard " + std::to_string(slot);
    if (shard.range.end < shard.range.start)
        return wrong(stream, name + " without hash keys");
    if (shard.closedAt.has_value() != (shard.state != ShardState::Open))
        return wrong(stream, name + " that is neither open nor closed");
    if (!isParent(stream, slot, shard.parent) || !isParent(stream, slot, shard.adjacentParent)
        || (shard.adjacentParent && !shard.parent))
        return wrong(stream, name + " with impossible parents");
    if (shard.first > shard.next)
        return wrong(stream, name + " whose positions go back");
    return {};
}

Result<void> checkOpenOnes(const StreamState& stream)
{
    std::vector<HashKeyRange> open;
    for (const SavedShard& shard : stream.shards) {
        if (shard.state == ShardState::Open)
            open.push_back(shard.range);
    }
    std::sort(open.begin(), open.end(),
              [](const auto& a, const auto& b) { return a.start < b.start; });
    if (open.empty())
        return stream.shards.empty() ? Result<void>() : wrong(stream, "has no open shard");
    bool whole = open.front().start == HashKey {} && open.back().end == HashKey::max();
    for (std::size_t i = 1; i < open.size(); ++i)
        whole = whole && open[i - 1].end.value + 1 == open[i].start.value;
    return whole ? Result<void>() : wrong(stream, "has hash keys in no shard, or in two");
}

Result<void> checkStream(const StreamState& stream)
{
    for (std::size_t slot = 0; slot < stream.shards.size(); ++slot) {
        if (auto ok = checkShard(stream, slot); !ok)
            return ok;
    }
    if (auto ok = checkOpenOnes(stream); !ok)
        return ok;
    const StreamStatus status = stream.summary.status;
    if (stream.shards.empty() && status != StreamStatus::Creating
        && status != StreamStatus::Deleting)
        return wrong(stream, "has no shards");
    if (stream.firstShards < 1)
        return wrong(stream, "is to begin without shards");
    for (std::size_t i = 1; i < stream.pending.size(); ++i) {
        if (stream.pending[i].first < stream.pending[i - 1].first)
            return wrong(stream, "has changes out of order");
    }
    const bool known = stream.dataKeyId.empty()
        || std::any_of(stream.dataKeys.begin(), stream.dataKeys.end(),
                       [&](const auto& key) { return key.dataKeyId == stream.dataKeyId; });
    return known ? Result<void>() : wrong(stream, "encrypts with a key that is not there");
}

} // namespace

Result<void> checkState(const ServiceState& state)
{
    std::vector<std::string> names;
    for (const StreamState& stream : state.streams) {
        if (auto ok = checkStream(stream); !ok)
            return ok;
        if (stream.slot.value >= state.account.slotsGiven)
            return wrong(stream, "has a slot that was never given");
        names.push_back(stream.summary.streamName);
    }
    std::sort(names.begin(), names.end());
    if (std::adjacent_find(names.begin(), names.end()) != names.end())
        return fail(ErrorCode::BadInput, "two streams have one name");
    for (const Channel& channel : state.account.channels) {
        const auto has = [&](const StreamState& stream) { return stream.slot == channel.stream; };
        const auto stream = std::find_if(state.streams.begin(), state.streams.end(), has);
        const std::string name = "channel " + channel.description.channelId;
        if (stream == state.streams.end())
            return fail(ErrorCode::BadInput, name + " is of a stream that is not there");
        if (!channel.delivered.empty()
            && channel.delivered.rbegin()->first.index() >= stream->shards.size())
            return fail(ErrorCode::BadInput, name + " delivers a shard that is not there");
    }
    return {};
}

} // namespace shardscope
