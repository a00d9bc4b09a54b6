#include <cstdio>

#include "app/plan.h"

namespace shardscope {
namespace {

std::string figure(const char* form, double value)
{
    char text[64];
    std::snprintf(text, sizeof text, form, value);
    return text;
}

/// With as many digits as are worth reading.
std::string amount(double value, const char* unit)
{
    return figure(value >= 1'000 ? "%.0f " : "%.3g ", value) + unit;
}

std::string usd(const std::optional<double>& value)
{
    return value ? figure("%.2f USD", *value) : "no price";
}

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(width, text.size() + 2), ' ');
    return text;
}

std::string shardsText(const PlanOption& o)
{
    return o.shardsLeast == o.shardsMost
        ? std::to_string(o.shardsMost)
        : std::to_string(o.shardsLeast) + " to " + std::to_string(o.shardsMost);
}

void addStream(std::string& out, const StreamPlan& s)
{
    out += s.name + ": " + amount(s.meanRecords, "records/s") + ", "
        + amount(s.meanBytes / 1'048'576, "MiB/s") + "; busiest minute "
        + amount(s.peakRecords, "records/s") + ", " + amount(s.peakBytes / 1'048'576, "MiB/s")
        + "\n\n";
    out += "  What decides: " + std::string(titleOf(s.binding)) + "\n";
    for (const LimitUse& use : s.uses)
        out += "    " + padded(titleOf(use.limit), 16) + padded(figure("%.3g %%", use.percent), 10)
            + use.formula + "\n";
    out += "\n  " + padded("", 28) + padded("shards", 12) + padded("refused", 12)
        + padded("busiest second", 18) + padded("iterator age", 16) + "a month\n";
    for (std::size_t i = 0; i < s.options.size(); ++i) {
        const PlanOption& o = s.options[i];
        const char* mark = static_cast<int>(i) == s.cheapest ? "> " : "  ";
        out += mark + padded(titleOf(o.mode), 28) + padded(shardsText(o), 12)
            + padded(figure("%.3g %%", 100 * o.refusedShare) + (o.meetsTarget ? "" : " !"), 12)
            + padded(figure("%.0f %% of a shard", o.peakPercent), 18)
            + padded(figure("%.3g s", o.maxAgeSeconds), 16) + usd(o.usd) + "\n";
        if (!o.remark.empty())
            out += "      " + o.remark + "\n";
    }
    for (const OptionQuantiles& q : s.quantiles)
        out += "  " + padded(titleOf(q.mode), 28) + figure("%.0f", q.shards.p50) + " shards, "
            + figure("%.0f", q.shards.p90) + " at 90 %"
            + (q.usd ? "; " + figure("%.0f", q.usd->p50) + " USD, " + figure("%.0f", q.usd->p90)
                       + " at 90 %"
                     : std::string())
            + "; meets the target in " + figure("%.0f %%", 100 * q.meetsTarget) + "\n";
    out += "\n";
    if (s.breakEven.utilisation)
        out += "  Provisioned is cheaper than Standard above "
            + figure("%.2g %%", 100 * *s.breakEven.utilisation) + " mean use of its shards.\n";
    if (s.breakEven.advantageFromMiBps)
        out += "  Advantage is cheaper than Standard from "
            + figure("%.1f MiB/s", *s.breakEven.advantageFromMiBps) + " in the account.\n";
    for (const PlanAdvice& advice : s.advice)
        out += "  - " + advice.text + "\n";
    for (const std::string& note : s.notes)
        out += "  * " + note + "\n";
    out += "\n";
}

} // namespace

std::string planText(const PlanResult& result)
{
    std::string out;
    for (const StreamPlan& stream : result.streams)
        addStream(out, stream);
    if (result.streams.size() > 1)
        out += "All streams: provisioned " + usd(result.cheapestProvisionedUsd) + ", Standard "
            + usd(result.standardUsd) + ", Advantage " + usd(result.advantageUsd) + " a month.\n";
    out += "Prices of " + result.region + ", read " + result.priceDate + "; at most "
        + figure("%.3g %%", 100 * result.targetRefused) + " refused; seed "
        + std::to_string(result.seed) + ".\n";
    return out;
}

} // namespace shardscope
