#include "core/engine/stream.h"

#include <algorithm>
#include <cmath>

#include "core/base/check.h"
#include "core/engine/limits.h"
#include "core/engine/on_demand_scaler.h"
#include "core/engine/read_limits.h"

namespace shardscope {

Stream::Stream(StreamSlot slot, const CreateStream& request, const ServiceOptions& options,
               SimTime now)
    : m_slot(slot)
    , m_account(options.accountId)
    , m_seed(options.seed)
    , m_timings(options.timings)
    , m_nextTrim(now)
{
    m_summary.streamName = request.streamName;
    m_summary.streamArn = "arn:aws:kinesis:" + options.region + ":" + options.accountId + ":stream/"
        + request.streamName;
    m_summary.status = StreamStatus::Creating;
    m_summary.mode = request.mode;
    m_summary.createdAt = now;
    m_summary.maxRecordSizeKiB = request.maxRecordSizeKiB.value_or(1'024);
    m_summary.warmThroughputTargetMiBps = request.warmThroughputMiBps;
    if (request.mode == StreamMode::Provisioned) {
        m_firstShards = request.shardCount.value_or(1);
    } else {
        m_firstShards = std::max({request.shardCount.value_or(limits::kOnDemandShards),
                                  request.warmThroughputMiBps.value_or(0), std::int64_t {1}});
    }
    m_reserved = m_firstShards;
    m_columns.epochMs = now.inMillis();
    m_columns.bytesBurst = limits::shardWriteBytesBurst(m_summary.maxRecordSizeKiB * 1_KiB);
    m_columns.throttling = options.throttling.write;
    m_readThrottling = options.throttling.read;
}

StreamDescriptionSummary Stream::summary() const
{
    StreamDescriptionSummary summary = m_summary;
    summary.openShardCount = static_cast<std::int64_t>(m_open.size());
    summary.consumerCount = static_cast<std::int64_t>(m_fanOut.size());
    return summary;
}

std::span<const Shard> Stream::shards() const
{
    return m_shards;
}

const ShardMap& Stream::map() const
{
    return m_map;
}

const WriteColumns& Stream::columns() const
{
    return m_columns;
}

double Stream::peakBytes30d() const
{
    return m_peakBytes.last30Days();
}

std::int64_t Stream::shardsNeeded() const
{
    if (m_summary.mode == StreamMode::Provisioned)
        return 0;
    return shardsNeededFor(m_peakLoad.last30Days(), m_summary.warmThroughputCurrentMiBps,
                           OnDemandModel {});
}

std::string Stream::scalingText() const
{
    return m_scalingText;
}

int Stream::modeSwitchesLeft(SimTime now) const
{
    return m_modeSwitches.left(limits::kModeSwitchesPerDay, now);
}

int Stream::shardCountUpdatesLeft(SimTime now) const
{
    return m_shardCountUpdates.left(limits::kShardCountUpdatesPerDay, now);
}

Volume Stream::trimmed() const
{
    return m_trimmed;
}

bool Stream::trimmedByBudget() const
{
    return m_trimmedByBudget;
}

void Stream::offer(std::span<OfferBatch*> batches, SimTime sliceStart, Admission& admission,
                   WorkerPool& pool, std::vector<RefusedRecord>& refusals)
{
    SHARDSCOPE_CHECK(m_map.size() > 0); // a stream in CREATING has no shards to offer to
    const std::size_t before = refusals.size();
    admission.run(batches, sliceStart, m_map, m_columns, pool, refusals);
    for (std::size_t i = before; i < refusals.size(); ++i)
        noteRefusal(SimTime::fromMillis(refusals[i].atMs), refusals[i].shard, refusals[i].rule);
}

ReadAnswer Stream::read(ShardSlot shard, std::uint64_t position, std::int64_t recordsMost,
                        SimTime now)
{
    Shard& row = m_shards[shard.index()];
    ReadAnswer answer;
    ++row.readCalls;
    if (m_readThrottling) {
        if (const ReadVerdict verdict = askToRead(row, now); verdict.refused) {
            answer.refused = verdict.refused;
            answer.wouldPassAt = verdict.wouldPassAt;
            noteRefusal(now, shard, *verdict.refused);
            return answer;
        }
    }
    const ShardLog& log = m_columns.logs[shard.index()];
    const std::uint64_t asked = std::min(position, log.end());
    answer.first = answer.next = std::max(asked, log.begin());
    answer.skippedByTrim = answer.first - asked;

    const auto most = static_cast<std::uint64_t>(
        std::clamp<std::int64_t>(recordsMost, 1, limits::kGetRecordsRecords));
    constexpr auto bytesMost = static_cast<std::uint64_t>(limits::kGetRecordsBytes);
    const std::uint64_t stop = std::min(log.end(), answer.first + most);
    bool full = false;
    while (!full && answer.next < stop) {
        for (const RecordMeta& meta : log.from(answer.next)) {
            if (answer.next == stop)
                break;
            if (answer.bytes + meta.bytes > bytesMost) {
                full = true;
                break;
            }
            answer.bytes += meta.bytes;
            answer.newestArrivalMs = meta.arrivalMs;
            ++answer.next;
        }
    }
    full = full || answer.bytes >= bytesMost;
    if (answer.next < log.end())
        answer.millisBehindLatest
            = std::max<std::int64_t>(0, now.inMillis() - log.from(answer.next).front().arrivalMs);
    answer.atEnd = row.state != ShardState::Open && answer.next == log.end();

    if (m_readThrottling)
        bookAnswer(row, static_cast<Bytes>(answer.bytes), full, now);
    row.outRecords += answer.next - answer.first;
    row.outBytes += answer.bytes;
    m_minuteAgeMs = std::max(m_minuteAgeMs, answer.millisBehindLatest);
    return answer;
}

std::uint64_t Stream::latest(ShardSlot shard) const
{
    return m_columns.logs[shard.index()].end();
}

std::uint64_t Stream::trimHorizon(ShardSlot shard) const
{
    return m_columns.logs[shard.index()].begin();
}

std::span<const RecordMeta> Stream::records(ShardSlot shard, std::uint64_t position) const
{
    return m_columns.logs[shard.index()].from(position);
}

EncryptionType Stream::encryptionAt(SimTime arrival) const
{
    EncryptionType type = EncryptionType::None;
    for (const auto& [since, to] : m_encryptionSince) {
        if (since <= arrival)
            type = to;
    }
    return type;
}

} // namespace shardscope
