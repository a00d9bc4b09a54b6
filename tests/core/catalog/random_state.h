#pragma once

#include <string>

#include "core/base/rng.h"
#include "core/catalog/columns.h"
#include "core/catalog/tables.h"
#include "core/engine/state.h"

/// States of a service for tests of the catalog: drawn at random, compared as text.
namespace shardscope::testing {

/// Draws one number after the other.
struct Draw {
    CounterRng rng;
    std::uint64_t turn = 0;

    std::int64_t below(std::int64_t n)
    {
        return static_cast<std::int64_t>(rng.below(turn++, static_cast<std::uint64_t>(n)));
    }
    bool flip() { return below(2) == 1; }
    SimTime time() { return kDefaultStart + SimDuration::micros(below(1'000'000'000)); }
    std::string text()
    {
        static const char* const kTexts[] = {"",
                                             "a",
                                             "with 'quotes' and \"more\"",
                                             "gr\xc3\xbc\xc3\x9f"
                                             "e",
                                             "line\nline",
                                             "DROP TABLE streams;--"};
        return kTexts[below(6)] + std::to_string(below(1'000));
    }
    template <typename E> E any() { return static_cast<E>(below(lastOf(E {}) + 1)); }
    template <typename T> std::optional<T> maybe(T value)
    {
        return flip() ? std::optional<T>(value) : std::nullopt;
    }
    std::map<std::string, std::string> tags()
    {
        std::map<std::string, std::string> out;
        for (std::int64_t i = below(4); i > 0; --i)
            out["key" + text()] = text();
        return out;
    }
};

inline SavedShard drawShard(Draw& draw, const HashKeyRange& range)
{
    SavedShard shard;
    shard.range = range;
    shard.changing = draw.flip();
    shard.openedAt = draw.time();
    shard.first = static_cast<std::uint64_t>(draw.below(1'000));
    shard.next = shard.first + static_cast<std::uint64_t>(draw.below(1'000));
    for (std::uint64_t* counter :
         {&shard.acceptedBytes, &shard.refusedByBytes, &shard.refusedByRecords, &shard.refusedBytes,
          &shard.outRecords, &shard.outBytes, &shard.readCalls, &shard.refusedReadBytes,
          &shard.refusedReadCalls, &shard.refusedReadWait})
        *counter = static_cast<std::uint64_t>(draw.below(1'000'000'000));
    shard.measured = {draw.below(1'000), draw.below(1'000)};
    shard.hotSplits = draw.below(4);
    shard.judged = draw.flip();
    shard.advised = draw.flip();
    return shard;
}

/// Even shards, the first of them split once.
inline void drawShards(Draw& draw, StreamState& stream, std::uint32_t count)
{
    for (std::uint32_t i = 0; i < count; ++i)
        stream.shards.push_back(drawShard(draw, evenRange(i, count)));
    SavedShard& parent = stream.shards[0];
    const HashKeyRange range = parent.range;
    parent.state = draw.flip() ? ShardState::Closed : ShardState::Expired;
    parent.closedAt = draw.time();
    const HashKey middle = range.middle();
    for (const HashKeyRange& half :
         {HashKeyRange {range.start, {middle.value - 1}}, HashKeyRange {middle, range.end}}) {
        SavedShard child = drawShard(draw, half);
        child.parent = ShardSlot {0};
        stream.shards.push_back(child);
    }
}

inline std::vector<Change> everyChange(Draw& draw)
{
    const ReshardStep step {ReshardStep::Kind::Merge, ShardSlot {1}, ShardSlot {2},
                            HashKey::fromWords(7, 9), 3};
    return {change::Created {},
            change::Deleted {},
            change::ModeTaken {draw.any<StreamMode>(), draw.maybe(draw.below(100))},
            change::RecordSizeTaken {draw.below(10'240)},
            change::EncryptionTaken {draw.any<EncryptionType>(), draw.text()},
            change::WarmTaken {},
            change::Reshard {step, draw.any<ReshardCause>()},
            change::PlanDone {draw.any<ReshardCause>(), draw.below(10) - 5, 17},
            change::ConsumerReady {draw.text()},
            change::ConsumerGone {draw.text()}};
}

inline PeakState drawPeaks(Draw& draw)
{
    PeakState peaks {29'460'240 + draw.below(100), {}, {}};
    for (std::int64_t i = 0, n = draw.below(60); i < n; ++i)
        peaks.minutes.push_back({peaks.minute - n + i, static_cast<double>(draw.below(1'000)) / 7});
    for (std::int64_t i = 0, n = draw.below(30); i < n; ++i)
        peaks.hours.push_back(
            {peaks.minute / 60 - n + i, static_cast<double>(draw.below(100)) / 3});
    return peaks;
}

inline StreamState drawStream(Draw& draw, std::uint32_t slot)
{
    StreamState stream;
    stream.slot = StreamSlot {slot};
    StreamDescriptionSummary& d = stream.summary;
    d.streamName = "stream-" + std::to_string(slot);
    d.status = StreamStatus::Updating;
    d.mode = draw.any<StreamMode>();
    d.retentionHours = 24 + draw.below(1'000);
    d.createdAt = draw.time();
    d.maxRecordSizeKiB = 1'024 + draw.below(100);
    d.warmThroughputTargetMiBps = draw.maybe(draw.below(100));
    d.warmThroughputCurrentMiBps = draw.maybe(draw.below(100));
    d.encryption = draw.any<EncryptionType>();
    d.keyId = draw.text();
    for (int i = 0; i < kShardLevelMetrics; ++i)
        if (draw.flip())
            d.enhancedMonitoring.insert(static_cast<ShardLevelMetric>(i));
    d.recordDistribution = draw.any<RecordDistributionStrategy>();
    stream.firstShards = 1 + draw.below(10);
    stream.tags = draw.tags();
    stream.policy = draw.text();
    drawShards(draw, stream, static_cast<std::uint32_t>(1 + draw.below(20)));
    for (std::int64_t i = draw.below(4); i > 0; --i)
        stream.consumers.push_back({"consumer-" + std::to_string(i), draw.any<ConsumerStatus>(),
                                    draw.time(), draw.tags(), draw.text()});
    SimTime due = draw.time();
    for (const Change& change : everyChange(draw))
        stream.pending.emplace_back(due += SimDuration::millis(draw.below(3)), change);
    stream.reserved = draw.below(100);
    stream.scalingText = draw.text();
    for (auto& quota : stream.quotas)
        for (std::int64_t i = draw.below(5); i > 0; --i)
            quota.push_back(draw.time());
    for (std::int64_t i = draw.below(3); i > 0; --i)
        stream.encryptionSince.emplace_back(draw.time(), draw.any<EncryptionType>());
    for (std::int64_t i = draw.below(3); i > 0; --i)
        stream.dataKeys.push_back({"key-" + std::to_string(i), draw.text(), draw.below(9),
                                   std::string(WrappedDataKey::kSealedBytes, '\0')});
    stream.dataKeyId = stream.dataKeys.empty() ? "" : stream.dataKeys[0].dataKeyId;
    stream.peakBytes = drawPeaks(draw);
    stream.peakLoad = drawPeaks(draw);
    stream.onDemandRounds = static_cast<std::uint64_t>(draw.below(100));
    stream.lastMergeRound = draw.maybe(draw.time());
    stream.trimmed = {draw.below(1'000), draw.below(1'000)};
    stream.trimmedByBudget = draw.flip();
    return stream;
}

inline Channel drawChannel(Draw& draw, std::int64_t number, StreamSlot stream)
{
    Channel channel;
    channel.stream = stream;
    channel.description.channelId = "channel-" + std::to_string(number);
    ChannelSpec& spec = channel.description.spec;
    for (std::string* text :
         {&spec.channelName, &spec.serviceExecutionRoleArn, &spec.streamName, &spec.recordFormat,
          &spec.gsrSchemaArn, &spec.s3Json, &spec.s3TablesJson, &spec.loggingJson, &spec.bucketArn,
          &spec.compression, &spec.outputKeyTemplate, &spec.deadLetterBucketArn,
          &spec.errorOutputPrefix})
        *text = draw.text();
    spec.dataFreshnessSeconds = 300 + draw.below(600);
    spec.encryptionKeyId = draw.maybe(draw.text());
    channel.description.status = draw.any<ChannelStatus>();
    channel.description.statusReason = draw.text();
    channel.description.createdAt = draw.time();
    channel.description.updatedAt = draw.time();
    channel.tags = draw.tags();
    channel.dueAt = draw.maybe(draw.time());
    channel.delivered[ShardSlot {0}] = static_cast<std::uint64_t>(draw.below(1'000));
    return channel;
}

inline ServiceState drawState(Draw& draw, std::uint32_t streams)
{
    ServiceState state;
    state.account.settings = {draw.any<AccountSettings::Status>(), draw.maybe(draw.time()),
                              draw.maybe(draw.time()), draw.maybe(draw.time())};
    state.account.slotsGiven = 2 * streams + 1;
    state.account.channelsMade = 9;
    for (std::uint32_t i = 0; i < streams; ++i)
        state.streams.push_back(drawStream(draw, 2 * i));
    for (std::int64_t i = 0; i < 3; ++i)
        state.account.channels.push_back(drawChannel(draw, i, StreamSlot {0}));
    return state;
}

/// Writes a row as text: one line a column.
struct ColumnTexts {
    std::string out;

    template <typename T> void operator()(const char* name, const T& value)
    {
        out += name;
        out += '=';
        add(value);
        out += '\n';
    }
    template <typename T> void add(const T& value)
    {
        if constexpr (std::is_enum_v<T>)
            out += std::to_string(static_cast<std::int64_t>(value));
        else
            out += std::to_string(value);
    }
    void add(const std::string& text) { out += text; }
    void add(const Blob& blob) { out += blob.bytes; }
    void add(SimTime time) { out += std::to_string(time.inMicros()); }
    void add(HashKey key) { out += toHex(key); }
    template <typename Tag> void add(StrongId<Tag> id) { out += std::to_string(id.value); }
    void add(const std::set<ShardLevelMetric>& metrics)
    {
        for (const ShardLevelMetric metric : metrics)
            add(metric);
    }
    template <typename T> void add(const std::optional<T>& value)
    {
        if (value)
            add(*value);
        else
            out += "none";
    }
    void tags(const std::map<std::string, std::string>& tags)
    {
        for (const auto& [key, value] : tags)
            out += key + ":" + value + "\n";
    }
};

inline std::string textOf(const StreamState& s)
{
    ColumnTexts text;
    std::int64_t at = 0;
    tables::stream(text, s);
    text.tags(s.tags);
    for (const SavedShard& shard : s.shards)
        tables::shard(text, at, at, shard);
    for (const SavedConsumer& consumer : s.consumers) {
        tables::consumer(text, at, at, consumer);
        text.tags(consumer.tags);
    }
    for (const auto& [due, change] : s.pending) {
        const PendingRow row = toRow(due, change);
        tables::pending(text, at, at, row);
    }
    for (const auto& quota : s.quotas)
        for (const SimTime time : quota)
            tables::quota(text, at, at, at, time);
    for (const auto& since : s.encryptionSince)
        tables::encryptionChange(text, at, at, since);
    for (const WrappedDataKey& key : s.dataKeys) {
        const Blob sealed {key.sealed};
        tables::dataKey(text, at, at, key, sealed);
    }
    for (const auto* peaks :
         {&s.peakBytes.minutes, &s.peakBytes.hours, &s.peakLoad.minutes, &s.peakLoad.hours})
        for (const PeakCell& cell : *peaks)
            tables::peak(text, at, at, cell);
    return text.out;
}

inline std::string textOf(const ServiceState& state)
{
    ColumnTexts text;
    tables::account(text, state.account);
    for (const Channel& channel : state.account.channels) {
        tables::channel(text, channel);
        text.tags(channel.tags);
        for (const auto& [shard, next] : channel.delivered)
            tables::delivered(text, channel.description.channelId, shard, next);
    }
    for (const StreamState& stream : state.streams)
        text.out += textOf(stream);
    return text.out;
}

} // namespace shardscope::testing
