#include <algorithm>
#include <cmath>

#include "core/engine/limits.h"
#include "core/planner/plan_parts.h"

namespace shardscope {
namespace {

constexpr double kMiB = 1'048'576;
constexpr int kPoints = 49;
constexpr double kFrom = 0.05, kTo = 100; ///< MiB/s that a crossing is looked for in

std::optional<double> costAt(const PlanBasis& basis, PlanMode mode, double meanMiBps, double shards)
{
    return totalOf(billOf(mode, usageAt(basis, mode, meanMiBps, shards), basis.request.prices));
}

/// Standard's bill without its stream-hours, which no traffic pays for.
std::optional<double> standardTraffic(const PlanBasis& basis, double meanMiBps)
{
    Usage usage = usageAt(basis, PlanMode::Standard, meanMiBps, 0);
    usage.onDemandStreamHours = 0;
    return totalOf(billOf(PlanMode::Standard, usage, basis.request.prices));
}

std::optional<double> advantageFrom(const PlanBasis& basis)
{
    const auto saves = [&](double meanMiBps) -> std::optional<double> {
        const auto standard = standardTraffic(basis, meanMiBps);
        const auto advantage = costAt(basis, PlanMode::Advantage, meanMiBps, 0);
        if (!standard || !advantage)
            return {};
        return *standard - *advantage;
    };
    const auto low = saves(kFrom), high = saves(kTo);
    if (!low || !high || *low > 0 || *high < 0)
        return {};
    double from = kFrom, to = kTo;
    for (int i = 0; i < 60; ++i) {
        const double middle = std::sqrt(from * to);
        (*saves(middle) < 0 ? from : to) = middle;
    }
    return std::sqrt(from * to);
}

/// What a full shard carries, MiB/s.
double fullShard(const PlanBasis& basis)
{
    return std::min(
        1.0, static_cast<double>(limits::kShardWriteRecords) * basis.demand.sizes.mean / kMiB);
}

std::optional<double> utilisation(const PlanBasis& basis)
{
    const double full = fullShard(basis);
    const auto onDemand = standardTraffic(basis, full);
    const auto atFull = costAt(basis, PlanMode::Fixed, full, 1);
    const auto idle = costAt(basis, PlanMode::Fixed, 0, 1);
    if (!onDemand || !atFull || !idle || *onDemand <= *atFull - *idle)
        return {};
    return *idle / (*onDemand - (*atFull - *idle));
}

} // namespace

BreakEven breakEvenOf(const PlanBasis& basis)
{
    BreakEven out;
    double mean = 0;
    for (const float bytes : basis.demand.bytes)
        mean += static_cast<double>(bytes);
    mean /= std::max<double>(1, static_cast<double>(basis.demand.minutes())) * kMiB;
    if (mean <= 0)
        return out;
    out.utilisation = utilisation(basis);
    out.advantageFromMiBps = advantageFrom(basis);
    // As far as the crossings, and this plan in the middle.
    const double to = std::max({2 * mean, 1.2 * out.advantageFromMiBps.value_or(0)});
    for (int i = 0; i < kPoints; ++i) {
        const double at = to * i / (kPoints - 1);
        const double shards
            = std::max(1.0, std::ceil(static_cast<double>(basis.shards) * at / mean - 1e-9));
        out.curve.push_back({at, costAt(basis, PlanMode::Fixed, at, shards),
                             costAt(basis, PlanMode::Standard, at, 0),
                             costAt(basis, PlanMode::Advantage, at, 0)});
    }
    return out;
}

} // namespace shardscope
