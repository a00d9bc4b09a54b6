#pragma once

#include <QString>
#include <QtGlobal>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "core/base/cloned.h"
#include "core/base/md5.h"
#include "core/base/worker_pool.h"
#include "core/consumers/reader.h"
#include "core/engine/service.h"

namespace shardscope {

/// A real stream with a steady writer and the readers of a test.
class ReaderWorld {
public:
    explicit ReaderWorld(std::int64_t shards, ServiceOptions options = {})
        : service(std::move(options))
    {
        CreateStream create;
        create.streamName = "orders";
        create.shardCount = shards;
        must(service.control(create, now));
        now += SimDuration::seconds(60);
        service.advance(now);
    }
    static void must(const Result<void>& done)
    {
        if (!done)
            qFatal("%s", done.error().message.c_str());
    }
    Stream& stream() { return *service.find("orders"); }
    void add(ConsumerSpec spec)
    {
        const auto slot = static_cast<std::uint32_t>(consumers.size());
        if (spec.name.empty())
            spec.name = "reader-" + std::to_string(slot);
        consumers.emplace_back(makeReader(ConsumerSlot(slot), spec, 5, now));
    }
    /// Runs slices; `perSlice` records are written in each, over 100 keys in turn.
    void run(SimDuration span, int perSlice = 0)
    {
        for (const SimTime end = now + span; now < end; now += kSlice) {
            service.advance(now);
            write(perSlice);
            stepReaders();
        }
    }
    void stepReaders()
    {
        ReaderSurroundings around {service, stream(), outside};
        for (auto& consumer : consumers)
            consumer->step(now, around);
    }
    void write(int records)
    {
        OfferBatch batch;
        for (int i = 0; i < records; ++i, ++number) {
            const HashKey key = md5("key-" + std::to_string(number % 100));
            batch.number.push_back(number);
            batch.hashHigh.push_back(key.high());
            batch.hashLow.push_back(key.low());
            batch.bytes.push_back(recordBytes);
            batch.keyBytes.push_back(6);
            batch.attempt.push_back(1);
            batch.userRecords.push_back(1);
        }
        // All in the slice's first tick.
        batch.tickBegin.fill(static_cast<std::uint32_t>(records));
        batch.tickBegin[0] = 0;
        OfferBatch* one = &batch;
        std::vector<RefusedRecord> refusals;
        stream().offer({&one, 1}, now, admission, pool, refusals);
        for (const Outcome outcome : batch.outcome)
            accepted += outcome == Outcome::Accepted ? 1 : 0;
    }
    void split(std::uint32_t slot)
    {
        SplitShard request;
        request.streamName = "orders";
        request.shardToSplit = shardIdText(ShardSlot(slot));
        request.newStartingHashKey = toDecimal(stream().shards()[slot].range.middle());
        must(service.control(request, now));
    }
    void merge(std::uint32_t lower, std::uint32_t upper)
    {
        MergeShards request;
        request.streamName = "orders";
        request.shardToMerge = shardIdText(ShardSlot(lower));
        request.adjacentShardToMerge = shardIdText(ShardSlot(upper));
        must(service.control(request, now));
    }

    /// One record with a payload.
    void put(const std::string& key, const std::string& data, std::optional<HashKey> place = {})
    {
        RecordBatch batch;
        batch.add(key, data, place);
        batch.hashKeys();
        SequenceNumber given;
        if (stream().put(batch, now, {&given, 1}) != 0)
            qFatal("The record was refused.");
        ++accepted;
    }

    SimTime now = kDefaultStart;
    Outside* outside = nullptr;
    Service service;
    WorkerPool pool {1};
    Admission admission;
    std::vector<Cloned<Reader>> consumers;
    std::uint32_t recordBytes = 100; ///< of every record, key included
    std::uint64_t number = 0;
    std::int64_t accepted = 0;
};

} // namespace shardscope
