#include "app/bench/bench_ingest.h"

#include <array>
#include <memory>

#include "app/bench/load.h"
#include "app/bench/naive_engine.h"
#include "app/bench/payload_ring.h"
#include "app/bench/rounds.h"

namespace shardscope {

namespace {

constexpr std::uint32_t kShards = 1'000;
constexpr std::size_t kPayload = 1'024;

double count(std::size_t n)
{
    return static_cast<double>(n);
}

/// OpenSSL's MD5 of the keys alone, and nothing else.
Contender hashingOnly(const BenchKeys& keys)
{
    return {[&keys] {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < 16'384; ++i)
            sum += md5ByOpenSsl(keys.key(i)).low();
        consume(sum);
        return count(16'384);
    }};
}

} // namespace

std::vector<BenchResult> benchAdmit(const BenchOptions& options)
{
    const std::string reference = "OpenSSL MD5 of the same keys, nothing else";
    SteadyLoad one(kShards, 100, 1);
    SteadyLoad many(16'384, 100, 1);
    std::vector<Contender> contenders {hashingOnly(one.keys()),
                                       {[&] { return count(one.step()); }},
                                       {[&] { return count(many.step()); }}};
    std::unique_ptr<SteadyLoad> two, manyTwo;
    if (options.threads >= 2) {
        two = std::make_unique<SteadyLoad>(kShards, 100, 2);
        manyTwo = std::make_unique<SteadyLoad>(20'000, 100, 2);
        contenders.push_back({[&] { return count(two->step()); }});
        contenders.push_back({[&] { return count(manyTwo->step()); }});
    }
    const auto rates = interleave(options, contenders);
    const auto against = [&](const char* name, std::size_t ours, double goal) {
        return compare(rates,
                       {.name = name,
                        .ours = ours,
                        .referenceName = reference,
                        .reference = 0,
                        .unit = "M records/s",
                        .unitSize = 1e6,
                        .goal = goal});
    };
    std::vector<BenchResult> results {against("Admission, 1,000 shards, one thread", 1, 5),
                                      against("Admission, 16,384 shards, one thread", 2, 0)};
    if (two) {
        results.push_back(against("Admission, 1,000 shards, two threads", 3, 0));
        results.push_back(compare(rates,
                                  {.name = "Admission, two threads against one",
                                   .ours = 3,
                                   .referenceName = "one thread",
                                   .reference = 1,
                                   .unit = "M records/s",
                                   .unitSize = 1e6,
                                   .goal = 1.6}));
        results.push_back(against("Admission, 20,000 shards, two threads", 4, 0));
    }
    return results;
}

std::vector<BenchResult> benchIngest(const BenchOptions& options)
{
    constexpr std::size_t ringBytes = std::size_t {256} << 20;
    PayloadRing ours(ringBytes), streamed(ringBytes), copied(ringBytes);
    SteadyLoad load(kShards, kPayload, 1);
    NaiveEngine naive(kShards);
    std::size_t naiveKey = 0;
    const std::vector<char> payload(kPayload, 'p');

    const auto rates
        = interleave(options,
                     {{[&] {
                          const std::size_t rows = load.step();
                          for (const OfferBatch& batch : load.batches())
                              for (std::size_t i = 0; i < batch.size(); ++i)
                                  if (batch.outcome[i] == Outcome::Accepted)
                                      ours.stream(kPayload);
                          return count(rows);
                      }},
                      {[&] {
                          for (int i = 0; i < 8'192; ++i)
                              streamed.stream(kPayload);
                          return 8'192.0;
                      }},
                      {[&] {
                          for (int i = 0; i < 8'192; ++i)
                              copied.copy(kPayload);
                          return 8'192.0;
                      }},
                      {[&] {
                          for (int i = 0; i < 9'500; ++i, ++naiveKey)
                              naive.put(load.keys().key(naiveKey % load.keys().size()), payload);
                          naive.nextSlice();
                          return 9'500.0;
                      }}});
    const auto against = [&](const char* name, std::size_t reference, double goal) {
        return compare(rates,
                       {.name = "Ingest of 1 KiB records, 1,000 shards, one thread",
                        .ours = 0,
                        .referenceName = name,
                        .reference = reference,
                        .unit = "M records/s",
                        .unitSize = 1e6,
                        .goal = goal});
    };
    return {against("non-temporal stores of the same bytes", 1, 0.7),
            against("memcpy of the same bytes", 2, 1.2),
            against("a plain engine (EVP, flat_map, deque of vectors)", 3, 20)};
}

std::vector<BenchResult> benchMemory(const BenchOptions& /*options*/)
{
    SteadyLoad load(kShards, 100, 1);
    for (int slice = 0; slice < 120; ++slice)
        load.step();
    double blocks = 0, records = 0;
    for (const ShardLog& log : load.columns().logs) {
        blocks += static_cast<double>(log.memory());
        records += static_cast<double>(log.end() - log.begin());
    }
    BenchResult shard;
    shard.name = "An idle shard's columns for writing";
    shard.value = sizeof(ShardHot) + sizeof(ShardLog) + sizeof(KeySketch);
    shard.unit = "bytes";
    shard.higherIsBetter = false;
    BenchResult record;
    record.name = "A stored record, some 250 kept in each shard, blocks partly filled";
    record.value = blocks / records;
    record.unit = "bytes";
    record.higherIsBetter = false;
    record.referenceName = "its metadata alone";
    record.referenceValue = sizeof(RecordMeta);
    record.ratio = record.ratioLeast = record.ratioMost = record.value / record.referenceValue;
    return {shard, record};
}

} // namespace shardscope
