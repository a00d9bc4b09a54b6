#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/strong_id.h"
#include "core/base/units.h"
#include "core/clock/sim_time.h"

/// Measured history: rows of equal length in time, one cell per shard, in blocks that are shared
/// once they are full. Three resolutions are kept, each in fixed memory.
namespace shardscope {

enum class Resolution : std::uint8_t { Ms100, Second, Minute };
inline constexpr int kResolutions = 3;
[[nodiscard]] constexpr SimDuration stepOf(Resolution r)
{
    return r == Resolution::Ms100 ? SimDuration::millis(100)
        : r == Resolution::Second ? SimDuration::seconds(1)
                                  : SimDuration::minutes(1);
}

/// One shard in one bucket of time. Sums, but for the age.
struct ShardSample {
    std::uint64_t inBytes = 0; ///< accepted, data + key
    std::uint32_t inRecords = 0; ///< accepted
    std::uint32_t refusedByBytes = 0; ///< records, rule W1
    std::uint32_t refusedByRecords = 0; ///< records, rule W2
    std::uint32_t outRecords = 0;
    std::uint64_t refusedBytes = 0; ///< bytes of both rules
    std::uint64_t outBytes = 0; ///< to polling readers
    std::uint32_t readCalls = 0; ///< GetRecords answered
    std::uint32_t refusedReads = 0; ///< GetRecords refused, rules R1 to R3
    std::uint32_t ageMs = 0; ///< largest iterator age of any consumer; 0 when nobody reads

    void add(const ShardSample& later);
    [[nodiscard]] std::uint64_t offeredRecords() const
    {
        return std::uint64_t {inRecords} + refusedByBytes + refusedByRecords;
    }
    [[nodiscard]] std::uint64_t offeredBytes() const { return inBytes + refusedBytes; }
    /// For a sample of one second: offered load in percent of the write limit that binds.
    [[nodiscard]] double percentOfLimit() const;
};

/// How far behind one consumer was in one bucket of time.
struct ConsumerSample {
    static constexpr std::uint32_t kAbsent = ~std::uint32_t {0};
    std::uint32_t ageMs = kAbsent; ///< largest in the bucket, of its oldest shard
    std::uint32_t lagRecords = 0; ///< at the bucket's end, over all shards; 4.29e9 at most

    [[nodiscard]] bool present() const { return ageMs != kAbsent; }
    void add(const ConsumerSample& later);
};
/// Consumers whose past is kept: those in the first slots of a stream. Five share a shard's reads
/// and twenty can be registered, but a row must stay small beside its shards.
inline constexpr std::size_t kConsumersKept = 8;

/// The whole stream in one bucket of time.
struct StreamSample {
    ShardSample sum; ///< over shards; ageMs is the largest
    std::array<ConsumerSample, kConsumersKept> consumers; ///< by ConsumerSlot
    std::uint32_t openShards
        = 0; ///< at the bucket's end; × 1 MiB/s and × 1,000/s is the capacity step
    double costProvisioned = 0; ///< USD since the run began
    double costOnDemand = 0; ///< USD since the run began, the same traffic
};

/// Consecutive buckets over one set of shards. Sealed blocks never change; the newest one is a
/// copy.
struct SeriesBlock {
    SimTime start;
    SimDuration step;
    std::vector<ShardSlot> shards; ///< ascending; the columns of `cells`
    std::vector<ShardSample> cells; ///< [row][shard]
    std::vector<StreamSample> totals; ///< [row]

    [[nodiscard]] std::size_t rows() const { return totals.size(); }
    [[nodiscard]] SimTime timeOf(std::size_t row) const
    {
        return start + step * static_cast<std::int64_t>(row);
    }
    [[nodiscard]] SimTime end() const { return timeOf(rows()); }
    /// The column of `shard`, or -1 when the block does not know it.
    [[nodiscard]] std::ptrdiff_t column(ShardSlot shard) const;
    [[nodiscard]] const ShardSample& cell(std::size_t row, std::size_t col) const
    {
        return cells[row * shards.size() + col];
    }
};

using SeriesBlocks = std::vector<std::shared_ptr<const SeriesBlock>>; ///< ascending in time

/// Load over the hash key space by second: bytes offered in each of 1,024 even buckets.
struct HeatBlock {
    SimTime start; ///< step is one second
    std::vector<std::array<std::uint32_t, 1024>> rows;
};

struct History {
    std::array<SeriesBlocks, kResolutions> series;
    std::vector<std::shared_ptr<const HeatBlock>> heat;

    [[nodiscard]] const SeriesBlocks& of(Resolution r) const
    {
        return series[static_cast<std::size_t>(r)];
    }
};

/// Half open: [from, to).
struct TimeWindow {
    SimTime from;
    SimTime to;
    friend bool operator==(const TimeWindow&, const TimeWindow&) = default;
};

/// The finest resolution that covers `window` and needs at most `bucketsMost` buckets for it.
[[nodiscard]] Resolution resolutionFor(const History& history, TimeWindow window, int bucketsMost);

struct ShardPoint {
    SimTime at; ///< the bucket's start
    SimDuration step;
    ShardSample sample;
};
struct StreamPoint {
    SimTime at;
    SimDuration step;
    StreamSample sample;
};
/// One shard's buckets inside the window, ascending; gaps stay gaps.
[[nodiscard]] std::vector<ShardPoint> shardPoints(const History&, Resolution, ShardSlot,
                                                  TimeWindow);
[[nodiscard]] std::vector<StreamPoint> streamPoints(const History&, Resolution, TimeWindow);

} // namespace shardscope
