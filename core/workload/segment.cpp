#include "core/workload/segment.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

#include "core/base/md5.h"
#include "core/workload/payload.h"

namespace shardscope {
namespace {

constexpr std::uint32_t kHashChunk = 256; ///< keys made and hashed at once: 9 KiB of UUIDs
constexpr std::uint32_t kDrawChunk = 64; ///< rows of the key table asked for at once

std::uint64_t nextId()
{
    static std::atomic<std::uint64_t> last = 0;
    return ++last;
}

} // namespace

Draws::Draws(std::uint64_t seed, ProducerSlot slot)
{
    const CounterRng root(seed, (std::uint64_t {0x70726f64} << 32) + slot.value);
    key = root.fork(1);
    salt = root.fork(2);
    size = root.fork(3);
    payload = root.fork(4);
    arrival = root.fork(5);
    retry = root.fork(6);
}

Era::Era(const ProducerSpec& s, const Draws& d, std::shared_ptr<const KeyDistribution> k,
         std::shared_ptr<const Trace> t)
    : spec(s)
    , draws(d)
    , keys(std::move(k))
    , size(s.size)
    , trace(std::move(t))
{
}

Segment::Segment(std::shared_ptr<const Era> era, const TrafficShape& shape, std::uint64_t first,
                 std::int64_t beginMs, std::uint32_t lanes)
    : m_id(nextId())
    , m_era(std::move(era))
    , m_shape(shape)
    , m_first(first)
    , m_beginMs(beginMs)
    , m_lanes(lanes)
{
    if (m_era->trace || !m_shape.poisson())
        m_skipped = shapeBefore(beginMs);
    std::uint64_t data = m_era->size.largest();
    if (m_era->trace)
        data = *std::max_element(m_era->trace->bytes.begin(), m_era->trace->bytes.end());
    m_largest = data + m_era->keys->longestText();
}

std::uint64_t Segment::shapeBefore(std::int64_t ms) const
{
    if (!m_era->trace)
        return m_shape.before(ms);
    if (ms <= m_shape.startMs())
        return 0;
    const double us = static_cast<double>(ms - m_shape.startMs()) * 1000 * m_era->spec.traceSpeed;
    const auto& rows = m_era->trace->us;
    const auto at = std::lower_bound(rows.begin(), rows.end(), us, [](std::int64_t row, double t) {
        return static_cast<double>(row) < t;
    });
    return static_cast<std::uint64_t>(at - rows.begin());
}

std::uint64_t Segment::madeBefore(std::int64_t ms, std::uint64_t counted) const
{
    if (m_shape.poisson() && !m_era->trace)
        return counted + m_shape.drawn(ms - 1, m_era->draws.arrival);
    const std::uint64_t all = shapeBefore(ms);
    return std::max(counted, all > m_skipped ? all - m_skipped : 0);
}

ArrivalWalk Segment::walkFrom(std::int64_t ms, std::uint64_t made) const
{
    return {ms, madeBefore(ms + 1, made)};
}

std::int64_t Segment::arrival(std::uint64_t number, ArrivalWalk& walk) const
{
    while (number - m_first >= walk.end) {
        ++walk.ms;
        walk.end = madeBefore(walk.ms + 1, walk.end);
    }
    return walk.ms;
}

/// Who reads a stream asks for records of the same few seconds, thousands of each: every thread
/// keeps those it counted last.
const Segment::CountedSecond& Segment::countedFrom(std::int64_t ms, std::uint64_t made) const
{
    thread_local std::array<CountedSecond, kSecondsKept> kept;
    thread_local std::size_t oldest = 0;
    for (const CountedSecond& second : kept) {
        if (second.segment == m_id && second.ms == ms)
            return second;
    }
    CountedSecond& second = kept[oldest++ % kSecondsKept];
    second.segment = m_id;
    second.ms = ms;
    for (std::int64_t i = 0; i < kMarkMs; ++i)
        second.ends[static_cast<std::size_t>(i)] = made = madeBefore(ms + i + 1, made);
    return second;
}

std::int64_t Segment::arrival(std::uint64_t number, const std::vector<std::uint64_t>& marks) const
{
    const std::uint64_t wanted = number - m_first;
    if (m_shape.poisson() && !m_era->trace) {
        const auto after = std::upper_bound(marks.begin(), marks.end(), wanted);
        if (after == marks.begin())
            return m_beginMs;
        const std::int64_t ms = m_beginMs + (after - 1 - marks.begin()) * kMarkMs;
        const CountedSecond& counted = countedFrom(ms, *(after - 1));
        const auto first = std::upper_bound(counted.ends.begin(), counted.ends.end(), wanted);
        if (first != counted.ends.end())
            return ms + (first - counted.ends.begin());
        ArrivalWalk walk {ms + kMarkMs - 1, counted.ends.back()};
        return arrival(number, walk);
    }
    // The last millisecond before which at most `wanted` records were made.
    std::int64_t low = m_beginMs, high = m_beginMs + 1;
    while (madeBefore(high, 0) <= wanted) {
        low = high;
        high += 2 * (high - m_beginMs);
    }
    while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (madeBefore(middle, 0) <= wanted ? low : high) = middle;
    }
    return low;
}

std::uint64_t Segment::keyId(std::uint64_t number) const
{
    if (m_era->trace)
        return m_era->trace->key[arrivalNumber(number)];
    return m_era->keys->draw(number, m_era->draws.key, m_era->draws.salt);
}

std::uint32_t Segment::dataBytes(std::uint64_t number) const
{
    if (m_era->trace)
        return m_era->trace->bytes[arrivalNumber(number)];
    return m_era->size.bytes(number, m_era->draws.size);
}

std::string Segment::key(std::uint64_t number, std::int64_t arrivalMs) const
{
    std::string text;
    const KeyDistribution& keys = *m_era->keys;
    if (keys.endless())
        keys.appendText(text, number, arrivalMs, m_era->draws.key, m_era->draws.salt);
    else
        keys.appendText(text, keyId(number));
    return text;
}

std::uint32_t Segment::recordBytes(std::uint64_t number) const
{
    const KeyDistribution& keys = *m_era->keys;
    if (!keys.table().empty())
        return dataBytes(number) + keys.table()[keyId(number)].keyBytes;
    // A key's length does not depend on the millisecond: they all have 13 digits until 2286.
    return dataBytes(number) + static_cast<std::uint32_t>(key(number, m_beginMs).size());
}

std::string Segment::data(std::uint64_t number, std::string_view keyText,
                          std::int64_t arrivalMs) const
{
    std::uint64_t keySeed = 0;
    for (const char c : keyText)
        keySeed = mix64(keySeed + static_cast<unsigned char>(c));
    PayloadFacts facts;
    facts.number = number;
    facts.key = keyText;
    facts.createdMs = arrivalMs;
    if (m_era->spec.lateShare > 0) {
        const CounterRng late = m_era->draws.payload.fork(~number);
        if (late.unit(0) < m_era->spec.lateShare)
            facts.createdMs
                -= std::llround(late.unit(1) * static_cast<double>(m_era->spec.lateBy.inMillis()));
    }
    facts.bytes = dataBytes(number);
    facts.chance = m_era->draws.payload.fork(number);
    facts.keyChance = m_era->draws.payload.fork(keySeed);
    return makePayload(m_era->spec.kind, facts);
}

void Segment::fill(std::uint64_t from, std::uint32_t stride, std::uint32_t count, ArrivalWalk walk,
                   FillScratch& scratch, OfferBatch& out) const
{
    const std::size_t row = out.size();
    const std::size_t end = row + count;
    out.number.resize(end);
    out.hashHigh.resize(end);
    out.hashLow.resize(end);
    out.bytes.resize(end);
    out.keyBytes.resize(end);
    out.attempt.resize(end, 1);
    out.userRecords.resize(end, 1);
    if (m_era->keys->table().empty())
        fillFromText(from, stride, count, walk, scratch, row, out);
    else
        fillFromTable(from, stride, count, row, out);
}

void Segment::fillFromTable(std::uint64_t from, std::uint32_t stride, std::uint32_t count,
                            std::size_t row, OfferBatch& out) const
{
    const KeyDistribution& keys = *m_era->keys;
    const KeyDistribution::Row* table = keys.table().data();
    const CounterRng keyRng = m_era->draws.key;
    const std::uint64_t population = keys.population();
    const bool even = keys.even() && !m_era->trace;
    const bool fixed = m_era->size.fixed() && !m_era->trace;
    const std::uint32_t fixedBytes = m_era->size.largest();
    std::uint64_t* number = out.number.data() + row;
    std::uint64_t* high = out.hashHigh.data() + row;
    std::uint64_t* low = out.hashLow.data() + row;
    std::uint32_t* bytes = out.bytes.data() + row;
    std::uint16_t* keyBytes = out.keyBytes.data() + row;
    // A large population's rows are far from any cache: first a chunk's ids are drawn and their
    // rows asked for, all at once, and only then looked at.
    std::array<std::uint32_t, kDrawChunk> ids;
    std::uint64_t n = from;
    for (std::uint32_t done = 0; done < count; done += kDrawChunk) {
        const std::uint32_t some = std::min(kDrawChunk, count - done);
        const auto draw = [&](const auto& idOf) {
            std::uint64_t drawn = n;
            for (std::uint32_t i = 0; i < some; ++i, drawn += stride) {
                ids[i] = static_cast<std::uint32_t>(idOf(drawn));
                __builtin_prefetch(&table[ids[i]]);
                __builtin_prefetch(&table[ids[i]].keyBytes);
            }
        };
        if (even)
            draw([&](std::uint64_t record) { return keyRng.below(record, population); });
        else
            draw([&](std::uint64_t record) { return keyId(record); });
        const auto put = [&](const auto& sizeOf) {
            for (std::uint32_t i = 0; i < some; ++i, n += stride) {
                const KeyDistribution::Row& key = table[ids[i]];
                const std::uint32_t at = done + i;
                number[at] = n;
                high[at] = key.high;
                low[at] = key.low;
                bytes[at] = sizeOf(n) + key.keyBytes;
                keyBytes[at] = static_cast<std::uint16_t>(key.keyBytes);
            }
        };
        if (fixed)
            put([&](std::uint64_t) { return fixedBytes; });
        else
            put([&](std::uint64_t record) { return dataBytes(record); });
    }
}

void Segment::fillFromText(std::uint64_t from, std::uint32_t stride, std::uint32_t count,
                           ArrivalWalk walk, FillScratch& scratch, std::size_t row,
                           OfferBatch& out) const
{
    const KeyDistribution& keys = *m_era->keys;
    const bool timed = m_era->spec.keys.shape == KeySpec::Shape::Timestamp;
    std::uint64_t n = from;
    for (std::uint32_t done = 0; done < count;) {
        const std::uint32_t some = std::min(kHashChunk, count - done);
        scratch.text.clear();
        scratch.offset.assign(1, 0);
        for (std::uint32_t i = 0; i < some; ++i, n += stride) {
            const std::size_t at = row + done + i;
            const std::size_t before = scratch.text.size();
            if (keys.endless())
                keys.appendText(scratch.text, n, timed ? arrival(n, walk) : 0, m_era->draws.key,
                                m_era->draws.salt);
            else
                keys.appendText(scratch.text, keyId(n));
            const auto length = static_cast<std::uint32_t>(scratch.text.size() - before);
            scratch.offset.push_back(static_cast<std::uint32_t>(scratch.text.size()));
            out.number[at] = n;
            out.keyBytes[at] = static_cast<std::uint16_t>(length);
            out.bytes[at] = dataBytes(n) + length;
        }
        scratch.text.append(64, '\0');
        md5Batch({scratch.text.data(), scratch.offset}, out.hashHigh.data() + row + done,
                 out.hashLow.data() + row + done);
        done += some;
    }
}

} // namespace shardscope
