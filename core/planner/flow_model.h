#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/worker_pool.h"
#include "core/planner/demand.h"
#include "core/planner/flow_kernel.h"
#include "core/workload/retry_profile.h"

/// A stream's shards as flows: per shard and second what is offered, let through by both write
/// buckets, refused and tried again, and per minute what readers get through. Held against the
/// record engine by tests/sim/tst_plan_accuracy.cpp and `bench plan-accuracy`. Sources: the limits
/// of core/engine/limits.h.
namespace shardscope {

/// Who reads each shard.
struct FlowReaders {
    int shared = 1, fanOut = 0;
    double readsPerSecond = 1; ///< of each shared reader, per shard
    double recordsPerSecond = 0; ///< that each gets through, per shard; 0: no such limit
};

/// One minute of the whole stream, or some seconds of it.
struct FlowMinute {
    double attempts = 0, refused = 0, lost = 0; ///< records
    double accepted = 0, acceptedBytes = 0;
    double peakPercent = 0; ///< busiest shard and second, offered, of its limit
    int worstSecond = 0; ///< of the minute
    double worstRefused = 0, worstAttempts = 0; ///< records in it
    double busiestLoad = 0; ///< busiest shard, accepted over the minute, in shares of its limit
    double maxAgeSeconds = 0; ///< of what readers had still to read at the end
    double readPercent = 0; ///< busiest shard, what shared readers ask for, of their 2 MiB/s

    /// Adds what came after it in the same minute.
    FlowMinute& operator+=(const FlowMinute& later);
};

class FlowShards {
public:
    /// `retry` says how often and when refused records come back; `lengthMinutes` is that of the
    /// whole run. Keeps a reference to `demand`.
    FlowShards(const Demand& demand, const RetryProfile& retry, const FlowReaders& readers,
               std::uint64_t seed, WorkerPool* pool);

    /// Takes on other shards with these shares of the records. What waits to be tried again or read
    /// is theirs by share; their buckets are full.
    void reshape(std::vector<double> weights);
    [[nodiscard]] std::size_t size() const { return m_weights.size(); }
    [[nodiscard]] std::span<const double> weights() const { return m_weights; }

    /// Runs the seconds from `from` up to `to` of one minute of the demand, 0 … 60.
    [[nodiscard]] FlowMinute runMinute(std::size_t minute, std::size_t from = 0,
                                       std::size_t to = 60);
    /// Of shard `i` over the newest minute, accepted, in shares of its limit.
    [[nodiscard]] double load(std::size_t i) const;

private:
    struct Chunk;
    void prepare(std::size_t minute);
    void prepareSeconds(std::size_t minute);
    [[nodiscard]] double records() const;
    void runBlock(std::size_t block, Chunk& chunk);
    void runWaiting(std::size_t block);
    [[nodiscard]] bool safe(std::size_t block, double rate) const;
    void passCalm(flow::Block& block, double seconds, bool count);
    [[nodiscard]] double quietPeak(double weight, double rate, double far) const;
    void read(FlowMinute& out);

    const Demand* m_demand;
    FlowReaders m_readers;
    WorkerPool* m_pool; ///< may be null
    flow::Terms m_terms;
    std::uint32_t m_seed;
    std::vector<double> m_weights;
    double m_burstFar = 0, m_calmFar = 0; ///< deviations of the highest draw to be expected
    std::vector<flow::Block> m_blocks;
    std::vector<float> m_blockHeaviest;
    std::vector<std::uint8_t> m_waiting; ///< per block: records wait for another attempt
    std::vector<double> m_backlog, m_fanOutBacklog; ///< bytes that a shared, a fan-out reader lags
    bool m_lagging = false;
    double m_oldest = 0; ///< s, of the minute before

    // Of the minute under way.
    std::vector<flow::Second> m_seconds;
    double m_rate = 0, m_bytesPerRecord = 0; ///< records/s, mean
    double m_burst = 0, m_calm = 0; ///< records/s in the burst and outside of it
    std::size_t m_burstFrom = 0, m_burstTo = 0; ///< seconds
    std::size_t m_from = 0, m_to = 60; ///< seconds that are run
    std::vector<std::uint8_t> m_ran; ///< per block: second by second, not in one go
};

} // namespace shardscope
