#pragma once

#include <cstdint>

namespace shardscope {

/// What is kept of every stored record: 32 bytes, so two share a cache line. The sequence number is
/// not here: a record's counter is its position in its shard's log plus one.
struct RecordMeta {
    /// Top 16 bits: producer slot, or kRealPayload; low 48 bits: the record's number within that
    /// producer, or the place of its payload in the stream's RecordLog.
    std::uint64_t source = 0;
    std::uint64_t hashHigh = 0; ///< upper half of the hash key
    std::int64_t arrivalMs = 0; ///< since 1970; ApproximateArrivalTimestamp
    std::uint32_t bytes = 0; ///< data + partition key
    std::uint16_t keyBytes = 0;
    std::uint16_t userRecords = 1; ///< user records inside an aggregate, else 1

    static constexpr std::uint64_t kRealPayload = 0xffff;
    static constexpr std::uint64_t kNumberMask = (std::uint64_t {1} << 48) - 1;

    [[nodiscard]] std::uint64_t producer() const { return source >> 48; }
    [[nodiscard]] std::uint64_t number() const { return source & kNumberMask; }
};
static_assert(sizeof(RecordMeta) == 32);

} // namespace shardscope
