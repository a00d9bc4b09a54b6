#include "app/bench/rounds.h"

#include <algorithm>
#include <chrono>

namespace shardscope {

namespace {

double rateOf(const Contender& contender, double leastSeconds)
{
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    double units = 0;
    double seconds = 0;
    do {
        units += contender.work();
        seconds = std::chrono::duration<double>(Clock::now() - start).count();
    } while (seconds < leastSeconds);
    return units / seconds;
}

} // namespace

std::vector<std::vector<double>> interleave(const BenchOptions& options,
                                            const std::vector<Contender>& contenders)
{
    std::vector<std::function<double()>> measures;
    for (const Contender& contender : contenders)
        measures.push_back([&] { return rateOf(contender, options.roundSeconds); });
    return interleaveMeasures(options.rounds, measures);
}

std::vector<std::vector<double>>
interleaveMeasures(int rounds, const std::vector<std::function<double()>>& measures)
{
    std::vector<std::vector<double>> said(measures.size());
    for (int round = -1; round < std::max(1, rounds); ++round)
        for (std::size_t i = 0; i < measures.size(); ++i) {
            const double value = measures[i]();
            if (round >= 0)
                said[i].push_back(value);
        }
    return said;
}

void consume(std::uint64_t value)
{
    static volatile std::uint64_t sink = 0;
    sink = sink ^ value;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

BenchResult compare(const std::vector<std::vector<double>>& rates, const Comparison& comparison)
{
    const auto& ours = rates[comparison.ours];
    const auto& reference = rates[comparison.reference];
    std::vector<double> ratios;
    for (std::size_t i = 0; i < ours.size(); ++i)
        ratios.push_back(ours[i] / reference[i]);
    BenchResult r;
    r.name = comparison.name;
    r.value = median(ours) / comparison.unitSize;
    r.unit = comparison.unit;
    r.referenceName = comparison.referenceName;
    r.referenceValue = median(reference) / comparison.unitSize;
    r.ratio = median(ratios);
    r.ratioLeast = *std::min_element(ratios.begin(), ratios.end());
    r.ratioMost = *std::max_element(ratios.begin(), ratios.end());
    r.goal = comparison.goal;
    r.valueGoal = comparison.valueGoal;
    r.higherIsBetter = comparison.higherIsBetter;
    return r;
}

} // namespace shardscope
