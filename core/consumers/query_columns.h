#pragma once

#include <cstdint>
#include <vector>

namespace shardscope {

/// Elements of one shard on their way into a query, in columns that are used again.
struct QueryColumns {
    std::vector<std::int64_t> ms; ///< event time; the arrival in processing time is the clock's
    std::vector<std::uint32_t> key; ///< in the query's KeyTable
    std::vector<double> value;

    void clear()
    {
        ms.clear();
        key.clear();
        value.clear();
    }
    [[nodiscard]] std::size_t size() const { return ms.size(); }
};

} // namespace shardscope
