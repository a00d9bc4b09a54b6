#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/engine/record_batch.h"
#include "core/engine/stream.h"

namespace shardscope {

/// What a put of real records adds to a stream's bill and sums.
struct RealPut {
    Volume offered; ///< data and keys
    std::int64_t putUnits = 0, onDemandBytes = 0; ///< of the accepted ones, as they are billed
    std::vector<RefusedRecord> refused; ///< the first of them; the shards count all
};
/// `numbers` as in PutRecordsResult: a counter of 0 where the record was refused.
[[nodiscard]] RealPut realPutOf(const Stream& stream, const RecordBatch& batch,
                                std::span<const SequenceNumber> numbers, SimTime now);

} // namespace shardscope
