#pragma once

#include <string>

#include "core/metrics/snapshot.h"
#include "core/scenario/scenario.h"

namespace shardscope {

/// Whether a run kept one promise of its scenario.
struct ExpectationOutcome {
    enum class State {
        Held,
        Broken,
        Open, ///< the run ended before the part that is meant
        Forgotten, ///< history of that part is no longer in memory
    };
    State state = State::Open;
    double value = 0; ///< of the metric; 0 while open
    std::string sentence;
};
[[nodiscard]] const char* stateText(ExpectationOutcome::State state);

/// Judges `expectation` by what a run of `scenario` left behind at `now`. Pure. Metrics are
/// described in core/scenario/expectation_metrics.h.
[[nodiscard]] ExpectationOutcome judge(const Expectation& expectation, const Scenario& scenario,
                                       const Snapshot& snapshot, SimTime now);

} // namespace shardscope
