#pragma once

#include <boost/container/flat_map.hpp>

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "core/base/hash_key.h"

namespace shardscope {

/// The same work written down plainly, for comparison only: one record after another, MD5 by EVP, a
/// map of ranges, buckets in floating point, and a queue of records that own their bytes.
class NaiveEngine {
public:
    explicit NaiveEngine(std::uint32_t shards);

    /// Whether the record was taken.
    bool put(std::string_view partitionKey, const std::vector<char>& data);
    /// Moves time on by 10 ms and drops records older than a second.
    void nextSlice();

private:
    struct Record {
        std::uint64_t sequence = 0;
        double arrival = 0; ///< s
        std::vector<char> key, data;
    };
    struct Shard {
        double bytes = 0, records = 0; ///< tokens
        double refilled = 0; ///< s
        std::uint64_t sequence = 0;
        std::deque<Record> log;
    };
    boost::container::flat_map<HashKey, Shard> m_shards;
    double m_now = 0; ///< s
};

} // namespace shardscope
