#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/base/compression.h"
#include "core/base/md5.h"
#include "core/base/rng.h"
#include "core/consumers/firehose_reader.h"
#include "core/consumers/lambda_event.h"
#include "core/storage/aggregate_reader.h"

/// From buffers to objects.
namespace shardscope {
namespace {

constexpr Bytes kBufferMost = 128_MiB;
constexpr double kAgainFirst = 1, kAgainMost = 120; // seconds, doubling; ours
constexpr std::uint64_t kNames = 41, kRandoms = 42, kLostAnswers = 43; // lanes of m_chance
constexpr std::array kCompressions {"NONE", "GZIP", "ZSTD"};
constexpr std::array kExtensions {"", ".gz", ".zst"};
constexpr std::string_view kErrorPrefix = "!{firehose:error-output-type}/";

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

/// While deliveries wait the buffers grow, as the service's do when it is behind.
void FirehoseReader::flush(Load& buffer, SimTime now)
{
    m_seen.bufferSize = m_loads.empty() ? m_spec.firehose.bufferSize
                                        : std::min(m_seen.bufferSize * 2, kBufferMost);
    buffer.tryAt = now;
    m_loads.push_back(std::move(buffer));
}

void FirehoseReader::flushAll(SimTime now)
{
    for (auto& [group, buffer] : m_buffers)
        flush(buffer, now);
    m_buffers.clear();
}

void FirehoseReader::flushWhatIsDue(SimTime now)
{
    const auto ofClosedShard
        = [this](const Piece& piece) { return m_shards[piece.shard.index()].end.has_value(); };
    for (auto entry = m_buffers.begin(); entry != m_buffers.end();) {
        Load& buffer = entry->second;
        if (buffer.bytes >= m_seen.bufferSize
            || now - buffer.since >= m_spec.firehose.bufferInterval
            || (m_ending > 0
                && std::any_of(buffer.pieces.begin(), buffer.pieces.end(), ofClosedShard))) {
            flush(buffer, now);
            entry = m_buffers.erase(entry);
        } else
            ++entry;
    }
}

void FirehoseReader::deliver(SimTime now, const ReaderSurroundings& around)
{
    for (auto load = m_loads.begin(); load != m_loads.end();) {
        if (!workOn(*load, now, around)) {
            ++load;
            continue;
        }
        const Load finished = std::move(*load);
        load = m_loads.erase(load);
        doneWith(finished);
    }
}

bool FirehoseReader::workOn(Load& load, SimTime now, const ReaderSurroundings& around)
{
    if (load.job != 0) {
        const auto answer = around.outside->answer(load.job);
        if (!answer)
            return false;
        load.job = 0;
        if (answer->trouble.empty())
            return taken(load, now);
        again(load, answer->trouble, now);
        return false;
    }
    if (load.tryAt > now)
        return false;
    attempt(load, now, around);
    // An answer from outside is asked for in the next slice.
    return load.job == 0 && load.tryAt <= now && (load.records == 0 || taken(load, now));
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
    if (down(now))
        again(load, "The target does not answer.", now);
    else if (!firehose.target.empty() && around.outside == nullptr)
        again(load,
              "Real files are not allowed here: nothing is written to " + firehose.target
                  + "; --outside allows it.",
              now);
    else
        send(load, now, around);
}

void FirehoseReader::send(Load& load, SimTime now, const ReaderSurroundings& around)
{
    const FirehoseSpec& firehose = m_spec.firehose;
    load.key = keyOf(load);
    if (!load.body)
        countLost(load, around.stream);
    if (firehose.target.empty())
        return;
    auto packed = compressed(load.body ? *load.body : bodyOf(load, around),
                             kCompressions[static_cast<std::size_t>(firehose.compression)]);
    if (!packed) {
        again(load, packed.error().message, now);
        return;
    }
    ObjectPut put {firehose.target, load.key, std::move(*packed)};
    load.written = static_cast<Bytes>(put.body.size());
    load.job = mix64(md5(put.key).high() ^ mix64(slot().value)) ^ md5(put.body).low();
    around.outside->begin(load.job, std::move(put));
}

std::string FirehoseReader::keyOf(const Load& load)
{
    const FirehoseSpec& firehose = m_spec.firehose;
    const std::uint64_t number = m_objects++;
    const CounterRng names = m_chance.fork(kNames);
    std::string_view pattern = firehose.prefix;
    if (!load.errorType.empty())
        pattern
            = firehose.errorPrefix.empty() ? kErrorPrefix : std::string_view(firehose.errorPrefix);
    // Checked when the settings were read; what does not evaluate, since a value is too long,
    // stands as it is.
    const std::string prefix
        = firehosePrefix(pattern,
                         {.at = load.oldest,
                          .random = randomString(m_chance.fork(kRandoms), number),
                          .errorType = load.errorType,
                          .fromQuery = load.fromQuery,
                          .fromLambda = load.fromLambda})
              .value_or(std::string(pattern));
    return firehoseKey(prefix, m_spec.name, m_version, load.oldest,
                       uuidText(names.bits(2 * number), names.bits(2 * number + 1)),
                       firehose.fileExtension.empty()
                           ? kExtensions[static_cast<std::size_t>(firehose.compression)]
                           : firehose.fileExtension.c_str());
}

/// What the stream trimmed since it was fetched; of aggregates that are gone one record is known.
void FirehoseReader::countLost(Load& load, const Stream& stream) const
{
    load.lost = 0;
    for (const Piece& piece : load.pieces) {
        const Stretch& stretch = stretchOf(piece);
        const std::uint64_t kept = std::max(stretch.first, stream.trimHorizon(piece.shard));
        load.lost += static_cast<std::int64_t>(std::min(kept, stretch.next) - stretch.first);
    }
}

/// Its records as they stand in the stream, aggregates opened; counts them.
std::string FirehoseReader::bodyOf(Load& load, const ReaderSurroundings& around) const
{
    std::string body;
    body.reserve(static_cast<std::size_t>(load.bytes + load.records));
    std::int64_t records = load.lost;
    const auto add = [&](std::string_view data) {
        body += data;
        if (m_spec.firehose.newLine)
            body += '\n';
        ++records;
    };
    for (const Piece& piece : load.pieces) {
        const Stretch& stretch = stretchOf(piece);
        for (std::uint64_t at = stretch.first; at < stretch.next; at += kPageRecords) {
            const RecordPage page = around.service.recordsOf(
                around.stream, piece.shard, at, std::min(stretch.next, at + kPageRecords));
            for (std::size_t row = 0; row < page.rows.size(); ++row) {
                const auto inside
                    = readAggregate(page.data(row), std::numeric_limits<std::size_t>::max());
                if (!inside)
                    add(page.data(row));
                else
                    for (const UserRecordView& user : *inside)
                        add(user.data);
            }
        }
    }
    load.records = records;
    return body;
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
    m_targetTrouble.clear();
    m_seen.targetDown = false;
    if (!load.errorType.empty()) {
        ++m_seen.errorObjects;
        m_seen.errorRecords += load.records;
    } else {
        ++m_seen.objects;
        m_seen.deliveredRecords += load.records - load.lost;
        m_seen.deliveredBytes += load.bytes;
        m_counts.lostRecords += load.lost;
    }
    m_seen.newest.push_back({now, load.key, load.records - load.lost, load.bytes});
    if (m_seen.newest.size() > FirehoseState::kObjects)
        m_seen.newest.erase(m_seen.newest.begin());
    return true;
}

void FirehoseReader::again(Load& load, std::string why, SimTime now)
{
    m_targetTrouble = std::move(why);
    m_seen.targetDown = true;
    ++m_seen.failedWrites;
    const double wait = std::min(
        kAgainFirst * std::exp2(static_cast<double>(std::min<std::int64_t>(load.tries++, 20))),
        kAgainMost);
    load.tryAt = now + SimDuration::fromSeconds(wait);
}

void FirehoseReader::doneWith(const Load& load)
{
    m_held -= load.bytes;
    if (const auto partition = m_partitions.find(load.group); partition != m_partitions.end())
        if (--partition->second == 0)
            m_partitions.erase(partition);
    for (const Piece& piece : load.pieces)
        release(piece);
}

} // namespace shardscope
