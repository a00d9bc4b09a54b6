#pragma once

#include <string>
#include <vector>

#include "core/metrics/snapshot.h"
#include "core/runtime/expectation.h"
#include "core/scenario/scenario.h"

namespace shardscope {

/// What a run without a window leaves behind.
struct RunResult {
    Scenario scenario; ///< as it was run: with the seed that counted
    int threads = 1;
    double wallSeconds = 0;
    SimTime end;
    std::uint64_t digest = 0;
    Snapshot snapshot;
    struct Judged {
        Expectation expectation;
        ExpectationOutcome outcome;
    };
    std::vector<Judged> expectations;
};

/// The schema `shardscope.result/1` of `run --json`: fields in a fixed order, numbers never by the
/// locale.
[[nodiscard]] std::string resultJson(const RunResult& result);
/// The same for people, a dozen lines.
[[nodiscard]] std::string resultText(const RunResult& result);

} // namespace shardscope
