#include "core/runtime/world.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/budgets.h"
#include "core/runtime/reader_row.h"

namespace shardscope {

namespace {

/// Below this many rows a slice is done by the conductor alone: waking a worker costs more.
constexpr std::size_t kRowsWorthForking = 4'096;
constexpr std::uint32_t kPutUnit = 25 * 1'024; // facts/scaling-and-pricing.md 1.3 and 6.5

ServiceOptions serviceOptions(const Scenario& s)
{
    return {
        .region = s.region,
        .seed = s.seed,
        .timings = s.timings,
        .account = s.account,
        .advantage = s.advantage,
        .memoryBudget = s.memoryBudget,
    };
}

std::vector<ScheduledAct> sorted(std::vector<ScheduledAct> acts)
{
    std::stable_sort(acts.begin(), acts.end(),
                     [](const ScheduledAct& a, const ScheduledAct& b) { return a.at < b.at; });
    return acts;
}

/// Sums one lane's slice. Written so that the compiler can do eight rows at a time.
LaneSums sumsOf(const OfferBatch& batch)
{
    LaneSums sums;
    const std::size_t rows = batch.size();
    sums.records = static_cast<std::int64_t>(rows);
    const std::uint32_t* bytes = batch.bytes.data();
    const Outcome* outcome = batch.outcome.data();
    std::uint64_t total = 0, units = 0, kib = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        const std::uint64_t taken = outcome[i] == Outcome::Accepted ? ~std::uint64_t {0} : 0;
        total += bytes[i];
        units += taken & std::max<std::uint32_t>(1, (bytes[i] + kPutUnit - 1) / kPutUnit);
        kib += taken & std::max<std::uint32_t>(1, (bytes[i] + 1'023) >> 10);
    }
    sums.bytes = static_cast<std::int64_t>(total);
    sums.putUnits = static_cast<std::int64_t>(units);
    sums.roundedKiB = static_cast<std::int64_t>(kib);
    return sums;
}

} // namespace

Simulation::World::World(const Scenario& s, RegionPrices regionPrices, std::string date)
    : scenario(s)
    , priceDate(std::move(date))
    , now(s.start)
    , service(serviceOptions(s))
    , book(s.start, budgets::kHistoryDefault, std::move(regionPrices))
{
    scenario.acts = sorted(std::move(scenario.acts));
    bind();
}

Simulation::World::World(const World& o)
    : scenario(o.scenario)
    , priceDate(o.priceDate)
    , now(o.now)
    , real(o.real)
    , service(o.service)
    , producers(o.producers)
    , consumers(o.consumers)
    , nextAct(o.nextAct)
    , book(o.book)
    , offered(o.offered)
    , lostEver(o.lostEver)
    , invariants(o.invariants)
{
    bind();
}

Stream& Simulation::World::stream()
{
    Stream* found = service.find(scenario.stream.name);
    SHARDSCOPE_CHECK(found != nullptr);
    return *found;
}

const Stream& Simulation::World::stream() const
{
    const Stream* found = service.find(scenario.stream.name);
    SHARDSCOPE_CHECK(found != nullptr);
    return *found;
}

void Simulation::World::bind()
{
    service.setRegenerate([this](ProducerSlot producer, std::uint64_t number) {
        return Service::Regenerated {keyOf(producer, number),
                                     producer.index() < producers.size()
                                         ? producers[producer.index()].producer.data(number)
                                         : std::string()};
    });
}

std::string Simulation::World::keyOf(ProducerSlot producer, std::uint64_t number) const
{
    return producer.index() < producers.size()
        ? producers[producer.index()].producer.partitionKey(number)
        : std::string();
}

template <typename Task>
void Simulation::World::forLanes(WorkerPool& pool, std::size_t rows, const Task& task)
{
    const int count = static_cast<int>(lanes.size());
    if (rows >= kRowsWorthForking) {
        pool.run(count, task);
        return;
    }
    for (int i = 0; i < count; ++i)
        task(i);
}

void Simulation::World::step(WorkerPool& pool)
{
    runDueActs();
    service.advance(now);
    putReal();
    fillOffers(pool);
    admit(pool);
    settle(pool);
    ReaderSurroundings around {service, stream(), real.outside.get()};
    for (ConsumerSeat& seat : consumers) {
        if (!seat.removed)
            seat.consumer->step(now, around);
    }
    now += kSlice;
    if (now.inMicros() % stepOf(Resolution::Ms100).inMicros() == 0)
        closeBucket();
}

void Simulation::World::fillOffers(WorkerPool& pool)
{
    // One batch per lane, in the order (producer, lane): that order breaks ties inside a
    // millisecond.
    lanes.clear();
    for (ProducerSeat& seat : producers) {
        for (int lane = 0; !seat.removed && lane < seat.producer.lanes(); ++lane)
            lanes.push_back({&seat.producer, lane});
    }
    std::size_t rowsBefore = 0;
    for (const OfferBatch& batch : batches)
        rowsBefore += batch.size();
    batches.resize(lanes.size());
    sums.resize(lanes.size());
    offers.clear();
    for (OfferBatch& batch : batches)
        offers.push_back(&batch);
    const ShardMap& map = stream().map();
    const auto fill = [&](int i) {
        const auto index = static_cast<std::size_t>(i);
        batches[index].clear();
        lanes[index].producer->offer(lanes[index].lane, now, map, batches[index]);
    };
    forLanes(pool, rowsBefore, fill);
}

void Simulation::World::putReal()
{
    if (real.records == nullptr)
        return;
    for (const auto& arrival : real.records->arriving(now)) {
        auto result = service.putRecords(arrival->request, now);
        if (result) {
            const RealPut put = realPutOf(stream(), arrival->request.records, result->records, now);
            offered += put.offered;
            book.addPut(put);
        }
        real.records->answer(*arrival, std::move(result));
    }
}

void Simulation::World::admit(WorkerPool& pool)
{
    refused.clear();
    stream().offer(offers, now, admission, pool, refused);
    book.addRefusals(refused);
}

void Simulation::World::settle(WorkerPool& pool)
{
    std::size_t rows = 0;
    for (const OfferBatch& batch : batches)
        rows += batch.size();
    const auto hear = [&](int i) {
        const auto index = static_cast<std::size_t>(i);
        lanes[index].producer->settle(lanes[index].lane, now, batches[index]);
        sums[index] = sumsOf(batches[index]);
    };
    forLanes(pool, rows, hear);
    for (const LaneSums& lane : sums) {
        offered += Volume {lane.records, lane.bytes};
        book.usage.putUnits += static_cast<double>(lane.putUnits);
        book.usage.onDemandInBytes += static_cast<double>(lane.roundedKiB) * 1'024;
    }
}

void Simulation::World::closeBucket()
{
    const Stream& s = stream();
    book.agesMs.assign(s.shards().size(), 0);
    std::array<ConsumerSample, kConsumersKept> behind;
    for (const ConsumerSeat& seat : consumers) {
        if (seat.removed)
            continue;
        const std::size_t slot = seat.consumer->slot().index();
        noteBehind(*seat.consumer, s, now, book.agesMs,
                   slot < behind.size() ? &behind[slot] : nullptr);
    }
    book.closeBucket(s, now, behind);
    collectEvents();
    if (now.inMicros() % SimDuration::seconds(1).inMicros() == 0)
        closeSecond();
}

void Simulation::World::closeSecond()
{
    for (ProducerSeat& seat : producers) {
        const Producer::Counts c = seat.producer.counts();
        seat.offered.close(c.firstTries + c.retries);
        seat.refused.close(c.refused);
    }
    std::int64_t lost = 0;
    for (ConsumerSeat& seat : consumers) {
        lost += seat.consumer->counts().lostRecords;
        seat.pace.closeSecond(paceCounts(*seat.consumer),
                              seat.removed ? 0 : seat.consumer->progress().lagRecords(stream()));
    }
    if (lost > lostEver && lostEver == 0)
        note(EventKind::DataLost, "Records were trimmed before a consumer had read them.");
    lostEver = lost;
    check();
}

void Simulation::World::collectEvents()
{
    book.addEvents(service.takeEvents());
}

void Simulation::World::note(EventKind kind, std::string text, std::vector<ShardSlot> shards)
{
    book.note(now, kind, std::move(text), std::move(shards));
}

ProducerSeat* Simulation::World::findProducer(const std::string& name)
{
    for (ProducerSeat& seat : producers) {
        if (!seat.removed && seat.producer.spec().name == name)
            return &seat;
    }
    return nullptr;
}

ConsumerSeat* Simulation::World::findConsumer(const std::string& name)
{
    for (ConsumerSeat& seat : consumers) {
        if (!seat.removed && seat.consumer->spec().name == name)
            return &seat;
    }
    return nullptr;
}

} // namespace shardscope
