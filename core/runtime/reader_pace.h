#pragma once

#include <cstdint>
#include <vector>

#include "core/metrics/snapshot.h"

namespace shardscope {

/// A count at the last two full seconds, so that a rate can be told.
struct PerSecond {
    std::int64_t previous = 0, latest = 0;

    void close(std::int64_t total)
    {
        previous = latest;
        latest = total;
    }
    [[nodiscard]] double rate() const { return static_cast<double>(latest - previous); }
};

/// How fast a reader goes, and whether it falls behind: what is told of one whoever it is.
class ReaderPace {
public:
    /// All it has read and all that was refused to it so far.
    struct Counts {
        std::int64_t records = 0;
        Bytes bytes = 0;
        std::int64_t calls = 0, refusedCalls = 0;
    };
    /// Once a second.
    void closeSecond(const Counts& sofar, std::int64_t lagRecords);
    /// Rates, trend and forecasts of a row that knows its lag and age. Straight lines over the
    /// seconds kept: when the lag is gone, or when the oldest unread record meets `retention`.
    void fill(ConsumerRow& row, SimDuration retention) const;

private:
    PerSecond m_records, m_bytes, m_calls, m_refusedCalls;
    std::vector<std::int64_t> m_lag; ///< at the last full seconds, newest last
};

} // namespace shardscope
