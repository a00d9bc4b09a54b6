#include "core/workload/producer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/base/check.h"
#include "core/workload/client.h"
#include "core/workload/segment.h"
#include "core/workload/spec_check.h"

namespace shardscope {
namespace {

/// One lane makes at most about this many records a second of simulated time, so that the lanes of
/// a fast producer spread over the machine's cores.
constexpr double kLaneRecordsPerSecond = 1e6;
constexpr int kLanesMost = 64;

int lanesFor(const ProducerSpec& spec)
{
    if (spec.kind == ProducerKind::Trace)
        return 1;
    const double lanes = std::ceil(TrafficShape::peakRate(spec.rate) / kLaneRecordsPerSecond);
    return static_cast<int>(std::clamp(lanes, 1.0, static_cast<double>(kLanesMost)));
}

Result<std::shared_ptr<const Trace>> traceOf(const ProducerSpec& spec)
{
    if (spec.kind != ProducerKind::Trace)
        return std::shared_ptr<const Trace>();
    auto trace = readTrace(spec.tracePath);
    if (!trace)
        return tl::unexpected(trace.error());
    return std::make_shared<const Trace>(std::move(*trace));
}

void add(Producer::Counts& sum, const Producer::Counts& more)
{
    sum.firstTries += more.firstTries;
    sum.retries += more.retries;
    sum.accepted += more.accepted;
    sum.refused += more.refused;
    sum.dropped += more.dropped;
    sum.waiting += more.waiting;
    sum.calls += more.calls;
    sum.userRecords += more.userRecords;
    sum.acceptedBytes += more.acceptedBytes;
}

} // namespace

struct Producer::State {
    struct Lane {
        std::unique_ptr<Client> client;
        std::uint64_t made = 0; ///< of the running segment, all lanes, so far
    };

    State(ProducerSlot s, std::uint64_t seed, SimTime start)
        : slot(s)
        , draws(seed, s)
        , runStart(start)
    {
    }
    State(const State& o)
        : slot(o.slot)
        , spec(o.spec)
        , draws(o.draws)
        , runStart(o.runStart)
        , era(o.era)
        , segments(o.segments)
        , running(o.running)
        , next(o.next)
        , marks(o.marks)
        , retired(o.retired)
    {
        for (const Lane& lane : o.lanes)
            lanes.push_back({lane.client->clone(), lane.made});
    }

    void begin(SimTime now);
    void end();
    void replaceLanes(int count, SimTime now);
    [[nodiscard]] const Segment& segmentOf(std::uint64_t number) const;
    /// User records of the aggregate that begins with `number`; empty when there is none.
    [[nodiscard]] std::vector<std::uint64_t> members(std::uint64_t number) const;
    [[nodiscard]] std::int64_t arrivalMs(const Segment& segment, std::uint64_t number) const;
    [[nodiscard]] UserRecord userRecord(std::uint64_t number) const;
    [[nodiscard]] std::string key(std::uint64_t number) const;

    ProducerSlot slot;
    ProducerSpec spec;
    Draws draws;
    SimTime runStart;
    std::shared_ptr<const Era> era;
    std::vector<std::shared_ptr<const Segment>> segments; ///< ascending by first number
    bool running = false; ///< whether the last segment still makes records
    std::uint64_t next = 0; ///< number of the next segment's first record
    /// Per segment with Poisson arrivals, the records made before each kMarkMs. Written by lane 0.
    std::vector<std::vector<std::uint64_t>> marks;
    std::vector<Lane> lanes;
    Counts retired; ///< of lanes that a change took away
};

void Producer::State::begin(SimTime now)
{
    const std::int64_t ms = (now.inMicros() + 999) / 1000;
    const TrafficShape shape(spec.rate, runStart + spec.startAfter);
    segments.push_back(std::make_shared<const Segment>(era, shape, next, ms,
                                                       static_cast<std::uint32_t>(lanes.size())));
    marks.emplace_back();
    for (Lane& lane : lanes)
        lane.made = 0;
    running = true;
}

/// Numbers go on behind the segment; one that made nothing gives its first number to the next.
void Producer::State::end()
{
    if (running)
        next = segments.back()->first() + lanes.front().made;
    running = false;
}

void Producer::State::replaceLanes(int count, SimTime now)
{
    HandOver held;
    AggregateLog aggregates(budgets::kAggregateLists);
    for (Lane& lane : lanes) {
        aggregates.absorb(std::move(lane.client->aggregates));
        HandOver more = lane.client->release();
        held.fresh.insert(held.fresh.end(), more.fresh.begin(), more.fresh.end());
        held.tried.insert(held.tried.end(), more.tried.begin(), more.tried.end());
        add(retired, lane.client->counts);
    }
    lanes.clear();
    std::vector<HandOver> shares(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < held.fresh.size(); ++i)
        shares[i % shares.size()].fresh.push_back(held.fresh[i]);
    for (std::size_t i = 0; i < held.tried.size(); ++i)
        shares[i % shares.size()].tried.push_back(held.tried[i]);
    for (const HandOver& share : shares) {
        Lane lane;
        lane.client = Client::create(spec, draws);
        lane.client->adopt(share, now.inMillis());
        lanes.push_back(std::move(lane));
    }
    lanes.front().client->aggregates.absorb(std::move(aggregates));
}

const Segment& Producer::State::segmentOf(std::uint64_t number) const
{
    const auto after = std::upper_bound(
        segments.begin(), segments.end(), number,
        [](std::uint64_t n, const auto& segment) { return n < segment->first(); });
    SHARDSCOPE_CHECK(after != segments.begin());
    return **(after - 1);
}

std::vector<std::uint64_t> Producer::State::members(std::uint64_t number) const
{
    for (const Lane& lane : lanes)
        if (auto found = lane.client->aggregates.find(number); !found.empty())
            return found;
    return {};
}

std::int64_t Producer::State::arrivalMs(const Segment& segment, std::uint64_t number) const
{
    const auto at = std::find_if(segments.begin(), segments.end(),
                                 [&](const auto& s) { return s.get() == &segment; });
    return segment.arrival(number, marks[static_cast<std::size_t>(at - segments.begin())]);
}

/// Only keys that are times ask when the record arrived, which takes long to find.
std::string Producer::State::key(std::uint64_t number) const
{
    const Segment& segment = segmentOf(number);
    const bool timed = segment.era().spec.keys.shape == KeySpec::Shape::Timestamp;
    return segment.key(number, timed ? arrivalMs(segment, number) : 0);
}

UserRecord Producer::State::userRecord(std::uint64_t number) const
{
    const Segment& segment = segmentOf(number);
    const std::int64_t ms = arrivalMs(segment, number);
    UserRecord record;
    record.key = segment.key(number, ms);
    record.data = segment.data(number, record.key, ms);
    return record;
}

Producer::Producer(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}
Producer::Producer(const Producer& o)
    : m_state(std::make_unique<State>(*o.m_state))
{
}
Producer& Producer::operator=(const Producer& o)
{
    if (this != &o)
        m_state = std::make_unique<State>(*o.m_state);
    return *this;
}
Producer::Producer(Producer&&) noexcept = default;
Producer& Producer::operator=(Producer&&) noexcept = default;
Producer::~Producer() = default;

Result<Producer> Producer::create(ProducerSlot slot, const ProducerSpec& spec, std::uint64_t seed,
                                  SimTime runStart)
{
    auto state = std::make_unique<State>(slot, seed, runStart);
    Producer producer(std::move(state));
    if (auto changed = producer.change(spec, runStart); !changed)
        return tl::unexpected(changed.error());
    return producer;
}

ProducerSlot Producer::slot() const
{
    return m_state->slot;
}
const ProducerSpec& Producer::spec() const
{
    return m_state->spec;
}
int Producer::lanes() const
{
    return static_cast<int>(m_state->lanes.size());
}

Result<void> Producer::change(const ProducerSpec& spec, SimTime now)
{
    if (auto checked = checkSpec(spec); !checked)
        return checked;
    State& s = *m_state;
    const bool sameTrace = s.era && s.era->trace && spec.kind == ProducerKind::Trace
        && spec.tracePath == s.spec.tracePath;
    auto trace = sameTrace ? s.era->trace : traceOf(spec);
    if (!trace)
        return tl::unexpected(trace.error());

    std::shared_ptr<const KeyDistribution> keys;
    if (sameTrace || (s.era && !*trace && !s.era->trace && s.era->spec.keys == spec.keys))
        keys = s.era->keys;
    else if (*trace)
        keys = std::make_shared<const KeyDistribution>((*trace)->keys);
    else
        keys = std::make_shared<const KeyDistribution>(spec.keys);

    s.end();
    s.spec = spec;
    s.era = std::make_shared<const Era>(spec, s.draws, std::move(keys), std::move(*trace));
    s.replaceLanes(lanesFor(spec), now);
    if (!spec.paused)
        s.begin(now);
    return {};
}

void Producer::setPaused(bool paused, SimTime now)
{
    State& s = *m_state;
    if (s.spec.paused == paused)
        return;
    s.spec.paused = paused;
    if (paused)
        s.end();
    else
        s.begin(now);
}

void Producer::offer(int laneIndex, SimTime sliceStart, const ShardMap& map, OfferBatch& out)
{
    State& s = *m_state;
    State::Lane& lane = s.lanes[static_cast<std::size_t>(laneIndex)];
    out.clear();
    out.producer = s.slot;
    lane.client->beginSlice(map);

    const Segment* segment = s.running ? s.segments.back().get() : nullptr;
    std::vector<std::uint64_t>* marks = nullptr;
    if (laneIndex == 0 && segment != nullptr && segment->shape().poisson())
        marks = &s.marks.back();
    const std::uint64_t lanes = s.lanes.size();
    const auto index = static_cast<std::uint64_t>(laneIndex);
    // Of the numbers 0 … n-1, how many belong to this lane.
    const auto own = [&](std::uint64_t n) { return (n + lanes - 1 - index) / lanes; };

    for (int k = 0; k < kTicksPerSlice; ++k) {
        Fresh fresh;
        fresh.segment = segment;
        fresh.ms = sliceStart.inMillis() + k;
        fresh.stride = static_cast<std::uint32_t>(lanes);
        if (segment != nullptr && fresh.ms >= segment->beginMs()) {
            if (marks != nullptr && (fresh.ms - segment->beginMs()) % Segment::kMarkMs == 0)
                marks->push_back(lane.made);
            const std::uint64_t made = segment->madeBefore(fresh.ms + 1, lane.made);
            fresh.madeBefore = lane.made;
            fresh.from = segment->first() + own(lane.made) * lanes + index;
            fresh.count = own(made) - own(lane.made);
            lane.made = made;
        }
        out.tickBegin[static_cast<std::size_t>(k)] = static_cast<std::uint32_t>(out.size());
        lane.client->tick(fresh, out);
    }
    out.tickBegin[kTicksPerSlice] = static_cast<std::uint32_t>(out.size());
}

void Producer::settle(int lane, SimTime sliceStart, const OfferBatch& sent)
{
    m_state->lanes[static_cast<std::size_t>(lane)].client->settle(sliceStart.inMillis(), sent);
}

Producer::Counts Producer::counts() const
{
    Counts sum = m_state->retired;
    for (const State::Lane& lane : m_state->lanes)
        add(sum, lane.client->counts);
    return sum;
}

std::uint64_t Producer::digest() const
{
    const State& s = *m_state;
    std::uint64_t h = mix64(s.slot.value + s.segments.size());
    h = mix64(h ^ s.next);
    for (const State::Lane& lane : s.lanes)
        h = mix64(h ^ lane.client->digest() ^ lane.made);
    return h;
}

std::string Producer::partitionKey(std::uint64_t number) const
{
    if (!m_state->members(number).empty())
        return std::string(kAggregateKey);
    return m_state->key(number);
}

std::string Producer::data(std::uint64_t number) const
{
    const std::vector<std::uint64_t> members = m_state->members(number);
    if (members.empty())
        return m_state->userRecord(number).data;
    std::vector<UserRecord> records;
    for (const std::uint64_t member : members)
        records.push_back(m_state->userRecord(member));
    return buildAggregate(records);
}

} // namespace shardscope
