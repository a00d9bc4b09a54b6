#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/md5.h"
#include "core/workload/producer.h"

/// A producer and a service that answers as the test says, slice by slice.
namespace shardscope::test {

inline ShardMap evenMap(std::uint32_t shards)
{
    std::vector<ShardMap::Entry> open;
    for (std::uint32_t i = 0; i < shards; ++i)
        open.push_back({evenRange(i, shards), ShardSlot(i)});
    return ShardMap(std::move(open));
}

struct SentRow {
    std::int64_t ms = 0;
    std::uint64_t number = 0, high = 0, low = 0;
    std::uint32_t bytes = 0, userRecords = 1;
    std::uint16_t keyBytes = 0, attempt = 0;
    bool accepted = false;
};

class World {
public:
    using Judge = std::function<bool(const SentRow&)>; ///< true: accepted

    World(const ProducerSpec& spec, std::uint64_t seed = 1, std::uint32_t shards = 4,
          ProducerSlot slot = ProducerSlot(0))
        : producer(Producer::create(slot, spec, seed, kDefaultStart).value())
        , map(evenMap(shards))
    {
    }

    /// Runs `millis` (a multiple of ten) and returns what was sent.
    std::vector<SentRow> run(std::int64_t millis, const Judge& judge = {})
    {
        std::vector<SentRow> rows;
        for (const SimTime end = now + SimDuration::millis(millis); now < end; now += kSlice)
            slice(rows, judge);
        return rows;
    }

    Producer producer;
    ShardMap map;
    SimTime now = kDefaultStart;
    bool reverseLanes = false;

private:
    void slice(std::vector<SentRow>& rows, const Judge& judge)
    {
        const int lanes = producer.lanes();
        std::vector<OfferBatch> batches(static_cast<std::size_t>(lanes));
        for (int i = 0; i < lanes; ++i) {
            const int lane = reverseLanes ? lanes - 1 - i : i;
            producer.offer(lane, now, map, batches[static_cast<std::size_t>(lane)]);
        }
        for (int lane = 0; lane < lanes; ++lane) {
            OfferBatch& b = batches[static_cast<std::size_t>(lane)];
            b.outcome.assign(b.size(), Outcome::Accepted);
            for (std::size_t k = 0; k < static_cast<std::size_t>(kTicksPerSlice); ++k)
                for (std::size_t i = b.tickBegin[k]; i < b.tickBegin[k + 1]; ++i) {
                    SentRow row {now.inMillis() + static_cast<std::int64_t>(k),
                                 b.number[i],
                                 b.hashHigh[i],
                                 b.hashLow[i],
                                 b.bytes[i],
                                 b.userRecords[i],
                                 b.keyBytes[i],
                                 b.attempt[i],
                                 true};
                    if (judge && !judge(row)) {
                        row.accepted = false;
                        b.outcome[i] = Outcome::RefusedRecords;
                    }
                    rows.push_back(row);
                }
            producer.settle(lane, now, b);
        }
    }
};

/// A producer whose records leave the moment they are made.
inline ProducerSpec plainSpec(double recordsPerSecond)
{
    ProducerSpec spec;
    spec.name.assign(1, 'p');
    spec.rate.recordsPerSecond = recordsPerSecond;
    spec.size.bytes = 100;
    spec.client.linger = SimDuration();
    spec.client.inFlight = 1'000'000;
    return spec;
}

/// What must hold of a producer's counts at any slice's end; an empty string when it does.
inline std::string broken(const Producer::Counts& c)
{
    if (c.firstTries + c.retries != c.accepted + c.refused)
        return "tries " + std::to_string(c.firstTries) + " + " + std::to_string(c.retries)
            + " are not accepted " + std::to_string(c.accepted) + " + refused "
            + std::to_string(c.refused);
    if (c.waiting + c.accepted + c.dropped != c.userRecords)
        return "waiting " + std::to_string(c.waiting) + " + accepted " + std::to_string(c.accepted)
            + " + dropped " + std::to_string(c.dropped) + " are not the "
            + std::to_string(c.userRecords) + " records made";
    return {};
}

} // namespace shardscope::test
