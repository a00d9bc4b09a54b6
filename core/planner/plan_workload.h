#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock/sim_time.h"
#include "core/planner/estimate.h"
#include "core/workload/producer_spec.h"

namespace shardscope {

/// Shapes that a plan can start from; sources: facts/scaling-and-pricing.md 8.
enum class PlanPreset { Own, Iot, Clickstream, Logs };

/// How a plan's rate moves over the day.
enum class DayCurve {
    Constant,
    Daily, ///< one wave, highest at 20:00 UTC
    TwoHumps, ///< rush hours 7–9 and 16–18 UTC
};

/// Which partition keys the records of a plan carry.
struct PlanKeys {
    KeySpec::Shape shape = KeySpec::Shape::Random; ///< not Timestamp
    Estimate count = 20'000; ///< distinct keys, 1 … 1,000,000; Uniform, Zipf, HotShare
    Estimate exponent = 0.8; ///< Zipf, 0 … 3
    Estimate hotShare = 0.05; ///< HotShare, of the records, 0 … 1
    std::int64_t salt = 1; ///< keys that each hot key is spread over; 1 = off
    friend bool operator==(const PlanKeys&, const PlanKeys&) = default;
};

/// A time in which the rate is a multiple of the usual one.
struct Campaign {
    SimDuration at; ///< since the plan's first midnight
    double factor = 4; ///< of the usual rate, >= 0
    SimDuration rise = SimDuration::minutes(10); ///< and as long back down
    SimDuration hold = SimDuration::hours(1); ///< at `factor`
    friend bool operator==(const Campaign&, const Campaign&) = default;
};

/// What is written to one stream and read from it, as a plan's author knows it.
struct PlanWorkload {
    std::string name = "orders"; ///< of the stream
    PlanPreset preset = PlanPreset::Own; ///< what the fields were filled from
    Estimate recordsPerSecond = 1'000; ///< mean over the plan's days, without campaigns
    Estimate recordBytes = 1'024; ///< mean, data + partition key
    double recordBytesP99 = 0; ///< 99th percentile of log-normal sizes; 0: all alike
    DayCurve curve = DayCurve::Daily;
    Estimate peakFactor = 1.65; ///< busiest minute ÷ mean, without campaigns; >= 1
    double weekendFactor = 1; ///< Saturday's and Sunday's rate ÷ other days', 0.01 … 100
    std::vector<Campaign> campaigns;
    Estimate burstFactor = 2; ///< busiest seconds of a minute ÷ its mean, 1 … 60
    SimDuration burstLength = SimDuration::seconds(2); ///< so long, once a minute; whole seconds
    PlanKeys keys;
    Estimate sharedReaders = 1; ///< that call GetRecords
    Estimate fanOutReaders = 0;
    double readsPerSecond = 1; ///< GetRecords calls of each shared reader, per shard
    double readerRecordsPerSecond = 0; ///< what a reader gets through, per shard; 0: all it reads
    std::int64_t retentionHours = 24; ///< 24 … 8,760
    double longTermReadGb = 0; ///< read a month of records older than 7 d
    Estimate growthPercentPerYear = 0;
    std::int64_t horizonMonths = 12; ///< growth until then is planned for
    Estimate headroomPercent = 30; ///< of a shard's limits that the busiest minute leaves free
    bool aggregated = false; ///< records are put together by KPL
    std::int64_t producers = 10; ///< processes that aggregate, each for itself
    ClientSpec::Retry retry = ClientSpec::Retry::Standard2026;
    std::optional<std::int64_t> shardsNow; ///< of the stream today, if there is one
    bool newOnDemandStream = false; ///< on-demand begins with 4 shards, not with what day 1 needs
    friend bool operator==(const PlanWorkload&, const PlanWorkload&) = default;
};

/// A workload with the facts' shape for its kind.
[[nodiscard]] PlanWorkload planPreset(PlanPreset preset, std::string name);

} // namespace shardscope
