#include "core/engine/on_demand_scaler.h"

#include <algorithm>
#include <cmath>

namespace shardscope {
namespace {

std::int64_t ceilOf(double shards)
{
    // A peak of exactly 2.0 shards must not become 5 because of its last binary digit.
    return static_cast<std::int64_t>(std::ceil(shards - 1e-9));
}

void chooseMerges(const OnDemandObservation& seen, const OnDemandModel& model,
                  OnDemandDecision& decision)
{
    std::int64_t room = seen.openSoon - decision.needed;
    for (std::size_t i = 0; i + 1 < seen.open.size() && room > 0; ++i) {
        const ShardLoad& low = seen.open[i];
        const ShardLoad& high = seen.open[i + 1];
        if (low.changing || high.changing || low.load + high.load >= model.mergeBelow)
            continue;
        decision.merge.emplace_back(low.slot, high.slot);
        --room;
        ++i;
    }
}

} // namespace

std::int64_t shardsNeededFor(double peak30d, std::optional<std::int64_t> warmMiBps,
                             const OnDemandModel& model)
{
    const std::int64_t wanted
        = std::max({model.shardsLeast, ceilOf(model.headRoom * peak30d), warmMiBps.value_or(0)});
    return std::min(wanted, model.shardsMost);
}

std::int64_t shardsAfterScaleDown(std::int64_t warmMiBps, double peakLastHour,
                                  const OnDemandModel& model)
{
    const std::int64_t left
        = std::max({model.shardsLeast, warmMiBps, ceilOf(peakLastHour / model.splitAbove)});
    return std::min(left, model.shardsMost);
}

OnDemandDecision decide(const OnDemandObservation& seen, const OnDemandModel& model)
{
    OnDemandDecision decision;
    decision.needed = shardsNeededFor(seen.peak30d, seen.warmMiBps, model);
    std::int64_t room = model.shardsMost - seen.openSoon;
    std::vector<std::size_t> chosen, spare;
    for (std::size_t i = 0; i < seen.open.size(); ++i) {
        const ShardLoad& shard = seen.open[i];
        if (shard.changing)
            continue;
        const bool hotKey = shard.hotSplits >= model.hotSplitsMost;
        if (shard.load > model.splitAbove && !hotKey && room > 0) {
            chosen.push_back(i);
            --room;
        } else if (shard.load > model.splitAbove && hotKey) {
            if (!shard.advised)
                decision.hotKey.push_back(shard.slot);
        } else {
            spare.push_back(i);
        }
    }
    // What the stream's own rule asks for beyond that comes from the widest of the others.
    const auto soon = [&] { return seen.openSoon + static_cast<std::int64_t>(chosen.size()); };
    if (soon() < decision.needed) {
        std::stable_sort(spare.begin(), spare.end(), [&](std::size_t a, std::size_t b) {
            return seen.open[a].range.width() > seen.open[b].range.width();
        });
        for (const std::size_t i : spare) {
            if (soon() >= decision.needed)
                break;
            if (seen.open[i].hotSplits < model.hotSplitsMost)
                chosen.push_back(i);
        }
        std::sort(chosen.begin(), chosen.end());
    }
    for (const std::size_t i : chosen)
        decision.split.push_back(seen.open[i].slot);
    if (seen.mayMerge && decision.split.empty())
        chooseMerges(seen, model, decision);
    return decision;
}

} // namespace shardscope
