#include "core/consumers/firehose_reader.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/compression.h"
#include "core/base/md5.h"
#include "core/base/rng.h"
#include "core/consumers/firehose_names.h"
#include "core/consumers/lambda_event.h"

namespace shardscope {
namespace {

constexpr Bytes kBufferMost = 128_MiB;
constexpr double kAgainFirst = 1, kAgainMost = 120; // seconds, doubling; ours
constexpr std::uint64_t kPageRecords = 10'000;
constexpr std::uint64_t kNames = 41, kRandoms = 42, kLostAnswers = 43; // lanes of m_chance
constexpr std::array kCompressions {"NONE", "GZIP", "ZSTD"};
constexpr std::array kExtensions {"", ".gz", ".zst"};

std::string randomString(const CounterRng& chance, std::uint64_t index)
{
    constexpr std::string_view letters
        = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    std::string text;
    for (std::uint64_t i = 0; i < 11; ++i)
        text += letters[chance.below(index * 11 + i, letters.size())];
    return text;
}

} // namespace

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
    if (spec.firehose != m_spec.firehose)
        ++m_version;
    Reader::change(spec, now);
    if (m_loads.empty())
        m_seen.bufferSize = m_spec.firehose.bufferSize;
}

void FirehoseReader::leave(ReaderSurroundings& around, SimTime now)
{
    flush(now);
    if (m_spec.firehose.target.empty() || around.outside == nullptr || down(now))
        return;
    for (Load& load : m_loads)
        if (load.job == 0)
            send(load, now, around);
}

void FirehoseReader::restarted(SimTime /*now*/)
{
    m_buffer = {};
    m_loads.clear();
    m_ended.clear();
}

// --- records ----------------------------------------------------------------------------------

bool FirehoseReader::ready(ShardSlot /*shard*/, SimTime /*now*/)
{
    Bytes held = m_buffer.bytes;
    for (const Load& load : m_loads)
        held += load.bytes;
    return held < kHeldMost;
}

SimTime FirehoseReader::take(const Fetched& fetched)
{
    countFetched(fetched);
    if (fetched.next > fetched.first) {
        const SimTime oldest
            = SimTime::fromMillis(stream().records(fetched.shard, fetched.first).front().arrivalMs);
        if (m_buffer.records == 0)
            m_buffer.since = m_buffer.oldest = fetched.now;
        m_buffer.oldest = std::min(m_buffer.oldest, oldest);
        m_buffer.stretches.push_back({fetched.shard, fetched.first, fetched.next});
        m_buffer.records += static_cast<std::int64_t>(fetched.next - fetched.first);
        m_buffer.bytes += fetched.bytes;
    }
    if (fetched.atEnd) {
        // Its children wait until all of it is delivered, so that goes at once.
        m_ended.emplace_back(fetched.shard, fetched.next);
        flush(fetched.now);
        finishEnded();
    }
    return fetched.now;
}

void FirehoseReader::finishEnded()
{
    std::erase_if(m_ended, [this](const auto& ended) {
        if (holds(ended.first))
            return false;
        // What was trimmed at its end was never held.
        if (m_progress.next(ended.first) < ended.second)
            processed(ended.first, ended.second);
        m_progress.finish(stream(), ended.first);
        return true;
    });
}

bool FirehoseReader::holds(ShardSlot shard) const
{
    const auto isOf = [shard](const Stretch& stretch) { return stretch.shard == shard; };
    const auto has = [&isOf](const Load& load) {
        return std::any_of(load.stretches.begin(), load.stretches.end(), isOf);
    };
    return has(m_buffer) || std::any_of(m_loads.begin(), m_loads.end(), has);
}

/// While deliveries wait for each other the buffer grows, as the service's does when it is behind.
void FirehoseReader::flush(SimTime now)
{
    if (m_buffer.records == 0)
        return;
    m_seen.bufferSize = m_loads.empty() ? m_spec.firehose.bufferSize
                                        : std::min(m_seen.bufferSize * 2, kBufferMost);
    m_buffer.tryAt = now;
    m_loads.push_back(std::exchange(m_buffer, {}));
}

// --- a slice ----------------------------------------------------------------------------------

void FirehoseReader::work(SimTime sliceStart, ReaderSurroundings& around)
{
    const SimTime now = sliceStart;
    if (!m_begunAt)
        m_begunAt = now;
    if (m_buffer.bytes >= m_seen.bufferSize
        || (m_buffer.records > 0 && now - m_buffer.since >= m_spec.firehose.bufferInterval))
        flush(now);
    while (!m_loads.empty() && (m_loads.front().job != 0 || m_loads.front().tryAt <= now)) {
        Load& load = m_loads.front();
        bool done = false;
        if (load.job != 0) {
            const auto answer = around.outside->answer(load.job);
            if (!answer)
                break;
            load.job = 0;
            if (!answer->trouble.empty())
                again(load, answer->trouble, now);
            else
                done = taken(load, now);
        } else {
            attempt(load, now, around);
            if (load.job != 0)
                break; // its answer is asked for in the next slice
            done = load.tryAt <= now && (load.records == 0 || taken(load, now));
        }
        if (done) {
            const Load finished = std::move(load);
            m_loads.pop_front();
            doneWith(finished);
        }
    }
    m_seen.maxFreshnessMs = std::max(m_seen.maxFreshnessMs, freshnessMs(now));
}

bool FirehoseReader::down(SimTime now) const
{
    const FirehoseSpec& firehose = m_spec.firehose;
    const SimTime from = m_begunAt.value_or(now) + firehose.targetDownAfter;
    return now >= from && now < from + firehose.targetDownFor;
}

/// Sends it, or finds out that it cannot be sent now: then its next try lies ahead. Of a load that
/// is given up no records are left.
void FirehoseReader::attempt(Load& load, SimTime now, const ReaderSurroundings& around)
{
    const FirehoseSpec& firehose = m_spec.firehose;
    if (!load.triedAt)
        load.triedAt = now;
    if (now - *load.triedAt > firehose.retryFor) {
        m_seen.givenUpRecords += load.records;
        load.records = 0;
        return;
    }
    if (down(now)) {
        again(load, "The target does not answer.", now);
    } else if (firehose.target.empty()) {
        send(load, now, around);
    } else if (around.outside == nullptr) {
        again(load,
              "Real files are not allowed here: nothing is written to " + firehose.target
                  + "; --outside allows it.",
              now);
    } else
        send(load, now, around);
}

void FirehoseReader::send(Load& load, SimTime now, const ReaderSurroundings& around)
{
    const FirehoseSpec& firehose = m_spec.firehose;
    const std::uint64_t number = m_objects++;
    load.lost = 0;
    for (const Stretch& stretch : load.stretches) {
        const std::uint64_t kept
            = std::max(stretch.first, around.stream.trimHorizon(stretch.shard));
        load.lost += static_cast<std::int64_t>(std::min(kept, stretch.next) - stretch.first);
    }
    const CounterRng names = m_chance.fork(kNames);
    const auto packing = static_cast<std::size_t>(firehose.compression);
    // Checked when the settings were read; what does not evaluate stands as it is.
    const std::string prefix = firehosePrefix(firehose.prefix, load.oldest,
                                              randomString(m_chance.fork(kRandoms), number))
                                   .value_or(firehose.prefix);
    load.key = firehoseKey(prefix, m_spec.name, m_version, load.oldest,
                           uuidText(names.bits(2 * number), names.bits(2 * number + 1)),
                           firehose.fileExtension.empty() ? kExtensions[packing]
                                                          : firehose.fileExtension.c_str());
    if (firehose.target.empty())
        return;
    std::string body;
    body.reserve(static_cast<std::size_t>(load.bytes + load.records));
    for (const Stretch& stretch : load.stretches)
        for (std::uint64_t at = stretch.first; at < stretch.next; at += kPageRecords) {
            const RecordPage page = around.service.recordsOf(
                around.stream, stretch.shard, at, std::min(stretch.next, at + kPageRecords));
            for (std::size_t row = 0; row < page.rows.size(); ++row) {
                body += page.data(row);
                if (firehose.newLine)
                    body += '\n';
            }
        }
    auto packed = compressed(std::move(body), kCompressions[packing]);
    if (!packed) {
        again(load, packed.error().message, now);
        return;
    }
    ObjectPut put {firehose.target, load.key, std::move(*packed)};
    load.written = static_cast<Bytes>(put.body.size());
    load.job = mix64(md5(put.key).high() ^ mix64(slot().value)) ^ md5(put.body).low();
    around.outside->begin(load.job, std::move(put));
}

bool FirehoseReader::taken(Load& load, SimTime now)
{
    m_seen.writtenBytes += load.written;
    if (m_spec.firehose.answerLostShare > 0
        && m_chance.fork(kLostAnswers).unit(m_objects) < m_spec.firehose.answerLostShare) {
        m_seen.deliveredTwice += load.records - load.lost;
        again(load, "The target's answer was lost; its object is written again.", now);
        return false;
    }
    m_trouble.clear();
    m_seen.targetDown = false;
    ++m_seen.objects;
    m_seen.deliveredRecords += load.records - load.lost;
    m_counts.lostRecords += load.lost;
    m_seen.deliveredBytes += load.bytes;
    m_seen.newest.push_back({now, load.key, load.records - load.lost, load.bytes});
    if (m_seen.newest.size() > FirehoseState::kObjects)
        m_seen.newest.erase(m_seen.newest.begin());
    return true;
}

void FirehoseReader::again(Load& load, std::string why, SimTime now)
{
    m_trouble = std::move(why);
    m_seen.targetDown = true;
    ++m_seen.failedWrites;
    const double wait = std::min(
        kAgainFirst * std::exp2(static_cast<double>(std::min<std::int64_t>(load.tries++, 20))),
        kAgainMost);
    load.tryAt = now + SimDuration::fromSeconds(wait);
}

void FirehoseReader::doneWith(const Load& load)
{
    for (const Stretch& stretch : load.stretches)
        processed(stretch.shard, stretch.next);
    finishEnded();
}

// --- looking ----------------------------------------------------------------------------------

std::int64_t FirehoseReader::freshnessMs(SimTime now) const
{
    std::optional<SimTime> oldest;
    if (m_buffer.records > 0)
        oldest = m_buffer.oldest;
    for (const Load& load : m_loads)
        oldest = oldest ? std::min(*oldest, load.oldest) : load.oldest;
    return oldest ? std::max<std::int64_t>(0, (now - *oldest).inMillis()) : 0;
}

ReaderState FirehoseReader::state(const Stream& /*stream*/, SimTime now) const
{
    FirehoseState out = m_seen;
    out.freshnessMs = freshnessMs(now);
    out.bufferedRecords = m_buffer.records;
    out.bufferedBytes = m_buffer.bytes;
    for (const Load& load : m_loads) {
        out.bufferedRecords += load.records;
        out.bufferedBytes += load.bytes;
    }
    return out;
}

std::uint64_t FirehoseReader::digest() const
{
    std::uint64_t h = Reader::digest();
    for (const std::int64_t n :
         {m_seen.objects, m_seen.deliveredRecords, m_seen.deliveredTwice, m_seen.failedWrites})
        h = mix64(h ^ static_cast<std::uint64_t>(n));
    return h;
}

} // namespace shardscope
