#include "core/consumers/kcl_reader.h"

#include <algorithm>

namespace shardscope {
namespace {

constexpr SimDuration kEpsilon = SimDuration::millis(25); ///< the library's own
constexpr SimDuration kHandoffEvery = SimDuration::seconds(2);

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

void KclReader::begun(SimTime now)
{
    m_workers.resize(static_cast<std::size_t>(m_spec.kcl.workers));
    for (Worker& worker : m_workers)
        startWorker(worker, now);
    m_leaderSeenAt = now;
    m_assignAt = now + kDispatch;
    m_cleanUpAt = now + kCleanUpEvery;
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
    m_seen.opened
        += openAggregates(service(), stream(), fetched.shard, fetched.first, fetched.next);
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
