#pragma once

#include <cstdint>

#include "core/clock/sim_time.h"

namespace shardscope {

/// What a reader takes of one shard's reading, as a mean over kReadRateOver.
struct ReadRate {
    double bytesPerSecond = 0; ///< data + keys
    double callsPerSecond = 0; ///< GetRecords, refused ones among them
    double refusedCallsPerSecond = 0;
};
/// Pollers read in gulps: what they take is told over this long.
inline constexpr SimDuration kReadRateOver = SimDuration::seconds(5);

/// Adds up what one reader takes of one shard.
class ReadMeter {
public:
    struct Taken {
        std::uint64_t bytes = 0;
        std::uint32_t calls = 0, refusedCalls = 0;
    };
    /// What is taken at `now` is added here. Time never goes back.
    [[nodiscard]] Taken& takenAt(SimTime now);
    [[nodiscard]] ReadRate rate(SimTime now) const;

private:
    std::int64_t m_span = 0; ///< of kReadRateOver, counted from the clock's beginning
    Taken m_taken, m_before; ///< in that span, and in the one before it
};

} // namespace shardscope
