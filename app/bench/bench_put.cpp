#include "app/bench/bench_put.h"

#include <cstring>
#include <string>

#include "app/bench/keys.h"
#include "app/bench/rounds.h"
#include "core/base/check.h"
#include "core/engine/service.h"

namespace shardscope {

namespace {

constexpr std::int64_t kShards = 1'000;
constexpr std::size_t kRows = 500;
constexpr std::size_t kData = 200;
constexpr std::size_t kBatches = 32; ///< different ones, which take turns
constexpr std::size_t kBefore = 300'000; ///< in the stream before anything is measured
constexpr std::size_t kRecords = 200'000; ///< into a copy of it

Service serviceWithStream()
{
    ServiceOptions options;
    options.timings.create = {};
    options.throttling.write = false; // what is refused costs less
    Service service(options);
    const auto made
        = service.control(CreateStream {.streamName = "bench", .shardCount = kShards}, {});
    SHARDSCOPE_CHECK(made.has_value());
    return service;
}

std::vector<PutRecords> requests()
{
    const BenchKeys keys(kBatches * kRows);
    const std::string data(kData, 'd');
    std::vector<PutRecords> out(kBatches);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        PutRecords& request = out[i / kRows];
        request.streamName = "bench";
        request.records.add(keys.key(i), data);
    }
    for (PutRecords& request : out)
        request.records.hashKeys();
    return out;
}

} // namespace

std::vector<BenchResult> benchPutBatch(const BenchOptions& options)
{
    Service warm = serviceWithStream();
    std::vector<PutRecords> batches = requests();
    // A stream that has seen some traffic: its keys are sampled, its chunks have their full size.
    for (std::size_t done = 0; done < kBefore; done += kRows)
        consume(warm.putRecords(batches[done / kRows % kBatches], {})->records.back().counter);
    const auto put = [&](bool hash) {
        Service service = warm;
        for (std::size_t done = 0, turn = 0; done < kRecords; done += kRows, ++turn) {
            PutRecords& request = batches[turn % kBatches];
            if (hash)
                request.records.hashKeys();
            const auto answer = service.putRecords(request, {});
            consume(answer->records.back().counter);
        }
        return static_cast<double>(kRecords);
    };
    std::vector<char> memory(kRecords * (kData + 64));
    const auto copy = [&] {
        std::size_t at = 0;
        for (std::size_t done = 0, turn = 0; done < kRecords; done += kRows, ++turn) {
            const ByteVector& bytes = batches[turn % kBatches].records.bytes;
            std::memcpy(memory.data() + at, bytes.data(), bytes.size());
            at += bytes.size();
        }
        consume(static_cast<std::uint64_t>(memory[at / 2]));
        return static_cast<double>(kRecords);
    };
    const auto rates
        = interleave(options, {{[&] { return put(false); }}, {[&] { return put(true); }}, {copy}});
    const auto against = [&](const char* name, std::size_t ours) {
        return compare(rates,
                       {.name = name,
                        .ours = ours,
                        .referenceName = "memcpy of the same bytes",
                        .reference = 2,
                        .unit = "M records/s",
                        .unitSize = 1e6});
    };
    std::vector<BenchResult> results {
        against("PutRecords in process, 500 × 200 B, 1,000 shards", 0),
        against("the same with MD5 of the keys", 1)};
    results[0].valueGoal = 20;
    return results;
}

} // namespace shardscope
