#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/worker_pool.h"
#include "core/planner/price_book.h"
#include "core/runtime/pacer.h"
#include "core/runtime/run_condition.h"
#include "core/runtime/runtime.h"
#include "core/runtime/timeline.h"

namespace shardscope {

/// What reaches the engine thread.
struct Order {
    Command command;
    Runtime::Reply reply;
};
struct WhyQuestion {
    std::uint64_t refusalId = 0;
    Runtime::WhyReply reply;
};
using Message = std::variant<Order, WhyQuestion>;

/// The engine thread's work, one turn at a time: orders, a bounded piece of the run, a bounded
/// piece of a Why question, a snapshot. Single-threaded.
class Conductor {
public:
    struct Options {
        int threads = 1;
        std::function<double()> wallClock; ///< seconds, rising
        Result<PriceBook> prices;
        std::function<void(std::shared_ptr<const Snapshot>)> publish;
        Simulation::Real real;
    };
    explicit Conductor(Options options);

    /// Takes the messages and works for some 10 ms of wall time at most, but for what goes back in
    /// time. Returns the wall seconds until the next turn is due if nothing comes in before; none
    /// when only a message can change anything.
    std::optional<double> turn(std::vector<Message> messages);

private:
    /// Kinds of happenings at which the run slows down, once each.
    enum class Happening { Refusal, Reshard, Scaling };
    /// A way forward at full speed, after which the run stands still.
    struct Journey {
        enum class Kind { History, Step, Redo } kind = Kind::Step;
        SimTime target;
        double since = 0; ///< wall time
        bool pausedAfter = true;
        Runtime::Reply reply;
    };
    struct WhyJob {
        Simulation fork;
        Refusal refusal;
        SimTime from; ///< where the explaining begins
        Runtime::WhyReply reply;
    };

    [[nodiscard]] double wall() const { return m_options.wallClock(); }

    // Orders.
    void takeMessages(std::vector<Message> messages);
    void handle(Order order);
    void carryOut(const Load& load, Runtime::Reply reply);
    void carryOut(const StepForward& step, Runtime::Reply reply);
    [[nodiscard]] Result<void> carryOut(const Play&);
    [[nodiscard]] Result<void> carryOut(const Pause&);
    [[nodiscard]] Result<void> carryOut(const SetSpeed& speed);
    [[nodiscard]] Result<void> carryOut(const SetSlowDownAtEvents& slow);
    [[nodiscard]] Result<void> carryOut(const StepBack& back);
    [[nodiscard]] Result<void> carryOut(const JumpToStart&);
    [[nodiscard]] Result<void> carryOut(const RunUntil& until);
    [[nodiscard]] Result<void> carryOut(const Do& act);
    [[nodiscard]] Result<void> carryOut(const Undo&);
    void carryOut(const Redo&, Runtime::Reply reply);
    void answer(Runtime::Reply reply, Result<void> result);

    // Moving.
    void setPaused(bool paused);
    void restartPacer();
    void startJourney(Journey journey);
    void endJourney(Result<void> result);
    void run();
    /// One slice, and what has to be looked at after it. False: stop here.
    bool step();
    void jumped();

    // Happenings.
    void slowDown(Happening happening);
    void lookForHappenings(const Snapshot& snapshot);
    [[nodiscard]] bool mightSlowDown() const;
    /// Where the run must be so that what happens at `event` can be seen: the world hands out its
    /// events with every bucket of 100 ms.
    [[nodiscard]] static SimTime seenFrom(SimTime event);

    // Why.
    void ask(WhyQuestion question);
    void runWhyJob();
    void dropWhyJobs();

    // Out.
    void publishIfDue();
    void publish();
    void fillClock(ClockRow& clock) const;
    void noteFootprint(const Snapshot& snapshot);
    [[nodiscard]] std::optional<double> nextTurn() const;

    Options m_options;
    WorkerPool m_pool;
    std::optional<Timeline> m_timeline;
    std::deque<Message> m_waiting;
    std::vector<std::pair<Runtime::Reply, Result<void>>> m_answers;

    bool m_paused = true;
    double m_speed = 1;
    Pacer m_pacer;
    ConditionWatch m_watch;
    std::optional<Journey> m_journey;

    bool m_slowAtEvents = true;
    std::set<Happening> m_happened;
    std::uint64_t m_refusedBefore = 0;
    std::size_t m_eventsSeen = 0;
    std::optional<SimTime> m_eventDue; ///< the next one known of
    std::optional<double> m_slowUntil; ///< wall time

    std::deque<WhyJob> m_whyJobs;

    std::shared_ptr<const Snapshot> m_latest;
    std::uint64_t m_revision = 0, m_world = 0;
    bool m_changed = false, m_publishNow = false;
    std::optional<double> m_publishedAt;
    double m_publishEvery = 0; ///< wall seconds; longer when a snapshot is costly
    RateMeter m_records;
    Bytes m_historyMade = 0;
    SimTime m_historyMadeUpTo;
};

} // namespace shardscope
