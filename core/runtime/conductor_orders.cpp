#include <algorithm>
#include <type_traits>
#include <utility>

#include "core/runtime/conductor.h"

/// What the conductor does with each order. Moving and publishing are in conductor.cpp.
namespace shardscope {

namespace {

SimTime floorTo(SimTime t, SimDuration step)
{
    return SimTime::fromMicros(t.inMicros() - t.inMicros() % step.inMicros());
}

constexpr SimDuration kSecond = SimDuration::seconds(1);

} // namespace

void Conductor::takeMessages(std::vector<Message> messages)
{
    for (Message& message : messages)
        m_waiting.push_back(std::move(message));
    const auto waits = [this](auto&& wanted) {
        return std::any_of(m_waiting.begin(), m_waiting.end(), [&](const Message& message) {
            const auto* order = std::get_if<Order>(&message);
            return order != nullptr && wanted(order->command);
        });
    };
    // Whoever asks for another run need not wait for this one, nor whoever asks it to stand still.
    if (m_journey && waits([](const Command& c) { return std::holds_alternative<Load>(c); }))
        endJourney(fail(ErrorCode::BadInput, "Another scenario was loaded before this was done."));
    if (m_journey && m_journey->kind != Journey::Kind::History
        && waits([](const Command& c) { return std::holds_alternative<Pause>(c); }))
        endJourney({});
    while (!m_waiting.empty() && !m_journey) {
        Message message = std::move(m_waiting.front());
        m_waiting.pop_front();
        if (auto* order = std::get_if<Order>(&message))
            handle(std::move(*order));
        else
            ask(std::move(std::get<WhyQuestion>(message)));
    }
}

void Conductor::handle(Order order)
{
    std::visit(
        [&](const auto& command) {
            using C = std::decay_t<decltype(command)>;
            constexpr bool takesTime
                = std::is_same_v<C,
                                 Load> || std::is_same_v<C, StepForward> || std::is_same_v<C, Redo>;
            if (!std::is_same_v<C, Load> && !m_timeline)
                answer(std::move(order.reply),
                       fail(ErrorCode::ResourceNotFound, "No scenario is loaded yet."));
            else if constexpr (takesTime)
                carryOut(command, std::move(order.reply));
            else
                answer(std::move(order.reply), carryOut(command));
        },
        order.command);
}

/// Answers go out once the snapshot that shows them is there.
void Conductor::answer(Runtime::Reply reply, Result<void> result)
{
    if (m_timeline) {
        m_changed = true;
        m_publishNow = true;
    }
    if (reply)
        m_answers.emplace_back(std::move(reply), std::move(result));
}

void Conductor::carryOut(const Load& load, Runtime::Reply reply)
{
    if (!m_options.prices)
        return answer(std::move(reply), tl::unexpected(m_options.prices.error()));
    auto simulation = Simulation::create(load.scenario, *m_options.prices, m_options.real);
    if (!simulation)
        return answer(std::move(reply), tl::unexpected(simulation.error()));
    m_timeline.emplace(std::move(*simulation));
    dropWhyJobs();
    m_happened.clear();
    m_slowUntil.reset();
    m_watch = {};
    m_speed = load.scenario.speed;
    m_historyMade = 0;
    m_historyMadeUpTo = m_timeline->now().start();
    jumped();
    startJourney({.kind = Journey::Kind::History,
                  .target = m_timeline->now().start() + load.scenario.history,
                  .since = wall(),
                  .pausedAfter = load.paused,
                  .reply = std::move(reply)});
}

Result<void> Conductor::carryOut(const Play&)
{
    m_watch = {};
    setPaused(false);
    return {};
}

Result<void> Conductor::carryOut(const Pause&)
{
    m_watch = {};
    setPaused(true);
    return {};
}

Result<void> Conductor::carryOut(const SetSpeed& speed)
{
    const bool max = speed.factor == Pacer::kMax;
    if (!max && !(speed.factor >= Pacer::kSlowest && speed.factor <= Pacer::kFastest))
        return fail(ErrorCode::BadInput,
                    "Speed must be 0.1 to 1,000 times real time, or 0 for as fast as possible.");
    m_speed = speed.factor;
    m_slowUntil.reset();
    restartPacer();
    return {};
}

Result<void> Conductor::carryOut(const SetSlowDownAtEvents& slow)
{
    m_slowAtEvents = slow.on;
    if (!slow.on && m_slowUntil) {
        m_slowUntil.reset();
        restartPacer();
    }
    return {};
}

/// A step ends where the event can be seen; when nothing is due, after a slice.
void Conductor::carryOut(const StepForward& forward, Runtime::Reply reply)
{
    const Simulation& sim = m_timeline->now();
    SimTime target = floorTo(sim.now(), kSecond) + kSecond;
    if (!forward.wholeSecond) {
        const auto next = sim.nextEvent();
        target = next ? seenFrom(std::max(*next, sim.now())) : sim.now() + kSlice;
    }
    m_watch = {};
    startJourney({.kind = Journey::Kind::Step,
                  .target = target,
                  .since = wall(),
                  .reply = std::move(reply)});
}

/// To where a step forward would have ended before: where an event can be seen, or a full second.
Result<void> Conductor::carryOut(const StepBack& back)
{
    const Simulation& sim = m_timeline->now();
    SimTime target = floorTo(sim.now() - SimDuration::micros(1), kSecond);
    if (!back.wholeSecond) {
        target = sim.start();
        Snapshot snapshot;
        sim.fill(snapshot);
        for (const Event& event : *snapshot.events) {
            const SimTime end = seenFrom(event.at);
            if (end < sim.now())
                target = std::max(target, end);
        }
    }
    m_watch = {};
    m_timeline->goBack(target, m_pool);
    setPaused(true);
    jumped();
    return {};
}

Result<void> Conductor::carryOut(const JumpToStart&)
{
    m_watch = {};
    m_timeline->goToFirstFrame(m_pool);
    setPaused(true);
    jumped();
    return {};
}

Result<void> Conductor::carryOut(const RunUntil& until)
{
    m_watch = ConditionWatch(until.condition, m_timeline->now());
    const bool there = m_watch.met(m_timeline->now());
    if (there)
        m_watch = {};
    setPaused(there);
    return {};
}

Result<void> Conductor::carryOut(const Do& act)
{
    auto done = m_timeline->perform(act.act);
    m_eventDue = m_timeline->now().nextEvent();
    return done;
}

Result<void> Conductor::carryOut(const Undo&)
{
    if (!m_timeline->canUndo())
        return fail(ErrorCode::BadInput, "There is nothing to undo.");
    m_timeline->undo(m_pool);
    jumped();
    return {};
}

void Conductor::carryOut(const Redo&, Runtime::Reply reply)
{
    const auto at = m_timeline->redoAt();
    if (!at)
        return answer(std::move(reply), fail(ErrorCode::BadInput, "There is nothing to redo."));
    startJourney({.kind = Journey::Kind::Redo,
                  .target = *at,
                  .since = wall(),
                  .pausedAfter = m_paused,
                  .reply = std::move(reply)});
}

} // namespace shardscope
