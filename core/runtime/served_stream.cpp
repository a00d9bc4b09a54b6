#include "core/runtime/served_stream.h"

#include <algorithm>
#include <utility>

namespace shardscope {
namespace {

/// After the last record history goes on for as long as the rates of the last minute show it.
constexpr SimDuration kAfterglow = SimDuration::seconds(65);
/// A shard that nobody has read for this long has no iterator age.
constexpr SimDuration kAgeHolds = SimDuration::seconds(10);

} // namespace

ServedStream::ServedStream(Stream& stream, SimTime now)
    : m_stream(&stream)
    , m_busyAt(now - kAfterglow)
{
}

bool ServedStream::quiet(SimTime now) const
{
    return now - m_busyAt >= kAfterglow;
}

bool ServedStream::keepsHistory(SimTime now, bool watched) const
{
    return hasHistory() && (watched || !quiet(now));
}

bool ServedStream::moved(SimTime now)
{
    std::uint64_t counted = 0;
    for (const ShardHot& hot : m_stream->columns().hot)
        counted += hot.acceptedRecords + hot.refusedByBytes + hot.refusedByRecords;
    for (const Shard& shard : m_stream->shards())
        counted += shard.readCalls + shard.outRecords + shard.refusedReadBytes
            + shard.refusedReadCalls + shard.refusedReadWait;
    if (counted == std::exchange(m_counted, counted))
        return false;
    m_busyAt = now;
    return true;
}

void ServedStream::allot(Bytes budget, SimTime now)
{
    if (m_recorder)
        m_recorder->setBudget(budget);
    else
        m_recorder = std::make_unique<Recorder>(now, budget);
}

void ServedStream::closeBucket(SimTime end)
{
    m_agesMs.assign(m_ages.size(), 0);
    for (std::size_t i = 0; i < m_ages.size(); ++i) {
        if (end - m_ages[i].at < kAgeHolds)
            m_agesMs[i] = m_ages[i].ms;
    }
    m_recorder->close(*m_stream, m_agesMs, 0, 0, end);
}

void ServedStream::noteAge(ShardSlot shard, std::int64_t ageMs, SimTime now)
{
    if (shard.index() >= m_ages.size())
        m_ages.resize(m_stream->shards().size());
    if (shard.index() < m_ages.size())
        m_ages[shard.index()] = {now, ageMs};
}

StreamSample ServedStream::lastSecond(SimTime now) const
{
    return m_recorder && !quiet(now) ? m_recorder->lastSecond() : StreamSample {};
}

double ServedStream::hottestPercentOfLimit(SimTime now) const
{
    double hottest = 0;
    if (!m_recorder || quiet(now))
        return hottest;
    for (const ShardMap::Entry& open : m_stream->map().open())
        hottest = std::max(hottest, m_recorder->rates(open.slot).second.percentOfLimit());
    return hottest;
}

std::int64_t ServedStream::ageMs(SimTime now) const
{
    std::int64_t most = 0;
    for (const Age& age : m_ages) {
        if (now - age.at < kAgeHolds)
            most = std::max(most, age.ms);
    }
    return most;
}

} // namespace shardscope
