#include <algorithm>

#include "app/plan.h"
#include "core/planner/report/report_text.h"

namespace shardscope {
namespace {

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(width, text.size() + 2), ' ');
    return text;
}

void addStream(std::string& out, const StreamPlan& s, double target)
{
    out += s.name + ": " + report::headline(s, target) + "\n  "
        + report::recordsPerSecond(s.meanRecords) + " and " + report::mibps(s.meanBytes)
        + " on average, " + report::recordsPerSecond(s.peakRecords) + " and "
        + report::mibps(s.peakBytes) + " in the busiest minute.\n\n  " + report::bindingSentence(s)
        + "\n";
    for (const LimitUse& use : s.uses)
        out += "    " + padded(titleOf(use.limit), 16) + padded(report::percent(use.percent), 10)
            + use.formula + "\n";
    out += "\n  " + padded("", 28) + padded("shards", 12) + padded("refused", 12)
        + padded("busiest second", 18) + padded("iterator age", 16) + "a month\n";
    for (std::size_t i = 0; i < s.options.size(); ++i) {
        const PlanOption& o = s.options[i];
        const char* mark = static_cast<int>(i) == s.cheapest ? "> " : "  ";
        out += mark + padded(titleOf(o.mode), 28) + padded(report::shards(o), 12)
            + padded(report::percent(100 * o.refusedShare) + (o.meetsTarget ? "" : " !"), 12)
            + padded(report::percent(o.peakPercent) + " of a shard", 18)
            + padded(report::age(o.maxAgeSeconds), 16) + report::usd(o.usd) + "\n";
        if (!o.remark.empty())
            out += "      " + o.remark + "\n";
    }
    for (const OptionQuantiles& q : s.quantiles)
        out += "  " + padded(titleOf(q.mode), 28) + report::grouped(q.shards.p50) + " shards, "
            + report::grouped(q.shards.p90) + " at 90 %"
            + (q.usd ? "; " + report::usd(q.usd->p50) + ", " + report::usd(q.usd->p90) + " at 90 %"
                     : std::string())
            + "; meets the target in " + report::percent(100 * q.meetsTarget) + "\n";
    out += "\n";
    if (s.breakEven.utilisation)
        out += "  Provisioned is cheaper than Standard above "
            + report::percent(100 * *s.breakEven.utilisation) + " mean use of its shards.\n";
    if (s.breakEven.advantageFromMiBps)
        out += "  Advantage is cheaper than Standard from "
            + report::grouped(*s.breakEven.advantageFromMiBps, 1) + " MiB/s in the account.\n";
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
        addStream(out, stream, result.targetRefused);
    if (result.streams.size() > 1)
        out += "All streams: provisioned " + report::usd(result.cheapestProvisionedUsd)
            + ", Standard " + report::usd(result.standardUsd) + ", Advantage "
            + report::usd(result.advantageUsd) + " a month.\n";
    return out + report::provenance(result) + "\n";
}

} // namespace shardscope
