#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "core/consumers/analytics_spec.h"

namespace shardscope {

/// What is kept of one key in one window, whatever is asked of it.
struct Accumulator {
    std::int64_t count = 0;
    double sum = 0;
    double least = std::numeric_limits<double>::infinity();
    double most = -std::numeric_limits<double>::infinity();

    void add(double value)
    {
        ++count;
        sum += value;
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    void merge(const Accumulator& other);
};

/// The value at this rank of all: the smallest that `percent` of them do not exceed. Sorts them;
/// they must not be empty.
[[nodiscard]] double percentileOf(std::span<double> values, double percent);
/// The answer of every aggregate that needs no list of values. Share: of values 0 and 100.
[[nodiscard]] double answerOf(AnalyticsSpec::Aggregate aggregate, const Accumulator& of);

} // namespace shardscope
