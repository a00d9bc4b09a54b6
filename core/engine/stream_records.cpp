#include <algorithm>
#include <array>

#include "core/base/check.h"
#include "core/base/rng.h"
#include "core/engine/admit_record.h"
#include "core/engine/limits.h"
#include "core/engine/read_limits.h"
#include "core/engine/stream.h"

namespace shardscope {
namespace {

/// How many rows ahead a shard's lines are asked for; the log's newest record half as many.
constexpr std::size_t kAhead = 16;

LogRecordHead headOf(const RecordBatch::Row& row, const RecordMeta& meta,
                     const SequenceNumber& number, std::uint32_t flags)
{
    LogRecordHead head;
    head.position = number.counter - 1;
    head.arrivalMs = meta.arrivalMs;
    head.hashHigh = meta.hashHigh;
    head.shard = number.shard.value;
    head.flags = row.keyless ? flags | LogRecordHead::kKeyless : flags;
    return head;
}

} // namespace

/// Where each row of a batch goes.
struct Stream::Routes {
    static constexpr std::size_t kRows = limits::kPutRecordsRecords;
    std::size_t size = 0;
    std::array<std::uint64_t, kRows> high, low;
    std::array<std::uint32_t, kRows> slot;
};

void Stream::routeByKey(const RecordBatch& batch, Routes& routes) const
{
    for (std::size_t i = 0; i < routes.size; ++i) {
        routes.high[i] = batch.rows[i].hash.high();
        routes.low[i] = batch.rows[i].hash.low();
    }
    m_map.route(std::span(routes.high).first(routes.size), std::span(routes.low).first(routes.size),
                routes.slot.data());
}

/// AUTO distribution: the open shards take turns; of the one whose turn it is and the one half-way
/// round from it the emptier takes the record, anywhere in its range.
void Stream::routeByLoad(Routes& routes)
{
    const std::span<const ShardMap::Entry> open = m_map.open();
    for (std::size_t i = 0; i < routes.size; ++i) {
        const std::uint64_t turn = m_autoTurn++;
        const ShardMap::Entry* entry = &open[turn % open.size()];
        const ShardMap::Entry& other = open[(turn + open.size() / 2) % open.size()];
        if (m_columns.hot[other.slot.index()].bytesFullAt
            < m_columns.hot[entry->slot.index()].bytesFullAt)
            entry = &other;
        const std::uint64_t width = entry->range.end.high() - entry->range.start.high();
        routes.slot[i] = entry->slot.value;
        routes.high[i] = entry->range.start.high()
            + static_cast<std::uint64_t>(U128 {mix64(turn)} * width >> 64);
    }
}

std::int64_t Stream::put(const RecordBatch& batch, SimTime now, std::span<SequenceNumber> out)
{
    SHARDSCOPE_CHECK(batch.rows.size() <= Routes::kRows && batch.rows.size() == out.size());
    Routes routes;
    routes.size = batch.rows.size();
    if (m_summary.recordDistribution == RecordDistributionStrategy::Auto)
        routeByLoad(routes);
    else
        routeByKey(batch, routes);

    const ShardColumns shards(m_columns);
    const BucketMoment moment {bucket::stepsAt(now.inMillis(), m_columns.epochMs),
                               bucket::byteCapacity(m_columns.bytesBurst), m_columns.throttling};
    const std::uint32_t flags
        = encryptionAt(now) == EncryptionType::Kms ? LogRecordHead::kEncrypted : 0;
    std::int64_t refused = 0;
    for (std::size_t i = 0; i < routes.size; ++i) {
        if (i + kAhead < routes.size) {
            __builtin_prefetch(&shards.hot[routes.slot[i + kAhead]], 1);
            __builtin_prefetch(&shards.logs[routes.slot[i + kAhead]], 1);
            shards.logs[routes.slot[i + kAhead / 2]].prefetch();
        }
        const std::uint32_t slot = routes.slot[i];
        const RecordBatch::Row& row = batch.rows[i];
        const RecordMeta meta {(RecordMeta::kRealPayload << 48) | m_log.end(),
                               routes.high[i],
                               now.inMillis(),
                               row.dataBytes + row.keyBytes,
                               row.keyBytes,
                               1};
        m_columns.heat[meta.hashHigh >> kHeatShift] += meta.bytes;
        out[i] = {m_shards[slot].openedAt.inSeconds(), ShardSlot {slot}, 0, now.inSeconds()};
        const Outcome outcome = admit(shards, slot, moment, meta);
        if (outcome != Outcome::Accepted) [[unlikely]] {
            ++refused;
            noteRefusal(now, ShardSlot {slot},
                        outcome == Outcome::RefusedBytes ? Rule::W1WriteBytes
                                                         : Rule::W2WriteRecords);
            continue;
        }
        // The counter of a record is its position plus one: the end of the log that holds it now.
        out[i].counter = shards.logs[slot].end();
        m_log.append(headOf(row, meta, out[i], flags), batch.key(i), batch.data(i));
    }
    return refused;
}

/// Positions whose records are lost: they are read over.
void Stream::leaveGap(ShardLog& log, std::uint64_t position, std::int64_t arrivalMs)
{
    if (log.end() == 0) {
        log.startAt(position);
        return;
    }
    const RecordMeta lost {
        (RecordMeta::kRealPayload << 48) | RecordMeta::kNumberMask, 0, arrivalMs, 0, 0, 1};
    while (log.end() < position)
        log.append(lost);
}

Result<void> Stream::restoreRecord(std::uint64_t place, const LogRecordHead& head)
{
    const auto refuse = [&](const std::string& why) {
        return fail(ErrorCode::BadInput,
                    "The record at place " + std::to_string(place) + " of stream " + name() + ' '
                        + why);
    };
    if (head.shard >= m_shards.size())
        return refuse("is of shard " + std::to_string(head.shard) + ", which is not there.");
    ShardLog& log = m_columns.logs[head.shard];
    if (head.position < log.end())
        return refuse("has a position that is taken.");
    // Every record that is missing once had a head between the last one found and this one.
    const bool first = log.end() == 0;
    if (first ? head.position > SequenceNumber::kLastCounter / 2
              : head.position - log.end() > place / sizeof(LogRecordHead))
        return refuse("has a position that no record can have.");
    leaveGap(log, head.position, head.arrivalMs);
    log.append({(RecordMeta::kRealPayload << 48) | place, head.hashHigh, head.arrivalMs,
                head.dataBytes + head.keyBytes, head.keyBytes, head.userRecords});
    return {};
}

Result<void> Stream::restorePosition(ShardSlot shard, std::uint64_t position)
{
    SHARDSCOPE_CHECK(shard.index() < m_shards.size());
    ShardLog& log = m_columns.logs[shard.index()];
    const std::uint64_t missing = position - std::min(position, log.end());
    // As many as the tail of a log could hold that no commit can have left behind.
    constexpr std::uint64_t most = std::uint64_t {1} << 24;
    if (position > SequenceNumber::kLastCounter / 2 || (log.end() != 0 && missing > most))
        return fail(ErrorCode::BadInput,
                    shardIdText(shard) + " of stream " + name() + " ends at position "
                        + std::to_string(log.end()) + ", far from " + std::to_string(position)
                        + ".");
    const std::int64_t newestMs = log.empty() ? 0 : log.from(log.end() - 1).front().arrivalMs;
    if (missing > 0)
        leaveGap(log, position, newestMs);
    return {};
}

Result<void> Stream::restorePositions()
{
    for (const Shard& shard : m_shards) {
        ShardHot& hot = m_columns.hot[shard.slot.index()];
        if (auto ok = restorePosition(shard.slot, hot.acceptedRecords); !ok)
            return ok;
        const ShardLog& log = m_columns.logs[shard.slot.index()];
        std::uint64_t at = std::max(hot.acceptedRecords, log.begin());
        while (at < log.end()) {
            for (const RecordMeta& meta : log.from(at)) {
                hot.acceptedBytes += meta.bytes;
                ++at;
            }
        }
        hot.acceptedRecords = log.end();
    }
    return {};
}

ReadAnswer Stream::read(ShardSlot shard, std::uint64_t position, std::int64_t recordsMost,
                        SimTime now)
{
    Shard& row = m_shards[shard.index()];
    ReadAnswer answer;
    ++row.readCalls;
    if (m_readThrottling) {
        if (const ReadVerdict verdict = askToRead(row, now); verdict.refused) {
            answer.refused = verdict.refused;
            answer.wouldPassAt = verdict.wouldPassAt;
            noteRefusal(now, shard, *verdict.refused);
            return answer;
        }
    }
    const ShardLog& log = m_columns.logs[shard.index()];
    const std::uint64_t asked = std::min(position, log.end());
    answer.first = answer.next = std::max(asked, log.begin());
    answer.skippedByTrim = answer.first - asked;

    const auto most = static_cast<std::uint64_t>(
        std::clamp<std::int64_t>(recordsMost, 1, limits::kGetRecordsRecords));
    constexpr auto bytesMost = static_cast<std::uint64_t>(limits::kGetRecordsBytes);
    const std::uint64_t stop = std::min(log.end(), answer.first + most);
    bool full = false;
    while (!full && answer.next < stop) {
        for (const RecordMeta& meta : log.from(answer.next)) {
            if (answer.next == stop)
                break;
            if (answer.bytes + meta.bytes > bytesMost) {
                full = true;
                break;
            }
            answer.bytes += meta.bytes;
            answer.newestArrivalMs = meta.arrivalMs;
            ++answer.next;
        }
    }
    full = full || answer.bytes >= bytesMost;
    if (answer.next < log.end())
        answer.millisBehindLatest
            = std::max<std::int64_t>(0, now.inMillis() - log.from(answer.next).front().arrivalMs);
    answer.atEnd = row.state != ShardState::Open && answer.next == log.end();

    if (m_readThrottling)
        bookAnswer(row, static_cast<Bytes>(answer.bytes), full, now);
    row.outRecords += answer.next - answer.first;
    row.outBytes += answer.bytes;
    m_minuteAgeMs = std::max(m_minuteAgeMs, answer.millisBehindLatest);
    return answer;
}

ReadAnswer Stream::push(ShardSlot shard, std::uint64_t position, SubscriptionPace& pace,
                        SimTime now)
{
    Shard& row = m_shards[shard.index()];
    const ShardLog& log = m_columns.logs[shard.index()];
    ReadAnswer answer;
    const std::uint64_t asked = std::min(position, log.end());
    answer.first = answer.next = std::max(asked, log.begin());
    answer.skippedByTrim = answer.first - asked;
    const Bytes room = m_readThrottling ? pace.room(now) : limits::kGetRecordsBytes;
    const bool whole = !m_readThrottling || pace.idle();
    bool full = false;
    while (!full && answer.next < log.end()) {
        for (const RecordMeta& meta : log.from(answer.next)) {
            const bool first = answer.next == answer.first;
            full = static_cast<Bytes>(answer.bytes) + meta.bytes > room && !(whole && first);
            if (full)
                break;
            answer.bytes += meta.bytes;
            answer.newestArrivalMs = meta.arrivalMs;
            ++answer.next;
        }
    }
    if (answer.next < log.end())
        answer.millisBehindLatest
            = std::max<std::int64_t>(0, now.inMillis() - log.from(answer.next).front().arrivalMs);
    answer.atEnd = row.state != ShardState::Open && answer.next == log.end();
    pace.book(static_cast<Bytes>(answer.bytes), now);
    row.fanOutRecords += answer.next - answer.first;
    row.fanOutBytes += answer.bytes;
    return answer;
}

std::uint64_t Stream::firstAt(ShardSlot shard, std::int64_t arrivalMs) const
{
    return m_columns.logs[shard.index()].firstAt(arrivalMs);
}

std::uint64_t Stream::latest(ShardSlot shard) const
{
    return m_columns.logs[shard.index()].end();
}

std::uint64_t Stream::trimHorizon(ShardSlot shard) const
{
    return m_columns.logs[shard.index()].begin();
}

std::span<const RecordMeta> Stream::records(ShardSlot shard, std::uint64_t position) const
{
    return m_columns.logs[shard.index()].from(position);
}

EncryptionType Stream::encryptionAt(SimTime arrival) const
{
    EncryptionType type = EncryptionType::None;
    for (const auto& [since, to] : m_encryptionSince) {
        if (since <= arrival)
            type = to;
    }
    return type;
}

} // namespace shardscope
