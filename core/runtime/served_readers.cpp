#include "core/runtime/served_readers.h"

#include <algorithm>
#include <utility>

namespace shardscope {
namespace {

/// A shard that nobody has read for this long has no reader: longer than the pauses of the client
/// libraries, shorter than a person's patience.
constexpr SimDuration kReadHolds = SimDuration::seconds(10);

/// Beyond as many a new name takes the place of who has read least lately: twenty consumers can be
/// registered at a time, but their names may change for ever.
constexpr std::size_t kReadersMost = 32;

std::uint32_t bounded(std::int64_t n)
{
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(n, 0, ConsumerSample::kAbsent - std::int64_t {1}));
}

} // namespace

bool ServedReaders::reads(const Place& place, SimTime now)
{
    return place.at != SimTime() && now - place.at < kReadHolds;
}

ServedReaders::Reader& ServedReaders::readerOf(const std::string& name)
{
    const auto found = std::find_if(m_readers.begin(), m_readers.end(),
                                    [&name](const Reader& r) { return r.name == name; });
    if (found != m_readers.end())
        return *found;
    Reader fresh;
    fresh.name = name;
    if (m_readers.size() < kReadersMost)
        return m_readers.emplace_back(std::move(fresh));
    const auto newest = [](const Reader& r) {
        SimTime at;
        for (const Place& place : r.places)
            at = std::max(at, place.at);
        return at;
    };
    return *std::min_element(
               m_readers.begin(), m_readers.end(),
               [&](const Reader& a, const Reader& b) { return newest(a) < newest(b); })
        = std::move(fresh);
}

ServedReaders::Place& ServedReaders::placeOf(Reader& reader, ShardSlot shard)
{
    if (shard.index() >= reader.places.size())
        reader.places.resize(shard.index() + 1);
    return reader.places[shard.index()];
}

void ServedReaders::note(const std::string& name, ShardSlot shard, const Read& read, SimTime now)
{
    Reader& reader = readerOf(name);
    Place& place = placeOf(reader, shard);
    place.at = now;
    place.next = read.next;
    place.ageMs = read.ageMs;
    ReadMeter::Taken& taken = place.taken.takenAt(now);
    taken.bytes += static_cast<std::uint64_t>(read.bytes);
    ++taken.calls;
    reader.counts.records += read.records;
    reader.counts.bytes += read.bytes;
    ++reader.counts.calls;
    reader.maxAgeMs = std::max(reader.maxAgeMs, read.ageMs);
}

void ServedReaders::noteRefusal(const std::string& name, ShardSlot shard, SimTime now)
{
    Reader& reader = readerOf(name);
    ReadMeter::Taken& taken = placeOf(reader, shard).taken.takenAt(now);
    ++taken.calls;
    ++taken.refusedCalls;
    ++reader.counts.refusedCalls;
}

std::int64_t ServedReaders::lagOf(const Reader& reader, const Stream& stream, SimTime now)
{
    std::uint64_t lag = 0;
    for (std::size_t i = 0; i < reader.places.size(); ++i) {
        const auto shard = ShardSlot(static_cast<std::uint32_t>(i));
        // What retention took meanwhile is not waiting any more.
        const std::uint64_t next = std::max(reader.places[i].next, stream.trimHorizon(shard));
        if (reads(reader.places[i], now))
            lag += stream.latest(shard) - std::min(next, stream.latest(shard));
    }
    return static_cast<std::int64_t>(lag);
}

void ServedReaders::closeBucket(const Stream& stream, SimTime end)
{
    const bool second = end.inMicros() % SimDuration::seconds(1).inMicros() == 0;
    m_behind = {};
    for (std::size_t slot = 0; slot < m_readers.size(); ++slot) {
        Reader& reader = m_readers[slot];
        const std::int64_t lag = lagOf(reader, stream, end);
        if (second)
            reader.pace.closeSecond(reader.counts, lag);
        std::int64_t age = -1;
        for (const Place& place : reader.places)
            if (reads(place, end))
                age = std::max(age, place.ageMs);
        if (slot < m_behind.size() && age >= 0)
            m_behind[slot] = {bounded(age), bounded(lag)};
    }
}

std::vector<std::int64_t> ServedReaders::ages(SimTime now) const
{
    std::vector<std::int64_t> ages;
    for (const Reader& reader : m_readers) {
        ages.resize(std::max(ages.size(), reader.places.size()));
        for (std::size_t i = 0; i < reader.places.size(); ++i)
            if (reads(reader.places[i], now))
                ages[i] = std::max(ages[i], reader.places[i].ageMs);
    }
    return ages;
}

std::int64_t ServedReaders::largestAge(SimTime now) const
{
    const std::vector<std::int64_t> all = ages(now);
    return all.empty() ? 0 : *std::max_element(all.begin(), all.end());
}

std::vector<ConsumerRow> ServedReaders::rows(const Stream& stream, SimTime now) const
{
    const SimDuration retention = SimDuration::hours(stream.summary().retentionHours);
    std::vector<ConsumerRow> rows;
    for (std::size_t slot = 0; slot < m_readers.size(); ++slot) {
        const Reader& reader = m_readers[slot];
        ConsumerRow row;
        row.slot = ConsumerSlot(static_cast<std::uint32_t>(slot));
        row.spec.name = reader.name;
        row.client = true;
        row.fanOut = reader.name != kPollingName;
        row.records = reader.counts.records;
        row.bytes = reader.counts.bytes;
        row.refusedCalls = reader.counts.refusedCalls;
        row.maxAgeMs = reader.maxAgeMs;
        for (std::size_t i = 0; i < reader.places.size(); ++i) {
            if (!reads(reader.places[i], now))
                continue;
            row.reading.emplace_back(static_cast<std::uint32_t>(i));
            row.ageMsByShard.push_back(reader.places[i].ageMs);
            row.readRates.push_back(reader.places[i].taken.rate(now));
            row.ageMs = std::max(row.ageMs, reader.places[i].ageMs);
        }
        row.removed = row.reading.empty();
        row.lagRecords = lagOf(reader, stream, now);
        if (!row.removed)
            reader.pace.fill(row, retention);
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace shardscope
