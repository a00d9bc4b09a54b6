#pragma once

#include <cstddef>
#include <string>

namespace shardscope {

/// What a PutRecords or PutRecord body of a benchmark holds.
struct PutBody {
    std::size_t rows = 500;
    std::size_t dataBytes = 200; ///< of each record
    std::size_t firstKey = 0; ///< of the benchmark's row of keys
};

/// A PutRecords body as the SDKs write it, into the stream `bench`.
[[nodiscard]] std::string putRecordsBody(const PutBody& what);
/// A PutRecord body with one record of it.
[[nodiscard]] std::string putRecordBody(const PutBody& what);

} // namespace shardscope
