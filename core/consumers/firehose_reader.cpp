#include "core/consumers/firehose_reader.h"

#include <algorithm>

#include "core/base/rng.h"

namespace shardscope {

FirehoseReader::FirehoseReader(ConsumerSlot slot, const ConsumerSpec& spec, std::uint64_t seed,
                               SimTime runStart)
    : Reader(slot, spec, seed, runStart, FeedPace {}) // once a second, whatever the answer was
{
    m_seen.bufferSize = m_spec.firehose.bufferSize;
}

std::unique_ptr<Reader> FirehoseReader::clone() const
{
    return std::make_unique<FirehoseReader>(*this);
}

void FirehoseReader::change(const ConsumerSpec& spec, SimTime now)
{
    if (spec.firehose != m_spec.firehose) {
        ++m_version;
        flushAll(now); // what was gathered by the old settings goes by them
    }
    Reader::change(spec, now);
    if (m_loads.empty())
        m_seen.bufferSize = m_spec.firehose.bufferSize;
}

/// What the function has in hand stays in the stream.
void FirehoseReader::leave(ReaderSurroundings& around, SimTime now)
{
    flushAll(now);
    if (m_spec.firehose.target.empty() || around.outside == nullptr || down(now))
        return;
    for (Load& load : m_loads) {
        if (load.job == 0)
            send(load, now, around);
        if (load.job != 0)
            std::ignore = around.outside->answer(load.job); // where time waits, it waits
    }
}

/// What is under way outside may still be written: then it will have been delivered twice.
void FirehoseReader::restarted(SimTime /*now*/)
{
    for (const Load& load : m_loads)
        if (load.job != 0 && load.errorType.empty())
            m_seen.deliveredTwice += load.records;
    m_shards.clear();
    m_buffers.clear();
    m_loads.clear();
    m_partitions.clear();
    m_held = 0;
    m_ending = 0;
}

// --- records ----------------------------------------------------------------------------------

bool FirehoseReader::ready(ShardSlot /*shard*/, SimTime /*now*/)
{
    return m_held < kHeldMost;
}

SimTime FirehoseReader::take(const Fetched& fetched)
{
    countFetched(fetched);
    if (fetched.shard.index() >= m_shards.size())
        m_shards.resize(fetched.shard.index() + 1);
    Shard& shard = m_shards[fetched.shard.index()];
    if (fetched.next > fetched.first) {
        // It is open as long as it is taken apart.
        shard.stretches.push_back({fetched.first, fetched.next, 1});
        const Piece piece {fetched.shard, shard.finished + shard.stretches.size() - 1};
        if (readsPayloads())
            takeRecords(fetched, piece);
        else
            takeWhole(fetched, piece);
        release(piece);
    }
    if (fetched.atEnd) {
        // Its children wait until all of it is delivered, so that goes at once.
        shard.end = fetched.next;
        ++m_ending;
        settle(fetched.shard);
    }
    return fetched.now;
}

const FirehoseReader::Stretch& FirehoseReader::stretchOf(Piece piece) const
{
    const Shard& shard = m_shards[piece.shard.index()];
    return shard.stretches[static_cast<std::size_t>(piece.number - shard.finished)];
}

void FirehoseReader::hold(Load& load, Piece piece)
{
    if (!load.pieces.empty() && load.pieces.back() == piece)
        return;
    load.pieces.push_back(piece);
    Shard& shard = m_shards[piece.shard.index()];
    ++shard.stretches[static_cast<std::size_t>(piece.number - shard.finished)].open;
}

void FirehoseReader::release(Piece piece)
{
    Shard& shard = m_shards[piece.shard.index()];
    --shard.stretches[static_cast<std::size_t>(piece.number - shard.finished)].open;
    settle(piece.shard);
}

/// Everything before the first stretch of which something is left is processed.
void FirehoseReader::settle(ShardSlot slot)
{
    Shard& shard = m_shards[slot.index()];
    while (!shard.stretches.empty() && shard.stretches.front().open == 0) {
        processed(slot, shard.stretches.front().next);
        shard.stretches.pop_front();
        ++shard.finished;
    }
    if (!shard.end || !shard.stretches.empty())
        return;
    // What was trimmed at its end was never held.
    if (m_progress.next(slot) < *shard.end)
        processed(slot, *shard.end);
    shard.end.reset();
    --m_ending;
    m_progress.finish(stream(), slot);
}

// --- a slice ----------------------------------------------------------------------------------

void FirehoseReader::work(SimTime sliceStart, ReaderSurroundings& around)
{
    const SimTime now = sliceStart;
    if (!m_begunAt)
        m_begunAt = now;
    for (std::uint32_t i = 0; i < m_shards.size(); ++i)
        transform(ShardSlot(i), now, around);
    flushWhatIsDue(now);
    deliver(now, around);
    m_seen.maxFreshnessMs = std::max(m_seen.maxFreshnessMs, freshnessMs(now));
    m_trouble = m_targetTrouble.empty() ? m_functionTrouble : m_targetTrouble;
}

bool FirehoseReader::down(SimTime now) const
{
    const FirehoseSpec& firehose = m_spec.firehose;
    const SimTime from = m_begunAt.value_or(now) + firehose.targetDownAfter;
    return now >= from && now < from + firehose.targetDownFor;
}

// --- looking ----------------------------------------------------------------------------------

std::int64_t FirehoseReader::freshnessMs(SimTime now) const
{
    std::optional<SimTime> oldest;
    const auto look
        = [&oldest](SimTime arrival) { oldest = oldest ? std::min(*oldest, arrival) : arrival; };
    for (const auto& [group, buffer] : m_buffers)
        look(buffer.oldest);
    for (const Load& load : m_loads)
        look(load.oldest);
    for (const Shard& shard : m_shards) {
        if (!shard.invocations.empty())
            look(SimTime::fromMillis(shard.invocations.front().records.front().arrivalMs));
        else if (!shard.gathered.empty())
            look(SimTime::fromMillis(shard.gathered.front().arrivalMs));
    }
    return oldest ? std::max<std::int64_t>(0, (now - *oldest).inMillis()) : 0;
}

ReaderState FirehoseReader::state(const Stream& stream, SimTime now) const
{
    FirehoseState out = m_seen;
    out.freshnessMs = freshnessMs(now);
    for (const auto& [group, buffer] : m_buffers)
        out.bufferedRecords += buffer.records;
    for (const Load& load : m_loads)
        out.bufferedRecords += load.records;
    for (const Shard& shard : m_shards) {
        out.bufferedRecords += static_cast<std::int64_t>(shard.gathered.size());
        for (const Invocation& invocation : shard.invocations)
            out.bufferedRecords += static_cast<std::int64_t>(invocation.records.size());
    }
    out.bufferedBytes = m_held;
    out.activePartitions = static_cast<std::int64_t>(m_partitions.size());
    for (const auto& place : m_progress.reading(stream, now)) {
        const std::uint64_t next = m_feed.isOpen(place.shard) ? m_feed.position(place.shard) : 0;
        if (next > 0 && next < stream.latest(place.shard))
            out.millisBehindLatest
                = std::max(out.millisBehindLatest,
                           now.inMillis() - stream.records(place.shard, next).front().arrivalMs);
    }
    return out;
}

std::uint64_t FirehoseReader::digest() const
{
    std::uint64_t h = Reader::digest();
    for (const std::int64_t n :
         {m_seen.objects, m_seen.deliveredRecords, m_seen.deliveredTwice, m_seen.failedWrites,
          m_seen.errorRecords, m_seen.droppedRecords, m_seen.invocations})
        h = mix64(h ^ static_cast<std::uint64_t>(n));
    return h;
}

} // namespace shardscope
