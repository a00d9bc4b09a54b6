#include "app/bench/plan_accuracy.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/bundled.h"
#include "core/base/check.h"
#include "core/base/rng.h"
#include "core/planner/month.h"
#include "core/planner/plan_parts.h"
#include "core/runtime/simulation.h"

namespace shardscope {
namespace {

class Draw {
public:
    explicit Draw(std::uint64_t seed)
        : m_rng(seed, 0x61636375)
    {
    }
    double between(double low, double high) { return low + (high - low) * m_rng.unit(m_next++); }
    /// Every order of size as likely as the next.
    double across(double low, double high)
    {
        return low * std::pow(high / low, m_rng.unit(m_next++));
    }
    std::uint64_t below(std::uint64_t count) { return m_rng.below(m_next++, count); }
    bool oneIn(std::uint64_t count) { return below(count) == 0; }

private:
    CounterRng m_rng;
    std::uint64_t m_next = 0;
};

PlanKeys drawKeys(Draw& draw)
{
    PlanKeys keys;
    switch (draw.below(6)) {
    case 0:
    case 1:
        keys.shape = KeySpec::Shape::Random;
        break;
    case 2:
        keys.shape = KeySpec::Shape::Uniform;
        keys.count = std::round(draw.across(20, 20'000));
        break;
    case 3:
        keys.shape = KeySpec::Shape::Zipf;
        keys.count = std::round(draw.across(100, 50'000));
        keys.exponent = draw.between(0.4, 1.2);
        break;
    case 4:
        keys.shape = KeySpec::Shape::HotShare;
        keys.count = 5'000;
        keys.hotShare = draw.between(0.05, 0.5);
        break;
    default:
        keys.shape = KeySpec::Shape::Constant;
        keys.salt = static_cast<std::int64_t>(1 + draw.below(8));
        break;
    }
    return keys;
}

PlanMode drawMode(Draw& draw)
{
    const std::uint64_t mode = draw.below(8);
    return mode == 0 ? PlanMode::Standard : mode == 1 ? PlanMode::Policy : PlanMode::Fixed;
}

} // namespace

AccuracyCase accuracyCase(std::uint64_t seed)
{
    Draw draw(seed);
    AccuracyCase out;
    PlanWorkload w;
    w.name = "drawn";
    w.curve = DayCurve::Constant;
    w.peakFactor = 1;
    w.keys = drawKeys(draw);
    const PlanMode mode = drawMode(draw);
    const bool scales = mode != PlanMode::Fixed;
    const auto shards = mode == PlanMode::Standard
        ? 4
        : static_cast<std::int64_t>(1 + draw.below(scales ? 4 : 12));
    w.recordBytes = std::round(draw.across(60, 16'000));
    if (draw.oneIn(2))
        w.recordBytesP99 = std::round(w.recordBytes.low * draw.between(1.5, 3));
    const double shardRecords = std::min(1'000.0, 1'048'576 / w.recordBytes.low);
    const double use = draw.oneIn(3) ? draw.between(0.9, 1.1) : draw.across(0.1, 2);
    const std::vector<double> weights = KeyWeights::ofKeys(keySpecOf(w.keys)).ofEvenRanges(shards);
    w.recordsPerSecond = shardRecords * use / *std::max_element(weights.begin(), weights.end());
    w.burstFactor = draw.oneIn(2) ? 1 : draw.between(1, 4);
    w.burstLength = SimDuration::seconds(static_cast<std::int64_t>(1 + draw.below(10)));
    using R = ClientSpec::Retry;
    constexpr R kRetries[] {R::None, R::Legacy, R::Standard2025, R::Standard2026};
    w.retry = kRetries[draw.below(4)];
    if (draw.oneIn(2))
        w.campaigns.push_back({SimDuration::minutes(static_cast<std::int64_t>(1 + draw.below(4))),
                               draw.between(0.2, 2.5), SimDuration::minutes(1),
                               SimDuration::minutes(static_cast<std::int64_t>(1 + draw.below(4)))});
    w.sharedReaders = static_cast<double>(draw.below(3));
    out.request.streams = {{w, nullptr}};
    out.request.days = 1;
    out.request.seed = seed;
    out.request.policy.upAfterMinutes = 2;
    out.request.policy.upCoolOff = SimDuration::minutes(3);
    out.excerpt = {mode, shards, {}, out.request.start, SimDuration::minutes(scales ? 15 : 8)};
    char text[200];
    std::snprintf(text, sizeof text,
                  "%s, %lld shards, %.0f records/s of %.0f B (p99 %.0f), burst %.2g for %.0f s, %s",
                  wordOf(mode), static_cast<long long>(shards), w.recordsPerSecond.low,
                  w.recordBytes.low, w.recordBytesP99, w.burstFactor.low, w.burstLength.inSeconds(),
                  w.campaigns.empty() ? "even" : "a campaign");
    out.text = text;
    return out;
}

double AccuracyRow::refusedDeviation() const
{
    return std::abs(refusedModel - refusedEngine);
}

double AccuracyRow::peakDeviation() const
{
    return 100 * std::abs(peakModel - peakEngine) / std::max(100.0, peakEngine);
}

AccuracyRow compareWithEngine(const AccuracyCase& drawn)
{
    AccuracyRow row;
    const PlanStream& stream = drawn.request.streams.front();
    const Scenario scenario = planScenario(drawn.request, stream, drawn.excerpt);
    auto world = Simulation::create(scenario, bundledPrices());
    SHARDSCOPE_CHECK(world.has_value());
    WorkerPool pool(1);
    world->advance(world->start() + drawn.excerpt.length, pool);
    Snapshot snapshot;
    world->fill(snapshot);
    row.refusedEngine = snapshot.offered.records > 0
        ? 100 * static_cast<double>(snapshot.refused.records)
            / static_cast<double>(snapshot.offered.records)
        : 0;
    for (const ShardRow& shard : snapshot.shards) {
        row.peakEngine = std::max(row.peakEngine, shard.peakPercentOfLimit);
        row.shardsEngine += shard.state == ShardState::Open ? 1 : 0;
    }

    PlanBasis basis = basisOf(drawn.request, stream.workload, nullptr, nullptr, nullptr);
    const auto minutes = static_cast<std::size_t>(drawn.excerpt.length / SimDuration::minutes(1));
    basis.demand.records.resize(minutes);
    basis.demand.bytes.resize(minutes);
    CapacityPlan capacity;
    capacity.mode = drawn.excerpt.mode;
    capacity.shards = drawn.excerpt.shards;
    capacity.policy = drawn.request.policy;
    const Month month = runMonth(basis.demand, capacity, termsOf(basis));
    row.refusedModel = 100 * month.refusedShare();
    row.peakModel = month.peakPercent;
    row.shardsModel = static_cast<double>(month.shardsLast);
    return row;
}

} // namespace shardscope
