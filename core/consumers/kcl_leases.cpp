#include <algorithm>
#include <memory>

#include "core/consumers/kcl_reader.h"

/// How leases of a KCL application move: what its workers and its leader do at their times.
namespace shardscope {
namespace {

constexpr SimDuration kLeaderLock = SimDuration::seconds(120);
constexpr double kSmoothing = 0.5;
constexpr std::uint64_t kRebalanceEvery = 3; ///< runs of the leader
constexpr std::size_t kMovesKept = 200;

} // namespace

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

} // namespace shardscope
