#include "core/runtime/simulation.h"

#include <tuple>
#include <utility>

#include "core/base/rng.h"
#include "core/runtime/world.h"

namespace shardscope {

namespace {

/// Puts the scenario's stream in place as if it had been set up before the run began, so that a run
/// starts with an ACTIVE stream and no waiting.
Result<void> openStream(Service& service, const Scenario& s)
{
    const StreamSpec& spec = s.stream;
    CreateStream create {.streamName = spec.name, .mode = spec.mode};
    if (spec.mode == StreamMode::Provisioned)
        create.shardCount = spec.shards;
    create.warmThroughputMiBps = spec.warmThroughputMiBps;
    create.maxRecordSizeKiB = spec.maxRecordSizeKiB;

    std::vector<ControlRequest> later;
    if (spec.retentionHours > limits::kRetentionHoursLeast)
        later.emplace_back(IncreaseStreamRetentionPeriod {spec.name, spec.retentionHours});
    if (!spec.enhancedMonitoring.empty())
        later.emplace_back(EnableEnhancedMonitoring {
            spec.name, {spec.enhancedMonitoring.begin(), spec.enhancedMonitoring.end()}});
    if (spec.encrypted)
        later.emplace_back(StartStreamEncryption {spec.name, "alias/aws/kinesis"});

    SimTime at = s.start - s.timings.create
        - (s.timings.update + kSlice) * static_cast<std::int64_t>(later.size()) - kSlice;
    if (auto done = service.control(create, at); !done)
        return done;
    at += s.timings.create;
    service.advance(at);
    for (const ControlRequest& request : later) {
        if (auto done = service.control(request, at); !done)
            return done;
        at += s.timings.update + kSlice;
        service.advance(at);
    }
    service.advance(s.start);
    if (s.policy)
        return service.attachPolicy(spec.name, s.policy, s.start);
    return {};
}

} // namespace

Simulation::Simulation(std::unique_ptr<World> world)
    : m_world(std::move(world))
{
}
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;
Simulation::~Simulation() = default;

Result<Simulation> Simulation::create(const Scenario& scenario, const PriceBook& prices, Real real)
{
    const auto region = prices.regions.find(scenario.region);
    auto world = std::make_unique<World>(
        scenario, region == prices.regions.end() ? RegionPrices {} : region->second, prices.date);
    world->real = std::move(real);
    if (world->real.records != nullptr)
        world->real.records->begin();
    if (auto opened = openStream(world->service, world->scenario); !opened)
        return fail(opened.error().code, std::move(opened.error().message));
    std::ignore = world->service.takeEvents(); // setting up is not part of the run's story
    for (const ProducerSpec& spec : scenario.producers) {
        if (auto done = world->apply(AddProducer {spec}); !done)
            return fail(done.error().code, std::move(done.error().message));
    }
    for (const ConsumerSpec& spec : scenario.consumers) {
        if (auto done = world->apply(AddConsumer {spec}); !done)
            return fail(done.error().code, std::move(done.error().message));
    }
    world->book.events = std::make_shared<const std::vector<Event>>();
    world->book.eventTail.clear();
    return Simulation(std::move(world));
}

Simulation Simulation::fork() const
{
    return Simulation(std::make_unique<World>(*m_world));
}

SimTime Simulation::start() const
{
    return m_world->scenario.start;
}

SimTime Simulation::now() const
{
    return m_world->now;
}

const Scenario& Simulation::scenario() const
{
    return m_world->scenario;
}

void Simulation::advance(SimTime until, WorkerPool& pool)
{
    while (m_world->now < until)
        m_world->step(pool);
}

std::optional<SimTime> Simulation::nextEvent() const
{
    const World& w = *m_world;
    std::optional<SimTime> next = w.service.nextDue();
    const auto consider = [&next, &w](SimTime t) {
        if (t >= w.now && (!next || t < *next))
            next = t;
    };
    if (w.nextAct < w.scenario.acts.size())
        consider(w.scenario.start + w.scenario.acts[w.nextAct].at);
    for (const ProducerSeat& seat : w.producers) {
        if (!seat.removed && seat.producer.spec().startAfter > SimDuration {})
            consider(seat.joined + seat.producer.spec().startAfter);
    }
    for (const ConsumerSeat& seat : w.consumers) {
        if (!seat.removed && seat.consumer->spec().startAfter > SimDuration {})
            consider(seat.joined + seat.consumer->spec().startAfter);
    }
    return next;
}

Result<void> Simulation::apply(const Act& act)
{
    auto done = m_world->apply(act);
    m_world->collectEvents();
    return done;
}

void Simulation::schedule(SimTime at, Act act)
{
    m_world->schedule(at, std::move(act));
}

std::uint64_t Simulation::refusedSoFar() const
{
    return m_world->book.refusalsEver;
}

std::uint64_t Simulation::refusedSoFar(ShardSlot shard) const
{
    const auto& hot = m_world->stream().columns().hot;
    return shard.index() < hot.size()
        ? hot[shard.index()].refusedByBytes + hot[shard.index()].refusedByRecords
        : 0;
}

std::uint64_t Simulation::digest() const
{
    const World& w = *m_world;
    std::uint64_t d = mix64(w.scenario.seed);
    for (const ShardHot& hot : w.stream().columns().hot)
        d = mix64(d ^ hot.digest) + hot.acceptedRecords;
    for (const ProducerSeat& seat : w.producers)
        d = mix64(d ^ seat.producer.digest());
    for (const ConsumerSeat& seat : w.consumers)
        d = mix64(d ^ seat.consumer->digest());
    return d;
}

InvariantReport Simulation::checkInvariants()
{
    m_world->check();
    return m_world->invariants;
}

std::string Simulation::partitionKey(ProducerSlot producer, std::uint64_t number) const
{
    return m_world->keyOf(producer, number);
}

std::string Simulation::payload(ProducerSlot producer, std::uint64_t number) const
{
    const auto& seats = m_world->producers;
    return producer.index() < seats.size() ? seats[producer.index()].producer.data(number)
                                           : std::string();
}

} // namespace shardscope
