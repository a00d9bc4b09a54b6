#include "core/runtime/served_stream.h"

#include <algorithm>
#include <utility>

#include "core/engine/limits.h"

namespace shardscope {
namespace {

/// After the last record history goes on for as long as the rates of the last minute show it.
constexpr SimDuration kAfterglow = SimDuration::seconds(65);
/// Refusals of one put that are kept in full; the rest is counted.
constexpr std::size_t kRefusalsOfAPut = 8;

/// When a bucket that lacks `missing` units will have them, at `perSecond`; rounded up.
std::int64_t millisUntil(double missing, double perSecond)
{
    return static_cast<std::int64_t>(std::max(0.0, missing) * 1'000 / perSecond) + 1;
}

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
    std::vector<RefusedRecord> refused;
    std::int64_t units = 0, billed = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const RecordBatch::Row& row = batch.rows[i];
        const std::int64_t bytes = Bytes {row.dataBytes} + row.keyBytes;
        m_offered += {1, bytes};
        if (numbers[i].counter != 0) {
            units += putUnits(bytes);
            billed += onDemandBilledBytes(bytes);
        } else if (refused.size() < kRefusalsOfAPut) {
            refused.push_back(refusalOf(row, numbers[i].shard, now));
        }
    }
    m_book.usage.putUnits += static_cast<double>(units);
    m_book.usage.onDemandInBytes += static_cast<double>(billed);
    m_book.addRefusals(refused);
}

/// The arithmetic of a refusal from what the buckets hold now: a refused record took nothing out.
RefusedRecord ServedStream::refusalOf(const RecordBatch::Row& row, ShardSlot shard,
                                      SimTime now) const
{
    const WriteColumns& columns = m_stream->columns();
    const BucketLevels left
        = levels(columns.hot[shard.index()], columns.bytesBurst, now.inMillis(), columns.epochMs);
    const std::uint32_t bytes = row.dataBytes + row.keyBytes;
    const std::int64_t byBytes = millisUntil(static_cast<double>(bytes - left.bytes),
                                             static_cast<double>(limits::kShardWriteBytes));
    const std::int64_t byRecords
        = millisUntil(1 - static_cast<double>(left.recordThousandths) / 1'000,
                      static_cast<double>(limits::kShardWriteRecords));
    const bool bytesBind = left.bytes < bytes && byBytes >= byRecords;
    return {
        .atMs = now.inMillis(),
        .shard = shard,
        .rule = bytesBind ? Rule::W1WriteBytes : Rule::W2WriteRecords,
        .producer = ProducerSlot(static_cast<std::uint32_t>(RecordMeta::kRealPayload)),
        .hashHigh = row.hash.high(),
        .hashLow = static_cast<std::uint64_t>(row.hash.value),
        .bytes = bytes,
        .tokensLeft = bytesBind ? left.bytes : left.recordThousandths,
        .wouldPassAtMs = now.inMillis() + (bytesBind ? byBytes : byRecords),
    };
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
