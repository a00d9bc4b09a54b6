#include "core/metrics/recorder.h"

/// Where the recorder meets a stream; the rest of it knows counters alone.
namespace shardscope {

void Recorder::close(const Stream& stream, std::span<const std::int64_t> ageMs,
                     double costProvisioned, double costOnDemand, SimTime end,
                     std::span<const ConsumerSample> consumers)
{
    const WriteColumns& columns = stream.columns();
    close(StreamCounters {columns.hot, stream.shards(), columns.heat}, ageMs, costProvisioned,
          costOnDemand, end, consumers);
}

void Recorder::skipTo(const Stream& stream, SimTime now)
{
    const WriteColumns& columns = stream.columns();
    follow(stream.shards());
    for (const Shard& shard : stream.shards())
        m_running[shard.slot.index()].seen = seen(columns.hot[shard.slot.index()], shard);
    m_heatSeen = columns.heat;
    m_closedUpTo = now;
}

} // namespace shardscope
