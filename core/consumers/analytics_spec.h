#pragma once

#include <cstdint>
#include <string>

#include "core/clock/sim_time.h"

namespace shardscope {

/// What a stream-analytics job computes and how it keeps time. Semantics and defaults of the
/// source: facts/clients.md 6.
struct AnalyticsSpec {
    /// A ready-made query decides keyBy, value, aggregate and kind of window, and reads the
    /// records' own time from their field `ts`. Own: the fields below.
    enum class Query {
        Own,
        DeviceAverage, ///< IoT: average temperature per device, tumbling 10 s
        MissingHeartbeat, ///< IoT: a device is silent for the gap, 30 s: its session ends
        Sessions, ///< clickstream: pages per visit of a user, session gap 30 min
        Funnel, ///< clickstream: how many view, cart, buy; sliding 1 h by 5 min
        TopPages, ///< clickstream: most viewed pages, tumbling 1 min
        ErrorRate, ///< logs: percent of answers from status 500 up per host, tumbling 1 min
    };
    enum class Aggregate {
        Count,
        Sum,
        Average,
        Minimum,
        Maximum,
        Percentile, ///< nearest rank of all values
        Share, ///< percent of values that are `threshold` or more
        TopK, ///< the `k` keys with the most records, or with the largest sum when a value is named
    };
    enum class Window { Tumbling, Sliding, Session };
    enum class Time { Event, Processing };

    Query query = Query::Own;
    /// A field of the JSON record, or one of kWholeStream, kByPartitionKey, kByShard.
    std::string keyBy;
    std::string value; ///< a field with a number; Count needs none
    Aggregate aggregate = Aggregate::Count;
    double percentile = 99; ///< above 0, up to 100
    double threshold = 0;
    std::int64_t k = 10; ///< 1 … 1000
    Window window = Window::Tumbling;
    SimDuration size; ///< tumbling, sliding; 0: the query's own, or a minute
    SimDuration slide; ///< sliding; 0: the query's own, or the size
    SimDuration gap; ///< session; 0: the query's own, or half a minute
    Time time = Time::Event;
    /// Event time: a field with ISO 8601 text or milliseconds since 1970; empty: the arrival time.
    std::string timeField;
    SimDuration outOfOrderness; ///< by how much an event may be older than the newest of its shard
    SimDuration idleness; ///< a shard without records for so long holds nothing back; 0: it does
    SimDuration allowedLateness;
    std::int64_t parallelism = 1; ///< 1 … 256 subtasks; shards are dealt out by hash range
    SimDuration checkpointInterval = SimDuration::seconds(60);
    bool fanOut = false; ///< a registered consumer instead of polling
    friend bool operator==(const AnalyticsSpec&, const AnalyticsSpec&) = default;
};

inline constexpr const char* kWholeStream = "";
inline constexpr const char* kByPartitionKey = "$partitionKey"; ///< shown as the key's hash
inline constexpr const char* kByShard = "$shard";

/// The spec with everything filled in that a ready-made query or a 0 leaves open.
[[nodiscard]] AnalyticsSpec resolved(AnalyticsSpec spec);

} // namespace shardscope
