#include <algorithm>
#include <type_traits>
#include <utility>

#include "core/runtime/world.h"

namespace shardscope {

namespace {

template <typename... Fs> struct Overloaded : Fs... {
    using Fs::operator()...;
};

Error noSuch(const char* what, const std::string& name)
{
    return {ErrorCode::BadInput, std::string("There is no ") + what + " named \"" + name + "\"."};
}

} // namespace

void Simulation::World::runDueActs()
{
    while (nextAct < scenario.acts.size() && scenario.start + scenario.acts[nextAct].at <= now) {
        const Act& act = scenario.acts[nextAct++].act;
        if (auto done = apply(act); !done)
            note(EventKind::Refused, "Refused: " + actText(act) + ". " + done.error().message);
    }
}

void Simulation::World::schedule(SimTime at, Act act)
{
    // Before the scenario's own acts of that moment: a person's act comes ahead of the slice.
    const SimDuration since = at - scenario.start;
    const auto due = scenario.acts.begin() + static_cast<std::ptrdiff_t>(nextAct);
    const auto place = std::find_if(due, scenario.acts.end(), [since](const ScheduledAct& waiting) {
        return waiting.at >= since;
    });
    scenario.acts.insert(place, {since, std::move(act)});
}

Result<void> Simulation::World::apply(const Act& act)
{
    const auto control = [this](ControlRequest request) -> Result<void> {
        std::visit(
            [this](auto& r) {
                if constexpr (requires { r.streamName; }) {
                    if (r.streamName.empty())
                        r.streamName = scenario.stream.name;
                }
            },
            request);
        if (const auto* gone = std::get_if<DeleteStream>(&request);
            gone != nullptr && gone->streamName == scenario.stream.name)
            return fail(ErrorCode::BadInput,
                        "The board needs its stream \"" + gone->streamName
                            + "\"; load another scenario instead of deleting it.");
        if (auto* split = std::get_if<SplitShard>(&request);
            split != nullptr && split->newStartingHashKey.empty()) {
            // No key given means the middle of what the shard is by now.
            const auto slot = parseShardId(split->shardToSplit);
            if (slot && slot->index() < stream().shards().size())
                split->newStartingHashKey
                    = toDecimal(stream().shards()[slot->index()].range.middle());
        }
        return service.control(request, now);
    };
    return std::visit(
        Overloaded {
            control,
            [this](const AddProducer& a) -> Result<void> {
                if (findProducer(a.spec.name) != nullptr)
                    return fail(ErrorCode::BadInput,
                                "A producer named \"" + a.spec.name
                                    + "\" is already there; names are unique.");
                const ProducerSlot slot(static_cast<std::uint32_t>(producers.size()));
                auto made = Producer::create(slot, a.spec, scenario.seed, now);
                if (!made)
                    return fail(made.error().code, std::move(made.error().message));
                producers.push_back({std::move(*made), now});
                note(EventKind::ProducerAdded, "Producer \"" + a.spec.name + "\" started.");
                return {};
            },
            [this](const ChangeProducer& a) -> Result<void> {
                ProducerSeat* seat = findProducer(a.spec.name);
                if (seat == nullptr)
                    return tl::unexpected(noSuch("producer", a.spec.name));
                if (auto done = seat->producer.change(a.spec, now); !done)
                    return done;
                note(EventKind::ProducerChanged, "Producer \"" + a.spec.name + "\" changed.");
                return {};
            },
            [this](const PauseProducer& a) -> Result<void> {
                ProducerSeat* seat = findProducer(a.name);
                if (seat == nullptr)
                    return tl::unexpected(noSuch("producer", a.name));
                seat->producer.setPaused(a.paused, now);
                note(a.paused ? EventKind::ProducerPaused : EventKind::ProducerResumed,
                     "Producer \"" + a.name + (a.paused ? "\" paused." : "\" goes on."));
                return {};
            },
            [this](const RemoveProducer& a) -> Result<void> {
                ProducerSeat* seat = findProducer(a.name);
                if (seat == nullptr)
                    return tl::unexpected(noSuch("producer", a.name));
                seat->removed = true; // the seat stays: stored records still name it
                note(EventKind::ProducerRemoved, "Producer \"" + a.name + "\" removed.");
                return {};
            },
            [this](const AddConsumer& a) -> Result<void> {
                if (findConsumer(a.spec.name) != nullptr)
                    return fail(ErrorCode::BadInput,
                                "A consumer named \"" + a.spec.name
                                    + "\" is already there; names are unique.");
                const ConsumerSlot slot(static_cast<std::uint32_t>(consumers.size()));
                consumers.push_back({makeReader(slot, a.spec, scenario.seed, now), now});
                note(EventKind::ConsumerAdded, "Consumer \"" + a.spec.name + "\" started.");
                return {};
            },
            [this](const ChangeConsumer& a) -> Result<void> {
                ConsumerSeat* seat = findConsumer(a.spec.name);
                if (seat == nullptr)
                    return tl::unexpected(noSuch("consumer", a.spec.name));
                if (seat->consumer->spec().kind != a.spec.kind)
                    return fail(ErrorCode::BadInput,
                                "Consumer \"" + a.spec.name + "\" is of kind "
                                    + kindText(seat->consumer->spec().kind)
                                    + "; add a new one to have another kind.");
                seat->consumer->change(a.spec, now);
                note(EventKind::ConsumerChanged, "Consumer \"" + a.spec.name + "\" changed.");
                return {};
            },
            [this](const PauseConsumer& a) -> Result<void> {
                ConsumerSeat* seat = findConsumer(a.name);
                if (seat == nullptr)
                    return tl::unexpected(noSuch("consumer", a.name));
                seat->consumer->setPaused(a.paused);
                note(a.paused ? EventKind::ConsumerPaused : EventKind::ConsumerResumed,
                     "Consumer \"" + a.name + (a.paused ? "\" stopped." : "\" goes on."));
                return {};
            },
            [this](const RemoveConsumer& a) -> Result<void> {
                ConsumerSeat* seat = findConsumer(a.name);
                if (seat == nullptr)
                    return tl::unexpected(noSuch("consumer", a.name));
                seat->removed = true;
                ReaderSurroundings around {service, stream(), real.outside.get()};
                seat->consumer->leave(around, now);
                note(EventKind::ConsumerRemoved, "Consumer \"" + a.name + "\" removed.");
                return {};
            },
            [this](const ReplayConsumer& a) -> Result<void> {
                ConsumerSeat* seat = findConsumer(a.name);
                if (seat == nullptr)
                    return tl::unexpected(noSuch("consumer", a.name));
                if (auto done = seat->consumer->replay(a.to, stream(), now); !done)
                    return done;
                note(EventKind::ConsumerReplayed,
                     "Consumer \"" + a.name + "\" goes on from " + placeText(a.to) + ".");
                return {};
            },
            [this](const CrashConsumer& a) -> Result<void> {
                ConsumerSeat* seat = findConsumer(a.name);
                if (seat == nullptr)
                    return tl::unexpected(noSuch("consumer", a.name));
                if (auto done = seat->consumer->crash(a.crash, now); !done)
                    return done;
                note(EventKind::ConsumerCrashed,
                     (a.crash.worker > 0
                          ? "Worker " + std::to_string(a.crash.worker) + " of consumer"
                          : std::string("Consumer"))
                         + " \"" + a.name + "\" crashed.");
                return {};
            },
            [this](const AttachPolicy& a) -> Result<void> {
                if (auto done = service.attachPolicy(scenario.stream.name, a.policy, now); !done)
                    return done;
                note(a.policy ? EventKind::PolicyAttached : EventKind::PolicyDetached,
                     a.policy ? "Auto-scaling policy attached." : "Auto-scaling policy detached.");
                return {};
            },
            [this](const SetAccountLimits& a) -> Result<void> {
                service.setAccountLimits(a.limits);
                note(EventKind::AccountChanged, "Account limits changed.");
                return {};
            },
            [this](const Note& a) -> Result<void> {
                note(EventKind::Note, a.text);
                return {};
            },
        },
        act);
}

} // namespace shardscope
