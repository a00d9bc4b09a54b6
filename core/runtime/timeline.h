#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/runtime/simulation.h"

namespace shardscope {

/// A run with its past: forks at moments that can be returned to, and what the person did since the
/// run began. Any moment is reached again by taking the nearest fork before it and repeating the
/// acts, each before the slice before which it was first done; so digests come back exactly.
///
/// Going back past an act takes it back: it becomes the next to be done again. A new act forgets
/// those.
class Timeline {
public:
    /// What forks cost in memory, told by whoever looks at the run anyway.
    struct Footprint {
        Bytes held = 0; ///< by the run now: history and stored records
        Bytes made = 0; ///< since the run began, dropped or not; rising
        Bytes perFork = 0; ///< that is copied, not shared
    };

    /// `fresh` stands at its start.
    explicit Timeline(Simulation fresh);

    [[nodiscard]] const Simulation& now() const { return m_sim; }
    [[nodiscard]] Simulation& now() { return m_sim; }

    /// One slice forward.
    void step(WorkerPool& pool);
    /// Keeps a fork if the run stands at a multiple of 5 s and the last one is long enough ago:
    /// 250 ms of wall time, in seconds.
    void considerCheckpoint(double wall);
    /// Keeps a fork of now for good: the first frame.
    void keepThisMoment();
    void setFootprint(const Footprint& footprint);

    /// Does `act` now. Errors: the service's own; then nothing has changed.
    [[nodiscard]] Result<void> perform(const Act& act);
    /// Back to `target`, held to start() … now. What was done at that very moment stays done.
    void goBack(SimTime target, WorkerPool& pool);
    /// Back to the first frame, or to the start when the run stands at or before that frame; takes
    /// back every act.
    void goToFirstFrame(WorkerPool& pool);
    [[nodiscard]] bool canUndo() const { return m_undoable > 0; }
    /// Back to the moment before the last act. canUndo() must hold.
    void undo(WorkerPool& pool);
    /// The moment at which the act to be done again was done, or now when that has passed.
    [[nodiscard]] std::optional<SimTime> redoAt() const;
    /// Does it again now. redoAt() must be now.
    [[nodiscard]] Result<void> redo();
    [[nodiscard]] std::string undoText() const; ///< or empty
    [[nodiscard]] std::string redoText() const; ///< or empty
    /// What the person did and has not taken back; never null.
    [[nodiscard]] std::shared_ptr<const std::vector<ScheduledAct>> acts() const { return m_acts; }

    /// A fork at or before `at` that will repeat, by itself, the acts done before `until`.
    [[nodiscard]] Simulation forkBefore(SimTime at, SimTime until) const;
    [[nodiscard]] std::size_t momentsKept() const { return m_moments.size(); }

private:
    struct Moment {
        Simulation sim;
        std::size_t actsDone = 0;
        enum class Kind { Pinned, Checkpoint, BeforeAct } kind = Kind::Checkpoint;
        Footprint then;
    };

    [[nodiscard]] const Moment& nearest(SimTime at, std::size_t actsDone) const;
    void keep(Moment::Kind kind);
    void thinOut();
    [[nodiscard]] Bytes extraMemory() const;
    void forget(std::size_t moment);
    void returnTo(SimTime at, std::size_t actsDone, WorkerPool& pool);
    void setActs(std::vector<ScheduledAct> acts);

    Simulation m_sim;
    SimTime m_firstFrame;
    std::vector<Moment> m_moments; ///< ascending in time and acts; the first is the start
    std::shared_ptr<const std::vector<ScheduledAct>> m_acts; ///< done, ascending
    std::vector<ScheduledAct> m_redo; ///< taken back, the next to be done again first
    int m_undoable = 0; ///< of the newest acts
    std::optional<double> m_checkpointWall;
    Footprint m_footprint;
};

/// Which of the ascending `times` to give up so that the past stays dense near `now` and sparse far
/// off; never the first or the last. At least three times.
[[nodiscard]] std::size_t leastMissed(const std::vector<SimTime>& times, SimTime now);

} // namespace shardscope
