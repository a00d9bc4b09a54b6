#include "core/planner/schedule.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

namespace shardscope {
namespace {

constexpr std::size_t kHour = 60, kHours = 24;
constexpr int kStepsMost = 5; ///< a day; with the way back within the ten calls of 24 hours
constexpr std::size_t kAhead = 15; ///< minutes

using Day = std::array<std::int64_t, kHours>;

bool weekend(const Demand& demand, std::size_t hour)
{
    const std::int64_t days
        = (demand.start.inSeconds() + static_cast<std::int64_t>(hour) * 3'600) / 86'400;
    const std::int64_t weekday = (days + 4) % 7; // 1970-01-01 was a Thursday; 0: Sunday
    return weekday == 0 || weekday == 6;
}

std::size_t hourOfDay(const Demand& demand, std::size_t hour)
{
    return static_cast<std::size_t>(
        (demand.start.inSeconds() / 3'600 + static_cast<std::int64_t>(hour)) % 24);
}

/// The day in at most kStepsMost pieces of one count each, with the fewest shard-hours.
Day inFewSteps(const Day& need)
{
    constexpr auto kNever = std::numeric_limits<std::int64_t>::max() / 2;
    // best[k][h]: fewest shard-hours of the first h hours in k pieces; from: where the last began.
    std::array<std::array<std::int64_t, kHours + 1>, kStepsMost + 1> best {};
    std::array<std::array<std::size_t, kHours + 1>, kStepsMost + 1> from {};
    for (auto& row : best)
        row.fill(kNever);
    best[0][0] = 0;
    for (std::size_t k = 1; k <= kStepsMost; ++k) {
        for (std::size_t end = 1; end <= kHours; ++end) {
            std::int64_t highest = 0;
            for (std::size_t begin = end; begin-- > 0;) {
                highest = std::max(highest, need[begin]);
                const std::int64_t hours = static_cast<std::int64_t>(end - begin);
                if (best[k - 1][begin] + highest * hours < best[k][end]) {
                    best[k][end] = best[k - 1][begin] + highest * hours;
                    from[k][end] = begin;
                }
            }
        }
    }
    std::size_t pieces = 1;
    for (std::size_t k = 2; k <= kStepsMost; ++k)
        if (best[k][kHours] < best[pieces][kHours])
            pieces = k;
    Day day {};
    for (std::size_t end = kHours, k = pieces; k > 0; end = from[k][end], --k) {
        const auto begin = need.begin() + static_cast<std::ptrdiff_t>(from[k][end]);
        const auto stop = need.begin() + static_cast<std::ptrdiff_t>(end);
        const std::int64_t highest = *std::max_element(begin, stop);
        std::fill(day.begin() + (begin - need.begin()), day.begin() + (stop - need.begin()),
                  highest);
    }
    return day;
}

/// UpdateShardCount goes to double or half at most: a longer way takes several calls, ahead of the
/// hour on the way up and after it on the way down.
void addCalls(std::vector<std::pair<std::size_t, std::int64_t>>& steps, std::size_t minute,
              std::int64_t from, std::int64_t to)
{
    std::vector<std::int64_t> counts;
    for (std::int64_t at = from; at != to; counts.push_back(at))
        at = to > from ? std::min(2 * at, to) : std::max((at + 1) / 2, to);
    const std::size_t ahead = to > from ? std::min(minute, kAhead * counts.size()) : 0;
    for (std::size_t i = 0; i < counts.size(); ++i)
        steps.emplace_back(minute - ahead + i * kAhead, counts[i]);
}

void addSteps(std::vector<ScheduleStep>& steps, const Day& day, bool weekends)
{
    for (std::size_t h = 0; h < kHours; ++h)
        if (h == 0 || day[h] != day[h - 1])
            steps.push_back({static_cast<int>(h), day[h], weekends});
}

} // namespace

Schedule scheduleFor(const Demand& usual, const Demand& demand, const PlanWorkload& workload,
                     std::int64_t most)
{
    // Many hours ask for the same; counts are found once for each load.
    std::map<std::pair<double, double>, std::int64_t> known;
    const auto needOf = [&](const Demand& of, std::size_t hour) {
        // Up to the next hour's first minutes, in which the count may still be on its way.
        const DemandPeak peak = peakOf(of, hour * kHour, (hour + 1) * kHour + 2);
        const auto key = std::pair(peak.records, peak.bytes);
        if (const auto it = known.find(key); it != known.end())
            return it->second;
        const ShardDemand load = loadOf(peak, workload);
        const std::int64_t shards = shardsFor(load, of.keys, most).value_or(evenShardsFor(load));
        known.emplace(key, shards);
        return shards;
    };
    const std::size_t hours = (demand.minutes() + kHour - 1) / kHour;
    std::vector<std::int64_t> need(hours);
    Day weekdays {}, weekends {};
    std::int64_t highest = 1;
    for (std::size_t h = 0; h < hours; ++h) {
        Day& day = weekend(usual, h) ? weekends : weekdays;
        std::int64_t& here = day[hourOfDay(usual, h)];
        here = std::max(here, needOf(usual, h));
        need[h] = needOf(demand, h);
        highest = std::max(highest, here);
    }
    Schedule schedule;
    for (Day* day : {&weekdays, &weekends}) {
        for (std::int64_t& shards : *day)
            shards = std::max(shards, (highest + 1) / 2);
        *day = inFewSteps(*day);
    }
    addSteps(schedule.day, weekdays, false);
    if (weekends != weekdays)
        addSteps(schedule.day, weekends, true);

    std::vector<std::int64_t> counts(hours);
    for (std::size_t h = 0; h < hours; ++h)
        counts[h]
            = std::max(need[h], (weekend(demand, h) ? weekends : weekdays)[hourOfDay(demand, h)]);
    schedule.first = counts.front();
    for (std::size_t h = 1; h < hours; ++h)
        addCalls(schedule.steps, h * kHour, counts[h - 1], counts[h]);
    return schedule;
}

} // namespace shardscope
