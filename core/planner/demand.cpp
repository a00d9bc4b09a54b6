#include "core/planner/demand.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/base/rng.h"
#include "core/engine/limits.h"
#include "core/planner/cost.h"
#include "core/workload/size_distribution.h"
#include "core/workload/traffic_shape.h"

namespace shardscope {
namespace {

constexpr int kDayMinutes = 1'440;
constexpr double kAggregateBytes = 51'200; ///< KPL AggregationMaxSize
constexpr double kAggregatesPerSecond = 10; ///< KPL RecordMaxBufferedTime of 100 ms

using Day = std::array<double, kDayMinutes>;

/// A day of `curve` with mean 1.
Day dayOf(DayCurve curve)
{
    Day day;
    day.fill(1);
    if (curve == DayCurve::Constant)
        return day;
    RateSpec rate;
    rate.recordsPerSecond = 1;
    rate.curve = curve == DayCurve::Daily ? RateSpec::Curve::Daily : RateSpec::Curve::TwoHumps;
    const TrafficShape shape(rate, SimTime {});
    constexpr std::int64_t kMinuteUs = 60'000'000;
    for (std::int64_t m = 0; m < kDayMinutes; ++m)
        day[static_cast<std::size_t>(m)]
            = (shape.volume((m + 1) * kMinuteUs) - shape.volume(m * kMinuteUs)) / 60;
    return day;
}

bool weekend(SimTime day)
{
    // 1970-01-01 was a Thursday.
    const std::int64_t weekday = (day.inSeconds() / 86'400 + 4) % 7; // 0: Sunday
    return weekday == 0 || weekday == 6;
}

/// The curve of the whole time with mean 1 and its highest minute at `peak`: what the day and the
/// week say, raised to the power that makes it so steep.
std::vector<double> curveOf(const PlanWorkload& workload, SimTime start, int days, double peak)
{
    const Day day = dayOf(workload.curve);
    int ends = 0;
    for (int d = 0; d < days; ++d)
        ends += weekend(start + SimDuration::days(d)) ? 1 : 0;
    const auto shaped = [&](double power, double& mean, double& most) {
        const double factor = std::pow(workload.weekendFactor, power);
        double sum = 0, high = 0;
        for (const double v : day) {
            const double p = std::pow(v, power);
            sum += p;
            high = std::max(high, p);
        }
        const double weekdays = days - ends;
        mean = sum / kDayMinutes * (weekdays + factor * ends) / days;
        most = high * (ends == days ? factor : ends == 0 ? 1 : std::max(1.0, factor));
    };
    double low = 0, high = 1, mean = 1, most = 1;
    const auto steep = [&](double power) {
        shaped(power, mean, most);
        return most / mean;
    };
    while (high < 1'024 && steep(high) < peak)
        high *= 2;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (steep(middle) < peak ? low : high) = middle;
    }
    const double power = (low + high) / 2;
    shaped(power, mean, most);
    std::vector<double> out;
    out.reserve(static_cast<std::size_t>(days) * kDayMinutes);
    const double factor = std::pow(workload.weekendFactor, power);
    for (int d = 0; d < days; ++d) {
        const double week = weekend(start + SimDuration::days(d)) ? factor : 1;
        for (const double v : day)
            out.push_back(std::pow(v, power) * week / mean);
    }
    return out;
}

/// What campaigns make of the rate at `second` since the first midnight.
double campaignFactor(const PlanWorkload& workload, double second)
{
    double factor = 1;
    for (const Campaign& c : workload.campaigns) {
        const double rise = std::max(1.0, c.rise.inSeconds());
        const double hold = c.hold.inSeconds();
        const double t = second - c.at.inSeconds();
        double part = 0;
        if (t >= 0 && t < rise)
            part = t / rise;
        else if (t >= rise && t <= rise + hold)
            part = 1;
        else if (t > rise + hold && t < 2 * rise + hold)
            part = (2 * rise + hold - t) / rise;
        factor *= 1 + (c.factor - 1) * part;
    }
    return factor;
}

double growthFactor(const PlanWorkload& workload)
{
    return std::pow(1 + workload.growthPercentPerYear.middle() / 100,
                    static_cast<double>(workload.horizonMonths) / 12);
}

void takeBursts(Demand& demand, const PlanWorkload& workload)
{
    demand.burstSeconds = std::clamp(static_cast<int>(workload.burstLength.inSeconds()), 1, 59);
    // A minute's whole volume may lie in its burst, and not more.
    demand.burstFactor = std::min(workload.burstFactor.middle(), 60.0 / demand.burstSeconds);
}

} // namespace

RecordSizes RecordSizes::of(double mean, double p99)
{
    RecordSizes sizes;
    sizes.mean = mean;
    if (p99 <= mean) {
        sizes.putUnits = static_cast<double>(shardscope::putUnits(std::llround(mean)));
        sizes.billedBytes = static_cast<double>(onDemandBilledBytes(std::llround(mean)));
        return sizes;
    }
    // ln p99 = mu + z sigma and ln mean = mu + sigma^2 / 2.
    const double z = normalQuantile(0.99);
    const double spread = z - std::sqrt(std::max(0.0, z * z - 2 * std::log(p99 / mean)));
    const double mu = std::log(mean) - spread * spread / 2;
    sizes.variation = std::sqrt(std::exp(spread * spread) - 1);
    constexpr int kShares = 4'096;
    double units = 0, billed = 0;
    // The few large records weigh as much as the many small ones.
    sizes.classes = {{0.4, 0}, {0.3, 0}, {0.2, 0}, {0.08, 0}, {0.02, 0}};
    std::size_t at = 0;
    double until = sizes.classes[0].share;
    for (int i = 0; i < kShares; ++i) {
        const double size = std::exp(mu + spread * normalQuantile((i + 0.5) / kShares));
        const std::int64_t bytes
            = std::clamp<std::int64_t>(std::llround(size), 1, limits::kMaxRecordLargest);
        units += static_cast<double>(shardscope::putUnits(bytes));
        billed += static_cast<double>(onDemandBilledBytes(bytes));
        if ((i + 0.5) / kShares > until)
            until += sizes.classes[++at].share;
        sizes.classes[at].size += size / (mean * kShares);
    }
    for (Class& c : sizes.classes)
        c.size /= c.share;
    sizes.putUnits = units / kShares;
    sizes.billedBytes = billed / kShares;
    return sizes;
}

double Demand::calmRate(double rate) const
{
    const double left = 60 - burstFactor * burstSeconds;
    return rate * std::max(0.0, left) / (60 - burstSeconds);
}

int Demand::burstBegins(std::size_t minute) const
{
    const CounterRng rng(0x62757273, minute);
    return static_cast<int>(rng.below(0, static_cast<std::uint64_t>(60 - burstSeconds + 1)));
}

double DemandPeak::shards() const
{
    return std::max(records / static_cast<double>(limits::kShardWriteRecords),
                    bytes / static_cast<double>(limits::kShardWriteBytes));
}

DemandPeak peakOf(const Demand& demand, std::size_t from, std::size_t to)
{
    DemandPeak peak;
    for (std::size_t m = from; m < std::min(to, demand.minutes()); ++m) {
        const DemandPeak here {demand.records[m], demand.bytes[m], m};
        if (here.shards() > peak.shards())
            peak = here;
    }
    return peak;
}

KeySpec keySpecOf(const PlanKeys& keys)
{
    KeySpec spec;
    spec.shape = keys.shape;
    spec.count = std::max<std::int64_t>(1, std::llround(keys.count.middle()));
    spec.exponent = keys.exponent.middle();
    spec.hotKey = "hot";
    spec.hotShare = keys.hotShare.middle();
    spec.salt = keys.salt;
    return spec;
}

Demand demandOf(const PlanWorkload& workload, SimTime start, int days, std::int64_t shards,
                Campaigns campaigns)
{
    Demand demand;
    demand.start = start;
    demand.keys = KeyWeights::ofKeys(keySpecOf(workload.keys));
    demand.sizes = RecordSizes::of(workload.recordBytes.middle(), workload.recordBytesP99);
    takeBursts(demand, workload);
    const std::vector<double> curve
        = curveOf(workload, start, days, std::max(1.0, workload.peakFactor.middle()));
    const double mean = workload.recordsPerSecond.middle() * growthFactor(workload);
    double all = 0, aggregates = 0;
    for (std::size_t m = 0; m < curve.size(); ++m) {
        double rate = mean * curve[m];
        if (campaigns == Campaigns::With && !workload.campaigns.empty())
            rate *= campaignFactor(workload, static_cast<double>(m) * 60 + 30);
        const double bytes = rate * demand.sizes.mean;
        double records = rate;
        if (workload.aggregated) {
            // The timer closes aggregates at a low rate, their size at a high one.
            const double timed
                = kAggregatesPerSecond * static_cast<double>(workload.producers * shards);
            records = std::max(std::min(rate, timed), bytes / kAggregateBytes);
        }
        all += rate;
        aggregates += records;
        demand.records.push_back(static_cast<float>(records));
        demand.bytes.push_back(static_cast<float>(bytes));
    }
    if (workload.aggregated && aggregates > 0)
        demand.sizes = RecordSizes::of(demand.sizes.mean * all / aggregates, 0);
    return demand;
}

Demand demandOf(const MeasuredStream& measured, const PlanWorkload& workload, int days)
{
    Demand demand;
    demand.start = measured.start;
    demand.measured = true;
    takeBursts(demand, workload);
    const std::size_t minutes
        = std::min(measured.minutes(), static_cast<std::size_t>(days) * kDayMinutes);
    const double growth = growthFactor(workload);
    double records = 0, bytes = 0;
    for (std::size_t m = 0; m < minutes; ++m) {
        // What was refused was offered too; its retries cannot be told apart.
        const double refused = measured.refusedRecords.empty() ? 0 : measured.refusedRecords[m];
        const double size = measured.records[m] > 0 ? measured.bytes[m] / measured.records[m] : 0;
        const double offered = measured.records[m] + refused;
        const double offeredBytes = measured.bytes[m] + refused * size;
        records += offered;
        bytes += offeredBytes;
        demand.records.push_back(static_cast<float>(offered * growth / 60));
        demand.bytes.push_back(static_cast<float>(offeredBytes * growth / 60));
    }
    demand.sizes = RecordSizes::of(records > 0 ? std::max(1.0, bytes / records) : 1, 0);
    if (measured.shards.empty()) {
        demand.keys = KeyWeights::ofKeys(keySpecOf(workload.keys));
        return demand;
    }
    std::vector<double> weights;
    for (const MeasuredStream::Shard& s : measured.shards)
        weights.push_back(
            std::max(s.records / std::max(1.0, records), s.bytes / std::max(1.0, bytes)));
    if (std::accumulate(weights.begin(), weights.end(), 0.0) > 0)
        demand.keys = KeyWeights::ofShards(weights);
    return demand;
}

} // namespace shardscope
