#include "core/consumers/kcl_reader.h"

#include <algorithm>
#include <cmath>

namespace shardscope {
namespace {

constexpr SimDuration kEpsilon = SimDuration::millis(25); ///< the library's own
constexpr SimDuration kDispatch = SimDuration::seconds(1); ///< consumer dispatch poll
constexpr SimDuration kHandoffEvery = SimDuration::seconds(2);
constexpr SimDuration kLeaderLock = SimDuration::seconds(120);
constexpr SimDuration kCleanUpEvery = SimDuration::minutes(5); ///< of completed leases
constexpr double kSmoothing = 0.5;
constexpr std::uint64_t kRebalanceEvery = 3; ///< runs of the leader
constexpr std::size_t kMovesKept = 200;

FeedPace paceOf(const KclSpec& kcl)
{
    FeedPace pace;
    if (kcl.fanOut())
        pace.way = FeedPace::Way::FanOut;
    SimDuration idle = kcl.idleBetweenReads;
    if (idle == SimDuration {})
        idle = SimDuration::millis(kcl.version == KclSpec::Version::V1 ? 1'000 : 1'500);
    pace.afterNothing = pace.afterRecords = pace.whenBehind = idle;
    pace.recordsPerCall = kcl.recordsPerCall;
    return pace;
}

} // namespace

KclReader::KclReader(ConsumerSlot slot, const ConsumerSpec& spec, std::uint64_t seed,
                     SimTime runStart)
    : Reader(slot, spec, seed, runStart, paceOf(spec.kcl))
{
}

std::unique_ptr<Reader> KclReader::clone() const
{
    return std::make_unique<KclReader>(*this);
}

SimDuration KclReader::renewEvery() const
{
    return std::max(m_spec.kcl.failover / 3 - kEpsilon, kSlice);
}

SimDuration KclReader::takeEvery() const
{
    return leads() ? m_spec.kcl.failover * 2 : (m_spec.kcl.failover + kEpsilon) * 2;
}

void KclReader::startWorker(Worker& worker, SimTime now)
{
    const auto index = static_cast<std::uint64_t>(&worker - m_workers.data());
    const auto phase = [&](std::uint64_t lane, SimDuration period) {
        const auto us = static_cast<std::uint64_t>(std::max(period, kSlice).inMicros());
        return now
            + SimDuration::micros(static_cast<std::int64_t>(
                m_chance.fork(lane).below(index + (m_runs << 16), us)));
    };
    worker.up = true;
    worker.returnsAt = {};
    worker.renewAt = phase(11, renewEvery());
    worker.takeAt = phase(12, kDispatch); // the taker's first run is at once
    worker.discoverAt = phase(13, m_spec.kcl.failover - kEpsilon);
    worker.handoffAt = phase(14, kHandoffEvery);
}

bool KclReader::prepared(ReaderSurroundings& around, SimTime now)
{
    if (m_spec.kcl.fanOut() && !registerFanOut(around, now))
        return false;
    m_workers.resize(static_cast<std::size_t>(m_spec.kcl.workers));
    for (Worker& worker : m_workers)
        startWorker(worker, now);
    m_leaderSeenAt = now;
    m_assignAt = now + kDispatch;
    m_cleanUpAt = now + kCleanUpEvery;
    return true;
}

void KclReader::change(const ConsumerSpec& spec, SimTime now)
{
    const std::size_t before = m_workers.size();
    Reader::change(spec, now);
    m_feed.setPace(paceOf(m_spec.kcl), now);
    if (before == 0)
        return; // not begun
    const auto wanted = static_cast<std::size_t>(m_spec.kcl.workers);
    for (std::size_t w = wanted; w < before; ++w)
        stopWorker(static_cast<int>(w), true, now);
    // Those that are gone keep their places while leases name them.
    if (wanted > before)
        m_workers.resize(wanted);
    for (std::size_t w = 0; w < wanted; ++w)
        if (w >= before)
            startWorker(m_workers[w], now);
}

void KclReader::leave(ReaderSurroundings& around, SimTime now)
{
    if (m_spec.kcl.fanOut())
        deregisterFanOut(around, now);
}

Result<void> KclReader::crash(const Crash& crash, SimTime now)
{
    const auto count = static_cast<std::int64_t>(m_workers.size());
    if (crash.worker < 0 || crash.worker > count)
        return fail(ErrorCode::BadInput,
                    "Consumer \"" + m_spec.name + "\" has workers 1 to " + std::to_string(count)
                        + "; worker " + std::to_string(crash.worker) + " cannot crash.");
    for (int w = 0; w < static_cast<int>(count); ++w) {
        if (crash.worker != 0 && crash.worker != w + 1)
            continue;
        Worker& worker = m_workers[static_cast<std::size_t>(w)];
        if (!worker.up)
            continue;
        stopWorker(w, false, now);
        if (crash.returnsAfter > SimDuration {})
            worker.returnsAt = now + crash.returnsAfter;
    }
    return {};
}

/// Gracefully it checkpoints and frees its leases; else everything it had in hand is gone and its
/// leases must run out.
void KclReader::stopWorker(int worker, bool graceful, SimTime now)
{
    m_workers[static_cast<std::size_t>(worker)].up = false;
    m_workers[static_cast<std::size_t>(worker)].returnsAt = {};
    for (std::size_t i = 0; i < m_leases.size(); ++i) {
        if (m_tasks[i].worker == worker) {
            if (graceful)
                checkpoint(i, now);
            drop(i);
            m_tasks[i].orphaned = !graceful;
            m_tasks[i].orphanedAt = now;
        }
        if (graceful && m_leases[i].owner == worker)
            m_leases[i].owner = KclState::kNobody;
    }
}

std::size_t KclReader::placeOf(ShardSlot shard) const
{
    const auto place = std::lower_bound(m_leases.begin(), m_leases.end(), shard,
                                        [](const Lease& l, ShardSlot s) { return l.shard < s; });
    return static_cast<std::size_t>(place - m_leases.begin());
}

/// Its lease is made: when the application begins, or by whoever read the parent to its end.
void KclReader::shardStarted(ShardSlot shard, SimTime now)
{
    const std::size_t place = placeOf(shard);
    if (place == m_leases.size() || m_leases[place].shard != shard) {
        Lease lease;
        lease.shard = shard;
        lease.movedAt = now;
        m_leases.insert(m_leases.begin() + static_cast<std::ptrdiff_t>(place), lease);
        m_tasks.insert(m_tasks.begin() + static_cast<std::ptrdiff_t>(place), Task {});
    }
    Lease& lease = m_leases[place];
    lease.checkpoint = m_progress.next(shard);
    lease.ended = lease.waitsForParents = false;
    m_tasks[place].checkpointedAt = now;
    if (lease.owner != KclState::kNobody && m_workers[static_cast<std::size_t>(lease.owner)].up)
        m_tasks[place].beginsAt = now; // its owner kept it over a replay
}

void KclReader::restarted(SimTime /*now*/)
{
    for (std::size_t i = 0; i < m_leases.size(); ++i) {
        m_leases[i].checkpointOwner = KclState::kNobody;
        m_leases[i].waitsForParents
            = m_progress.stage(m_leases[i].shard) != ShardProgress::Stage::Finished;
        m_tasks[i].worker = KclState::kNobody;
        m_tasks[i].found = true;
    }
}

// --- a slice ----------------------------------------------------------------------------------

void KclReader::work(SimTime sliceStart, ReaderSurroundings& /*around*/)
{
    const SimTime now = sliceStart;
    for (int w = 0; w < static_cast<int>(m_workers.size()); ++w) {
        Worker& worker = m_workers[static_cast<std::size_t>(w)];
        if (!worker.up) {
            if (worker.returnsAt != SimTime {} && worker.returnsAt <= now)
                startWorker(worker, now);
            continue;
        }
        if (worker.renewAt <= now) {
            renew(w, now);
            worker.renewAt += renewEvery();
        }
        if (!leads() && worker.takeAt <= now) {
            takeLeases(w, now);
            worker.takeAt += takeEvery();
        }
        if (leads() && worker.discoverAt <= now) {
            discover(w, now);
            worker.discoverAt += std::max(m_spec.kcl.failover - kEpsilon, kSlice);
        }
        if (leads() && worker.handoffAt <= now) {
            handOver(w, now);
            worker.handoffAt += kHandoffEvery;
        }
    }
    if (leads())
        lead(now);
    beginWhatIsDue(now);
    cleanUp(now);
}

void KclReader::renew(int worker, SimTime now)
{
    const double seconds = renewEvery().inSeconds();
    for (std::size_t i = 0; i < m_leases.size(); ++i) {
        Lease& lease = m_leases[i];
        Task& task = m_tasks[i];
        if (task.worker == worker && lease.owner != worker && lease.checkpointOwner != worker) {
            drop(i); // lost: whoever owns it by now begins
            task.beginsAt = now + kDispatch;
            continue;
        }
        if (lease.owner == worker && !lease.ended) {
            ++lease.counter;
            lease.movedAt = now;
        }
        if (task.worker == worker) {
            const double kib = static_cast<double>(task.bytesSinceRenewal) / 1'024 / seconds;
            lease.kibPerSecond = kSmoothing * kib + (1 - kSmoothing) * lease.kibPerSecond;
            task.bytesSinceRenewal = 0;
        }
    }
}

void KclReader::takeLeases(int worker, SimTime now)
{
    const std::vector<std::size_t> mine
        = planTakes(m_leases, worker, now, m_spec.kcl.failover, m_spec.kcl.leasesToSteal,
                    m_chance.fork(20 + ++m_runs));
    for (const std::size_t i : mine) {
        const int from = m_leases[i].owner;
        const bool free = m_leases[i].expired(now, m_spec.kcl.failover);
        using Why = KclState::Move::Why;
        give(i, worker,
             from == KclState::kNobody ? Why::Taken
                 : free                ? Why::Expired
                                       : Why::Stolen,
             now);
        m_tasks[i].found = true;
        if (m_tasks[i].worker == KclState::kNobody)
            m_tasks[i].beginsAt = now + kDispatch;
    }
}

void KclReader::lead(SimTime now)
{
    if (m_workers[static_cast<std::size_t>(m_leader)].up) {
        m_leaderSeenAt = now;
    } else {
        if (now - m_leaderSeenAt < kLeaderLock)
            return;
        const auto next = std::find_if(m_workers.begin(), m_workers.end(),
                                       [](const Worker& worker) { return worker.up; });
        if (next == m_workers.end())
            return;
        m_leader = static_cast<int>(next - m_workers.begin());
        m_assignAt = now;
    }
    if (now < m_assignAt)
        return;
    m_assignAt = now + takeEvery();
    const auto up = std::make_unique<bool[]>(m_workers.size());
    for (std::size_t w = 0; w < m_workers.size(); ++w)
        up[w] = m_workers[w].up;
    const bool rebalance = ++m_runs % kRebalanceEvery == 0;
    for (const Assignment& a : planAssignments(m_leases, {up.get(), m_workers.size()}, now,
                                               m_spec.kcl.failover, rebalance)) {
        using Why = KclState::Move::Why;
        const int from = m_leases[a.lease].owner;
        const bool free = m_leases[a.lease].expired(now, m_spec.kcl.failover);
        if (!free && m_spec.kcl.gracefulHandoff)
            m_leases[a.lease].checkpointOwner = from;
        give(a.lease, a.to,
             from == KclState::kNobody        ? Why::Taken
                 : free                       ? Why::Expired
                 : m_spec.kcl.gracefulHandoff ? Why::HandedOver
                                              : Why::Stolen,
             now);
    }
}

void KclReader::give(std::size_t i, int worker, KclState::Move::Why why, SimTime now)
{
    Lease& lease = m_leases[i];
    m_seen.moves.push_back({now, lease.shard, lease.owner, worker, why});
    if (m_seen.moves.size() > kMovesKept)
        m_seen.moves.erase(m_seen.moves.begin());
    switch (why) {
    case KclState::Move::Why::Taken:
        ++m_seen.taken;
        break;
    case KclState::Move::Why::Expired:
        ++m_seen.expired;
        break;
    case KclState::Move::Why::Stolen:
        ++m_seen.stolen;
        break;
    case KclState::Move::Why::HandedOver:
        ++m_seen.handedOver;
        break;
    }
    lease.owner = worker;
    ++lease.counter;
    lease.movedAt = now;
    m_tasks[i].found = false;
}

/// 3.x: the worker asks which leases are its own.
void KclReader::discover(int worker, SimTime now)
{
    for (std::size_t i = 0; i < m_leases.size(); ++i) {
        Task& task = m_tasks[i];
        if (m_leases[i].owner != worker || task.found)
            continue;
        task.found = true;
        if (task.worker == KclState::kNobody)
            task.beginsAt = now + kDispatch;
    }
}

/// 3.x: the worker checkpoints and lets go of what was assigned away from it.
void KclReader::handOver(int worker, SimTime now)
{
    for (std::size_t i = 0; i < m_leases.size(); ++i) {
        if (m_leases[i].checkpointOwner != worker)
            continue;
        m_leases[i].checkpointOwner = KclState::kNobody;
        if (m_tasks[i].worker != worker)
            continue;
        checkpoint(i, now);
        drop(i);
        m_tasks[i].beginsAt = now + kDispatch;
    }
}

void KclReader::beginWhatIsDue(SimTime now)
{
    for (std::size_t i = 0; i < m_leases.size(); ++i) {
        const Lease& lease = m_leases[i];
        const Task& task = m_tasks[i];
        if (task.worker == KclState::kNobody && task.found && !lease.ended && !lease.waitsForParents
            && lease.owner != KclState::kNobody && lease.checkpointOwner == KclState::kNobody
            && task.beginsAt <= now && m_workers[static_cast<std::size_t>(lease.owner)].up)
            begin(i, now);
    }
}

void KclReader::begin(std::size_t i, SimTime now)
{
    Lease& lease = m_leases[i];
    Task& task = m_tasks[i];
    task.worker = lease.owner;
    task.checkpointedAt = now;
    task.bytesSinceRenewal = 0;
    if (task.orphaned)
        m_seen.longestGapMs = std::max(m_seen.longestGapMs, (now - task.orphanedAt).inMillis());
    task.orphaned = false;
    fallBack(lease.shard, lease.checkpoint);
    m_feed.open(lease.shard, lease.checkpoint, now);
}

/// Nobody works on it any more: what was not checkpointed is to be processed again.
void KclReader::drop(std::size_t i)
{
    m_tasks[i].worker = KclState::kNobody;
    m_feed.close(m_leases[i].shard);
    fallBack(m_leases[i].shard, m_leases[i].checkpoint);
}

void KclReader::checkpoint(std::size_t i, SimTime now)
{
    m_leases[i].checkpoint = m_progress.next(m_leases[i].shard);
    m_tasks[i].checkpointedAt = now;
}

/// Leases of shards that are read to their ends go when their children are under way.
void KclReader::cleanUp(SimTime now)
{
    if (now < m_cleanUpAt)
        return;
    m_cleanUpAt = now + kCleanUpEvery;
    for (std::size_t i = m_leases.size(); i-- > 0;) {
        if (!m_leases[i].ended)
            continue;
        m_leases.erase(m_leases.begin() + static_cast<std::ptrdiff_t>(i));
        m_tasks.erase(m_tasks.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

// --- records ----------------------------------------------------------------------------------

bool KclReader::ready(ShardSlot /*shard*/, SimTime /*now*/)
{
    return true; // only what somebody works on is open
}

SimTime KclReader::take(const Fetched& fetched)
{
    const std::size_t i = placeOf(fetched.shard);
    Lease& lease = m_leases[i];
    Task& task = m_tasks[i];
    countFetched(fetched);
    processed(fetched.shard, fetched.next);
    task.bytesSinceRenewal += fetched.bytes;
    for (std::uint64_t at = fetched.first; at < fetched.next;) {
        for (const RecordMeta& meta : stream().records(fetched.shard, at)) {
            if (at++ == fetched.next)
                break;
            m_seen.userRecords += meta.userRecords;
        }
    }
    if (fetched.atEnd) {
        checkpoint(i, fetched.now);
        lease.ended = true;
        task.worker = KclState::kNobody;
        m_progress.finish(stream(), fetched.shard);
        return fetched.now;
    }
    if (fetched.next > fetched.first
        && fetched.now - task.checkpointedAt >= m_spec.kcl.checkpointEvery)
        checkpoint(i, fetched.now);
    if (m_spec.recordsPerSecond <= 0)
        return fetched.now;
    const auto taken = static_cast<double>(fetched.next - fetched.first);
    return fetched.now + SimDuration::fromSeconds(taken / m_spec.recordsPerSecond);
}

// --- looking ----------------------------------------------------------------------------------

ReaderState KclReader::state(const Stream& /*stream*/, SimTime /*now*/) const
{
    KclState out = m_seen;
    for (const Worker& worker : m_workers)
        out.workers.push_back({.up = worker.up});
    if (leads() && !out.workers.empty())
        out.workers[static_cast<std::size_t>(m_leader)].leader = true;
    for (std::size_t i = 0; i < m_leases.size(); ++i) {
        const Lease& lease = m_leases[i];
        const std::uint64_t next = m_progress.next(lease.shard);
        out.leases.push_back({
            .shard = lease.shard,
            .owner = lease.owner,
            .worker = m_tasks[i].worker,
            .counter = lease.counter,
            .sinceCheckpoint = static_cast<std::int64_t>(next - std::min(next, lease.checkpoint)),
            .kibPerSecond = lease.kibPerSecond,
            .ended = lease.ended,
            .waitsForParents = lease.waitsForParents,
        });
        if (lease.owner != KclState::kNobody && !lease.ended)
            ++out.workers[static_cast<std::size_t>(lease.owner)].leases;
        if (m_tasks[i].worker != KclState::kNobody)
            out.workers[static_cast<std::size_t>(m_tasks[i].worker)].kibPerSecond
                += lease.kibPerSecond;
    }
    return out;
}

std::uint64_t KclReader::digest() const
{
    std::uint64_t h = Reader::digest();
    for (const Lease& lease : m_leases)
        h = mix64(h ^ lease.checkpoint ^ mix64(lease.counter)
                  ^ (static_cast<std::uint64_t>(lease.owner + 1) << 48));
    return h;
}

} // namespace shardscope
