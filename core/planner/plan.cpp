#include "core/planner/plan.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/engine/limits.h"
#include "core/planner/plan_parts.h"

namespace shardscope {
namespace {

constexpr std::size_t kHour = 60;

Error badInput(const std::string& what)
{
    return {ErrorCode::BadInput, what};
}

std::optional<Error> refusal(const PlanRequest& request)
{
    if (request.streams.empty())
        return badInput("streams: at least one is needed");
    if (request.days < 1 || request.days > 366)
        return badInput("days: must be between 1 and 366, not " + std::to_string(request.days));
    if (!(request.targetRefused >= 0 && request.targetRefused <= 1))
        return badInput("target-refused: must be between 0 % and 100 %");
    if (request.samples < 1 || request.samples > 10'000)
        return badInput("samples: must be between 1 and 10000");
    if (!request.modes.provisioned && !request.modes.onDemand && !request.modes.advantage)
        return badInput("mode: at least one is needed");
    for (const PlanStream& stream : request.streams)
        if (stream.measured != nullptr && stream.measured->minutes() == 0)
            return badInput(stream.workload.name + ": there is no minute in the measured data");
    return {};
}

/// Where in 0 … 1 the work on one stream lies.
class Steps {
public:
    Steps(PlanProgress& progress, std::size_t stream, std::size_t streams, int steps)
        : m_progress(progress)
        , m_from(static_cast<double>(stream) / static_cast<double>(streams))
        , m_step(1 / static_cast<double>(streams) / steps)
    {
    }
    void next() { m_progress.done = m_from + m_step * ++m_done; }

private:
    PlanProgress& m_progress;
    double m_from, m_step;
    int m_done = 0;
};

void describeDemand(StreamPlan& plan, const PlanBasis& basis)
{
    const Demand& demand = basis.demand;
    const auto minutes = static_cast<double>(demand.minutes());
    double busiestHour = -1;
    for (std::size_t h = 0; h * kHour < demand.minutes(); ++h) {
        double records = 0, bytes = 0;
        const std::size_t end = std::min(demand.minutes(), (h + 1) * kHour);
        for (std::size_t m = h * kHour; m < end; ++m) {
            records += static_cast<double>(demand.records[m]);
            bytes += static_cast<double>(demand.bytes[m]);
        }
        plan.meanRecords += records / minutes;
        plan.meanBytes += bytes / minutes;
        const DemandPeak mean {records, bytes};
        if (mean.shards() > busiestHour) {
            busiestHour = mean.shards();
            plan.worstHour = demand.start + SimDuration::hours(static_cast<std::int64_t>(h));
        }
    }
    plan.start = demand.start;
    plan.measured = demand.measured;
    plan.peakRecords = basis.load.records;
    plan.peakBytes = basis.load.bytes;
    const double burst = std::max(demand.burstRate(1), demand.calmRate(1));
    plan.peakSecondRecords = basis.load.records * burst;
    plan.peakSecondBytes = basis.load.bytes * burst;
    plan.topKeyShare = demand.keys.topKey();
    for (std::int64_t shards :
         {std::int64_t {4}, std::int64_t {16}, std::int64_t {64}, plan.fixedShards}) {
        if (std::any_of(plan.skew.begin(), plan.skew.end(),
                        [&](const SkewRow& row) { return row.shards == shards; }))
            continue;
        const double ratio = demand.keys.skew(shards);
        plan.skew.push_back({shards, ratio, static_cast<double>(shards) / ratio});
    }
    std::sort(plan.skew.begin(), plan.skew.end(),
              [](const SkewRow& a, const SkewRow& b) { return a.shards < b.shards; });
}

void addNotes(StreamPlan& plan, const PlanBasis& basis, const PlanRequest& request)
{
    const PlanWorkload& w = basis.workload;
    auto& notes = plan.notes;
    if (basis.measured != nullptr)
        notes = basis.measured->notes;
    char text[240];
    if (basis.demand.burstFactor > 1) {
        std::snprintf(text, sizeof text,
                      "Once a minute, %d seconds in a row hold %.3g times the minute's mean.",
                      basis.demand.burstSeconds, basis.demand.burstFactor);
        notes.emplace_back(text);
    } else {
        notes.emplace_back("No bursts inside the minute are assumed.");
    }
    if (basis.measured != nullptr) {
        if (basis.measured->shards.empty())
            notes.emplace_back(
                "The data has no shard level, so the keys are those of the workload.");
        else
            notes.emplace_back(
                "Measured shards are taken as even ranges in the order of their ids, "
                "and traffic as even inside each of them.");
        notes.emplace_back(
            "Bytes are data alone as CloudWatch counts them; a record is billed half a "
            "KiB more than its size by on-demand, as mixed sizes are on average.");
    }
    const double days = static_cast<double>(basis.demand.minutes()) / 1'440;
    if (std::abs(days * 24 - 730) > 1) {
        std::snprintf(text, sizeof text, "Money is for a month of 730 hours, from %.4g days.",
                      days);
        notes.emplace_back(text);
    }
    if (request.modes.onDemand || request.modes.advantage)
        notes.emplace_back(w.newOnDemandStream
                               ? "On-demand begins as a new stream, with 4 shards."
                               : "On-demand begins with the shards that the first day leads to.");
    if (w.growthPercentPerYear != Estimate(0)) {
        std::snprintf(text, sizeof text,
                      "Rates are those of %lld months from now, at %.3g %% a year.",
                      static_cast<long long>(w.horizonMonths), w.growthPercentPerYear.middle());
        notes.emplace_back(text);
    }
    if (w.aggregated)
        notes.emplace_back("Aggregates count with the shards of the fixed plan in every mode.");
    if (!basis.keyFits)
        notes.emplace_back(
            "The hottest key asks for more than a shard with its head-room gives: no "
            "number of shards helps it.");
}

StreamPlan planStream(const PlanRequest& request, const PlanStream& stream, WorkerPool& pool,
                      PlanProgress& progress, Steps& steps)
{
    StreamPlan plan;
    plan.name = stream.workload.name;
    PlanWorkload workload = stream.workload;
    forEachEstimate(workload, [](const char*, Estimate& e) { e = e.middle(); });
    const PlanBasis basis
        = basisOf(request, workload, stream.measured.get(), &pool, &progress.cancelled);
    plan.bareShards = basis.bareShards;
    plan.fixedShards = basis.shards;
    for (const PlanMode mode : modesOf(request)) {
        plan.options.push_back(optionOf(basis, mode));
        if (mode == PlanMode::Fixed)
            plan.fixedShards = plan.options.back().shardsFirst;
        steps.next();
        if (progress.cancelled.load())
            return plan;
    }
    plan.cheapest = cheapestOf(plan.options);
    plan.uses = limitUses(basis.load, basis.demand.keys, plan.fixedShards);
    // A key or calls beyond their limit decide, for no shard relieves them; else the furthest of
    // those that shards do relieve.
    const auto relieved = [](const LimitUse& use) {
        return use.limit != PlanLimit::HottestKey && use.limit != PlanLimit::ReadCalls;
    };
    auto decides = std::find_if(plan.uses.begin(), plan.uses.end(), [&](const LimitUse& use) {
        return !relieved(use) && use.percent > 100;
    });
    if (decides == plan.uses.end())
        decides = std::find_if(plan.uses.begin(), plan.uses.end(), relieved);
    plan.binding = decides->limit;
    describeDemand(plan, basis);
    plan.breakEven = breakEvenOf(basis);
    plan.advice = adviceOf(basis, plan.options);
    steps.next();
    const std::size_t best = plan.cheapest < 0 ? 0 : static_cast<std::size_t>(plan.cheapest);
    plan.sensitivity = sensitivityOf(request, stream, plan.options[best].mode, pool, progress);
    steps.next();
    if (hasRanges(stream.workload))
        plan.quantiles = quantilesOf(request, stream, pool, progress);
    steps.next();
    addNotes(plan, basis, request);
    return plan;
}

/// Sums over the streams; the commitment is the account's, once.
void addAccount(PlanResult& result, const PlanRequest& request)
{
    Usage all;
    double commitmentHours = 0;
    for (const StreamPlan& stream : result.streams)
        for (const PlanOption& option : stream.options)
            if (option.mode == PlanMode::Advantage) {
                all += option.usage;
                commitmentHours = option.usage.commitmentHours;
            }
    if (commitmentHours > 0) {
        all.commitmentHours = commitmentHours;
        result.advantageBill = onDemandBill(all, request.prices, OnDemandPlan::Advantage);
        result.advantageUsd = totalOf(result.advantageBill);
    }
    const auto sum = [&](auto wanted) -> std::optional<double> {
        double total = 0;
        for (const StreamPlan& stream : result.streams) {
            std::optional<double> least;
            for (const PlanOption& option : stream.options)
                if (wanted(option) && option.usd && (!least || *option.usd < *least))
                    least = option.usd;
            if (!least)
                return {};
            total += *least;
        }
        return total;
    };
    result.standardUsd = sum([](const PlanOption& o) { return o.mode == PlanMode::Standard; });
    result.cheapestProvisionedUsd = sum([](const PlanOption& o) {
        return o.meetsTarget
            && (o.mode == PlanMode::Fixed || o.mode == PlanMode::Schedule
                || o.mode == PlanMode::Policy);
    });
}

} // namespace

const char* wordOf(PlanMode mode)
{
    switch (mode) {
    case PlanMode::Fixed:
        return "fixed";
    case PlanMode::Schedule:
        return "schedule";
    case PlanMode::Policy:
        return "policy";
    case PlanMode::Standard:
        return "standard";
    case PlanMode::Advantage:
        return "advantage";
    }
    return "";
}

const char* titleOf(PlanMode mode)
{
    switch (mode) {
    case PlanMode::Fixed:
        return "Provisioned, fixed";
    case PlanMode::Schedule:
        return "Provisioned, by schedule";
    case PlanMode::Policy:
        return "Provisioned, auto-scaling";
    case PlanMode::Standard:
        return "On-demand Standard";
    case PlanMode::Advantage:
        return "On-demand Advantage";
    }
    return "";
}

const char* wordOf(PlanLimit limit)
{
    switch (limit) {
    case PlanLimit::WriteBytes:
        return "writeBytes";
    case PlanLimit::WriteRecords:
        return "writeRecords";
    case PlanLimit::HottestKey:
        return "hottestKey";
    case PlanLimit::ReadBytes:
        return "readBytes";
    case PlanLimit::ReadCalls:
        return "readCalls";
    }
    return "";
}

const char* titleOf(PlanLimit limit)
{
    switch (limit) {
    case PlanLimit::WriteBytes:
        return "Write bytes";
    case PlanLimit::WriteRecords:
        return "Write records";
    case PlanLimit::HottestKey:
        return "Hottest key";
    case PlanLimit::ReadBytes:
        return "Read bytes";
    case PlanLimit::ReadCalls:
        return "Read calls";
    }
    return "";
}

Result<PlanResult> plan(const PlanRequest& request, PlanProgress& progress)
{
    if (auto error = refusal(request))
        return tl::unexpected<Error>(*error);
    PlanResult result;
    result.region = request.region;
    result.priceDate = request.priceDate;
    result.days = request.days;
    result.targetRefused = request.targetRefused;
    result.seed = request.seed;
    WorkerPool pool(std::max(1, request.threads));
    const int steps = static_cast<int>(modesOf(request).size()) + 3;
    for (std::size_t i = 0; i < request.streams.size(); ++i) {
        Steps progressSteps(progress, i, request.streams.size(), steps);
        result.streams.push_back(
            planStream(request, request.streams[i], pool, progress, progressSteps));
        if (progress.cancelled.load())
            return fail(ErrorCode::Busy, "The plan was cancelled.");
    }
    addAccount(result, request);
    progress.done = 1;
    return result;
}

} // namespace shardscope
