#include "core/planner/report/plan_document.h"

#include <cmath>

#include "core/planner/report/plan_pictures.h"
#include "core/planner/report/report_text.h"

namespace shardscope::report {
namespace {

Table optionsTable(const StreamPlan& s)
{
    Table table {{{"Way to run it"},
                  {"Shards", true},
                  {"Refused", true},
                  {"Worst second (UTC)", true},
                  {"Peak", true},
                  {"Age", true},
                  {"A month", true}},
                 {},
                 s.cheapest};
    for (const PlanOption& o : s.options) {
        const std::string worst = o.worst.refused > 0
            ? percent(100 * o.worst.share) + ", " + moment(o.worst.at).substr(5, 11)
            : "none";
        table.rows.push_back({titleOf(o.mode), shards(o),
                              percent(100 * o.refusedShare) + (o.meetsTarget ? "" : " (too much)"),
                              worst, percent(o.peakPercent), age(o.maxAgeSeconds), usd(o.usd)});
    }
    return table;
}

Table billTable(const PlanOption& o)
{
    Table table {
        {{"Item"}, {"Quantity", true}, {"Unit"}, {"Price", true}, {"USD a month", true}}, {}, -1};
    for (const CostLine& line : o.bill) {
        std::string price = "not in the price book";
        if (line.price) {
            price = std::string(1, '$') + grouped(*line.price, 4);
            while (price.back() == '0' && price[price.size() - 2] != '.')
                price.pop_back();
        }
        table.rows.push_back({line.item, grouped(line.quantity, line.quantity < 100 ? 2 : 0),
                              line.unit, price, line.usd() ? grouped(*line.usd(), 2) : "unknown"});
    }
    table.rows.push_back({"Sum", "", "", "", o.usd ? grouped(*o.usd, 2) : "unknown"});
    table.marked = static_cast<int>(table.rows.size()) - 1;
    return table;
}

Section answer(const StreamPlan& s, double target)
{
    Section section {1, s.name, {}};
    section.blocks.push_back(Paragraph {headline(s, target), true});
    section.blocks.push_back(Paragraph {bindingSentence(s)});
    section.blocks.push_back(Paragraph {
        std::string(s.measured ? "Measured" : "Described") + ": " + recordsPerSecond(s.meanRecords)
        + " and " + mibps(s.meanBytes) + " on average, " + recordsPerSecond(s.peakRecords) + " and "
        + mibps(s.peakBytes) + " in the busiest minute, " + recordsPerSecond(s.peakSecondRecords)
        + " in its busiest seconds."});
    section.blocks.push_back(optionsTable(s));
    std::vector<std::string> remarks;
    for (const PlanOption& o : s.options)
        if (!o.remark.empty())
            remarks.push_back(std::string(titleOf(o.mode)) + ": " + o.remark);
    if (!remarks.empty())
        section.blocks.push_back(Bullets {remarks});
    if (!s.quantiles.empty()) {
        Table table {{{"Where inputs are ranges"},
                      {"Shards, 1 in 2", true},
                      {"9 in 10", true},
                      {"A month, 1 in 2", true},
                      {"9 in 10", true},
                      {"Meets the target", true}},
                     {},
                     -1};
        for (const OptionQuantiles& q : s.quantiles)
            table.rows.push_back({titleOf(q.mode), grouped(q.shards.p50), grouped(q.shards.p90),
                                  q.usd ? usd(q.usd->p50) : "no price",
                                  q.usd ? usd(q.usd->p90) : "no price",
                                  percent(100 * q.meetsTarget)});
        section.blocks.push_back(table);
    }
    return section;
}

Section limits(const StreamPlan& s)
{
    Section section {2, "What decides the shard count", {}};
    section.blocks.push_back(Picture {"How far the busiest shard goes into each limit",
                                      [&s](const SvgColours& c) { return limitsSvg(s, c); }});
    Bullets formulas;
    for (const LimitUse& use : s.uses)
        formulas.items.push_back(std::string(titleOf(use.limit)) + ": " + use.formula + ".");
    section.blocks.push_back(formulas);
    Table skew {
        {{"Shards", true}, {"Busiest shard / mean shard", true}, {"Usable, MiB/s", true}}, {}, -1};
    for (const SkewRow& row : s.skew)
        skew.rows.push_back({grouped(static_cast<double>(row.shards)), grouped(row.ratio, 2),
                             grouped(row.usableMiBps, 1)});
    section.blocks.push_back(skew);
    return section;
}

Section month(const StreamPlan& s, const PlanOption& o)
{
    Section section {2, std::string("The month: ") + titleOf(o.mode), {}};
    section.blocks.push_back(Picture {"Offered load, shards, refusals and cost by the hour",
                                      [&s, &o](const SvgColours& c) { return monthSvg(s, o, c); }});
    if (!o.schedule.empty())
        section.blocks.push_back(Paragraph {"Schedule (UTC): " + scheduleText(o) + '.'});
    section.blocks.push_back(Picture {"Use of the busiest shard in each hour",
                                      [&s, &o](const SvgColours& c) { return heatSvg(s, o, c); }});
    section.blocks.push_back(billTable(o));
    return section;
}

Section money(const StreamPlan& s)
{
    Section section {2, "When another mode is cheaper", {}};
    section.blocks.push_back(Picture {"Cost of a month over the mean ingest",
                                      [&s](const SvgColours& c) { return breakEvenSvg(s, c); }});
    if (s.breakEven.utilisation)
        section.blocks.push_back(
            Paragraph {"Provisioned is cheaper than Standard while its shards are used more than "
                       + percent(100 * *s.breakEven.utilisation) + " on average."});
    if (s.breakEven.advantageFromMiBps)
        section.blocks.push_back(Paragraph {"Advantage is cheaper than Standard from "
                                            + grouped(*s.breakEven.advantageFromMiBps, 1)
                                            + " MiB/s in the account."});
    section.blocks.push_back(Picture {"What changes the cost most",
                                      [&s](const SvgColours& c) { return tornadoSvg(s, c); }});
    return section;
}

} // namespace

std::vector<Section> planDocument(const PlanResult& result)
{
    std::vector<Section> sections;
    if (result.streams.size() > 1) {
        Section all {1, "All streams", {}};
        Table table {{{"Stream"}, {"Answer"}}, {}, -1};
        for (const StreamPlan& s : result.streams)
            table.rows.push_back({s.name, headline(s, result.targetRefused)});
        all.blocks.push_back(table);
        all.blocks.push_back(
            Paragraph {"A month of all of them: provisioned " + usd(result.cheapestProvisionedUsd)
                       + ", Standard " + usd(result.standardUsd) + ", Advantage "
                       + usd(result.advantageUsd) + " with its one commitment for the account."});
        sections.push_back(all);
    }
    for (const StreamPlan& s : result.streams) {
        sections.push_back(answer(s, result.targetRefused));
        sections.push_back(limits(s));
        if (const PlanOption* o = chosen(s))
            sections.push_back(month(s, *o));
        sections.push_back(money(s));
        if (!s.advice.empty()) {
            Bullets advice;
            for (const PlanAdvice& a : s.advice)
                advice.items.push_back(a.text);
            sections.push_back({2, "Advice, each planned out", {advice}});
        }
        sections.push_back({2, "What this rests on", {Bullets {s.notes}}});
    }
    sections.push_back({2, "Where the figures come from", {Paragraph {provenance(result)}}});
    return sections;
}

} // namespace shardscope::report
