#pragma once

#include <span>
#include <string>
#include <vector>

namespace shardscope {

/// How long a benchmark may take.
struct BenchOptions {
    int rounds = 7; ///< interleaved rounds of ours and the reference; the median counts
    double roundSeconds = 0.1; ///< least length of one measurement within a round
    int threads = 2; ///< most threads that a benchmark may use
};

/// One figure, and beside it the same work done by something everybody has, measured in the same
/// rounds: absolute figures swing with the machine's other work, ratios hardly do.
struct BenchResult {
    std::string name;
    double value = 0; ///< the median
    std::string unit;
    bool higherIsBetter = true;
    std::string referenceName; ///< empty: there is none
    double referenceValue = 0; ///< in the same unit, the median
    double ratio = 0; ///< the median of the rounds' value / reference; 0 without a reference
    double ratioLeast = 0, ratioMost = 0; ///< over the rounds
    double goal = 0; ///< of the ratio; 0: none
    double valueGoal = 0; ///< of the value itself; 0: none
};

using BenchFunction = std::vector<BenchResult> (*)(const BenchOptions&);

struct Bench {
    const char* name; ///< what a person types
    const char* what; ///< one line about it
    BenchFunction run;
};

/// The engine's benchmarks, in the order in which they are best read.
[[nodiscard]] std::span<const Bench> engineBenches();

} // namespace shardscope
