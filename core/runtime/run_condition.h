#pragma once

#include <cstdint>

#include "core/runtime/simulation.h"

namespace shardscope {

/// Watches a run for the moment at which it is to stop.
class ConditionWatch {
public:
    ConditionWatch() = default; ///< for nothing
    /// From the state of `simulation` on: only what is refused or happens later counts.
    ConditionWatch(const RunCondition& condition, const Simulation& simulation);

    [[nodiscard]] const RunCondition& condition() const { return m_condition; }
    [[nodiscard]] bool active() const { return m_condition.kind != RunCondition::Kind::None; }
    /// Asked once before the first and then after every slice. Refusals and times are seen at once;
    /// what only a whole picture can tell is looked at every 100 ms of simulated time.
    ///
    /// A consumer counts as drained when nothing is left to read, or when what is left is younger
    /// than two of its read intervals: between two reads something always waits.
    [[nodiscard]] bool met(const Simulation& simulation) const;

private:
    /// Tells one state of the event list from another, bounded as the list is.
    struct EventMark {
        std::size_t count = 0;
        SimTime newest;
        friend bool operator==(const EventMark&, const EventMark&) = default;
    };
    [[nodiscard]] static EventMark mark(const Snapshot& snapshot);

    RunCondition m_condition;
    std::uint64_t m_refused = 0;
    EventMark m_events;
};

} // namespace shardscope
