#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/engine/offer.h"
#include "core/engine/shard_map.h"
#include "core/workload/producer_spec.h"

namespace shardscope {

/// A simulated producer with its client library: makes records, batches and sends them, hears what
/// became of them, retries or drops. Copyable (a copy goes its own way). Everything it draws comes
/// from (seed, slot, record number), so others' draws are untouched when it joins or leaves.
///
/// A producer of a high rate is made of lanes that can be stepped in parallel, one per million
/// records/s of its peak rate; their number depends on its spec alone, never on the machine. Each
/// lane is a client process of its own: batches, calls in flight and rate limits are per lane.
/// Slices are offered one after another without gap; a pause or change lies between two slices.
class Producer {
public:
    /// Errors: BadInput for a spec out of range or a trace that cannot be read, with the place.
    [[nodiscard]] static Result<Producer> create(ProducerSlot slot, const ProducerSpec& spec,
                                                 std::uint64_t seed, SimTime runStart);
    Producer(const Producer&);
    Producer(Producer&&) noexcept;
    Producer& operator=(const Producer&);
    Producer& operator=(Producer&&) noexcept;
    ~Producer();

    [[nodiscard]] ProducerSlot slot() const;
    [[nodiscard]] const ProducerSpec& spec() const;
    /// Takes another spec from `now` on; record numbers go on. Errors as create.
    [[nodiscard]] Result<void> change(const ProducerSpec& spec, SimTime now);
    /// Stops or resumes the making of records; what the client still holds is sent as ever.
    void setPaused(bool paused, SimTime now);

    [[nodiscard]] int lanes() const;
    /// Fills `out` with what this lane sends in [sliceStart, sliceStart + kSlice): fresh records,
    /// full batches, retries that are due. `map` is what the client library would predict shards
    /// with (KPL). Different lanes may be called at the same time.
    void offer(int lane, SimTime sliceStart, const ShardMap& map, OfferBatch& out);
    /// Hears the outcomes of what offer() sent. Different lanes may be called at the same time.
    void settle(int lane, SimTime sliceStart, const OfferBatch& sent);

    /// User records throughout: an aggregate counts as what is inside. At every slice's end
    /// firstTries + retries == accepted + refused and waiting + accepted + dropped == userRecords.
    struct Counts {
        std::int64_t firstTries = 0, retries = 0, accepted = 0, refused = 0, dropped = 0;
        std::int64_t waiting = 0; ///< records held for a retry or a batch
        std::int64_t calls = 0; ///< PutRecord or PutRecords
        std::int64_t userRecords = 0; ///< made so far, before aggregation
        Bytes acceptedBytes = 0;
    };
    [[nodiscard]] Counts counts() const;
    [[nodiscard]] std::uint64_t digest() const;

    /// Partition key and data of record `number`, made again: the same as when it was sent. An
    /// aggregate goes by the number of its first user record; its members are remembered for the
    /// newest aggregates (budgets::kAggregateLists), of older ones the first user record is left.
    [[nodiscard]] std::string partitionKey(std::uint64_t number) const;
    [[nodiscard]] std::string data(std::uint64_t number) const;

private:
    struct State;
    explicit Producer(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace shardscope
