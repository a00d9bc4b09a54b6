#include <boost/container/flat_map.hpp>

#include <array>
#include <vector>

#include "app/bench/bench.h"
#include "app/bench/bench_analytics.h"
#include "app/bench/bench_ingest.h"
#include "app/bench/bench_put.h"
#include "app/bench/keys.h"
#include "app/bench/rounds.h"
#include "core/base/rng.h"
#include "core/engine/shard_map.h"

namespace shardscope {

namespace {

const char* nameOf(Md5Path path)
{
    switch (path) {
    case Md5Path::Scalar:
        return "MD5 one by one";
    case Md5Path::Avx2:
        return "MD5 in AVX2 lanes";
    case Md5Path::Avx512:
        return "MD5 in AVX-512 lanes";
    }
    return "";
}

std::vector<BenchResult> benchMd5(const BenchOptions& options)
{
    const BenchKeys keys(4'096);
    std::vector<std::uint64_t> high(keys.size()), low(keys.size());
    std::vector<Contender> contenders {{[&] {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < keys.size(); ++i)
            sum += md5ByOpenSsl(keys.key(i)).low();
        consume(sum);
        return static_cast<double>(keys.size());
    }}};
    for (const Md5Path path : md5Paths())
        contenders.push_back({[&keys, &high, &low, path] {
            md5Batch(path, keys.batch(0, keys.size()), high.data(), low.data());
            consume(high.back());
            return static_cast<double>(keys.size());
        }});
    const auto rates = interleave(options, contenders);
    std::vector<BenchResult> results;
    for (std::size_t i = 0; i < md5Paths().size(); ++i) {
        const Md5Path path = md5Paths()[i];
        results.push_back(compare(rates,
                                  {.name = nameOf(path),
                                   .ours = i + 1,
                                   .referenceName = "OpenSSL MD5_Init, _Update, _Final",
                                   .reference = 0,
                                   .unit = "M keys/s",
                                   .unitSize = 1e6,
                                   .goal = path == Md5Path::Avx512 ? 12.0
                                       : path == Md5Path::Avx2     ? 5.0
                                                                   : 0.0}));
    }
    return results;
}

std::vector<BenchResult> benchRoute(const BenchOptions& options)
{
    constexpr std::uint32_t shards = 16'384;
    constexpr std::size_t count = 65'536;
    std::vector<ShardMap::Entry> open;
    boost::container::flat_map<HashKey, std::uint32_t> plain;
    for (std::uint32_t i = 0; i < shards; ++i) {
        open.push_back({evenRange(i, shards), ShardSlot {i}});
        plain.emplace(open.back().range.start, i);
    }
    const ShardMap map(open);
    const CounterRng rng(1, 1);
    std::vector<std::uint64_t> high, low;
    for (std::size_t i = 0; i < count; ++i) {
        high.push_back(rng.bits(2 * i));
        low.push_back(rng.bits(2 * i + 1));
    }
    std::vector<std::uint32_t> slots(count);
    const auto rates = interleave(
        options,
        {{[&] {
             map.route(high, low, slots.data());
             consume(slots.back());
             return static_cast<double>(count);
         }},
         {[&] {
             for (std::size_t i = 0; i < count; ++i)
                 slots[i]
                     = std::prev(plain.upper_bound(HashKey::fromWords(high[i], low[i])))->second;
             consume(slots.back());
             return static_cast<double>(count);
         }}});
    return {compare(rates,
                    {.name = "Routing over 16,384 shards",
                     .ours = 0,
                     .referenceName = "flat_map::upper_bound",
                     .reference = 1,
                     .unit = "M keys/s",
                     .unitSize = 1e6,
                     .goal = 25})};
}

} // namespace

std::span<const Bench> engineBenches()
{
    static constexpr std::array<Bench, 7> benches {
        {{"md5", "MD5 of partition keys, each path of this machine", benchMd5},
         {"route", "the shard of a hash key", benchRoute},
         {"admit", "MD5, routing, two buckets, number and metadata of every record", benchAdmit},
         {"ingest-1k", "the same with 1 KiB of payload", benchIngest},
         {"put-batch", "PutRecords with payloads, once the wire has read it", benchPutBatch},
         {"analytics", "a windowed query by key over JSON records", benchAnalytics},
         {"memory", "bytes per shard and per stored record", benchMemory}}};
    return benches;
}

} // namespace shardscope
