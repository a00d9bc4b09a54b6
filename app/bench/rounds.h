#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/bench/bench.h"

namespace shardscope {

/// A piece of work that is repeated: does some of it and says how many units that were.
struct Contender {
    std::function<double()> work;
};

/// Units per second of each contender in each round: result[contender][round]. In every round all
/// contenders run one after the other, so what else the machine does hits all alike.
[[nodiscard]] std::vector<std::vector<double>> interleave(const BenchOptions& options,
                                                          const std::vector<Contender>& contenders);

/// What each of `measures` says in each round: result[measure][round], in turns likewise. A first
/// round warms up and does not count.
[[nodiscard]] std::vector<std::vector<double>>
interleaveMeasures(int rounds, const std::vector<std::function<double()>>& measures);

/// Keeps the compiler from leaving out work whose result nobody reads.
void consume(std::uint64_t value);

[[nodiscard]] double median(std::vector<double> values);

/// A figure of contender `ours` beside that of contender `reference`, both divided by `unitSize`.
struct Comparison {
    std::string name;
    std::size_t ours = 0;
    std::string referenceName;
    std::size_t reference = 0;
    std::string unit;
    double unitSize = 1;
    double goal = 0;
    double valueGoal = 0;
    bool higherIsBetter = true;
};
[[nodiscard]] BenchResult compare(const std::vector<std::vector<double>>& rates,
                                  const Comparison& comparison);

} // namespace shardscope
