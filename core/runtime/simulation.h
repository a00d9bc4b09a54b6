#pragma once

#include <cstdint>
#include <memory>

#include "core/base/result.h"
#include "core/base/worker_pool.h"
#include "core/consumers/outside.h"
#include "core/metrics/snapshot.h"
#include "core/planner/price_book.h"
#include "core/runtime/commands.h"
#include "core/runtime/real_records.h"
#include "core/scenario/scenario.h"

namespace shardscope {

/// The world on one thread: a service, its producers and consumers, and the measuring of them.
/// Moves only when told to, in slices of kSlice; the same scenario, acts and seed give the same
/// digest with any number of workers. Holds no clock and starts no thread.
class Simulation {
public:
    /// What of the real world a simulated one may touch; forks share it.
    struct Real {
        std::shared_ptr<Outside> outside; ///< null: readers call no functions and write no objects
        std::shared_ptr<RealRecords> records; ///< null: nobody puts any
    };
    struct World; ///< everything inside; known to this room alone

    /// Builds the world at scenario.start, before anything was sent. Errors: whatever the service
    /// refuses of the scenario's stream, or an unreadable trace.
    [[nodiscard]] static Result<Simulation> create(const Scenario& scenario,
                                                   const PriceBook& prices, Real real = {});
    Simulation(Simulation&&) noexcept;
    Simulation& operator=(Simulation&&) noexcept;
    ~Simulation();

    /// A copy that shares all sealed history and stored blocks with this one and goes its own way.
    [[nodiscard]] Simulation fork() const;

    [[nodiscard]] SimTime start() const;
    [[nodiscard]] SimTime now() const;
    [[nodiscard]] const Scenario& scenario() const;

    /// Runs whole slices until now() >= `until`.
    void advance(SimTime until, WorkerPool& pool);
    /// When the next thing other than traffic is due (act, reshard, scaling), if anything is.
    [[nodiscard]] std::optional<SimTime> nextEvent() const;
    /// Does `act` now, before the next slice. Errors: the service's own; then nothing has changed.
    [[nodiscard]] Result<void> apply(const Act& act);
    /// Will do `act` before the slice that begins at `at` >= now(): how a fork repeats what a
    /// person did to the run it was taken from. An act that is refused then leaves an event.
    void schedule(SimTime at, Act act);

    /// Everything the window sees but the clock row, revision and undo texts, which are the
    /// runtime's.
    void fill(Snapshot& snapshot) const;
    /// Rises whenever a record is refused (of many at once only some are kept and counted here);
    /// cheap enough for every slice.
    [[nodiscard]] std::uint64_t refusedSoFar() const;
    [[nodiscard]] std::uint64_t refusedSoFar(ShardSlot shard) const;
    /// Over every shard, consumer and producer, in order.
    [[nodiscard]] std::uint64_t digest() const;
    /// Checks what must always hold; counts add up over the run.
    InvariantReport checkInvariants();

    /// Partition key and payload of record `number` of a producer, made again.
    [[nodiscard]] std::string partitionKey(ProducerSlot producer, std::uint64_t number) const;
    [[nodiscard]] std::string payload(ProducerSlot producer, std::uint64_t number) const;

    /// Runs to the refusal's second with a tracer on its shard and writes the arithmetic down.
    /// `this` must be a fork at or before that second's start.
    [[nodiscard]] Result<WhyCard> explain(const Refusal& refusal, WorkerPool& pool);

private:
    void addWhatIfs(WhyCard& card, const Simulation& before, WorkerPool& pool);
    explicit Simulation(std::unique_ptr<World> world);
    std::unique_ptr<World> m_world;
};

} // namespace shardscope
