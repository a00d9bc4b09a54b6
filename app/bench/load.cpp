#include "app/bench/load.h"

#include <algorithm>

#include "core/engine/limits.h"

namespace shardscope {

namespace {

/// Enough that their chance places load all shards about alike.
constexpr std::size_t kKeysLeast = 65'536;
constexpr std::size_t kKeysPerShard = 64;
constexpr std::size_t kBatchRows = 2'500;
constexpr std::int64_t kWarmUpMs = 1'500;
constexpr std::int64_t kKeptMs = 200;

} // namespace

SteadyLoad::SteadyLoad(std::uint32_t shards, std::uint32_t bytes, int threads)
    : m_keys(std::max(kKeysLeast, kKeysPerShard * shards))
    , m_pool(threads)
{
    std::vector<ShardMap::Entry> open;
    for (std::uint32_t i = 0; i < shards; ++i)
        open.push_back({evenRange(i, shards), ShardSlot {i}});
    m_map = ShardMap(std::move(open));
    m_columns.hot.resize(shards);
    m_columns.logs.resize(shards);
    m_columns.sketches.resize(shards);
    m_columns.epochMs = kDefaultStart.inMillis();
    m_columns.bytesBurst = limits::shardWriteBytesBurst(limits::kMaxRecordDefault);

    const std::size_t rows = std::size_t {shards} * 95 / 10;
    const std::size_t keys = m_keys.size();
    std::uint64_t number = 0;
    std::size_t key = 0;
    // Turns until every key has come about equally often.
    const std::size_t turns = std::max<std::size_t>(1, keys / rows);
    for (std::size_t t = 0; t < turns; ++t) {
        auto& turn = m_turns.emplace_back();
        auto& firstKey = m_firstKey.emplace_back();
        for (std::size_t done = 0; done < rows;) {
            if (key == keys)
                key = 0;
            const std::size_t size = std::min({kBatchRows, rows - done, keys - key});
            OfferBatch& batch = turn.emplace_back();
            firstKey.push_back(key);
            batch.hashHigh.resize(size);
            batch.hashLow.resize(size);
            for (std::size_t i = 0; i < size; ++i)
                batch.number.push_back(number++);
            batch.bytes.assign(size, bytes);
            batch.keyBytes.assign(size, 22);
            batch.attempt.assign(size, 1);
            batch.userRecords.assign(size, 1);
            for (std::size_t tick = 0; tick <= kTicksPerSlice; ++tick)
                batch.tickBegin[tick] = static_cast<std::uint32_t>(size * tick / kTicksPerSlice);
            key += size;
            done += size;
        }
    }
    // Until the first records are trimmed and shards are sampled for their hottest keys.
    while (m_slice * kSlice.inMillis() < kWarmUpMs)
        step();
}

std::size_t SteadyLoad::step()
{
    const auto turn = static_cast<std::size_t>(m_slice) % m_turns.size();
    m_last = &m_turns[turn];
    std::size_t rows = 0;
    m_offers.clear();
    for (OfferBatch& batch : *m_last) {
        m_offers.push_back(&batch);
        rows += batch.size();
    }
    m_pool.run(static_cast<int>(m_last->size()), [&](int task) {
        const auto b = static_cast<std::size_t>(task);
        OfferBatch& batch = (*m_last)[b];
        md5Batch(m_keys.batch(m_firstKey[turn][b], batch.size()), batch.hashHigh.data(),
                 batch.hashLow.data());
    });
    m_refusals.clear();
    m_admission.run(m_offers, kDefaultStart + kSlice * m_slice, m_map, m_columns, m_pool,
                    m_refusals);
    ++m_slice;
    if (m_slice % 10 == 0)
        trim();
    return rows;
}

void SteadyLoad::trim()
{
    const std::int64_t horizon = (kDefaultStart + kSlice * m_slice).inMillis() - kKeptMs;
    constexpr std::size_t part = 256;
    const std::size_t shards = m_columns.logs.size();
    m_pool.run(static_cast<int>((shards + part - 1) / part), [&](int task) {
        const std::size_t first = static_cast<std::size_t>(task) * part;
        for (std::size_t i = first; i < std::min(first + part, shards); ++i)
            m_columns.logs[i].trimBlocksBefore(horizon);
    });
}

double SteadyLoad::acceptedShare() const
{
    double accepted = 0, offered = 0;
    for (const ShardHot& hot : m_columns.hot) {
        accepted += static_cast<double>(hot.acceptedRecords);
        offered
            += static_cast<double>(hot.acceptedRecords + hot.refusedByBytes + hot.refusedByRecords);
    }
    return offered > 0 ? accepted / offered : 0;
}

} // namespace shardscope
