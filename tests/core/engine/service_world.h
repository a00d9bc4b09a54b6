#pragma once

#include <QTest>

#include <memory>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/engine/service.h"

/// A service with one stream, moved slice by slice: what the tests of streams have in common.
namespace shardscope::testing {

inline const std::string kName = "orders";

inline ServiceOptions quickOptions()
{
    ServiceOptions options;
    options.timings.create = {};
    options.timings.update = SimDuration::seconds(1);
    options.timings.reshard = SimDuration::seconds(1);
    return options;
}

/// One record to be put.
struct PutRow {
    std::string_view key, data = "payload";
    std::optional<HashKey> place = {};
};
inline RecordBatch batch(const std::vector<PutRow>& rows)
{
    RecordBatch batch;
    for (const PutRow& row : rows)
        batch.add(row.key, row.data, row.place);
    batch.hashKeys();
    return batch;
}

inline CreateStream provisioned(std::int64_t shards)
{
    return {.streamName = kName, .shardCount = shards};
}
inline CreateStream onDemand()
{
    return {.streamName = kName, .mode = StreamMode::OnDemand};
}

struct ServiceWorld {
    Service service;
    SimTime now = kDefaultStart;
    Admission admission;
    WorkerPool pool {1};
    std::vector<RefusedRecord> refusals;
    CounterRng rng {7, 0};
    std::uint64_t made = 0;
    double owed = 0;
    std::uint64_t offered = 0, refused = 0;

    explicit ServiceWorld(const CreateStream& create,
                          const ServiceOptions& options = quickOptions())
        : service(options)
    {
        const auto done = service.control(create, now);
        if (!done)
            qFatal("%s", done.error().message.c_str());
        service.advance(now);
    }

    Stream& stream() { return *service.find(kName); }

    /// Moves on without traffic; whole slices are not needed then.
    void wait(SimDuration time)
    {
        now += time;
        service.advance(now);
    }

    /// Offers `perSecond` records of `bytes` for `time`, slice by slice. Keys lie anywhere, or all
    /// on `hash`.
    void offer(SimDuration time, double perSecond, std::uint32_t bytes,
               std::optional<HashKey> hash = {})
    {
        for (const SimTime end = now + time; now < end; now += kSlice) {
            service.advance(now);
            owed += perSecond * kSlice.inSeconds();
            OfferBatch batch;
            for (; owed >= 1; owed -= 1) {
                const std::uint64_t number = made++;
                batch.number.push_back(number);
                batch.hashHigh.push_back(hash ? hash->high() : rng.bits(2 * number));
                batch.hashLow.push_back(hash ? hash->low() : rng.bits(2 * number + 1));
                batch.bytes.push_back(bytes);
                batch.keyBytes.push_back(8);
                batch.attempt.push_back(1);
                batch.userRecords.push_back(1);
            }
            if (batch.size() == 0)
                continue;
            for (std::size_t k = 1; k < batch.tickBegin.size(); ++k)
                batch.tickBegin[k] = static_cast<std::uint32_t>(batch.size());
            OfferBatch* batches[] = {&batch};
            stream().offer(batches, now, admission, pool, refusals);
            offered += batch.size();
            for (const Outcome o : batch.outcome)
                refused += o != Outcome::Accepted;
        }
        service.advance(now);
    }

    /// Records refused while `work` runs.
    template <typename Work> std::uint64_t refusedDuring(Work work)
    {
        const std::uint64_t before = refused;
        work();
        return refused - before;
    }

    Result<void> control(const ControlRequest& request) { return service.control(request, now); }
    /// The error's code and text, or "" when it was accepted.
    std::string refusalOf(const ControlRequest& request)
    {
        const auto done = control(request);
        return done ? std::string() : done.error().message;
    }
    std::vector<std::uint32_t> openSlots()
    {
        std::vector<std::uint32_t> open;
        for (const auto& entry : stream().map().open())
            open.push_back(entry.slot.value);
        return open;
    }
};

} // namespace shardscope::testing
