#include "app/bench/naive_engine.h"

#include <algorithm>
#include <iterator>

#include "app/bench/keys.h"

namespace shardscope {

NaiveEngine::NaiveEngine(std::uint32_t shards)
{
    for (std::uint32_t i = 0; i < shards; ++i) {
        Shard& shard = m_shards[evenRange(i, shards).start];
        shard.bytes = 1'048'576;
        shard.records = 1'000;
    }
}

bool NaiveEngine::put(std::string_view partitionKey, const std::vector<char>& data)
{
    Shard& shard = std::prev(m_shards.upper_bound(md5ByEvp(partitionKey)))->second;
    const double passed = m_now - shard.refilled;
    shard.bytes = std::min(1'048'576.0, shard.bytes + passed * 1'048'576);
    shard.records = std::min(1'000.0, shard.records + passed * 1'000);
    shard.refilled = m_now;
    const auto size = static_cast<double>(data.size());
    if (shard.bytes < size || shard.records < 1)
        return false;
    shard.bytes -= size;
    shard.records -= 1;
    shard.log.push_back(
        {++shard.sequence, m_now, {partitionKey.begin(), partitionKey.end()}, data});
    return true;
}

void NaiveEngine::nextSlice()
{
    m_now += 0.01;
    for (auto& [start, shard] : m_shards)
        while (!shard.log.empty() && shard.log.front().arrival < m_now - 1)
            shard.log.pop_front();
}

} // namespace shardscope
