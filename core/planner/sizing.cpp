#include "core/planner/sizing.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "core/engine/limits.h"

namespace shardscope {
namespace {

constexpr auto kRecords = static_cast<double>(limits::kShardWriteRecords);
constexpr auto kBytes = static_cast<double>(limits::kShardWriteBytes);
constexpr auto kReadBytes = static_cast<double>(limits::kShardReadBytes);
constexpr auto kCalls = static_cast<double>(limits::kShardReadCalls);

/// What one share of the stream takes of a shard's tightest limit that shards can relieve.
double usePerShare(const ShardDemand& load)
{
    return std::max({load.records / kRecords, load.bytes / kBytes,
                     load.sharedReaders * load.bytes / kReadBytes});
}

double room(const ShardDemand& load)
{
    return 1 - load.headroom;
}

double heaviest(const std::vector<double>& weights)
{
    return *std::max_element(weights.begin(), weights.end());
}

std::string figure(double value, const char* unit)
{
    char text[64];
    const char* form = std::abs(value) >= 100 ? "%.0f%s%s" : "%.3g%s%s";
    std::snprintf(text, sizeof text, form, value, *unit != '\0' ? " " : "", unit);
    return text;
}

std::string amount(double bytes)
{
    if (bytes >= 1'048'576)
        return figure(bytes / 1'048'576, "MiB/s");
    return bytes >= 1'024 ? figure(bytes / 1'024, "KiB/s") : figure(bytes, "B/s");
}

} // namespace

ShardDemand loadOf(const DemandPeak& peak, const PlanWorkload& workload)
{
    return {peak.records, peak.bytes, std::round(workload.sharedReaders.middle()),
            workload.readsPerSecond, workload.headroomPercent.middle() / 100};
}

std::int64_t evenShardsFor(const ShardDemand& load)
{
    // A load of exactly 20 shards must not become 21 because of its last binary digit.
    const double shards = usePerShare(load) / room(load);
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(shards * (1 - 1e-6))));
}

std::optional<std::int64_t> shardsFor(const ShardDemand& load, const KeyWeights& keys,
                                      std::int64_t most)
{
    const double use = usePerShare(load);
    const double free = room(load) * (1 + 1e-6);
    if (keys.topKey() * use > free)
        return {};
    const auto fits
        = [&](std::int64_t shards) { return heaviest(keys.ofEvenRanges(shards)) * use <= free; };
    // Counts are not in order of their heaviest shard, so they are tried one by one while that is
    // quick, then in steps of a thirty-second.
    std::int64_t shards = evenShardsFor(load), step = 0;
    while (shards <= most && !fits(shards)) {
        step = std::max<std::int64_t>(1, shards / 32);
        shards += step;
    }
    if (shards > most)
        return {};
    for (std::int64_t below = shards - 1; below > shards - step && fits(below);)
        shards = below--;
    return shards;
}

std::vector<HashKeyRange> isolatingRanges(const ShardDemand& load, const KeyWeights& keys,
                                          std::int64_t most)
{
    const double use = usePerShare(load);
    const double free = room(load) * (1 + 1e-6);
    if (keys.topKey() * use > 1 || keys.topKey() <= 0)
        return {};
    const HashKey hot = keys.topKeyAt();
    for (std::int64_t count = evenShardsFor(load); count <= most;
         count += std::max<std::int64_t>(1, count / 32)) {
        std::vector<HashKeyRange> ranges;
        bool fits = true;
        for (std::int64_t i = 0; i < count && fits; ++i) {
            const HashKeyRange range
                = evenRange(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(count));
            if (!range.contains(hot)) {
                ranges.push_back(range);
            } else {
                // A shard is two keys wide at least.
                const U128 from = std::max(range.start.value, hot.value - (hot.value > 0 ? 1 : 0));
                const U128 to = std::min(range.end.value, hot.value + 1);
                if (from > range.start.value)
                    ranges.push_back({range.start, {from - 1}});
                ranges.push_back({{from}, {to}});
                if (to < range.end.value)
                    ranges.push_back({{to + 1}, range.end});
            }
        }
        for (const HashKeyRange& range : ranges)
            fits = fits && (range.contains(hot) || keys.of(range) * use <= free);
        if (fits)
            return ranges;
    }
    return {};
}

std::vector<LimitUse> limitUses(const ShardDemand& load, const KeyWeights& keys,
                                std::int64_t shards)
{
    const double share = heaviest(keys.ofEvenRanges(shards));
    const double skew = share * static_cast<double>(shards);
    const double free = room(load);
    const std::string spread = " x " + figure(skew, "") + " (busiest shard / mean shard)";
    const std::string over = " / (" + std::to_string(shards) + " shards x ";
    const std::string roomText = figure(100 * free, "%");
    std::vector<LimitUse> uses;
    const auto add = [&](PlanLimit limit, double amountPerSecond, double limitPerShard,
                         const std::string& amountText, const std::string& limitText) {
        const double percent = 100 * amountPerSecond * share / limitPerShard;
        uses.push_back({limit, percent, amountPerSecond * skew / (limitPerShard * free),
                        amountText + spread + over + limitText + ") = " + figure(percent, "%")
                            + "; at most " + roomText + " is planned for"});
    };
    add(PlanLimit::WriteRecords, load.records, kRecords, figure(load.records, "records/s"),
        "1,000 records/s");
    add(PlanLimit::WriteBytes, load.bytes, kBytes, amount(load.bytes), "1 MiB/s");
    if (load.sharedReaders > 0)
        add(PlanLimit::ReadBytes, load.sharedReaders * load.bytes, kReadBytes,
            figure(load.sharedReaders, "shared readers x ") + amount(load.bytes), "2 MiB/s");
    if (keys.topKey() > 0) {
        const double use = std::max(load.records / kRecords, load.bytes / kBytes);
        const double percent = 100 * keys.topKey() * use;
        uses.push_back({PlanLimit::HottestKey, percent, percent > 100 * free ? INFINITY : 1,
                        figure(100 * keys.topKey(), "% of the records on one key") + " x "
                            + figure(use, "shards' worth of traffic") + " = " + figure(percent, "%")
                            + " of one shard; no split divides a key"});
    }
    if (load.sharedReaders > 0) {
        const double percent = 100 * load.sharedReaders * load.readsPerSecond / kCalls;
        uses.push_back({PlanLimit::ReadCalls, percent, 1,
                        figure(load.sharedReaders, "shared readers x ")
                            + figure(load.readsPerSecond, "calls/s") + " / 5 calls/s of a shard = "
                            + figure(percent, "%") + "; more shards do not change it"});
    }
    std::stable_sort(uses.begin(), uses.end(),
                     [](const LimitUse& a, const LimitUse& b) { return a.percent > b.percent; });
    return uses;
}

} // namespace shardscope
