#pragma once

#include <cstdint>
#include <vector>

#include "app/bench/keys.h"
#include "core/engine/admission.h"

namespace shardscope {

/// A stream under steady load of 95 % of its record limit, moved slice by slice: hashing, routing,
/// admission, storing, and trimming to the last 200 ms by whole blocks, as the memory budget does.
class SteadyLoad {
public:
    /// `bytes` of each record, key included.
    SteadyLoad(std::uint32_t shards, std::uint32_t bytes, int threads);

    /// The next slice; says how many records it offered.
    std::size_t step();
    /// Batches of the slice just done, for what is to be done with its records.
    [[nodiscard]] const std::vector<OfferBatch>& batches() const { return *m_last; }
    [[nodiscard]] const BenchKeys& keys() const { return m_keys; }
    [[nodiscard]] const WriteColumns& columns() const { return m_columns; }
    [[nodiscard]] double acceptedShare() const;

private:
    void trim();

    BenchKeys m_keys;
    ShardMap m_map;
    WriteColumns m_columns;
    Admission m_admission;
    WorkerPool m_pool;
    /// The keys in turns of one slice each, and each slice in batches.
    std::vector<std::vector<OfferBatch>> m_turns;
    std::vector<std::vector<std::size_t>> m_firstKey;
    std::vector<OfferBatch>* m_last = nullptr;
    std::vector<OfferBatch*> m_offers;
    std::vector<RefusedRecord> m_refusals;
    std::int64_t m_slice = 0;
};

} // namespace shardscope
