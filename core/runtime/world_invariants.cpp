#include "core/runtime/world.h"

namespace shardscope {

void Simulation::World::expect(bool holds, const char* what)
{
    ++invariants.checked;
    if (holds)
        return;
    if (invariants.violated++ == 0)
        invariants.firstViolation = std::string(what) + " (at " + toIso(now) + ")";
}

void Simulation::World::check()
{
    const Stream& s = stream();
    const WriteColumns& columns = s.columns();
    const std::int64_t nowSteps = (now.inMillis() - columns.epochMs) * kBucketStepsPerMilli;
    Volume accepted, refusedSum;
    std::int64_t kept = 0;
    std::uint64_t keptBytes = 0;
    bool rising = true, solvent = true;
    for (std::size_t i = 0; i < columns.hot.size(); ++i) {
        const ShardHot& hot = columns.hot[i];
        const ShardLog& log = columns.logs[i];
        accepted += {static_cast<std::int64_t>(hot.acceptedRecords),
                     static_cast<Bytes>(hot.acceptedBytes)};
        refusedSum += {static_cast<std::int64_t>(hot.refusedByBytes + hot.refusedByRecords),
                       static_cast<Bytes>(hot.refusedBytes)};
        kept += static_cast<std::int64_t>(log.end() - log.begin());
        keptBytes += log.bytesStored();
        // A record's counter is its position plus one, so a log as long as its count rises by one.
        rising = rising && log.end() == hot.acceptedRecords;
        solvent = solvent && hot.bytesFullAt - nowSteps <= columns.bytesBurst * kBucketStepsPerByte
            && hot.recordsFullAt - nowSteps
                <= limits::kShardWriteRecordsBurst * kBucketStepsPerRecord;
    }
    expect(offered == accepted + refusedSum, "offered = accepted + refused");
    const Volume trimmed = s.trimmed();
    expect(Volume {kept, static_cast<Bytes>(keptBytes)} == accepted - trimmed,
           "stored = accepted - trimmed");
    expect(rising, "sequence numbers rise by one in every shard");
    expect(solvent || !columns.throttling, "no bucket is below zero");

    U128 next = 0;
    bool tiled = true;
    for (const ShardMap::Entry& entry : s.map().open()) {
        tiled = tiled && entry.range.start.value == next && entry.range.start <= entry.range.end;
        next = entry.range.end.value + 1;
    }
    expect(tiled && next == 0, "open shards tile the hash key space");

    std::int64_t orderBroken = 0;
    for (const ConsumerSeat& seat : consumers)
        orderBroken += seat.consumer->counts().orderViolations;
    expect(orderBroken == 0, "records of one key are read in order, across reshards");
    for (const ProducerSeat& seat : producers) {
        const Producer::Counts c = seat.producer.counts();
        expect(c.firstTries + c.retries == c.accepted + c.refused,
               "a producer's attempts = accepted + refused");
    }
}

} // namespace shardscope
