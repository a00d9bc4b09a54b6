#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/engine/stream.h"
#include "core/metrics/series.h"

namespace shardscope {

/// The running counters of a stream, as the recorder reads them. Rows are indexed by ShardSlot.
struct StreamCounters {
    std::span<const ShardHot> hot;
    std::span<const Shard> shards; ///< as long as `hot`
    std::span<const std::uint64_t, budgets::kHeatBuckets> heat;
};

/// Turns a stream's running counters into history: closes a bucket every 100 ms of simulated time
/// and rolls seconds and minutes up from it. Memory stays inside its budget: depth of a resolution
/// is what fits, never less than a minute of seconds. Copyable; copies share sealed blocks.
class Recorder {
public:
    Recorder(SimTime start, Bytes budget);
    /// What no longer fits goes at once, but for the heat, which goes with its next full block.
    void setBudget(Bytes budget);

    /// Called at every multiple of 100 ms, after the slice that ends there. `ageMs`: largest
    /// iterator age per shard slot now (may be shorter than the shards: 0); `consumers`: by slot,
    /// of which the first kConsumersKept are kept. A call left out leaves a gap, and what was
    /// counted meanwhile falls into the bucket that ends at `end`.
    void close(const Stream& stream, std::span<const std::int64_t> ageMs, double costProvisioned,
               double costOnDemand, SimTime end, std::span<const ConsumerSample> consumers = {});
    void close(const StreamCounters& counters, std::span<const std::int64_t> ageMs,
               double costProvisioned, double costOnDemand, SimTime end,
               std::span<const ConsumerSample> consumers = {});

    /// What was counted so far belongs to no bucket: the next one begins at `now`.
    void skipTo(const Stream& stream, SimTime now);

    [[nodiscard]] History history() const; ///< sealed blocks shared, open tails copied
    /// Rates over the last full second and minute; zero for unknown shards.
    struct Rates {
        ShardSample second; ///< sums of the last full second
        /// Sums of the last 60 full seconds (fewer at the start); its age is that of `second`.
        ShardSample minute;
        int minuteSeconds = 0; ///< how many seconds `minute` covers
    };
    [[nodiscard]] Rates rates(ShardSlot shard) const;
    [[nodiscard]] StreamSample lastSecond() const;
    [[nodiscard]] double
    peakPercentOfLimit(ShardSlot shard) const; ///< largest second so far, offered
    [[nodiscard]] Bytes memory() const;

private:
    /// A shard's counters when its last bucket was closed.
    struct Seen {
        std::uint64_t inBytes = 0, inRecords = 0;
        std::uint64_t refusedByBytes = 0, refusedByRecords = 0, refusedBytes = 0;
        std::uint64_t outBytes = 0, outRecords = 0, readCalls = 0, refusedReads = 0;
    };
    /// What is kept of a shard between buckets. Rows by slot.
    struct Running {
        Seen seen;
        ShardSample second, minute; ///< the unfinished ones
        ShardSample lastMinute; ///< sums of up to 60 full seconds
        std::uint32_t secondsSeen = 0; ///< full ones, at most 60
        double peakPercent = 0;
    };
    /// One resolution's blocks.
    struct Lane {
        SeriesBlocks sealed;
        SeriesBlock open;
        Bytes sealedBytes = 0;
        std::size_t sealedRows = 0;
        Bytes allotted = 0;
        std::size_t rowsPerBlock = 1;
    };

    [[nodiscard]] Lane& lane(Resolution r) { return m_lanes[static_cast<std::size_t>(r)]; }
    [[nodiscard]] const Lane& lane(Resolution r) const
    {
        return m_lanes[static_cast<std::size_t>(r)];
    }
    [[nodiscard]] static Seen seen(const ShardHot& hot, const Shard& shard);
    void follow(std::span<const Shard> shards);
    void divideBudget();
    void beginRow(Resolution r, SimTime start);
    void endRow(Resolution r, const StreamSample& total);
    void seal(Lane& lane, Resolution r);
    void dropOld(Lane& lane, Resolution r);
    void closeSecond(SimTime end);
    void closeMinute(SimTime end);
    void forgetSecond(SimTime start);
    void closeHeat(std::span<const std::uint64_t, budgets::kHeatBuckets> heat, SimTime end);
    [[nodiscard]] const SeriesBlock* newestSeconds() const;

    Bytes m_budget;
    SimTime m_closedUpTo;
    SimTime m_minuteFrom; ///< start of the oldest second in Running::lastMinute
    std::vector<ShardSlot> m_live; ///< not expired, ascending
    std::size_t m_shardsEver = 0;
    std::vector<Running> m_running;
    StreamSample m_second, m_minute; ///< the unfinished ones
    std::array<Lane, kResolutions> m_lanes;

    std::array<std::uint64_t, budgets::kHeatBuckets> m_heatSeen {};
    std::vector<std::shared_ptr<const HeatBlock>> m_heatSealed;
    HeatBlock m_heatOpen;
    Bytes m_heatAllotted = 0;
};

} // namespace shardscope
