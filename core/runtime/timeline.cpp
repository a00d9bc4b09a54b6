#include "core/runtime/timeline.h"

#include <algorithm>
#include <utility>

#include "core/base/budgets.h"
#include "core/base/check.h"

namespace shardscope {

namespace {

constexpr SimDuration kCheckpointEvery = SimDuration::seconds(5);
constexpr double kCheckpointWallSeconds = 0.25;
/// While a stretch is repeated, only what lies this close to its end becomes a checkpoint: the next
/// step back starts there.
constexpr SimDuration kDenseBeforeTarget = SimDuration::minutes(1);

bool atCheckpoint(SimTime t)
{
    return t.inMicros() % kCheckpointEvery.inMicros() == 0;
}

} // namespace

std::size_t leastMissed(const std::vector<SimTime>& times, SimTime now)
{
    SHARDSCOPE_CHECK(times.size() >= 3);
    std::size_t best = 1;
    double smallest = 0;
    for (std::size_t i = 1; i + 1 < times.size(); ++i) {
        const double gap = (times[i + 1] - times[i - 1]).inSeconds();
        const double age = (now - times[i]).inSeconds() + 1;
        const double missed = gap / age;
        if (i == 1 || missed < smallest) {
            best = i;
            smallest = missed;
        }
    }
    return best;
}

Timeline::Timeline(Simulation fresh)
    : m_sim(std::move(fresh))
    , m_firstFrame(m_sim.now())
    , m_acts(std::make_shared<const std::vector<ScheduledAct>>())
{
    keep(Moment::Kind::Pinned);
}

void Timeline::step(WorkerPool& pool)
{
    m_sim.advance(m_sim.now() + kSlice, pool);
}

void Timeline::considerCheckpoint(double wall)
{
    if (!atCheckpoint(m_sim.now()))
        return;
    if (m_checkpointWall && wall - *m_checkpointWall < kCheckpointWallSeconds)
        return;
    const Moment& last = m_moments.back();
    if (last.sim.now() == m_sim.now() && last.actsDone == m_acts->size())
        return;
    m_checkpointWall = wall;
    keep(Moment::Kind::Checkpoint);
}

void Timeline::keepThisMoment()
{
    m_firstFrame = m_sim.now();
    keep(Moment::Kind::Pinned);
}

void Timeline::goToFirstFrame(WorkerPool& pool)
{
    returnTo(m_firstFrame < m_sim.now() ? m_firstFrame : m_sim.start(), 0, pool);
}

void Timeline::setFootprint(const Footprint& footprint)
{
    m_footprint = footprint;
}

void Timeline::keep(Moment::Kind kind)
{
    m_moments.push_back({m_sim.fork(), m_acts->size(), kind, m_footprint});
    thinOut();
}

/// Holds both the number of moments and the memory that they alone still hold. Without a moment its
/// past is only slower to reach.
void Timeline::thinOut()
{
    std::vector<std::size_t> checkpoints;
    std::size_t beforeActs = 0;
    std::optional<std::size_t> oldestAct;
    for (std::size_t i = 0; i < m_moments.size(); ++i) {
        if (m_moments[i].kind == Moment::Kind::Checkpoint)
            checkpoints.push_back(i);
        if (m_moments[i].kind == Moment::Kind::BeforeAct) {
            ++beforeActs;
            oldestAct = oldestAct.value_or(i);
        }
    }
    if (beforeActs > static_cast<std::size_t>(budgets::kUndoSteps)) {
        forget(*oldestAct);
        return thinOut();
    }
    if (checkpoints.size() > static_cast<std::size_t>(budgets::kCheckpoints)) {
        std::vector<SimTime> times;
        for (const std::size_t i : checkpoints)
            times.push_back(m_moments[i].sim.now());
        forget(checkpoints[leastMissed(times, m_sim.now())]);
        return thinOut();
    }
    while (extraMemory() > budgets::kCheckpointBytes) {
        // The newest stays, whatever it costs.
        const auto end = m_moments.end() - 1;
        const auto oldest = std::find_if(
            m_moments.begin(), end, [](const Moment& m) { return m.kind != Moment::Kind::Pinned; });
        if (oldest == end)
            break;
        forget(static_cast<std::size_t>(oldest - m_moments.begin()));
    }
}

void Timeline::forget(std::size_t moment)
{
    m_moments.erase(m_moments.begin() + static_cast<std::ptrdiff_t>(moment));
}

/// What a moment holds and no later one does: at most what it held then, and at most what the run
/// has dropped between the two.
Bytes Timeline::extraMemory() const
{
    Bytes extra = 0;
    for (std::size_t i = 0; i < m_moments.size(); ++i) {
        const Footprint& f = m_moments[i].then;
        const Footprint& next = i + 1 < m_moments.size() ? m_moments[i + 1].then : m_footprint;
        const Bytes dropped = (next.made - next.held) - (f.made - f.held);
        extra += f.perFork + std::clamp<Bytes>(dropped, 0, f.held);
    }
    return extra;
}

void Timeline::setActs(std::vector<ScheduledAct> acts)
{
    m_acts = std::make_shared<const std::vector<ScheduledAct>>(std::move(acts));
}

Result<void> Timeline::perform(const Act& act)
{
    Moment before {m_sim.fork(), m_acts->size(), Moment::Kind::BeforeAct, m_footprint};
    if (auto done = m_sim.apply(act); !done)
        return done;
    m_moments.push_back(std::move(before));
    std::vector<ScheduledAct> acts = *m_acts;
    acts.push_back({m_sim.now() - m_sim.start(), act});
    setActs(std::move(acts));
    m_undoable = std::min(m_undoable + 1, budgets::kUndoSteps);
    m_redo.clear();
    thinOut();
    return {};
}

const Timeline::Moment& Timeline::nearest(SimTime at, std::size_t actsDone) const
{
    const auto later = std::find_if(m_moments.begin(), m_moments.end(), [&](const Moment& m) {
        return m.sim.now() > at || m.actsDone > actsDone;
    });
    SHARDSCOPE_CHECK(later != m_moments.begin());
    return *(later - 1);
}

void Timeline::returnTo(SimTime at, std::size_t actsDone, WorkerPool& pool)
{
    const Moment& from = nearest(at, actsDone);
    std::size_t next = from.actsDone;
    m_sim = from.sim.fork();
    m_moments.erase(m_moments.begin() + (&from - m_moments.data()) + 1, m_moments.end());

    std::vector<ScheduledAct> all = *m_acts;
    const auto firstTaken = all.begin() + static_cast<std::ptrdiff_t>(actsDone);
    m_redo.insert(m_redo.begin(), firstTaken, all.end());
    m_undoable = std::max(0, m_undoable - static_cast<int>(all.end() - firstTaken));
    const std::vector<ScheduledAct> kept(all.begin(), firstTaken);
    // Forks made on the way count the acts that were done by then.
    setActs({kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(next)});
    for (;;) {
        while (next < kept.size() && m_sim.start() + kept[next].at <= m_sim.now()) {
            const auto done = m_sim.apply(kept[next].act);
            SHARDSCOPE_CHECK(done.has_value()); // it was done once, in the same state
            ++next;
            setActs({kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(next)});
        }
        if (m_sim.now() >= at)
            break;
        step(pool);
        if (atCheckpoint(m_sim.now()) && at - m_sim.now() <= kDenseBeforeTarget && m_sim.now() < at)
            keep(Moment::Kind::Checkpoint);
    }
}

void Timeline::goBack(SimTime target, WorkerPool& pool)
{
    const SimTime at = std::clamp(target, m_sim.start(), m_sim.now());
    const SimDuration since = at - m_sim.start();
    const auto after = std::find_if(m_acts->begin(), m_acts->end(),
                                    [&](const ScheduledAct& done) { return done.at > since; });
    returnTo(at, static_cast<std::size_t>(after - m_acts->begin()), pool);
}

void Timeline::undo(WorkerPool& pool)
{
    SHARDSCOPE_CHECK(canUndo());
    const SimTime at = m_sim.start() + m_acts->back().at;
    returnTo(at, m_acts->size() - 1, pool);
}

std::optional<SimTime> Timeline::redoAt() const
{
    if (m_redo.empty())
        return std::nullopt;
    return std::max(m_sim.now(), m_sim.start() + m_redo.front().at);
}

Result<void> Timeline::redo()
{
    SHARDSCOPE_CHECK(redoAt() == m_sim.now());
    const ScheduledAct again = m_redo.front();
    std::vector<ScheduledAct> rest(m_redo.begin() + 1, m_redo.end());
    auto done = perform(again.act);
    m_redo = std::move(rest);
    return done;
}

std::string Timeline::undoText() const
{
    return canUndo() ? actText(m_acts->back().act) : std::string();
}

std::string Timeline::redoText() const
{
    return m_redo.empty() ? std::string() : actText(m_redo.front().act);
}

Simulation Timeline::forkBefore(SimTime at, SimTime until) const
{
    const Moment& from = nearest(at, m_acts->size());
    Simulation fork = from.sim.fork();
    // Backwards: of two acts at one moment, the one scheduled last comes first.
    for (std::size_t i = m_acts->size(); i-- > from.actsDone;) {
        const SimTime when = fork.start() + (*m_acts)[i].at;
        if (when < until)
            fork.schedule(when, (*m_acts)[i].act);
    }
    return fork;
}

} // namespace shardscope
