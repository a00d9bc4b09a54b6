#include "core/consumers/lambda_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/base/hash_key.h"
#include "core/base/md5.h"
#include "core/base/rng.h"

namespace shardscope {
namespace {

/// While records wait unread, polls follow each other so fast. Ours: a shard answers five calls a
/// second to all its readers.
constexpr SimDuration kCatchUp = SimDuration::millis(250);
constexpr double kRestFirst = 1, kRestFactor = 1.7, kRestMost = 60; // seconds; estimates
constexpr double kRestJitter = 0.1;

// Lanes of m_chance.
constexpr std::uint64_t kDurations = 31, kErrors = 32, kRests = 33, kNames = 34;

FeedPace paceOf(const LambdaSpec& lambda)
{
    FeedPace pace;
    if (lambda.fanOut)
        pace.way = FeedPace::Way::FanOut;
    pace.afterNothing = pace.afterRecords = SimDuration::seconds(1);
    pace.whenBehind = kCatchUp;
    return pace;
}

/// A job's name: of whom, which one, and what it says, so that the same question in a world copied
/// from this one has the same answer, and another has another.
std::uint64_t jobId(ConsumerSlot slot, std::uint64_t number, std::string_view text)
{
    const HashKey sum = md5(text);
    return mix64(mix64(number + (std::uint64_t {slot.value} << 48)) ^ sum.high()) ^ sum.low();
}

/// Normally distributed, mean 0 and deviation 1: Box and Muller.
double normal(const CounterRng& chance, std::uint64_t index)
{
    const double u = 1 - chance.unit(2 * index), v = chance.unit(2 * index + 1);
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

} // namespace

LambdaReader::LambdaReader(ConsumerSlot slot, const ConsumerSpec& spec, std::uint64_t seed,
                           SimTime runStart)
    : Reader(slot, spec, seed, runStart, paceOf(spec.lambda))
{
}

std::unique_ptr<Reader> LambdaReader::clone() const
{
    return std::make_unique<LambdaReader>(*this);
}

void LambdaReader::change(const ConsumerSpec& spec, SimTime now)
{
    const std::int64_t lanes = m_spec.lambda.parallelizationFactor;
    Reader::change(spec, now);
    m_feed.setPace(paceOf(m_spec.lambda), now);
    if (lanes == m_spec.lambda.parallelizationFactor)
        return;
    // Keys belong to other lanes now: what is in hand is read again.
    forgetOrder();
    for (std::uint32_t slot = 0; slot < m_shards.size(); ++slot)
        if (!m_shards[slot].lanes.empty())
            shardStarted(ShardSlot(slot), now);
}

void LambdaReader::shardStarted(ShardSlot shard, SimTime now)
{
    if (m_shards.size() <= shard.index())
        m_shards.resize(shard.index() + 1);
    Shard& work = m_shards[shard.index()];
    for (const Lane& lane : work.lanes)
        m_seen.concurrent -= lane.phase == Lane::Phase::Running ? 1 : 0;
    work = {};
    work.lanes.resize(static_cast<std::size_t>(m_spec.lambda.parallelizationFactor));
    work.fetched = m_progress.next(shard);
    m_feed.open(shard, work.fetched, now);
}

void LambdaReader::restarted(SimTime /*now*/)
{
    m_shards.clear();
    m_seen.concurrent = 0;
}

// --- records ----------------------------------------------------------------------------------

bool LambdaReader::ready(ShardSlot shard, SimTime /*now*/)
{
    return m_shards[shard.index()].held < kHeldMost;
}

SimTime LambdaReader::take(const Fetched& fetched)
{
    countFetched(fetched);
    Shard& work = m_shards[fetched.shard.index()];
    const std::size_t lanes = work.lanes.size();
    for (std::uint64_t at = fetched.first; at < fetched.next;)
        for (const RecordMeta& meta : stream().records(fetched.shard, at)) {
            if (at == fetched.next)
                break;
            const std::size_t lane = lanes == 1 ? 0 : mix64(meta.hashHigh) % lanes;
            work.lanes[lane].held.push_back({at, meta.arrivalMs, meta.bytes});
            ++work.held;
            ++at;
        }
    work.fetched = fetched.next;
    work.atEnd = work.atEnd || fetched.atEnd;
    settle(fetched.shard);
    return fetched.now;
}

/// What is processed of a shard ends where its first unfinished record stands.
void LambdaReader::settle(ShardSlot shard)
{
    Shard& work = m_shards[shard.index()];
    std::uint64_t next = work.fetched;
    for (const Lane& lane : work.lanes)
        if (lane.size() > 0)
            next = std::min(next, lane.at(0).position);
    if (next > m_progress.next(shard))
        processed(shard, next);
    if (work.atEnd && work.held == 0) {
        work.lanes.clear();
        m_progress.finish(stream(), shard);
    }
}

void LambdaReader::drop(ShardSlot shard, Lane& lane, std::size_t records)
{
    lane.head += records;
    m_shards[shard.index()].held -= records;
    if (lane.head == lane.held.size() || lane.head > 4'096) {
        lane.held.erase(lane.held.begin(),
                        lane.held.begin() + static_cast<std::ptrdiff_t>(lane.head));
        lane.head = 0;
    }
    while (records > 0 && !lane.pieces.empty()) {
        Piece& piece = lane.pieces.front();
        const std::size_t part = std::min(records, piece.records);
        piece.records -= part;
        records -= part;
        if (piece.records == 0)
            lane.pieces.erase(lane.pieces.begin());
    }
}

std::vector<std::uint64_t> LambdaReader::positionsOf(const Lane& lane, std::size_t records) const
{
    std::vector<std::uint64_t> positions;
    positions.reserve(records);
    for (std::size_t i = 0; i < records; ++i)
        positions.push_back(lane.at(i).position);
    return positions;
}

// --- a slice ----------------------------------------------------------------------------------

void LambdaReader::work(SimTime sliceStart, ReaderSurroundings& around)
{
    if (around.outside != nullptr && !m_documents.empty())
        hearOfDocuments(*around.outside);
    for (std::uint32_t slot = 0; slot < m_shards.size(); ++slot) {
        const ShardSlot shard(slot);
        const std::size_t before = m_shards[slot].held;
        for (Lane& lane : m_shards[slot].lanes)
            if (lane.size() > 0)
                workLane(shard, lane, sliceStart, around.outside);
        if (m_shards[slot].held != before)
            settle(shard);
    }
}

void LambdaReader::workLane(ShardSlot shard, Lane& lane, SimTime now, Outside* outside)
{
    if (lane.phase == Lane::Phase::Running) {
        if (!lane.known && outside != nullptr)
            askOutside(shard, lane, *outside);
        if (!lane.known || lane.until > now)
            return;
        finish(shard, lane, now, outside);
    }
    if (lane.phase == Lane::Phase::Resting) {
        if (lane.until > now)
            return;
        lane.phase = Lane::Phase::Gathering;
    }
    expire(shard, lane, now, outside);
    gather(lane, m_shards[shard.index()].atEnd, now);
    if (!lane.pieces.empty())
        invoke(shard, lane, now, outside);
}

/// Makes a batch when it is full or its time is over.
void LambdaReader::gather(Lane& lane, bool atEnd, SimTime now)
{
    if (!lane.pieces.empty() || lane.size() == 0)
        return;
    const LambdaSpec& lambda = m_spec.lambda;
    if (!lane.windowEnds)
        lane.windowEnds = now + lambda.batchingWindow;
    const std::size_t most = std::min(lane.size(), static_cast<std::size_t>(lambda.batchSize));
    std::size_t records = 0;
    std::int64_t bytes = 0;
    while (records < most
           && (records == 0 || bytes + eventBytesOf(lane.at(records).bytes) <= kEventBytesMost))
        bytes += eventBytesOf(lane.at(records++).bytes);
    const bool full = records == static_cast<std::size_t>(lambda.batchSize) || records < most;
    if (!full && !atEnd && *lane.windowEnds > now)
        return;
    lane.pieces.push_back({records, 0});
    lane.failures = 0;
    lane.windowEnds.reset();
}

/// Gives up the first records that are older than they may be; the younger ones behind go on.
void LambdaReader::expire(ShardSlot shard, Lane& lane, SimTime now, Outside* outside)
{
    std::int64_t mostMs = stream().summary().retentionHours * SimDuration::hours(1).inMillis();
    if (m_spec.lambda.maximumRecordAge > SimDuration {})
        mostMs = std::min(mostMs, m_spec.lambda.maximumRecordAge.inMillis());
    std::size_t old = 0;
    while (old < lane.size() && now.inMillis() - lane.at(old).arrivalMs > mostMs)
        ++old;
    while (old > 0) {
        // Those tried together are told of together.
        const std::size_t part
            = lane.pieces.empty() ? old : std::min(old, lane.pieces.front().records);
        giveUp(shard, lane, part, true, now, outside);
        old -= part;
    }
}

void LambdaReader::invoke(ShardSlot shard, Lane& lane, SimTime now, Outside* outside)
{
    const LambdaSpec& lambda = m_spec.lambda;
    const std::size_t records = lane.pieces.front().records;
    if (m_seen.concurrent >= lambda.concurrency) {
        ++m_seen.counts.throttles;
        lane.error
            = "Throttled: all " + std::to_string(lambda.concurrency) + " executions are taken.";
        ++lane.failures;
        rest(lane, now);
        return;
    }
    if (!lambda.function.empty() && outside == nullptr) {
        m_trouble = "Real functions are not allowed here: \"" + lambda.function
            + "\" is not called; --outside allows it.";
        ++lane.failures;
        rest(lane, now);
        return;
    }
    lane.phase = Lane::Phase::Running;
    lane.begunAt = now;
    lane.failed = lane.throttled = false;
    lane.passed = 0;
    ++m_invocations;
    ++m_seen.counts.invocations;
    m_seen.counts.mostConcurrent = std::max(m_seen.counts.mostConcurrent, ++m_seen.concurrent);
    if (lambda.function.empty()) {
        model(shard, lane, now);
        return;
    }
    FunctionCall call {lambda.function,
                       lambdaEvent(service(), stream(), shard, positionsOf(lane, records)),
                       lambda.timeout};
    lane.known = false;
    lane.job = jobId(slot(), m_invocations, call.event);
    outside->begin(lane.job, std::move(call));
}

bool LambdaReader::isPoison(ShardSlot shard, const Held& record) const
{
    return CounterRng::toUnit(mix64(mix64(record.position) ^ (std::uint64_t {shard.value} << 40)))
        < m_spec.lambda.model.poisonShare;
}

void LambdaReader::model(ShardSlot shard, Lane& lane, SimTime now)
{
    const LambdaSpec::Model& model = m_spec.lambda.model;
    const std::size_t records = lane.pieces.front().records;
    const double spread = model.spread > 0
        ? std::exp(model.spread * normal(m_chance.fork(kDurations), m_invocations))
        : 1;
    const SimDuration took = SimDuration::fromSeconds(
        (model.duration + model.perRecord * static_cast<std::int64_t>(records)).inSeconds()
        * spread);
    if (model.errorShare > 0 && m_chance.fork(kErrors).unit(m_invocations) < model.errorShare) {
        lane.failed = true;
        lane.error = "The function failed.";
    }
    for (std::size_t i = 0; model.poisonShare > 0 && !lane.failed && i < records; ++i)
        if (isPoison(shard, lane.at(i))) {
            lane.failed = true;
            lane.error = "The function failed on a record it cannot take.";
            lane.passed = m_spec.lambda.reportBatchItemFailures ? i : 0;
        }
    if (took > m_spec.lambda.timeout) {
        lane.failed = true;
        lane.passed = 0;
        lane.error = "Task timed out after " + toText(m_spec.lambda.timeout) + ".";
    }
    lane.known = true;
    lane.until = now + std::min(took, m_spec.lambda.timeout);
}

void LambdaReader::askOutside(ShardSlot shard, Lane& lane, Outside& outside)
{
    const auto answer = outside.answer(lane.job);
    if (!answer)
        return;
    lane.known = true;
    lane.until = lane.begunAt + answer->took;
    if (!answer->trouble.empty()) {
        lane.throttled = lane.failed = true;
        lane.error = answer->trouble;
    } else if (!answer->functionError.empty()) {
        lane.failed = true;
        lane.error = functionErrorText(answer->payload);
    } else if (m_spec.lambda.reportBatchItemFailures) {
        const auto positions = positionsOf(lane, lane.pieces.front().records);
        ItemFailures told = itemFailures(answer->payload, shard, positions);
        lane.failed = told.kind != ItemFailures::Kind::None;
        if (told.kind == ItemFailures::Kind::From) {
            lane.passed = static_cast<std::size_t>(
                std::lower_bound(positions.begin(), positions.end(), told.position)
                - positions.begin());
            lane.error = "The function reported a failed record.";
        } else if (told.kind == ItemFailures::Kind::All)
            lane.error = std::move(told.why);
    }
}

/// An invocation has ended.
void LambdaReader::finish(ShardSlot shard, Lane& lane, SimTime now, Outside* outside)
{
    LambdaState::Counts& counts = m_seen.counts;
    lane.phase = Lane::Phase::Gathering;
    --m_seen.concurrent;
    const SimDuration took = lane.until - lane.begunAt;
    counts.duration += took;
    counts.longest = std::max(counts.longest, took);
    const std::size_t records = lane.pieces.front().records;
    m_seen.iteratorAgeMs
        = std::max<std::int64_t>(0, now.inMillis() - lane.at(records - 1).arrivalMs);
    // The age of what is not processed yet, not of what was fetched.
    m_counts.maxAgeMs = std::max(m_counts.maxAgeMs, now.inMillis() - lane.at(0).arrivalMs);
    if (!lane.failed) {
        m_seen.lastResult = "OK";
        m_trouble.clear();
        counts.succeededRecords += static_cast<std::int64_t>(records);
        lane.failures = 0;
        drop(shard, lane, records);
        return;
    }
    m_seen.lastResult = "PROBLEM: Function call failed";
    m_trouble = lane.error;
    ++lane.failures;
    if (lane.throttled) {
        ++counts.throttles;
        rest(lane, now);
        return;
    }
    ++counts.errors;
    counts.succeededRecords += static_cast<std::int64_t>(lane.passed);
    drop(shard, lane, lane.passed);
    Piece& piece = lane.pieces.front();
    if (m_spec.lambda.bisectOnError && lane.passed == 0 && piece.records > 1) {
        ++counts.bisects;
        lane.failures = 1;
        const Piece first {piece.records / 2, piece.attempts};
        piece.records -= first.records;
        lane.pieces.insert(lane.pieces.begin(), first);
    } else {
        ++piece.attempts;
        const std::int64_t most = m_spec.lambda.maximumRetryAttempts;
        if (most >= 0 && piece.attempts > most) {
            giveUp(shard, lane, piece.records, false, now, outside);
            lane.failures = 0;
            return;
        }
    }
    rest(lane, now);
}

void LambdaReader::rest(Lane& lane, SimTime now)
{
    const double step = kRestFirst
        * std::pow(kRestFactor, static_cast<double>(std::max<std::int64_t>(lane.failures, 1) - 1));
    const std::uint64_t draw = m_invocations + static_cast<std::uint64_t>(m_seen.counts.throttles);
    const double jitter = 1 + kRestJitter * (2 * m_chance.fork(kRests).unit(draw) - 1);
    lane.phase = Lane::Phase::Resting;
    lane.until = now + SimDuration::fromSeconds(std::min(step, kRestMost) * jitter);
}

void LambdaReader::giveUp(ShardSlot shard, Lane& lane, std::size_t records, bool tooOld,
                          SimTime now, Outside* outside)
{
    const std::int64_t firstMs = lane.at(0).arrivalMs, lastMs = lane.at(records - 1).arrivalMs;
    const auto numberOf = [&](const Held& held) {
        const RecordPage page
            = service().recordsOf(stream(), shard, held.position, held.position + 1);
        return page.rows.empty() ? std::string() : page.rows[0].number.text();
    };
    LambdaState::Failure failure {
        .at = now,
        .shard = shard,
        .first = numberOf(lane.at(0)),
        .last = numberOf(lane.at(records - 1)),
        .records = static_cast<std::int64_t>(records),
        .invocations
        = std::max<std::int64_t>(1, lane.pieces.empty() ? 0 : lane.pieces.front().attempts),
        .tooOld = tooOld,
        .error = lane.error,
    };
    m_seen.counts.droppedRecords += failure.records;
    if (!m_spec.lambda.onFailure.empty() && outside != nullptr) {
        const CounterRng names = m_chance.fork(kNames);
        const auto uuid
            = [&](std::uint64_t i) { return uuidText(names.bits(2 * i), names.bits(2 * i + 1)); };
        const auto number = static_cast<std::uint64_t>(m_seen.counts.droppedRecords);
        const std::string function
            = m_spec.lambda.function.empty() ? "modelled" : m_spec.lambda.function;
        ObjectPut put {
            m_spec.lambda.onFailure, failureKey(failure, uuid(0), uuid(2 * number + 1)),
            failureDocument(failure, uuid(2 * number + 2), function, service(), stream(), firstMs,
                            lastMs,
                            lambdaEvent(service(), stream(), shard, positionsOf(lane, records)))};
        m_documents.push_back(jobId(slot(), number, put.key + put.body));
        outside->begin(m_documents.back(), std::move(put));
    }
    m_seen.failures.push_back(std::move(failure));
    if (m_seen.failures.size() > LambdaState::kFailures)
        m_seen.failures.erase(m_seen.failures.begin());
    drop(shard, lane, records);
}

void LambdaReader::hearOfDocuments(Outside& outside)
{
    std::erase_if(m_documents, [&](std::uint64_t id) {
        const auto answer = outside.answer(id);
        if (!answer)
            return false;
        ++(answer->trouble.empty() ? m_seen.counts.toldOf : m_seen.counts.notToldOf);
        if (!answer->trouble.empty())
            m_trouble = answer->trouble;
        return true;
    });
}

// --- looking ----------------------------------------------------------------------------------

ReaderState LambdaReader::state(const Stream& /*stream*/, SimTime /*now*/) const
{
    LambdaState out = m_seen;
    for (std::uint32_t slot = 0; slot < m_shards.size(); ++slot)
        for (std::size_t i = 0; i < m_shards[slot].lanes.size(); ++i) {
            const Lane& lane = m_shards[slot].lanes[i];
            if (lane.phase == Lane::Phase::Gathering || lane.pieces.empty()
                || out.batches.size() == LambdaState::kRows)
                continue;
            out.batches.push_back({
                .shard = ShardSlot(slot),
                .lane = static_cast<std::int64_t>(i),
                .records = static_cast<std::int64_t>(lane.pieces.front().records),
                .attempts = lane.pieces.front().attempts,
                .running = lane.phase == Lane::Phase::Running,
                .error = lane.failures > 0 ? lane.error : std::string(),
            });
        }
    return out;
}

std::uint64_t LambdaReader::digest() const
{
    const LambdaState::Counts& counts = m_seen.counts;
    std::uint64_t h = Reader::digest();
    for (const std::int64_t n : {counts.invocations, counts.errors, counts.bisects,
                                 counts.droppedRecords, m_seen.concurrent})
        h = mix64(h ^ static_cast<std::uint64_t>(n));
    return h;
}

} // namespace shardscope
