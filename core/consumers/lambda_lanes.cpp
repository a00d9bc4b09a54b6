#include <algorithm>
#include <cmath>

#include "core/consumers/lambda_reader.h"

namespace shardscope {
namespace {

constexpr double kRestFirst = 1, kRestFactor = 1.7, kRestMost = 60; // seconds; estimates
constexpr double kRestJitter = 0.1;

} // namespace

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
    const Shard& work = m_shards[shard.index()];
    expire(shard, lane, now, outside);
    tendWindow(work, shard, lane, now);
    gather(work, lane, now);
    if (lane.closing() || !lane.pieces.empty())
        invoke(shard, lane, now, outside);
}

/// Makes a batch when it is full or its time is over.
void LambdaReader::gather(const Shard& work, Lane& lane, SimTime now)
{
    if (!lane.pieces.empty() || lane.size() == 0 || lane.closing())
        return;
    const LambdaSpec& lambda = m_spec.lambda;
    if (!lane.goesAt)
        lane.goesAt = now + lambda.batchingWindow;
    const std::size_t most = std::min(lane.size(), static_cast<std::size_t>(lambda.batchSize));
    std::size_t records = 0;
    auto bytes = static_cast<std::int64_t>(lane.window ? lane.window->state.size() : 0);
    const auto fits = [&](const Held& next) {
        return (records == 0 || bytes + eventBytesOf(next.bytes) <= kEventBytesMost)
            && (!lane.window || next.arrivalMs < lane.window->endMs);
    };
    while (records < most && fits(lane.at(records)))
        bytes += eventBytesOf(lane.at(records++).bytes);
    const bool full = records == static_cast<std::size_t>(lambda.batchSize) || records < most;
    const bool over = work.atEnd || (lane.window && isOver(*lane.window, work, now));
    if (records == 0 || (!full && !over && *lane.goesAt > now))
        return;
    lane.pieces.push_back({records, 0});
    lane.failures = 0;
    lane.goesAt.reset();
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
    if (lane.closing() && now.inMillis() - lane.window->endMs > mostMs)
        loseWindow(lane);
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
    const std::size_t records = lane.calledWith();
    if (records > 0) {
        m_seen.iteratorAgeMs
            = std::max<std::int64_t>(0, now.inMillis() - lane.at(records - 1).arrivalMs);
        // The age of what is not processed yet, not of what was fetched.
        m_counts.maxAgeMs = std::max(m_counts.maxAgeMs, now.inMillis() - lane.at(0).arrivalMs);
    }
    if (!lane.failed) {
        m_seen.lastResult = "OK";
        m_trouble.clear();
        counts.succeededRecords += static_cast<std::int64_t>(records);
        lane.failures = 0;
        if (lane.closing())
            return closeWindow(shard, lane);
        keepState(lane, records);
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
    tryAgain(shard, lane, now, outside);
}

/// A call failed: the same again after a rest, or less of it, or no more.
void LambdaReader::tryAgain(ShardSlot shard, Lane& lane, SimTime now, Outside* outside)
{
    const std::int64_t most = m_spec.lambda.maximumRetryAttempts;
    if (lane.closing()) {
        ++lane.window->attempts;
        if (most >= 0 && lane.window->attempts > most)
            return loseWindow(lane);
        return rest(lane, now);
    }
    m_seen.counts.succeededRecords += static_cast<std::int64_t>(lane.passed);
    if (lane.passed > 0)
        keepState(lane, lane.passed);
    drop(shard, lane, lane.passed);
    Piece& piece = lane.pieces.front();
    if (m_spec.lambda.bisectOnError && lane.passed == 0 && piece.records > 1) {
        ++m_seen.counts.bisects;
        lane.failures = 1;
        const Piece first {piece.records / 2, piece.attempts};
        piece.records -= first.records;
        lane.pieces.insert(lane.pieces.begin(), first);
    } else {
        ++piece.attempts;
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
        ObjectPut put {m_spec.lambda.onFailure, failureKey(failure, uuid(0), uuid(2 * number + 1)),
                       failureDocument(failure, uuid(2 * number + 2), function, service(), stream(),
                                       firstMs, lastMs, eventOf(shard, lane, records))};
        m_documents.push_back(jobId(number, put.key + put.body));
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

} // namespace shardscope
