#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/strong_id.h"
#include "core/clock/sim_time.h"

namespace shardscope {

/// The parts of a sequence number. 186 bits, 47 hexadecimal digits, 56 decimal digits:
///   digit 0        2
///   digits 1–9     shard creation, epoch seconds
///   digit 10       low nibble of the shard number
///   digits 11–26   64-bit record counter, first digit <= 7
///   digits 27–28   00
///   digits 29–37   record time, epoch seconds
///   digits 38–45   shard number, 32 bit
///   digit 46       version, 2
/// Source: facts/kinesis-api.md 2.2 (observed). Our counter is dense: 1 for a shard's first record.
struct SequenceNumber {
    static constexpr std::uint64_t kLastCounter
        = 0x7fff'ffff'ffff'ffff; ///< of a closed shard's end

    std::int64_t shardCreatedAt = 0; ///< epoch seconds
    ShardSlot shard;
    std::uint64_t counter = 0; ///< 0 is the shard's start
    std::int64_t recordAt = 0; ///< epoch seconds

    /// Decimal, 56 digits.
    [[nodiscard]] std::string text() const;
    /// Errors: InvalidArgument for what cannot be a sequence number of this layout.
    [[nodiscard]] static Result<SequenceNumber> parse(std::string_view text);

    friend bool operator==(const SequenceNumber&, const SequenceNumber&) = default;
};

} // namespace shardscope
