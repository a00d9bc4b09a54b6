#include "core/runtime/channel_delivery.h"

#include <algorithm>
#include <utility>

#include "core/base/budgets.h"
#include "core/base/md5.h"
#include "core/engine/channel_key.h"
#include "core/engine/limits.h"

namespace shardscope {
namespace {

constexpr std::size_t kFileNameBytes = 255; ///< of Linux' file systems

/// Data and keys that all shards ever accepted.
Bytes acceptedBytes(const Stream& stream)
{
    std::uint64_t sum = 0;
    for (const ShardHot& hot : stream.columns().hot)
        sum += hot.acceptedBytes;
    return static_cast<Bytes>(sum);
}

bool delivers(const Channel& channel)
{
    const ChannelStatus status = channel.description.status;
    return (status == ChannelStatus::Active || status == ChannelStatus::Updating)
        && !toTables(channel.description.spec);
}

/// A key's part that a file system cannot hold as a name.
bool tooLong(std::string_view key)
{
    for (std::size_t from = 0; from <= key.size();) {
        const std::size_t to = std::min(key.find('/', from), key.size());
        if (to - from > kFileNameBytes)
            return true;
        from = to + 1;
    }
    return false;
}

/// Names the object that begins at these positions, and no other of its channel.
std::string suffixOf(const std::string& channelId, const std::vector<std::uint64_t>& positions)
{
    std::string text = channelId;
    for (std::size_t slot = 0; slot < positions.size(); ++slot) {
        if (positions[slot] > 0) // a shard that opens meanwhile changes nothing
            text += ' ' + std::to_string(slot) + ':' + std::to_string(positions[slot]);
    }
    return toHex(md5(text));
}

/// Adds one sample to each of a channel's metrics.
class Samples {
public:
    Samples(cloudwatch::MetricStore& store, const ChannelRow& row, SimTime at)
        : m_store(store)
        , m_row(row)
        , m_at(at)
    {
    }
    void add(const char* name, const char* unit, std::int64_t value)
    {
        cloudwatch::StatisticSet one;
        one.add(static_cast<double>(value));
        m_store.add({"AWS/Kinesis",
                     std::string("DeliveryToS3.") + name,
                     {{"ChannelId", m_row.channelId},
                      {"ChannelName", m_row.channelName},
                      {"StreamName", m_row.streamName}}},
                    unit, m_at, one);
    }

private:
    cloudwatch::MetricStore& m_store;
    const ChannelRow& m_row;
    SimTime m_at;
};

} // namespace

tl::unexpected<Error> noChannelFolder()
{
    return fail(ErrorCode::InvalidArgument,
                "Channels deliver to a folder here, and this service has none: start it with "
                "--channels DIR, or with --data DIR.");
}

/// Goes on where the channel stands.
ChannelDelivery::Delivery::Delivery(const Channel& channel, const Stream& stream)
    : next(stream.shards().size())
    , row {.channelId = channel.description.channelId,
           .channelName = channel.description.spec.channelName,
           .streamName = channel.description.spec.streamName}
{
    for (const auto& [slot, position] : channel.delivered)
        next[slot.index()] = position;
    // Where the disk lost what it had promised, the shard goes on before this position.
    for (const Shard& one : stream.shards())
        next[one.slot.index()] = std::min(next[one.slot.index()], stream.latest(one.slot));
    count(stream);
}

void ChannelDelivery::Delivery::count(const Stream& stream)
{
    skipped = false;
    taken = acceptedBytes(stream);
    for (std::size_t slot = 0; slot < next.size(); ++slot) {
        const ShardLog& log = stream.columns().logs[slot];
        for (std::uint64_t at = std::max(next[slot], log.begin()); at < log.end();) {
            const auto run = log.from(at);
            for (const RecordMeta& meta : run)
                taken -= meta.bytes;
            at += run.size();
        }
    }
}

void ChannelDelivery::Delivery::skip(const Stream& stream)
{
    for (std::size_t slot = 0; slot < next.size(); ++slot) {
        const std::uint64_t kept = stream.columns().logs[slot].begin();
        if (next[slot] >= kept)
            continue;
        row.lostRecords += static_cast<std::int64_t>(kept - next[slot]);
        next[slot] = kept;
        skipped = true;
    }
    if (skipped)
        count(stream);
}

ChannelDelivery::ChannelDelivery(Options options)
    : m_options(std::move(options))
    , m_writer(m_options.folder, m_options.files != nullptr ? *m_options.files : realFiles(),
               m_options.wake)
{
}

Result<void> ChannelDelivery::allow(const CreateChannel& request, const Service& service) const
{
    const ChannelSpec& spec = request.channel;
    const auto refuse
        = [](const std::string& why) { return fail(ErrorCode::InvalidArgument, why); };
    if (toTables(spec))
        return refuse("S3 tables are not delivered to here: a channel with an "
                      "S3DestinationConfiguration delivers to a folder.");
    if (spec.encryptionKeyId)
        return refuse("Objects are plain files here and are not encrypted with a key: leave "
                      "EncryptionConfiguration out, and keep the folder on an encrypted disk.");
    const Stream* stream = service.find(spec.streamName);
    if (!m_options.encryptedToo && stream != nullptr
        && stream->summary().encryption == EncryptionType::Kms)
        return refuse("Stream " + spec.streamName
                      + " is encrypted, and objects are plain files, which the data folder must "
                        "not hold: name another folder with --channels DIR.");
    const ChannelDescription sample {.channelId = std::string(16, '0'), .spec = spec};
    const std::string suffix(32, '0');
    if (tooLong(objectKey(sample, {}, suffix)) || tooLong(errorKey(sample, {}, suffix)))
        return refuse("OutputKeyTemplate or ErrorOutputPrefix gives keys with a part of more than "
                      + std::to_string(kFileNameBytes)
                      + " characters between slashes, which is too long for a file's name.");
    return {};
}

Result<void> ChannelDelivery::allow(const StartStreamEncryption& request,
                                    const Service& service) const
{
    if (m_options.encryptedToo)
        return {};
    for (const Channel* channel : service.channels()) {
        const ChannelSpec& spec = channel->description.spec;
        if (spec.streamName == request.streamName)
            return fail(ErrorCode::InvalidArgument,
                        "Channel " + spec.channelName + " delivers stream " + spec.streamName
                            + " as plain files, which the data folder must not hold of an "
                              "encrypted stream: delete it, or name another folder with "
                              "--channels DIR.");
    }
    return {};
}

bool ChannelDelivery::reading() const
{
    return std::any_of(m_deliveries.begin(), m_deliveries.end(),
                       [](const auto& d) { return d.second.phase == Phase::Reading; });
}

std::size_t ChannelDelivery::underWay() const
{
    return static_cast<std::size_t>(
        std::count_if(m_deliveries.begin(), m_deliveries.end(),
                      [](const auto& d) { return d.second.phase != Phase::Idle; }));
}

std::vector<ChannelRow> ChannelDelivery::rows() const
{
    std::vector<ChannelRow> rows;
    for (const auto& [id, d] : m_deliveries) {
        rows.push_back(d.row);
        rows.back().writing = d.phase != Phase::Idle;
    }
    return rows;
}

void ChannelDelivery::advance(Service& service, cloudwatch::MetricStore& metrics, SimTime now)
{
    takeDone(service, metrics, now);
    follow(service);
    for (const Channel* channel : service.channels()) {
        const auto found = m_deliveries.find(channel->description.channelId);
        const Stream* stream = service.find(channel->description.spec.streamName);
        if (found == m_deliveries.end() || stream == nullptr)
            continue;
        Delivery& d = found->second;
        d.next.resize(stream->shards().size());
        if (d.phase == Phase::Idle)
            d.skip(*stream);
        if (d.phase == Phase::Idle && delivers(*channel))
            look(d, *channel, *stream, now);
        if (d.phase == Phase::Reading)
            read(d, *channel, service, *stream, now);
        d.row.waitingBytes
            = acceptedBytes(*stream) - (d.phase == Phase::Idle ? d.taken : d.startTaken);
        const std::int64_t minute = now.inSeconds() / 60;
        if (std::exchange(d.metricsMinute, minute) != minute) {
            const auto since = oldest(d, *stream);
            Samples(metrics, d.row, now)
                .add("DataFreshness", "Seconds",
                     since ? static_cast<std::int64_t>((now - *since).inSeconds()) : 0);
        }
    }
}

/// One Delivery for each channel that has become ACTIVE and is still there.
void ChannelDelivery::follow(const Service& service)
{
    const auto channels = service.channels();
    std::erase_if(m_deliveries, [&channels](const auto& d) {
        return std::none_of(channels.begin(), channels.end(), [&d](const Channel* channel) {
            return channel->description.channelId == d.first;
        });
    });
    for (const Channel* channel : channels) {
        const std::string& id = channel->description.channelId;
        const Stream* stream = service.find(channel->description.spec.streamName);
        if (stream != nullptr && delivers(*channel) && m_deliveries.count(id) == 0)
            m_deliveries.emplace(id, Delivery(*channel, *stream));
    }
}

void ChannelDelivery::takeDone(Service& service, cloudwatch::MetricStore& metrics, SimTime now)
{
    for (ObjectWriter::Done& done : m_writer.take()) {
        const auto found = m_deliveries.find(done.channelId);
        if (found == m_deliveries.end())
            continue; // its channel went meanwhile
        Delivery& d = found->second;
        Samples samples(metrics, d.row, now);
        samples.add("DeliverySuccess", "Count", done.result ? 1 : 0);
        if (!done.result) {
            giveUp(d,
                   "Channel " + d.row.channelName
                       + " cannot deliver and tries again: " + done.result.error().message,
                   now);
            continue;
        }
        const ObjectWriter::Written& written = *done.result;
        Positions moved;
        for (std::size_t slot = 0; slot < d.next.size(); ++slot) {
            if (slot >= d.start.size() || d.next[slot] != d.start[slot])
                moved[ShardSlot(static_cast<std::uint32_t>(slot))] = d.next[slot];
        }
        service.noteDelivered(done.channelId, moved);
        d.phase = Phase::Idle;
        d.row.trouble.clear();
        d.skipped = d.gone > 0;
        d.row.lostRecords += d.gone;
        d.row.objects += written.records > 0 ? 1 : 0;
        d.row.records += written.records;
        d.row.failedRecords += written.failed;
        samples.add("BytesIn", "Bytes", written.bytesIn);
        samples.add("BytesProcessed", "Bytes", written.bytesPassed);
        samples.add("BytesOut", "Bytes", written.bytesOut);
        samples.add("RecordCount", "Count", written.records + written.failed);
        samples.add("SuccessfulRecordCount", "Count", written.records);
        samples.add("FailedRecordCount", "Count", written.failed);
        if (written.failed > 0)
            samples.add("DLQDeliverySuccess", "Count", written.failed);
    }
}

std::optional<SimTime> ChannelDelivery::oldest(const Delivery& d, const Stream& stream)
{
    std::optional<std::int64_t> ms;
    for (std::size_t slot = 0; slot < d.next.size(); ++slot) {
        const ShardLog& log = stream.columns().logs[slot];
        const std::uint64_t from = std::max(d.next[slot], log.begin());
        if (from < log.end())
            ms = std::min(ms.value_or(std::numeric_limits<std::int64_t>::max()),
                          log.from(from).front().arrivalMs);
    }
    return ms ? std::optional(SimTime::fromMillis(*ms)) : std::nullopt;
}

/// Whether an object is due.
void ChannelDelivery::look(Delivery& d, const Channel& channel, const Stream& stream, SimTime now)
{
    const ChannelSpec& spec = channel.description.spec;
    const Bytes waiting = acceptedBytes(stream) - d.taken;
    if (waiting == 0 || now < d.tryAt
        || underWay() >= static_cast<std::size_t>(budgets::kChannelObjectsAtOnce))
        return;
    const auto since = oldest(d, stream);
    if (!since)
        return;
    const SimTime due
        = *since + SimDuration::seconds(spec.dataFreshnessSeconds - budgets::kChannelLeadSeconds);
    const bool full = waiting >= budgets::kChannelObjectBytes;
    if (!m_finishing && d.target.empty() && !full && now < due)
        return;
    if (!m_options.encryptedToo && stream.summary().encryption == EncryptionType::Kms) {
        d.row.trouble = "Channel " + spec.channelName + " waits: stream " + spec.streamName
            + " is encrypted, and its records may not lie as plain files in the data folder; name "
              "another folder with --channels DIR.";
        return;
    }
    begin(d, channel, stream, *since);
}

void ChannelDelivery::begin(Delivery& d, const Channel& channel, const Stream& stream,
                            SimTime oldest)
{
    if (d.target.empty()) {
        for (const ShardLog& log : stream.columns().logs)
            d.target.push_back(log.end());
    }
    d.start = d.next;
    d.startTaken = d.taken;
    d.bytes = 0;
    d.gone = 0;
    d.shard = 0;
    d.records = {};
    d.records.begin = oldest;
    d.records.suffix = suffixOf(channel.description.channelId, d.start);
    d.phase = Phase::Reading;
}

void ChannelDelivery::read(Delivery& d, const Channel& channel, const Service& service,
                           const Stream& stream, SimTime now)
{
    Bytes room = budgets::kChannelReadBytes;
    while (d.shard < d.target.size() && room > 0 && d.bytes < budgets::kChannelObjectBytes) {
        std::uint64_t& at = d.next[d.shard];
        if (at >= d.target[d.shard]) {
            ++d.shard;
            continue;
        }
        const auto slot = ShardSlot(static_cast<std::uint32_t>(d.shard));
        auto got = service.readForChannel(stream, slot, at, d.target[d.shard], room, now);
        if (!got) {
            giveUp(d,
                   "Channel " + channel.description.spec.channelName
                       + " cannot read its stream and tries again: " + got.error().message,
                   now);
            return;
        }
        if (got->next == at) { // not durable yet: the next round's
            d.target[d.shard] = at;
            continue;
        }
        d.gone += static_cast<std::int64_t>(got->next - at - got->records.rows.size()
                                            - got->lost.size());
        at = got->next;
        d.taken += got->bytes;
        d.bytes += got->bytes;
        room -= got->bytes;
        if (!got->records.rows.empty())
            d.records.pages.push_back(std::move(got->records));
        d.records.lost.insert(d.records.lost.end(), got->lost.begin(), got->lost.end());
    }
    if (d.shard >= d.target.size() || d.bytes >= budgets::kChannelObjectBytes)
        handOver(d, channel, now);
}

void ChannelDelivery::handOver(Delivery& d, const Channel& channel, SimTime now)
{
    if (d.shard >= d.target.size())
        d.target.clear(); // the round is over
    if (d.records.pages.empty() && d.records.lost.empty()) {
        d.phase = Phase::Idle;
        d.skipped = d.gone > 0;
        d.row.lostRecords += d.gone;
        d.tryAt = now + SimDuration::seconds(1);
        return;
    }
    m_writer.put({channel.description, std::exchange(d.records, {})});
    d.phase = Phase::Writing;
}

void ChannelDelivery::giveUp(Delivery& d, std::string why, SimTime now)
{
    d.next = d.start;
    d.taken = d.startTaken;
    d.target.clear();
    d.records = {};
    d.phase = Phase::Idle;
    d.tryAt = now + SimDuration::seconds(budgets::kChannelRetrySeconds);
    d.row.trouble = std::move(why);
}

void ChannelDelivery::finish(Service& service, cloudwatch::MetricStore& metrics, SimTime now)
{
    m_finishing = true;
    do {
        m_writer.wait();
        advance(service, metrics, now);
    } while (underWay() > 0);
}

} // namespace shardscope
