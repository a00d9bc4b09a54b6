#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/strong_id.h"
#include "core/clock/sim_time.h"

namespace shardscope {

/// Where a reader stands in a shard, as opaque text. Form: base64 of 48 bytes, big-endian:
///   8  the number 1
///   4  stream slot (a stream created again under an old name has another one)
///   4  shard slot
///   8  position
///   8  time of issue, microseconds since 1970
///   8  time of the stream's creation, microseconds since 1970
///   8  checksum of the above
struct ShardIterator {
    StreamSlot stream;
    ShardSlot shard;
    std::uint64_t position = 0;
    SimTime issuedAt;
    SimTime streamCreatedAt;

    [[nodiscard]] std::string text() const;
    /// Errors: InvalidArgument for what text() cannot have written.
    [[nodiscard]] static Result<ShardIterator> parse(std::string_view text);

    friend bool operator==(const ShardIterator&, const ShardIterator&) = default;
};

} // namespace shardscope
