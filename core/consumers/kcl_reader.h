#pragma once

#include <cstdint>
#include <vector>

#include "core/consumers/kcl_spec.h"
#include "core/consumers/lease_table.h"
#include "core/consumers/reader.h"

namespace shardscope {

/// A Kinesis Client Library application: workers that share the shards by a lease table, with the
/// library's own timings (facts/clients.md 3.2).
///
/// A lease is renewed every failover/3 − 25 ms; who is not renewed for the failover time is free.
/// In 1.x and 2.x every worker looks for leases every 2 × (failover + 25 ms); in 3.x the leader
/// assigns every 2 × failover, balances every third time, and workers find what is new to them
/// within failover − 25 ms. A worker that loses a lease notices at its next renewal, or is told
/// within two seconds when leases are handed over gracefully; only then the new owner begins, at
/// the checkpoint, and what was processed after it is processed again. The moments in which an old
/// and a new owner of 2.x work side by side are left out. When the leader of 3.x is gone, nobody
/// assigns until its lock of 120 s has run out.
class KclReader final : public Reader {
public:
    KclReader(ConsumerSlot slot, const ConsumerSpec& spec, std::uint64_t seed, SimTime runStart);
    [[nodiscard]] std::unique_ptr<Reader> clone() const override;
    void change(const ConsumerSpec& spec, SimTime now) override;
    [[nodiscard]] Result<void> crash(const Crash& crash, SimTime now) override;
    [[nodiscard]] ReaderState state(const Stream& stream, SimTime now) const override;
    [[nodiscard]] std::uint64_t digest() const override;

private:
    static constexpr SimDuration kDispatch = SimDuration::seconds(1); ///< consumer dispatch poll
    static constexpr SimDuration kCleanUpEvery = SimDuration::minutes(5); ///< of completed leases

    struct Worker {
        bool up = true;
        SimTime returnsAt; ///< when down; the clock's beginning: not by itself
        SimTime renewAt, takeAt, discoverAt, handoffAt;
    };
    /// What a worker does for a lease, beside its row in the table.
    struct Task {
        int worker = KclState::kNobody; ///< who works on it
        SimTime beginsAt; ///< the owner has found it and begins then; only when nobody works on it
        bool found = false; ///< the owner knows of it
        SimTime checkpointedAt;
        Bytes bytesSinceRenewal = 0;
        bool orphaned = false; ///< its worker is gone
        SimTime orphanedAt;
    };

    void begun(SimTime now) override;
    void shardStarted(ShardSlot shard, SimTime now) override;
    void work(SimTime sliceStart, ReaderSurroundings& around) override;
    void restarted(SimTime now) override;
    [[nodiscard]] bool ready(ShardSlot shard, SimTime now) override;
    SimTime take(const Fetched& fetched) override;

    [[nodiscard]] bool leads() const { return m_spec.kcl.version == KclSpec::Version::V3; }
    [[nodiscard]] SimDuration renewEvery() const;
    [[nodiscard]] SimDuration takeEvery() const;
    [[nodiscard]] std::size_t placeOf(ShardSlot shard) const;
    void startWorker(Worker& worker, SimTime now);
    void stopWorker(int worker, bool graceful, SimTime now);
    // kcl_leases.cpp
    void renew(int worker, SimTime now);
    void takeLeases(int worker, SimTime now);
    void lead(SimTime now);
    void discover(int worker, SimTime now);
    void handOver(int worker, SimTime now);
    void give(std::size_t lease, int worker, KclState::Move::Why why, SimTime now);
    void begin(std::size_t lease, SimTime now);
    void drop(std::size_t lease);
    void checkpoint(std::size_t lease, SimTime now);
    void beginWhatIsDue(SimTime now);
    void cleanUp(SimTime now);

    std::vector<Worker> m_workers;
    std::vector<Lease> m_leases;
    std::vector<Task> m_tasks; ///< parallel to m_leases
    int m_leader = 0;
    SimTime m_leaderSeenAt, m_assignAt, m_cleanUpAt;
    std::uint64_t m_runs = 0; ///< of takers, or of the leader
    KclState m_seen; ///< counts and moves; rows are filled by state()
};

} // namespace shardscope
