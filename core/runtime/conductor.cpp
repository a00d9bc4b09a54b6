#include "core/runtime/conductor.h"

#include <algorithm>
#include <utility>

#include "core/base/budgets.h"
#include "core/storage/record_meta.h"

namespace shardscope {

namespace {

/// A turn works this long before it looks at the inbox again.
constexpr double kChunkSeconds = 0.010;
/// And no longer than this many slices, should the clock stand still.
constexpr int kChunkSlices = 10'000;
/// Between two snapshots, unless somebody waits for an answer.
constexpr double kPublishSeconds = 0.033;
/// Making snapshots takes at most a fifth of the time: what waits is this often what one cost.
constexpr double kPublishRest = 4;
/// History is worked out unseen, unless it takes longer than this.
constexpr double kUnseenSeconds = 1.0;
constexpr double kSlowSeconds = 3.0;
constexpr double kSlowSpeed = 1.0;
/// Longest sleep of a run that moves: its next slice may be due any moment.
constexpr double kSleepMost = 0.005;
/// What-ifs change the past this long before the refusal, so that fresh buckets have run dry again.
constexpr SimDuration kWhyLead = SimDuration::seconds(8);
/// A fork copies each shard's open log block, its sketch, its hot line and what the recorder keeps.
constexpr Bytes kForkBytesPerShard = 5_KiB;

} // namespace

Conductor::Conductor(Options options)
    : m_options(std::move(options))
    , m_pool(m_options.threads)
{
}

std::optional<double> Conductor::turn(std::vector<Message> messages)
{
    takeMessages(std::move(messages));
    if (m_timeline) {
        run();
        runWhyJob();
        publishIfDue();
    }
    for (auto& [reply, result] : std::exchange(m_answers, {}))
        reply(std::move(result));
    return nextTurn();
}

// --- moving -----------------------------------------------------------------------------------

void Conductor::setPaused(bool paused)
{
    m_paused = paused;
    m_changed = true;
    m_publishNow = true;
    restartPacer();
}

void Conductor::restartPacer()
{
    const bool slow = m_slowUntil && (m_speed == Pacer::kMax || m_speed > kSlowSpeed);
    m_pacer.start(slow ? kSlowSpeed : m_speed, m_timeline->now().now(), wall());
    m_pacer.forgetSpeed();
    m_records.clear();
}

/// The run is not where it was: whoever remembers it must forget.
void Conductor::jumped()
{
    ++m_world;
    m_changed = true;
    m_publishNow = true;
    m_slowUntil.reset();
    m_refusedBefore = m_timeline->now().refusedSoFar();
    m_eventDue = m_timeline->now().nextEvent();
    Snapshot snapshot;
    m_timeline->now().fill(snapshot);
    m_eventsSeen = snapshot.events->size();
    m_historyMadeUpTo = std::min(m_historyMadeUpTo, m_timeline->now().now());
    restartPacer();
}

void Conductor::startJourney(Journey journey)
{
    m_journey = std::move(journey);
    m_paused = true;
    restartPacer();
    if (m_timeline->now().now() >= m_journey->target)
        endJourney({});
}

void Conductor::endJourney(Result<void> result)
{
    Journey journey = *std::exchange(m_journey, std::nullopt);
    const bool arrived = m_timeline->now().now() >= journey.target;
    if (journey.kind == Journey::Kind::History && arrived) {
        m_timeline->keepThisMoment();
        m_refusedBefore = m_timeline->now().refusedSoFar();
        Snapshot snapshot;
        m_timeline->now().fill(snapshot);
        m_eventsSeen = snapshot.events->size();
    }
    if (journey.kind == Journey::Kind::Redo && result) {
        result = arrived
            ? m_timeline->redo()
            : fail(ErrorCode::BadInput, "The run was paused before it reached the act's moment.");
        m_eventDue = m_timeline->now().nextEvent();
    }
    setPaused(journey.pausedAfter);
    answer(std::move(journey.reply), std::move(result));
}

void Conductor::run()
{
    const double begin = wall();
    if (m_slowUntil && begin >= *m_slowUntil) {
        m_slowUntil.reset();
        m_changed = true;
        restartPacer();
    }
    if (m_paused && !m_journey)
        return;
    const SimTime target
        = m_journey ? m_journey->target : m_pacer.target(m_timeline->now().now(), begin);
    for (int slices = 0; slices < kChunkSlices; ++slices) {
        const SimTime now = m_timeline->now().now();
        if (m_journey ? now >= target : now > target - kSlice)
            break;
        if (!step() || wall() - begin >= kChunkSeconds)
            break;
    }
    m_pacer.reached(m_timeline->now().now(), wall());
    if (m_journey && m_timeline->now().now() >= target)
        endJourney({});
}

bool Conductor::step()
{
    m_timeline->step(m_pool);
    m_changed = true;
    m_timeline->considerCheckpoint(wall());
    if (m_journey)
        return true;
    const Simulation& sim = m_timeline->now();
    if (m_watch.active() && m_watch.met(sim)) {
        m_watch = {};
        setPaused(true);
        return false;
    }
    if (!mightSlowDown())
        return true;
    const bool wasSlow = m_slowUntil.has_value();
    if (m_refusedBefore != sim.refusedSoFar())
        slowDown(Happening::Refusal);
    if (m_eventDue && sim.now() >= seenFrom(*m_eventDue)) {
        m_eventDue = sim.nextEvent();
        Snapshot snapshot;
        sim.fill(snapshot);
        lookForHappenings(snapshot);
    }
    return wasSlow || !m_slowUntil;
}

// --- happenings -------------------------------------------------------------------------------

bool Conductor::mightSlowDown() const
{
    return m_slowAtEvents && m_happened.size() < 3
        && (m_speed == Pacer::kMax || m_speed > kSlowSpeed);
}

SimTime Conductor::seenFrom(SimTime event)
{
    const std::int64_t bucket = SimDuration::millis(100).inMicros();
    const std::int64_t slice = kSlice.inMicros();
    const std::int64_t happens = (event.inMicros() + slice - 1) / slice * slice;
    return SimTime::fromMicros((happens / bucket + 1) * bucket);
}

void Conductor::slowDown(Happening happening)
{
    if (!m_happened.insert(happening).second)
        return;
    m_slowUntil = wall() + kSlowSeconds;
    m_publishNow = true;
    restartPacer();
}

void Conductor::lookForHappenings(const Snapshot& snapshot)
{
    // A list that is bounded may have lost its oldest; then it is all looked at again, and kinds
    // that were seen stay seen.
    const auto& events = *snapshot.events;
    if (m_eventsSeen > events.size())
        m_eventsSeen = 0;
    for (; m_eventsSeen < events.size(); ++m_eventsSeen) {
        switch (events[m_eventsSeen].kind) {
        case EventKind::SplitStarted:
        case EventKind::Split:
        case EventKind::MergeStarted:
        case EventKind::Merge:
            slowDown(Happening::Reshard);
            break;
        case EventKind::ScalingStarted:
        case EventKind::Scaled:
            slowDown(Happening::Scaling);
            break;
        default:
            break;
        }
    }
}

// --- why --------------------------------------------------------------------------------------

void Conductor::ask(WhyQuestion question)
{
    const auto none
        = [&](const char* why) { question.reply(fail(ErrorCode::ResourceNotFound, why)); };
    if (!question.reply)
        return;
    if (m_latest == nullptr || m_latest->refusals == nullptr || !m_timeline)
        return none("No scenario is loaded yet.");
    const auto& refusals = *m_latest->refusals;
    const auto at = std::find_if(refusals.begin(), refusals.end(), [&](const Refusal& refusal) {
        return refusal.id == question.refusalId;
    });
    if (at == refusals.end() || at->at > m_timeline->now().now())
        return none("This refusal is no longer kept; choose one of the newest 4,096.");
    const SimTime second = SimTime::fromSeconds(at->at.inSeconds());
    const SimTime from = std::max(second - kWhyLead, m_timeline->now().start());
    m_whyJobs.push_back({m_timeline->forkBefore(from, second + SimDuration::seconds(1)), *at, from,
                         std::move(question.reply)});
}

/// A piece of the oldest question, so that the run and the inbox get their turns.
void Conductor::runWhyJob()
{
    if (m_whyJobs.empty())
        return;
    WhyJob& job = m_whyJobs.front();
    const double begin = wall();
    for (int slices = 0; slices < kChunkSlices && job.fork.now() + kSlice <= job.from; ++slices) {
        job.fork.advance(job.fork.now() + kSlice, m_pool);
        if (wall() - begin >= kChunkSeconds)
            return;
    }
    if (job.fork.now() + kSlice <= job.from)
        return;
    WhyJob done = std::move(job);
    m_whyJobs.pop_front();
    done.reply(done.fork.explain(done.refusal, m_pool));
}

/// Questions about a run that is no longer there.
void Conductor::dropWhyJobs()
{
    for (WhyJob& job : std::exchange(m_whyJobs, {}))
        job.reply(fail(ErrorCode::ResourceNotFound,
                       "Another scenario was loaded before this was answered."));
}

// --- out --------------------------------------------------------------------------------------

void Conductor::publishIfDue()
{
    if (m_journey && m_journey->kind == Journey::Kind::History
        && wall() - m_journey->since < kUnseenSeconds)
        return;
    if (!m_changed)
        return;
    if (!m_publishNow && m_publishedAt && wall() < *m_publishedAt + m_publishEvery)
        return;
    publish();
}

void Conductor::publish()
{
    const double begin = wall();
    auto snapshot = std::make_shared<Snapshot>();
    const Simulation& sim = m_timeline->now();
    sim.fill(*snapshot);
    if (!m_journey && !m_paused && mightSlowDown())
        lookForHappenings(*snapshot);
    m_records.note(static_cast<double>(snapshot->offered.records), wall());
    noteFootprint(*snapshot);
    fillClock(snapshot->clock);
    snapshot->revision = ++m_revision;
    snapshot->world = m_world;
    snapshot->undoText = m_timeline->undoText();
    snapshot->redoText = m_timeline->redoText();
    snapshot->acts = m_timeline->acts();
    m_eventDue = sim.nextEvent();
    m_changed = false;
    m_publishNow = false;
    m_publishedAt = wall();
    m_publishEvery = std::max(kPublishSeconds, kPublishRest * (*m_publishedAt - begin));
    m_latest = snapshot;
    m_options.publish(std::move(snapshot));
}

void Conductor::fillClock(ClockRow& clock) const
{
    clock.start = m_timeline->now().start();
    clock.now = m_timeline->now().now();
    clock.paused = m_paused;
    clock.speedAsked = m_speed;
    clock.speedReached = m_pacer.speedReached();
    clock.until = m_watch.condition();
    clock.slowsAtEvents = m_slowAtEvents;
    clock.slowedAtEvent = m_slowUntil.has_value();
    clock.recordsPerWallSecond = m_records.rate();
}

void Conductor::noteFootprint(const Snapshot& snapshot)
{
    const auto shards = static_cast<Bytes>(snapshot.shards.size());
    const SimTime now = m_timeline->now().now();
    // Eleven rows a second, one cell per shard, and the second's heat.
    const auto perSecond
        = static_cast<double>(11 * shards * static_cast<Bytes>(sizeof(ShardSample)) + 4_KiB);
    m_historyMade += static_cast<Bytes>(perSecond * (now - m_historyMadeUpTo).inSeconds());
    m_historyMadeUpTo = now;
    const Bytes stored = snapshot.accepted.records * static_cast<Bytes>(sizeof(RecordMeta));
    m_timeline->setFootprint({.held = snapshot.memoryStored + snapshot.memoryHistory,
                              .made = stored + m_historyMade,
                              .perFork = kForkBytesPerShard * shards + 64_KiB});
}

std::optional<double> Conductor::nextTurn() const
{
    if (m_journey || !m_whyJobs.empty() || !m_waiting.empty())
        return 0;
    if (!m_timeline)
        return std::nullopt;
    const double now = wall();
    std::optional<double> next;
    if (m_changed)
        next = std::max(0.0, m_publishedAt.value_or(now) + m_publishEvery - now);
    if (m_slowUntil && m_paused)
        next = std::min(next.value_or(kSleepMost), kSleepMost);
    if (!m_paused) {
        const double slice = m_pacer.secondsUntil(m_timeline->now().now() + kSlice, now);
        next = std::min({next.value_or(kSleepMost), slice, kSleepMost});
    }
    return next;
}

} // namespace shardscope
