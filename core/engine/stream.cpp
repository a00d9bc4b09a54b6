#include "core/engine/stream.h"

#include <algorithm>
#include <cmath>

#include "core/base/check.h"
#include "core/engine/arn.h"
#include "core/engine/limits.h"
#include "core/engine/on_demand_scaler.h"

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
    m_summary.streamArn = ::shardscope::streamArn({options.accountId, options.region}, name());
    m_summary.status = StreamStatus::Creating;
    m_summary.mode = request.mode;
    m_summary.createdAt = now;
    m_summary.maxRecordSizeKiB = request.maxRecordSizeKiB.value_or(1'024);
    m_summary.warmThroughputTargetMiBps = request.warmThroughputMiBps;
    m_summary.recordDistribution
        = request.recordDistribution.value_or(RecordDistributionStrategy::UserPartitionKey);
    m_tags = request.tags;
    if (request.mode == StreamMode::Provisioned) {
        m_firstShards = request.shardCount.value_or(1);
    } else {
        // A shard count is for provisioned streams and means nothing here.
        m_firstShards = std::max(limits::kOnDemandShards, request.warmThroughputMiBps.value_or(0));
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

} // namespace shardscope
