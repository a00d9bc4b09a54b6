#include "app/bench/bench_plan.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "app/bench/plan_accuracy.h"
#include "core/base/worker_pool.h"
#include "core/planner/month.h"

namespace shardscope {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

constexpr std::uint64_t kCases = 50;

BenchResult lower(const char* name, double value, const char* unit, double goal)
{
    BenchResult r;
    r.name.append(name);
    r.value = value;
    r.unit.append(unit);
    r.higherIsBetter = false;
    r.valueGoal = goal;
    return r;
}

/// The largest deviations over the drawn cases, and what they were of on standard error.
std::vector<BenchResult> accuracy(const BenchOptions&)
{
    double refused = 0, peak = 0, refusedSum = 0, peakSum = 0;
    for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
        const AccuracyCase drawn = accuracyCase(seed);
        const AccuracyRow row = compareWithEngine(drawn);
        std::fprintf(
            stderr,
            "plan-accuracy %2d: refused %6.2f %% model %6.2f %%, peak %6.1f %% model %6.1f "
            "%%, shards %3.0f model %3.0f: %s\n",
            static_cast<int>(seed), row.refusedEngine, row.refusedModel, row.peakEngine,
            row.peakModel, row.shardsEngine, row.shardsModel, drawn.text.c_str());
        refused = std::max(refused, row.refusedDeviation());
        peak = std::max(peak, row.peakDeviation());
        refusedSum += row.refusedDeviation();
        peakSum += row.peakDeviation();
    }
    return {lower("plan-accuracy-refused-largest", refused, "percentage points", 0.5),
            lower("plan-accuracy-refused-mean", refusedSum / kCases, "percentage points", 0),
            lower("plan-accuracy-peak-largest", peak, "%", 2),
            lower("plan-accuracy-peak-mean", peakSum / kCases, "%", 0)};
}

/// A month of `shards` at `use` of their limits; `p99` of the sizes, 0: all alike.
Demand monthOf(std::int64_t shards, double use, double p99)
{
    PlanWorkload w;
    w.recordBytes = 1'048;
    w.recordBytesP99 = p99;
    w.curve = use >= 1 ? DayCurve::Constant : DayCurve::Daily;
    w.peakFactor = use >= 1 ? 1 : 1.65;
    w.recordsPerSecond = static_cast<double>(shards) * 1'000 * use;
    return demandOf(w, PlanRequest {}.start, 30, shards);
}

struct SpeedCase {
    const char* name;
    double use, p99;
};
/// What is usual, and what is worst: every shard over its limit in every second.
constexpr std::array kSpeedCases {
    SpeedCase {"plan-speed-usual", 0.4, 2'600},
    SpeedCase {"plan-speed-all-full", 1.05, 0},
    SpeedCase {"plan-speed-all-full-mixed-sizes", 1.05, 2'600},
};

/// 30 days of 1,000 shards, second by second.
std::vector<BenchResult> speed(const BenchOptions& options)
{
    constexpr std::int64_t kShards = 1'000;
    WorkerPool pool(options.threads);
    MonthTerms terms {RetryProfile(ClientSpec {})};
    terms.pool = &pool;
    CapacityPlan capacity;
    capacity.shards = kShards;
    std::vector<BenchResult> results;
    for (const SpeedCase& c : kSpeedCases) {
        const Demand demand = monthOf(kShards, c.use, c.p99);
        const auto begin = Clock::now();
        const Month month = runMonth(demand, capacity, terms);
        const double seconds = secondsSince(begin);
        results.push_back(lower(c.name, seconds, "s", 15));
        std::fprintf(stderr, "%s: %.3g %% refused, %.3g simulated seconds a second\n", c.name,
                     100 * month.refusedShare(),
                     static_cast<double>(demand.minutes()) * 60 / seconds);
    }
    return results;
}

constexpr std::array kBenches {
    Bench {"plan-accuracy", "the flow model's refused share and peak beside the record engine's",
           &accuracy},
    Bench {"plan-speed", "a month of 1,000 shards at 1 s in the flow model", &speed},
};

} // namespace

std::span<const Bench> planBenches()
{
    return kBenches;
}

} // namespace shardscope
