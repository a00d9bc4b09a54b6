#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/check.h"
#include "core/base/cloned.h"
#include "core/consumers/reader.h"
#include "core/engine/limits.h"
#include "core/engine/service.h"
#include "core/runtime/reader_pace.h"
#include "core/runtime/simulation.h"
#include "core/runtime/stream_book.h"
#include "core/workload/producer.h"

namespace shardscope {

struct ProducerSeat {
    Producer producer;
    SimTime joined;
    bool removed = false;
    PerSecond offered, refused;
};

struct ConsumerSeat {
    Cloned<Reader> consumer;
    SimTime joined;
    bool removed = false;
    ReaderPace pace;
};

/// What one lane's slice adds to the bill and to the sums. Lanes add up in their own line.
struct alignas(64) LaneSums {
    std::int64_t records = 0;
    std::int64_t bytes = 0;
    std::int64_t putUnits = 0; ///< of the accepted ones
    std::int64_t roundedKiB = 0; ///< of the accepted ones
};

/// Everything a Simulation holds. Copying it is a fork: sealed history and stored blocks are
/// shared.
struct Simulation::World {
    World(const Scenario& scenario, RegionPrices prices, std::string priceDate);
    World(const World& other);

    // Set once.
    Scenario scenario;
    std::string priceDate;

    // The moving parts.
    SimTime now;
    Real real;
    Service service;
    std::vector<ProducerSeat> producers;
    std::vector<ConsumerSeat> consumers;
    std::size_t nextAct = 0; ///< into scenario.acts, which are sorted

    // What is measured.
    StreamBook book;
    Volume offered; ///< counted where records are made, apart from the shards' own counts
    std::int64_t lostEver = 0; ///< records consumers missed, to tell a new loss
    InvariantReport invariants;

    // Scratch of a slice: never part of the world's state, and not copied.
    Admission admission;
    struct LaneSeat {
        Producer* producer;
        int lane;
    };
    std::vector<LaneSeat> lanes; ///< of the producers at work, in the order (producer, lane)
    std::vector<OfferBatch> batches; ///< parallel to `lanes`
    std::vector<OfferBatch*> offers;
    std::vector<LaneSums> sums; ///< parallel to `lanes`
    std::vector<RefusedRecord> refused;

    [[nodiscard]] Stream& stream();
    [[nodiscard]] const Stream& stream() const;
    void bind(); ///< hands the service the way to make simulated records again

    [[nodiscard]] Result<void> apply(const Act& act);
    void schedule(SimTime at, Act act);
    void runDueActs();
    /// One slice: due acts, traffic, reading, measuring.
    void step(WorkerPool& pool);
    /// Calls `task(i)` for every lane, on the pool when `rows` make it worth while.
    template <typename Task> void forLanes(WorkerPool& pool, std::size_t rows, const Task& task);
    /// The producers' half of a slice: fills `batches` and `offers`.
    void fillOffers(WorkerPool& pool);
    /// What comes from outside in this slice, before the simulated traffic.
    void putReal();
    void admit(WorkerPool& pool);
    void settle(WorkerPool& pool);
    void closeBucket();
    void closeSecond();
    void collectEvents();
    void note(EventKind kind, std::string text, std::vector<ShardSlot> shards = {});
    void check();
    void expect(bool holds, const char* what);

    void fillProducers(Snapshot& out) const;
    void fillConsumers(Snapshot& out) const;
    [[nodiscard]] std::string nextEventText() const;
    [[nodiscard]] static SimDuration wholeSeconds(SimDuration d); ///< rounded up

    /// One second's arrivals at a refusal's shard, written down while it runs.
    struct Trace {
        std::vector<WhyCard::Arrival> arrivals;
        std::optional<std::size_t> found; ///< the refusal's own row
        HashKey hash; ///< of that row
        std::int64_t sum = 0; ///< accepted so far, in the rule's unit
    };
    [[nodiscard]] Trace traceSecond(const Refusal& refusal, SimTime second, WorkerPool& pool);
    void traceSlice(Trace& trace, const Refusal& refusal, const ShardHot& before,
                    SimTime slice) const;
    void sumUp(WhyCard& card, const Trace& trace) const;
    [[nodiscard]] double minutePercent(ShardSlot shard, SimTime at) const;
    /// What happens in one second to records whose hash lies in one part of the space.
    struct SecondSums {
        std::int64_t offered = 0, refused = 0;
    };
    [[nodiscard]] SecondSums sumsIn(HashKeyRange range, SimTime second, WorkerPool& pool);

    [[nodiscard]] ProducerSeat* findProducer(const std::string& name);
    [[nodiscard]] ConsumerSeat* findConsumer(const std::string& name);
    [[nodiscard]] std::string keyOf(ProducerSlot producer, std::uint64_t number) const;
};

} // namespace shardscope
