#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "core/engine/limits.h"
#include "core/engine/on_demand_scaler.h"
#include "core/planner/plan_parts.h"
#include "core/planner/schedule.h"

namespace shardscope {
namespace {

constexpr double kMonthHours = 730;
constexpr double kMonthSeconds = kMonthHours * 3'600;
constexpr double kMiB = 1'048'576, kGiB = kMiB * 1'024;
constexpr int kRaisesMost = 16; ///< of a fixed count, until the target is met

bool provisioned(PlanMode mode)
{
    return mode == PlanMode::Fixed || mode == PlanMode::Schedule || mode == PlanMode::Policy;
}

/// Parts of a month's usage that follow from bytes a second and the retention.
void addReadsAndStorage(Usage& usage, const PlanBasis& basis, PlanMode mode, double bytesPerSecond)
{
    const PlanWorkload& w = basis.workload;
    const double shared = std::round(w.sharedReaders.middle());
    const double fanOut = std::round(w.fanOutReaders.middle());
    const double bytes = bytesPerSecond * kMonthSeconds;
    usage.fanOutBytes = fanOut * bytes;
    const auto retention = static_cast<double>(w.retentionHours);
    constexpr double kDay = 24, kWeek = 7 * 24;
    const double perHour = bytesPerSecond * 3'600 / kGiB;
    usage.longTermGbMonths = perHour * std::max(0.0, retention - kWeek);
    if (provisioned(mode)) {
        usage.fanOutConsumerShardHours = fanOut * usage.shardHours;
        if (retention > kDay)
            usage.extendedRetentionShardHours = usage.shardHours;
        usage.longTermReadBytes = w.longTermReadGb * kGiB;
        return;
    }
    usage.outBytes = shared * bytes;
    usage.extendedGbMonths = perHour * std::max(0.0, std::min(retention, kWeek) - kDay);
    if (mode == PlanMode::Standard)
        usage.onDemandStreamHours = kMonthHours;
    else
        usage.commitmentHours = kMonthHours;
}

/// What a stream's busiest minute asks for, in shards' write limits.
double shardsOf(const ShardDemand& load)
{
    return std::max(load.bytes / static_cast<double>(limits::kShardWriteBytes),
                    load.records / static_cast<double>(limits::kShardWriteRecords));
}

std::string percentText(double share)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3g %%", 100 * share);
    return text;
}

void addMoney(PlanOption& option, const PlanBasis& basis, const Month& month)
{
    option.usage = usageOf(basis, option.mode, month);
    option.bill = billOf(option.mode, option.usage, basis.request.prices);
    option.usd = totalOf(option.bill);
    if (!option.usd)
        return;
    // An hour's part: by its shards and by its traffic, the rest by the hour.
    const double hours = static_cast<double>(month.hours.size());
    const double scale = hours / kMonthHours;
    for (PlanHour& hour : option.hours) {
        const double traffic
            = month.firstTries > 0 ? hour.offeredRecords * 3'600 / month.firstTries : 1 / hours;
        const double shards = month.shardHours > 0 ? hour.shards / month.shardHours : 1 / hours;
        double usd = 0;
        for (const CostLine& line : option.bill) {
            const std::string_view unit = line.unit;
            const bool byShard = unit.find("shard-hour") != unit.npos;
            const bool byTraffic = (unit == "GB" || unit == "million")
                && std::string_view(line.item).substr(0, 9) != "Committed";
            const double part = byShard ? shards : byTraffic ? traffic : 1 / hours;
            usd += line.usd().value_or(0) * scale * part;
        }
        hour.usd = usd;
    }
}

PlanOption finished(PlanMode mode, const PlanBasis& basis, Month month, Detail detail)
{
    PlanOption option;
    option.mode = mode;
    option.shardsFirst = month.shardsFirst;
    option.shardsLeast = month.shardsLeast;
    option.shardsMost = month.shardsMost;
    option.shardHours = month.shardHours;
    option.refusedShare = month.refusedShare();
    option.lostShare = month.firstTries > 0 ? month.lost / month.firstTries : 0;
    option.meetsTarget = option.refusedShare <= basis.request.targetRefused;
    option.peakPercent = month.peakPercent;
    option.worst = month.worst;
    option.maxAgeSeconds = month.maxAgeSeconds;
    option.readPercent = month.readPercent;
    option.changes = month.changes;
    if (detail == Detail::Whole)
        option.hours = month.hours;
    addMoney(option, basis, month);
    const double retention = static_cast<double>(basis.workload.retentionHours) * 3'600;
    if (month.maxAgeSeconds > retention)
        option.remark = "Readers fall behind further than the retention: records are lost unread.";
    else if (!option.meetsTarget && basis.demand.keys.topKey() * shardsOf(basis.load) > 1)
        option.remark = "The hottest key alone asks for more than a shard takes.";
    else if (month.refusedChanges > 0)
        option.remark
            = "Changes of the shard count that UpdateShardCount refused, with ten a day and "
              "double or half at most: "
            + std::to_string(month.refusedChanges) + '.';
    return option;
}

/// `raise`: so many times the head-room's room is planned for by a schedule.
CapacityPlan capacityOf(const PlanBasis& basis, PlanMode mode, PlanOption& said, double raise = 1)
{
    CapacityPlan capacity;
    capacity.mode = mode;
    capacity.shards = basis.shards;
    const PlanWorkload& w = basis.workload;
    if (mode == PlanMode::Schedule) {
        const Demand usual = basis.measured != nullptr || w.campaigns.empty()
            ? basis.demand
            : demandOf(w, basis.demand.start, static_cast<int>(basis.demand.minutes() / 1'440),
                       basis.shards, Campaigns::Without);
        PlanWorkload roomy = w;
        roomy.headroomPercent = 100 * (1 - (1 - w.headroomPercent.middle() / 100) / raise);
        Schedule schedule = scheduleFor(usual, basis.demand, roomy, kPlanShardsMost);
        said.schedule = schedule.day;
        capacity.shards = schedule.first;
        capacity.steps = std::move(schedule.steps);
    } else if (mode == PlanMode::Policy) {
        capacity.policy = basis.request.policy;
        capacity.shards
            = std::clamp(capacity.shards, capacity.policy.shardsLeast, capacity.policy.shardsMost);
    } else if (mode == PlanMode::Standard || mode == PlanMode::Advantage) {
        const OnDemandModel model;
        capacity.settled = !w.newOnDemandStream;
        const DemandPeak first = peakOf(basis.demand, 0, 1'440);
        capacity.shards
            = w.newOnDemandStream ? model.shardsLeast : shardsNeededFor(first.shards(), {}, model);
        if (mode == PlanMode::Advantage) {
            // Room for the busiest seconds of the busiest minute.
            const double peak = shardsOf(basis.load) / (1 - basis.load.headroom);
            capacity.warmMiBps = said.warmMiBps = std::clamp<std::int64_t>(
                static_cast<std::int64_t>(std::ceil(peak)), 1, limits::kWarmThroughputMost);
        }
    }
    return capacity;
}

} // namespace

MonthTerms termsOf(const PlanBasis& basis)
{
    ClientSpec client;
    client.retry = basis.workload.retry;
    MonthTerms terms {RetryProfile(client)};
    terms.readers = {static_cast<int>(std::lround(basis.workload.sharedReaders.middle())),
                     static_cast<int>(std::lround(basis.workload.fanOutReaders.middle())),
                     basis.workload.readsPerSecond, basis.workload.readerRecordsPerSecond};
    terms.timings = basis.request.timings;
    terms.seed = basis.request.seed;
    terms.pool = basis.pool;
    terms.cancelled = basis.cancelled;
    return terms;
}

PlanBasis basisOf(const PlanRequest& request, const PlanWorkload& workload,
                  const MeasuredStream* measured, WorkerPool* pool,
                  const std::atomic<bool>* cancelled)
{
    PlanBasis basis {request, workload, measured};
    basis.pool = pool;
    basis.cancelled = cancelled;
    // Aggregates get fuller with fewer shards, and fuller ones need fewer: where that ends.
    for (int round = 0; round < 8; ++round) {
        basis.demand = measured != nullptr
            ? demandOf(*measured, workload, request.days)
            : demandOf(workload, request.start, request.days, basis.shards);
        const DemandPeak peak = peakOf(basis.demand, 0, basis.demand.minutes());
        basis.load = loadOf(peak, workload);
        const std::int64_t before = basis.shards;
        const auto fitting = shardsFor(basis.load, basis.demand.keys, kPlanShardsMost);
        basis.keyFits = fitting.has_value();
        basis.shards = fitting.value_or(std::min(evenShardsFor(basis.load), kPlanShardsMost));
        ShardDemand bare = basis.load;
        bare.headroom = 0;
        basis.bareShards
            = shardsFor(bare, basis.demand.keys, kPlanShardsMost).value_or(evenShardsFor(bare));
        if (!workload.aggregated || measured != nullptr || basis.shards == before)
            break;
    }
    return basis;
}

std::vector<PlanMode> modesOf(const PlanRequest& request)
{
    std::vector<PlanMode> modes;
    for (const PlanMode mode : {PlanMode::Fixed, PlanMode::Schedule, PlanMode::Policy,
                                PlanMode::Standard, PlanMode::Advantage}) {
        const bool wanted = mode == PlanMode::Standard ? request.modes.onDemand
            : mode == PlanMode::Advantage              ? request.modes.advantage
                                                       : request.modes.provisioned;
        if (wanted)
            modes.push_back(mode);
    }
    return modes;
}

int cheapestOf(const std::vector<PlanOption>& options)
{
    int best = -1;
    for (std::size_t i = 0; i < options.size(); ++i) {
        const PlanOption& option = options[i];
        if (option.meetsTarget && option.usd
            && (best < 0 || *option.usd < *options[static_cast<std::size_t>(best)].usd))
            best = static_cast<int>(i);
    }
    return best;
}

Usage usageOf(const PlanBasis& basis, PlanMode mode, const Month& month)
{
    const double scale
        = kMonthHours * 60 / std::max<double>(1, static_cast<double>(basis.demand.minutes()));
    Usage usage;
    if (provisioned(mode)) {
        usage.shardHours = month.shardHours * scale;
        usage.putUnits = month.putUnits * scale;
    } else {
        usage.onDemandInBytes = month.billedBytes * scale;
    }
    addReadsAndStorage(usage, basis, mode, month.acceptedBytes * scale / kMonthSeconds);
    return usage;
}

Usage usageAt(const PlanBasis& basis, PlanMode mode, double meanMiBps, double shards)
{
    const RecordSizes& sizes = basis.demand.sizes;
    const double bytes = meanMiBps * kMiB;
    const double records = bytes / sizes.mean;
    Usage usage;
    if (provisioned(mode)) {
        usage.shardHours = shards * kMonthHours;
        usage.putUnits = records * sizes.putUnits * kMonthSeconds;
    } else {
        usage.onDemandInBytes = records * sizes.billedBytes * kMonthSeconds;
    }
    addReadsAndStorage(usage, basis, mode, bytes);
    return usage;
}

Bill billOf(PlanMode mode, const Usage& usage, const RegionPrices& prices)
{
    if (provisioned(mode))
        return provisionedBill(usage, prices);
    return onDemandBill(usage, prices,
                        mode == PlanMode::Advantage ? OnDemandPlan::Advantage
                                                    : OnDemandPlan::Standard);
}

PlanOption optionOf(const PlanBasis& basis, PlanMode mode, Detail detail)
{
    PlanOption said;
    CapacityPlan capacity = capacityOf(basis, mode, said);
    const MonthTerms terms = termsOf(basis);
    Month month = runMonth(basis.demand, capacity, terms);
    for (double raise = 1.15; mode == PlanMode::Schedule && basis.keyFits && raise < 2.2
         && month.refusedShare() > basis.request.targetRefused;
         raise *= 1.15) {
        capacity = capacityOf(basis, mode, said, raise);
        month = runMonth(basis.demand, capacity, terms);
    }
    if (mode == PlanMode::Fixed && basis.keyFits) {
        // Bursts inside the minute may ask for more than the head-room holds.
        for (int i = 0; i < kRaisesMost && month.refusedShare() > basis.request.targetRefused;
             ++i) {
            const std::int64_t raised
                = capacity.shards + std::max<std::int64_t>(1, capacity.shards / 10);
            if (raised > kPlanShardsMost)
                break;
            capacity.shards = raised;
            month = runMonth(basis.demand, capacity, terms);
        }
    }
    PlanOption option = finished(mode, basis, std::move(month), detail);
    option.schedule = std::move(said.schedule);
    option.warmMiBps = said.warmMiBps;
    if (mode == PlanMode::Fixed && option.shardsFirst > basis.shards && option.meetsTarget)
        option.remark = std::to_string(basis.shards)
            + " shards hold the busiest minute, but not its bursts: "
            + std::to_string(option.shardsFirst) + " keep refusals within "
            + percentText(basis.request.targetRefused) + '.';
    return option;
}

PlanOption optionWithRanges(const PlanBasis& basis, std::vector<HashKeyRange> ranges)
{
    CapacityPlan capacity;
    capacity.shards = static_cast<std::int64_t>(ranges.size());
    capacity.ranges = std::move(ranges);
    return finished(PlanMode::Fixed, basis, runMonth(basis.demand, capacity, termsOf(basis)),
                    Detail::Short);
}

} // namespace shardscope
