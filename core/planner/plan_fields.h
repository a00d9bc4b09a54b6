#pragma once

#include "core/planner/plan_workload.h"
#include "core/scenario/scenario_fields.h"

/// The format of workload files, written down once; see core/scenario/scenario_fields.h.
///
///   document = { streams: [workload, …] } | workload
///   estimate = number | [least, most]
namespace shardscope {

[[nodiscard]] const Words<PlanPreset>& wordsOf(PlanPreset);
[[nodiscard]] const Words<DayCurve>& wordsOf(DayCurve);

namespace scenario_format {

inline constexpr double kPlanKeysMost = 1'000'000;
inline constexpr double kPlanRateMost = 20'000'000; ///< records/s: a whole account's shards full
inline constexpr SimDuration kPlanLongest = SimDuration::days(366);

template <typename Io> void fields(Io& io, PlanKeys& s)
{
    io.choice("shape", s.shape);
    io.check(s.shape != KeySpec::Shape::Timestamp, "shape",
             "must not be timestamp: such keys have no share that could be planned with");
    io.estimate("count", s.count, 1, kPlanKeysMost);
    io.estimate("exponent", s.exponent, 0, 3);
    io.estimate("hotShare", s.hotShare, 0, 1);
    io.integer("salt", s.salt, 1, 10'000);
}

template <typename Io> void fields(Io& io, Campaign& s)
{
    io.require("at");
    io.require("factor");
    io.duration("at", s.at, {}, kPlanLongest);
    io.number("factor", s.factor, 0, 1'000);
    io.duration("rise", s.rise, {}, SimDuration::days(1));
    io.duration("hold", s.hold, {}, kPlanLongest);
}

template <typename Io> void fields(Io& io, PlanWorkload& s)
{
    io.text("name", s.name, 1, 128);
    io.check(s.name.find_first_not_of(
                 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
                 == s.name.npos,
             "name", "must be a stream's name: letters, digits, _ . and - only");
    io.choice("preset", s.preset);
    io.estimate("recordsPerSecond", s.recordsPerSecond, 0.001, kPlanRateMost);
    io.sizeEstimate("recordBytes", s.recordBytes, 1,
                    static_cast<double>(limits::kMaxRecordLargest));
    io.size("recordBytesP99", s.recordBytesP99, 0, static_cast<double>(limits::kMaxRecordLargest));
    io.check(s.recordBytesP99 == 0
                 || (s.recordBytesP99 >= s.recordBytes.high
                     && s.recordBytesP99 <= 14 * s.recordBytes.low),
             "recordBytesP99",
             "must be 0 or 1 to 14 times recordBytes: log-normal sizes spread no further");
    io.choice("curve", s.curve);
    if (s.curve == DayCurve::Constant)
        io.usually("peakFactor", s.peakFactor, Estimate {1});
    io.estimate("peakFactor", s.peakFactor, 1, 1'000);
    io.check(s.curve != DayCurve::Constant || s.peakFactor.high == 1, "peakFactor",
             "must be 1 when curve is constant");
    io.number("weekendFactor", s.weekendFactor, 0.01, 100);
    io.list("campaigns", s.campaigns);
    io.estimate("burstFactor", s.burstFactor, 1, 60);
    io.duration("burstLength", s.burstLength, SimDuration::seconds(1), SimDuration::seconds(59));
    io.object("keys", s.keys);
    io.estimate("sharedReaders", s.sharedReaders, 0, 1'000);
    io.estimate("fanOutReaders", s.fanOutReaders, 0, limits::kFanOutConsumersAdvantage);
    io.number("readsPerSecond", s.readsPerSecond, 0.01, 100);
    io.number("readerRecordsPerSecond", s.readerRecordsPerSecond, 0, kPlanRateMost);
    io.integer("retentionHours", s.retentionHours, limits::kRetentionHoursLeast,
               limits::kRetentionHoursMost);
    io.number("longTermReadGb", s.longTermReadGb, 0, 1e9);
    io.estimate("growthPercentPerYear", s.growthPercentPerYear, -90, 1'000);
    io.integer("horizonMonths", s.horizonMonths, 0, 120);
    io.estimate("headroomPercent", s.headroomPercent, 0, 90);
    io.flag("aggregated", s.aggregated);
    io.integer("producers", s.producers, 1, 1'000'000);
    io.choice("retry", s.retry);
    using R = ClientSpec::Retry;
    io.check(s.retry == R::None || s.retry == R::Legacy || s.retry == R::Standard2025
                 || s.retry == R::Standard2026,
             "retry",
             "must be none, legacy, standard2025 or standard2026 in a plan: the others try "
             "again until the limit lets them, whatever it takes");
    io.nullableInteger("shardsNow", s.shardsNow, 1, 100'000);
    io.flag("newOnDemandStream", s.newOnDemandStream);
}

} // namespace scenario_format
} // namespace shardscope
