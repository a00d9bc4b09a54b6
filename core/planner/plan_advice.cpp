#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/planner/plan_parts.h"

/// Advice, each piece planned out before it is given.
namespace shardscope {
namespace {

std::string usdText(const std::optional<double>& usd)
{
    if (!usd)
        return "at a price that is not known";
    char text[40];
    std::snprintf(text, sizeof text, "%.0f USD a month", *usd);
    return text;
}

std::string shareText(double share)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3g %%", 100 * share);
    return text;
}

std::string shardsText(const PlanOption& option)
{
    if (option.shardsLeast != option.shardsMost)
        return std::to_string(option.shardsLeast) + " to " + std::to_string(option.shardsMost)
            + " shards";
    return std::to_string(option.shardsMost) + (option.shardsMost == 1 ? " shard" : " shards");
}

/// Fixed before and after a change of the workload.
class Adviser {
public:
    Adviser(const PlanBasis& basis, const PlanOption& fixed, std::vector<PlanAdvice>& out)
        : m_basis(basis)
        , m_fixed(fixed)
        , m_out(out)
    {
    }

    void tryWorkload(const std::string& what, const PlanWorkload& changed, const std::string& price)
    {
        const PlanBasis basis
            = basisOf(m_basis.request, changed, m_basis.measured, m_basis.pool, m_basis.cancelled);
        add(what, optionOf(basis, PlanMode::Fixed, Detail::Short), price);
    }
    void tryOption(const std::string& what, const PlanOption& after, const std::string& price)
    {
        add(what, after, price);
    }

private:
    /// Kept when it meets a target that is missed now, or saves a twentieth at least.
    void add(const std::string& what, const PlanOption& after, const std::string& price)
    {
        const bool heals = after.meetsTarget && !m_fixed.meetsTarget;
        const bool saves
            = after.meetsTarget && after.usd && m_fixed.usd && *after.usd < 0.95 * *m_fixed.usd;
        if (!heals && !saves)
            return;
        m_out.push_back({what + ": " + shardsText(after) + " instead of " + shardsText(m_fixed)
                             + ", " + usdText(after.usd) + " instead of " + usdText(m_fixed.usd)
                             + ", " + shareText(after.refusedShare) + " refused instead of "
                             + shareText(m_fixed.refusedShare) + '.' + price,
                         after.mode, m_fixed.shardsMost, after.shardsMost, m_fixed.usd, after.usd,
                         m_fixed.refusedShare, after.refusedShare});
    }

    const PlanBasis& m_basis;
    const PlanOption& m_fixed;
    std::vector<PlanAdvice>& m_out;
};

void adviseKeys(const PlanBasis& basis, Adviser& adviser)
{
    const PlanWorkload& w = basis.workload;
    const double even = static_cast<double>(evenShardsFor(basis.load));
    const bool skewed = !basis.keyFits || static_cast<double>(basis.shards) >= 1.2 * even + 1;
    if (!skewed || basis.demand.keys.topKey() <= 0)
        return;
    for (const std::int64_t salt : {4, 16}) {
        PlanWorkload salted = w;
        salted.keys.salt = w.keys.salt * salt;
        adviser.tryWorkload("Spread each hot key over " + std::to_string(salt)
                                + " keys (key#0 to key#" + std::to_string(salt - 1) + ")",
                            salted, " Order is kept within each of them only.");
    }
    const auto ranges = isolatingRanges(basis.load, basis.demand.keys, basis.shards);
    if (!ranges.empty() && static_cast<std::int64_t>(ranges.size()) < basis.shards)
        adviser.tryOption("Give the hottest key a shard of its own by two splits at its hash key",
                          optionWithRanges(basis, ranges), " UpdateShardCount would undo it.");
}

} // namespace

std::vector<PlanAdvice> adviceOf(const PlanBasis& basis, const std::vector<PlanOption>& options)
{
    std::vector<PlanAdvice> out;
    const auto fixed = std::find_if(options.begin(), options.end(),
                                    [](const PlanOption& o) { return o.mode == PlanMode::Fixed; });
    if (fixed == options.end())
        return out;
    Adviser adviser(basis, *fixed, out);
    const PlanWorkload& w = basis.workload;
    if (basis.measured == nullptr && !w.aggregated) {
        PlanWorkload changed = w;
        changed.aggregated = true;
        adviser.tryWorkload(
            "Aggregate records with KPL in " + std::to_string(w.producers) + " processes", changed,
            " Records wait up to 100 ms more, and readers must take them apart.");
    }
    adviseKeys(basis, adviser);
    const double shared = std::round(w.sharedReaders.middle());
    if (shared > 1) {
        PlanWorkload changed = w;
        changed.sharedReaders = 1;
        changed.fanOutReaders = std::round(w.fanOutReaders.middle()) + shared - 1;
        adviser.tryWorkload("Keep one shared reader and register the others for enhanced fan-out",
                            changed, "");
    }
    for (const PlanOption& option : options)
        if (option.mode != PlanMode::Fixed)
            adviser.tryOption(std::string("Run it as ") + titleOf(option.mode), option, "");
    return out;
}

} // namespace shardscope
