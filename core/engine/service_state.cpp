#include <algorithm>

#include "core/base/check.h"
#include "core/engine/limits.h"
#include "core/engine/service.h"

namespace shardscope {
namespace {

/// The shards that were made of each.
void findChildren(std::vector<Shard>& shards)
{
    for (const Shard& shard : shards) {
        for (const auto& parent : {shard.parent, shard.adjacentParent}) {
            if (parent)
                shards[parent->index()].children.push_back(shard.slot);
        }
    }
}

/// A status whose end nothing brings about would never end: it ends now.
void settle(StreamState& state, SimTime now)
{
    const auto ends = [&](auto kind) {
        return std::any_of(state.pending.begin(), state.pending.end(), [&](const auto& due) {
            return std::holds_alternative<decltype(kind)>(due.second);
        });
    };
    StreamStatus& status = state.summary.status;
    if (status == StreamStatus::Creating && !ends(change::Created {}))
        state.pending.emplace_back(now, change::Created {});
    else if (status == StreamStatus::Deleting && !ends(change::Deleted {}))
        state.pending.emplace_back(now, change::Deleted {});
    else if (status == StreamStatus::Updating && state.pending.empty())
        status = StreamStatus::Active;
}

} // namespace

SavedShard Service::rowOf(const Stream& stream, std::size_t slot)
{
    const Shard& shard = stream.m_shards[slot];
    const ShardHot& hot = stream.m_columns.hot[slot];
    const Stream::Measured& measured = stream.m_measured[slot];
    const ShardLog& log = stream.m_columns.logs[slot];
    SavedShard row;
    row.range = shard.range;
    row.state = shard.state;
    row.parent = shard.parent;
    row.adjacentParent = shard.adjacentParent;
    row.changing = shard.changing;
    row.openedAt = shard.openedAt;
    row.closedAt = shard.closedAt;
    row.first = log.begin();
    row.next = log.end();
    row.acceptedBytes = hot.acceptedBytes;
    row.refusedByBytes = hot.refusedByBytes;
    row.refusedByRecords = hot.refusedByRecords;
    row.refusedBytes = hot.refusedBytes;
    row.outRecords = shard.outRecords;
    row.outBytes = shard.outBytes;
    row.readCalls = shard.readCalls;
    row.refusedReadBytes = shard.refusedReadBytes;
    row.refusedReadCalls = shard.refusedReadCalls;
    row.refusedReadWait = shard.refusedReadWait;
    row.measured = measured.accepted;
    row.hotSplits = measured.hotSplits;
    row.judged = measured.judged;
    row.advised = measured.advised;
    return row;
}

StreamState Service::stateOf(const Stream& stream)
{
    StreamState state;
    state.slot = stream.m_slot;
    state.summary = stream.m_summary;
    state.firstShards = stream.m_firstShards;
    state.tags = stream.m_tags;
    state.policy = stream.m_resourcePolicy.text;
    for (std::size_t i = 0; i < stream.m_shards.size(); ++i)
        state.shards.push_back(rowOf(stream, i));
    for (const Stream::FanOutConsumer& consumer : stream.m_fanOut)
        state.consumers.push_back({consumer.name, described(stream, consumer).status,
                                   consumer.createdAt, consumer.tags, consumer.policy.text});
    state.pending.assign(stream.m_pending.begin(), stream.m_pending.end());
    state.reserved = stream.m_reserved;
    state.scalingText = stream.m_scalingText;
    state.quotas = {stream.m_modeSwitches.times(), stream.m_shardCountUpdates.times(),
                    stream.m_encryptionStarts.times(), stream.m_encryptionStops.times()};
    state.encryptionSince = stream.m_encryptionSince;
    state.dataKeys = stream.m_dataKeys;
    state.dataKeyId = stream.m_dataKeyId;
    state.peakBytes = stream.m_peakBytes.state();
    state.peakLoad = stream.m_peakLoad.state();
    state.onDemandRounds = stream.m_onDemandRounds;
    state.lastMergeRound = stream.m_lastMergeRound;
    state.trimmed = stream.m_trimmed;
    state.trimmedByBudget = stream.m_trimmedByBudget;
    return state;
}

AccountState Service::accountState() const
{
    AccountState state;
    state.settings = m_commitment.settings();
    state.slotsGiven = static_cast<std::uint32_t>(m_streams.size());
    state.channelsMade = m_channelsMade;
    for (const auto& [id, channel] : m_channels)
        state.channels.push_back(channel);
    return state;
}

ServiceState Service::state() const
{
    ServiceState state;
    state.account = accountState();
    for (const Stream& stream : m_streams) {
        if (!stream.m_gone)
            state.streams.push_back(stateOf(stream));
    }
    return state;
}

Service::Changed Service::takeChanged()
{
    Changed changed;
    changed.delivered = std::exchange(m_delivered, {});
    if (std::exchange(m_accountChanged, false)) {
        changed.account = accountState();
        changed.delivered.clear();
    }
    for (Stream& stream : m_streams) {
        if (!std::exchange(stream.m_changed, false))
            continue;
        if (stream.m_gone)
            changed.removed.push_back(stream.m_slot);
        else
            changed.streams.push_back(stateOf(stream));
    }
    return changed;
}

void Service::putBack(const Changed& changed)
{
    m_accountChanged
        = m_accountChanged || changed.account.has_value() || !changed.delivered.empty();
    for (const StreamState& stream : changed.streams)
        m_streams[stream.slot.index()].m_changed = true;
    for (const StreamSlot slot : changed.removed)
        m_streams[slot.index()].m_changed = true;
}

// --- the way back -------------------------------------------------------------------------------

void Service::restoreShards(Stream& stream, const StreamState& state)
{
    for (const SavedShard& row : state.shards) {
        const ShardSlot slot
            = stream.openShard(row.range, row.parent, row.adjacentParent, row.openedAt);
        Shard& shard = stream.m_shards[slot.index()];
        shard.state = row.state;
        shard.changing = row.changing;
        shard.closedAt = row.closedAt;
        shard.outRecords = row.outRecords;
        shard.outBytes = row.outBytes;
        shard.readCalls = row.readCalls;
        shard.refusedReadBytes = row.refusedReadBytes;
        shard.refusedReadCalls = row.refusedReadCalls;
        shard.refusedReadWait = row.refusedReadWait;
        ShardHot& hot = stream.m_columns.hot[slot.index()];
        hot.acceptedRecords = row.next;
        hot.acceptedBytes = row.acceptedBytes;
        hot.refusedByBytes = row.refusedByBytes;
        hot.refusedByRecords = row.refusedByRecords;
        hot.refusedBytes = row.refusedBytes;
        stream.m_measured[slot.index()]
            = {row.measured, static_cast<int>(row.hotSplits), row.judged, row.advised};
        stream.m_outSoFar
            += {static_cast<std::int64_t>(row.outRecords), static_cast<Bytes>(row.outBytes)};
        if (row.state == ShardState::Open)
            stream.m_open.push_back({row.range, slot});
    }
    findChildren(stream.m_shards);
    std::sort(stream.m_open.begin(), stream.m_open.end(),
              [](const auto& a, const auto& b) { return a.range.start < b.range.start; });
    if (!stream.m_open.empty())
        stream.m_map = ShardMap(stream.m_open);
}

ResourcePolicy Service::policyOf(const ResourceRef& ref, const std::string& text) const
{
    // It was read when it was put; one of an account that has another number now means nothing.
    auto policy = text.empty()
        ? Result<ResourcePolicy>(ResourcePolicy {})
        : ResourcePolicy::read(text, ref.kind, arnOf(ref), m_options.accountId);
    return policy ? std::move(*policy) : ResourcePolicy {.text = text, .denied = {}};
}

void Service::restoreConsumers(Stream& stream, const StreamState& state)
{
    for (const SavedConsumer& row : state.consumers) {
        Stream::FanOutConsumer& consumer = stream.m_fanOut.emplace_back();
        consumer.name = row.name;
        consumer.creating = row.status == ConsumerStatus::Creating;
        consumer.deleting = row.status == ConsumerStatus::Deleting;
        consumer.createdAt = row.createdAt;
        consumer.tags = row.tags;
        const ResourceRef ref {.kind = ResourceRef::Kind::Consumer,
                               .streamName = stream.name(),
                               .consumerName = row.name,
                               .consumerCreatedAt = row.createdAt.inSeconds()};
        consumer.policy = policyOf(ref, row.policy);
    }
}

void Service::restoreStream(StreamState state, SimTime now)
{
    settle(state, now);
    Stream& stream = m_streams.emplace_back(
        Stream(state.slot, CreateStream {.streamName = state.summary.streamName}, m_options,
               state.summary.createdAt));
    const std::string arn = stream.m_summary.streamArn;
    stream.m_summary = state.summary;
    stream.m_summary.streamArn = arn;
    stream.m_summary.channelCount = 0; // channels come later
    stream.m_firstShards = state.firstShards;
    stream.m_columns.bytesBurst
        = limits::shardWriteBytesBurst(stream.m_summary.maxRecordSizeKiB * 1_KiB);
    stream.m_tags = state.tags;
    restoreShards(stream, state);
    restoreConsumers(stream, state);
    stream.m_resourcePolicy
        = policyOf({.kind = ResourceRef::Kind::Stream, .streamName = stream.name()}, state.policy);
    stream.m_pending.insert(state.pending.begin(), state.pending.end());
    stream.m_reserved = state.reserved;
    stream.m_scalingText = state.scalingText;
    stream.m_modeSwitches = RollingDay(state.quotas[0]);
    stream.m_shardCountUpdates = RollingDay(state.quotas[1]);
    stream.m_encryptionStarts = RollingDay(state.quotas[2]);
    stream.m_encryptionStops = RollingDay(state.quotas[3]);
    stream.m_encryptionSince = state.encryptionSince;
    stream.m_dataKeys = state.dataKeys;
    stream.m_dataKeyId = state.dataKeyId;
    if (!state.dataKeys.empty())
        stream.m_dataKey = dataKey(state.dataKeys.back().dataKeyId);
    stream.m_nextTrim = SimTime();
    stream.m_trimmed = state.trimmed;
    stream.m_trimmedByBudget = state.trimmedByBudget;
    stream.m_peakBytes = PeakMemory::from(state.peakBytes);
    stream.m_peakLoad = PeakMemory::from(state.peakLoad);
    stream.m_onDemandRounds = state.onDemandRounds;
    stream.m_lastMergeRound = state.lastMergeRound;
    stream.m_changed = false;
    m_slots.emplace(stream.name(), stream.m_slot);
    noteDue(stream);
}

void Service::restore(ServiceState state, SimTime now)
{
    SHARDSCOPE_CHECK(m_streams.empty() && m_channels.empty());
    m_commitment = BillingCommitment::from(state.account.settings);
    m_channelsMade = state.account.channelsMade;
    auto next = state.streams.begin();
    for (std::uint32_t slot = 0; slot < state.account.slotsGiven; ++slot) {
        if (next != state.streams.end() && next->slot.value == slot) {
            restoreStream(std::move(*next++), now);
            continue;
        }
        // Of a deleted one its place remains.
        Stream& gone = m_streams.emplace_back(Stream(StreamSlot {slot}, {}, m_options, now));
        gone.m_gone = true;
        gone.m_changed = false;
    }
    for (Channel& channel : state.account.channels) {
        ++m_streams[channel.stream.index()].m_summary.channelCount;
        const std::string id = channel.description.channelId;
        m_channels.emplace(id, std::move(channel));
    }
    m_accountChanged = false;
}

SimTime Service::newestTime() const
{
    SimTime newest;
    const auto note = [&](SimTime at) { newest = std::max(newest, at); };
    for (const Stream& stream : m_streams) {
        note(stream.m_gone ? SimTime() : stream.m_summary.createdAt);
        for (const Shard& shard : stream.m_shards) {
            note(shard.openedAt);
            note(shard.closedAt.value_or(SimTime()));
            const ShardLog& log = stream.m_columns.logs[shard.slot.index()];
            if (!log.empty())
                note(SimTime::fromMillis(log.from(log.end() - 1).front().arrivalMs));
        }
    }
    return newest;
}

} // namespace shardscope
