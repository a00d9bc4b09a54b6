#include "core/planner/report/report_text.h"

#include <cmath>
#include <cstdio>

namespace shardscope::report {

std::string grouped(double value, int decimals)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value));
    std::string out = text;
    const std::size_t point = out.find('.');
    const std::size_t end = point == std::string::npos ? out.size() : point;
    for (std::size_t i = end; i > 3; i -= 3)
        out.insert(i - 3, 1, ',');
    if (value < 0)
        out.insert(out.begin(), '-');
    return out;
}

std::string usd(const std::optional<double>& value)
{
    if (!value)
        return "no price";
    std::string out = grouped(*value, std::abs(*value) < 100 ? 2 : 0);
    out.insert(out.begin(), '$');
    return out;
}

std::string percent(double value)
{
    char text[32];
    const char* form = value == 0 ? "%.0f %%"
        : value < 0.01            ? "%.1g %%"
        : value < 10              ? "%.2g %%"
                                  : "%.0f %%";
    std::snprintf(text, sizeof text, form, value);
    return text;
}

std::string mibps(double bytesPerSecond)
{
    const double value = bytesPerSecond / 1'048'576;
    return grouped(value, value < 10 ? 2 : value < 1'000 ? 1 : 0) + " MiB/s";
}

std::string recordsPerSecond(double value)
{
    return grouped(value, value < 10 ? 1 : 0) + " records/s";
}

std::string age(double seconds)
{
    char text[32];
    if (seconds < 120)
        std::snprintf(text, sizeof text, "%.3g s", seconds);
    else if (seconds < 7'200)
        std::snprintf(text, sizeof text, "%.0f min", seconds / 60);
    else
        std::snprintf(text, sizeof text, "%.1f h", seconds / 3'600);
    return text;
}

std::string shards(const PlanOption& option)
{
    return option.shardsLeast == option.shardsMost
        ? grouped(static_cast<double>(option.shardsMost))
        : grouped(static_cast<double>(option.shardsLeast)) + " to "
            + grouped(static_cast<double>(option.shardsMost));
}

std::string moment(SimTime t)
{
    const std::string iso = toIso(t);
    return iso.substr(0, 10) + ' ' + iso.substr(11, 5) + " UTC";
}

const PlanOption* chosen(const StreamPlan& stream)
{
    if (stream.options.empty())
        return nullptr;
    return &stream.options[stream.cheapest < 0 ? 0 : static_cast<std::size_t>(stream.cheapest)];
}

std::string headline(const StreamPlan& stream, double targetRefused)
{
    const std::string target = percent(100 * targetRefused);
    if (stream.cheapest < 0)
        return "No way to run it keeps refusals within " + target + " at a price that is known.";
    const PlanOption& option = *chosen(stream);
    return std::string(titleOf(option.mode)) + ", " + shards(option)
        + (option.shardsMost == 1 ? " shard" : " shards") + ": " + usd(option.usd)
        + " a month; refuses " + percent(100 * option.refusedShare) + " (target " + target + ").";
}

std::string bindingSentence(const StreamPlan& stream)
{
    for (const LimitUse& use : stream.uses)
        if (use.limit == stream.binding)
            return std::string("Binding limit: ") + titleOf(use.limit) + ", " + percent(use.percent)
                + " of a shard in the busiest minute, with "
                + grouped(static_cast<double>(stream.fixedShards))
                + (stream.fixedShards == 1 ? " shard." : " shards.");
    return {};
}

std::string scheduleText(const PlanOption& option)
{
    std::string out;
    bool weekend = false, both = false;
    for (const ScheduleStep& step : option.schedule)
        both = both || step.weekend;
    for (std::size_t i = 0; i < option.schedule.size(); ++i) {
        const ScheduleStep& step = option.schedule[i];
        if (i == 0 || step.weekend != weekend)
            out += std::string(i == 0 ? "" : "; ")
                + (!both              ? "every day"
                       : step.weekend ? "weekend"
                                      : "weekdays");
        weekend = step.weekend;
        char text[48];
        std::snprintf(text, sizeof text, " from %02d:00 %lld,", step.hour,
                      static_cast<long long>(step.shards));
        out += text;
        if (i + 1 == option.schedule.size() || option.schedule[i + 1].weekend != weekend)
            out.pop_back();
    }
    return out;
}

std::string provenance(const PlanResult& result)
{
    return "Prices of " + result.region + " as read on " + result.priceDate
        + ", in USD for a month of "
          "730 hours. Seed "
        + std::to_string(result.seed)
        + ". A simulation by Shardscope, which is not "
          "affiliated with Amazon Web Services; the service's own behaviour and bill decide.";
}

} // namespace shardscope::report
