#include <algorithm>

#include "core/base/rng.h"
#include "core/engine/channel_key.h"
#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/engine/paging.h"
#include "core/engine/service.h"
#include "core/storage/key_ring.h"
#include "core/storage/log_file.h"

/// Channels: their states and limits. Delivering is the runtime's.
namespace shardscope {
namespace {

/// Sixteen hexadecimal digits that no other channel of this service has or had.
std::string channelId(std::uint64_t seed, SimTime createdAt, std::uint64_t number)
{
    std::uint64_t bits
        = mix64(mix64(seed ^ static_cast<std::uint64_t>(createdAt.inMicros())) + number);
    std::string text(16, '0');
    for (char& digit : text) {
        digit = "0123456789abcdef"[bits & 15U];
        bits >>= 4;
    }
    return text;
}

Result<void> checkChannelId(const std::string& id)
{
    return constraints::length("channelARN", id, 1, 64);
}

} // namespace

Result<Channel*> Service::channelOf(const std::string& id)
{
    if (const auto found = m_channels.find(id); found != m_channels.end())
        return &found->second;
    return fail(ErrorCode::ResourceNotFound,
                "Channel " + id + " under account " + m_options.accountId + " not found.");
}

/// Two per stream, one of each type; names are the account's.
Result<void> Service::allowChannel(const Stream& stream, const ChannelSpec& spec) const
{
    for (const auto& [id, channel] : m_channels) {
        const ChannelSpec& other = channel.description.spec;
        if (other.channelName == spec.channelName)
            return fail(ErrorCode::ResourceInUse,
                        "Channel " + spec.channelName + " under account " + m_options.accountId
                            + " already exists.");
        if (channel.stream == stream.m_slot && toTables(other) == toTables(spec))
            return fail(ErrorCode::LimitExceeded,
                        "Stream " + under(stream) + " has a channel to "
                            + (toTables(spec) ? "S3 tables" : "S3")
                            + " already: it can have one of each type.");
    }
    return {};
}

Result<ChannelDescription> Service::act(const CreateChannel& r, SimTime now)
{
    const ChannelSpec& spec = r.channel;
    if (auto ok = checkChannel(spec); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = constraints::tags(r.tags); !ok)
        return tl::unexpected(ok.error());
    const auto found = called(Operation::CreateChannel, spec.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    if (auto ok = settled(stream); !ok)
        return tl::unexpected(ok.error());
    if (stream.m_summary.mode != StreamMode::OnDemand)
        return fail(ErrorCode::Validation,
                    "Stream " + under(stream)
                        + " is provisioned; channels deliver on-demand streams only.");
    if (stream.m_summary.encryption == EncryptionType::Kms && isOwnKey(stream.m_summary.keyId))
        return fail(ErrorCode::InvalidArgument,
                    "Stream " + under(stream) + " is encrypted with "
                        + std::string(KeyRing::kOwnAlias)
                        + "; channels deliver streams that are encrypted with a customer managed "
                          "key, or not at all.");
    if (auto ok = allowChannel(stream, spec); !ok)
        return tl::unexpected(ok.error());
    if (spec.encryptionKeyId) {
        if (auto ok = allowKey(*spec.encryptionKeyId, now); !ok)
            return tl::unexpected(ok.error());
    }
    Channel channel;
    channel.description = {.channelId = channelId(m_options.seed, now, ++m_channelsMade),
                           .spec = spec,
                           .createdAt = now,
                           .updatedAt = now};
    if (!toTables(spec)) {
        if (auto ok = checkObjectKeys(channel.description); !ok)
            return tl::unexpected(ok.error());
    }
    channel.tags = r.tags;
    channel.stream = stream.m_slot;
    channel.dueAt = onSlice(now + m_options.timings.create);
    ++stream.m_summary.channelCount;
    const std::string id = channel.description.channelId;
    return m_channels.emplace(id, std::move(channel)).first->second.description;
}

Result<ChannelDescription> Service::act(const DescribeChannel& r, SimTime now)
{
    if (auto ok = checkChannelId(r.channelId); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = admitCall(Operation::DescribeChannel, now); !ok)
        return tl::unexpected(ok.error());
    return channelOf(r.channelId).map([](const Channel* channel) { return channel->description; });
}

/// By id; the token of a listing carries its stream.
Result<ListChannelsResult> Service::act(const ListChannels& r, SimTime now)
{
    const std::int64_t limit = r.maxResults.value_or(limits::kListedMost);
    if (auto ok = constraints::range("maxResults", limit, 1, limits::kListedMost); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = admitCall(Operation::ListChannels, now); !ok)
        return tl::unexpected(ok.error());
    PageToken page {.listing = PageToken::Listing::Channels, .issuedAt = now};
    const Stream* stream = nullptr;
    if (r.streamName) {
        const auto found = existing(*r.streamName);
        if (!found)
            return tl::unexpected(found.error());
        if (auto ok = sameCreation(**found, r.streamCreationTimestamp); !ok)
            return tl::unexpected(ok.error());
        stream = *found;
        page.stream = stream->name();
        page.streamCreatedAt = stream->m_summary.createdAt;
    }
    if (r.nextToken) {
        const auto token = PageToken::parse(*r.nextToken, page.listing, now);
        if (!token)
            return tl::unexpected(token.error());
        if (token->stream != page.stream || token->streamCreatedAt != page.streamCreatedAt)
            return fail(ErrorCode::InvalidArgument,
                        "NextToken belongs to a listing with another StreamFilter.");
        page.after = token->after;
    }
    ListChannelsResult result;
    for (auto at = m_channels.upper_bound(page.after); at != m_channels.end(); ++at) {
        if (stream != nullptr && at->second.stream != stream->m_slot)
            continue;
        if (static_cast<std::int64_t>(result.channels.size()) == limit) {
            page.after = result.channels.back().channelId;
            result.nextToken = page.text();
            break;
        }
        result.channels.push_back(at->second.description);
    }
    return result;
}

Result<ChannelDescription> Service::act(const UpdateChannel& r, SimTime now)
{
    if (auto ok = checkChannelId(r.channelId); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = admitCall(Operation::UpdateChannel, now); !ok)
        return tl::unexpected(ok.error());
    const auto found = channelOf(r.channelId);
    if (!found)
        return tl::unexpected(found.error());
    Channel& channel = **found;
    ChannelDescription& description = channel.description;
    if (auto ok = checkUpdate(r, description.spec); !ok)
        return tl::unexpected(ok.error());
    if (description.status != ChannelStatus::Active)
        return fail(ErrorCode::ResourceInUse,
                    "Channel " + description.spec.channelName + " under account "
                        + m_options.accountId + " is not ACTIVE.");
    if (r.dataFreshnessSeconds)
        description.spec.dataFreshnessSeconds = *r.dataFreshnessSeconds;
    if (r.loggingJson)
        description.spec.loggingJson = *r.loggingJson;
    description.status = ChannelStatus::Updating;
    description.updatedAt = now;
    channel.dueAt = onSlice(now + m_options.timings.update);
    return description;
}

Result<void> Service::act(const DeleteChannel& r, SimTime now)
{
    if (auto ok = checkChannelId(r.channelId); !ok)
        return ok;
    if (auto ok = admitCall(Operation::DeleteChannel, now); !ok)
        return ok;
    const auto found = channelOf(r.channelId);
    if (!found)
        return tl::unexpected(found.error());
    Channel& channel = **found;
    if (channel.description.status != ChannelStatus::Deleting) {
        channel.description.status = ChannelStatus::Deleting;
        channel.description.updatedAt = now;
        channel.dueAt = onSlice(now + m_options.timings.update);
    }
    return {};
}

/// From now on: a closed shard has nothing more to come, an open one what is put next.
void Service::beginAtTip(Channel& channel) const
{
    const Stream& stream = m_streams[channel.stream.index()];
    for (const Shard& shard : stream.m_shards)
        channel.delivered[shard.slot] = stream.m_columns.logs[shard.slot.index()].end();
}

Result<Service::ChannelRead> Service::readForChannel(const Stream& stream, ShardSlot shard,
                                                     std::uint64_t position, std::uint64_t end,
                                                     Bytes bytesMost, SimTime now) const
{
    // What is not durable may be another record after a crash.
    const auto& file = stream.m_log.file();
    const std::uint64_t durable = file ? file->durable() : RecordMeta::kNumberMask;
    const std::int64_t created = stream.m_shards[shard.index()].openedAt.inSeconds();
    ChannelRead read;
    // Retention may have gone on since.
    const std::uint64_t first = std::max(position, stream.m_columns.logs[shard.index()].begin());
    read.next = first;
    bool more = true;
    while (more && read.next < end) {
        for (const RecordMeta& meta : stream.records(shard, read.next)) {
            const Bytes bytes = read.bytes + meta.bytes;
            more = read.next < end && (bytes <= bytesMost || read.next == first)
                && !(meta.producer() == RecordMeta::kRealPayload && meta.number() >= durable);
            if (!more)
                break;
            read.bytes = bytes;
            RecordPage::Row row;
            row.arrivalMs = meta.arrivalMs;
            row.number
                = {created, shard, ++read.next, SimTime::fromMillis(meta.arrivalMs).inSeconds()};
            (fillRow(read.records, row, stream, meta) ? read.records.rows : read.lost)
                .push_back(row);
        }
    }
    if (auto ok = allowReading(stream, read.records, now); !ok)
        return tl::unexpected(ok.error());
    return read;
}

void Service::noteDelivered(std::string_view channelId,
                            const std::map<ShardSlot, std::uint64_t>& positions)
{
    const auto found = m_channels.find(channelId);
    if (found == m_channels.end())
        return;
    for (const auto& [shard, next] : positions) {
        found->second.delivered[shard] = next;
        m_delivered[{found->first, shard}] = next;
    }
}

std::vector<const Channel*> Service::channels() const
{
    std::vector<const Channel*> all;
    for (const auto& [id, channel] : m_channels)
        all.push_back(&channel);
    return all;
}

void Service::failChannel(std::string_view channelId, std::string reason, SimTime now)
{
    const auto found = m_channels.find(channelId);
    if (found == m_channels.end() || found->second.description.status == ChannelStatus::Deleting)
        return;
    ChannelDescription& description = found->second.description;
    description.status = ChannelStatus::Failed;
    m_accountChanged = true;
    description.statusReason = std::move(reason);
    description.updatedAt = now;
    found->second.dueAt.reset();
}

/// What is due at or before `until`.
void Service::completeChannels(SimTime until)
{
    for (auto at = m_channels.begin(); at != m_channels.end();) {
        Channel& channel = at->second;
        if (!channel.dueAt || *channel.dueAt > until) {
            ++at;
            continue;
        }
        m_accountChanged = true;
        if (channel.description.status == ChannelStatus::Deleting) {
            --m_streams[channel.stream.index()].m_summary.channelCount;
            at = m_channels.erase(at);
        } else {
            if (channel.description.status == ChannelStatus::Creating)
                beginAtTip(channel);
            channel.description.status = ChannelStatus::Active;
            channel.dueAt.reset();
            ++at;
        }
    }
}

} // namespace shardscope
