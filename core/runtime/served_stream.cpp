#include "core/runtime/served_stream.h"

#include <algorithm>
#include <utility>

#include "core/runtime/real_put.h"

namespace shardscope {
namespace {

/// After the last record history goes on for as long as the rates of the last minute show it.
constexpr SimDuration kAfterglow = SimDuration::seconds(65);

} // namespace

ServedStream::ServedStream(Stream& stream, const RegionPrices& prices, SimTime now)
    : m_stream(&stream)
    , m_book(now, 0, prices)
    , m_counted(counted())
    , m_busyAt(now - kAfterglow)
{
    m_book.recorder.skipTo(stream, now);
    // What was there at a restart was offered before.
    for (const ShardHot& hot : stream.columns().hot)
        m_offered += {static_cast<std::int64_t>(hot.acceptedRecords + hot.refusedByBytes
                                                + hot.refusedByRecords),
                      static_cast<Bytes>(hot.acceptedBytes + hot.refusedBytes)};
}

bool ServedStream::quiet(SimTime now) const
{
    return now - m_busyAt >= kAfterglow;
}

bool ServedStream::keepsHistory(SimTime now, bool watched) const
{
    return m_recording && (watched || !quiet(now));
}

std::uint64_t ServedStream::counted() const
{
    std::uint64_t sum = 0;
    for (const ShardHot& hot : m_stream->columns().hot)
        sum += hot.acceptedRecords + hot.refusedByBytes + hot.refusedByRecords;
    for (const Shard& shard : m_stream->shards())
        sum += shard.readCalls + shard.outRecords;
    return sum;
}

bool ServedStream::moved(SimTime now)
{
    const std::uint64_t sum = counted();
    if (sum == std::exchange(m_counted, sum))
        return false;
    m_busyAt = now;
    return true;
}

void ServedStream::allot(Bytes budget)
{
    m_book.recorder.setBudget(budget);
    m_recording = true;
}

void ServedStream::dropHistory(SimTime now)
{
    m_book.recorder = Recorder(now, 0);
    m_book.recorder.skipTo(*m_stream, now);
    m_recording = false;
}

void ServedStream::closeBucket(SimTime end, const AttachedReaders& attached)
{
    m_readers.closeBucket(*m_stream, end);
    m_book.agesMs = m_readers.ages(end);
    std::array<ConsumerSample, kConsumersKept> behind = m_readers.behind();
    attached.noteBehind(*m_stream, end, m_book.agesMs, behind);
    m_book.closeBucket(*m_stream, end, behind);
}

void ServedStream::notePut(const RecordBatch& batch, const std::vector<SequenceNumber>& numbers,
                           SimTime now)
{
    const RealPut put = realPutOf(*m_stream, batch, numbers, now);
    m_offered += put.offered;
    m_book.addPut(put);
}

StreamSample ServedStream::lastSecond(SimTime now) const
{
    return m_recording && !quiet(now) ? m_book.recorder.lastSecond() : StreamSample {};
}

double ServedStream::hottestPercentOfLimit(SimTime now) const
{
    double hottest = 0;
    if (!m_recording || quiet(now))
        return hottest;
    for (const ShardMap::Entry& open : m_stream->map().open())
        hottest = std::max(hottest, m_book.recorder.rates(open.slot).second.percentOfLimit());
    return hottest;
}

} // namespace shardscope
