#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/strong_id.h"
#include "core/clock/sim_time.h"

/// The way in for many records at once: what a producer offers in one slice, in columns. The batch
/// is the unit of work; one record at a time (PutRecord of a real client) is the slow path to the
/// same admission.
namespace shardscope {

/// What became of an offered record.
enum class Outcome : std::uint8_t {
    Accepted = 0,
    RefusedBytes = 1, ///< rule W1
    RefusedRecords = 2, ///< rule W2
};

/// The rules by which the service refuses. R1 to R3 concern reading.
enum class Rule : std::uint8_t {
    W1WriteBytes,
    W2WriteRecords,
    R1ReadBytes,
    R2ReadCalls,
    R3ReadWait, ///< the wait after a 10 MiB answer
};

/// One lane's records of one slice. Rows lie in arrival order: ascending tick, and within a tick in
/// the order in which the client sent them. `number` names the record within its producer for good:
/// key, size and payload can be made again from (seed, producer, number).
struct OfferBatch {
    ProducerSlot producer;

    std::vector<std::uint64_t> number; ///< within the producer; the first 48 bits count
    std::vector<std::uint64_t>
        hashHigh; ///< upper half of MD5(partition key) or of the explicit hash key
    std::vector<std::uint64_t> hashLow;
    std::vector<std::uint32_t> bytes; ///< data + partition key
    std::vector<std::uint16_t> keyBytes; ///< of these, the partition key
    std::vector<std::uint16_t> attempt; ///< 1 for a first try
    std::vector<std::uint32_t> userRecords; ///< user records inside: 1, or more when aggregated
    /// Rows of tick k are [tickBegin[k], tickBegin[k+1]).
    std::array<std::uint32_t, kTicksPerSlice + 1> tickBegin {};

    // Filled by the engine.
    std::vector<std::uint32_t> slot; ///< the shard that each record was routed to
    std::vector<Outcome> outcome;

    [[nodiscard]] std::size_t size() const { return number.size(); }

    /// Forgets the rows and keeps the memory.
    void clear()
    {
        number.clear();
        hashHigh.clear();
        hashLow.clear();
        bytes.clear();
        keyBytes.clear();
        attempt.clear();
        userRecords.clear();
        slot.clear();
        outcome.clear();
        tickBegin.fill(0);
    }
};

} // namespace shardscope
