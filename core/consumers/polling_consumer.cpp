#include "core/consumers/polling_consumer.h"

#include <algorithm>
#include <cmath>

namespace shardscope {
namespace {

/// Of an answer, so many records at its beginning and its end are checked for order: there the
/// seams lie, between answers and between shards, and the cost of a call stays fixed.
constexpr std::uint64_t kCheckedAtEachEnd = 32;
/// An SDK's standard mode on throttling.
constexpr int kTries = 3;
constexpr std::int64_t kBackOffBaseUs = 1'000'000;
/// By how much a loop's step differs from its pace at most, either way.
constexpr double kDrift = 0.1;

constexpr auto kLater
    = [](const auto& a, const auto& b) { return a.us != b.us ? a.us > b.us : a.shard > b.shard; };

std::uint64_t unreadFrom(const Stream& stream, ShardSlot shard, std::uint64_t next)
{
    return std::max(next, stream.trimHorizon(shard));
}

std::int64_t oldestAgeMs(const Stream& stream, ShardSlot shard, std::uint64_t next, SimTime now)
{
    const std::uint64_t from = unreadFrom(stream, shard, next);
    if (from >= stream.latest(shard))
        return 0;
    const auto records = stream.records(shard, from);
    return std::max<std::int64_t>(0, now.inMillis() - records.front().arrivalMs);
}

} // namespace

const char* kindText(ConsumerKind kind)
{
    switch (kind) {
    case ConsumerKind::Polling:
        return "polling";
    }
    return "";
}

PollingConsumer::PollingConsumer(ConsumerSlot slot, ConsumerSpec spec, std::uint64_t seed,
                                 SimTime runStart)
    : m_slot(slot)
    , m_spec(std::move(spec))
    , m_phase(seed, (std::uint64_t {0x636f6e73} << 32) + slot.value)
    , m_backOff(m_phase.fork(1))
    , m_drift(m_phase.fork(2))
    , m_start(runStart + m_spec.startAfter)
{
}

ConsumerSlot PollingConsumer::slot() const
{
    return m_slot;
}
const ConsumerSpec& PollingConsumer::spec() const
{
    return m_spec;
}

std::int64_t PollingConsumer::periodUs() const
{
    return std::llround(1e6 / std::clamp(m_spec.readsPerSecond, 0.01, 100.0));
}

/// From the call just counted to the loop's next one.
std::int64_t PollingConsumer::stepUs() const
{
    const double chance = m_drift.unit(static_cast<std::uint64_t>(m_counts.calls));
    return std::llround(static_cast<double>(periodUs()) * (1 + kDrift * (2 * chance - 1)));
}

/// How long a call that was refused once more waits for its next try.
std::int64_t PollingConsumer::backOffUs(Reader& reader) const
{
    if (++reader.refusedInARow == kTries) {
        reader.refusedInARow = 0;
        return stepUs();
    }
    const auto most = static_cast<std::uint64_t>(kBackOffBaseUs << (reader.refusedInARow - 1));
    return static_cast<std::int64_t>(
        m_backOff.below(static_cast<std::uint64_t>(m_counts.calls), most));
}

void PollingConsumer::change(const ConsumerSpec& spec, SimTime now)
{
    const bool otherStep = spec.readsPerSecond != m_spec.readsPerSecond
        || spec.recordsPerSecond != m_spec.recordsPerSecond;
    m_spec = spec;
    if (!otherStep)
        return;
    // Every loop falls into its new step from now on.
    m_due.clear();
    for (std::uint32_t i = 0; i < m_readers.size(); ++i)
        if (m_readers[i].progress == Progress::Reading)
            schedule(now.inMicros()
                         + static_cast<std::int64_t>(
                             m_phase.below(i, static_cast<std::uint64_t>(periodUs()))),
                     ShardSlot(i));
}

void PollingConsumer::setPaused(bool paused, SimTime /*now*/)
{
    // The loops keep their phase: step() finds them overdue and goes on from there.
    m_spec.paused = paused;
}

void PollingConsumer::schedule(std::int64_t us, ShardSlot shard)
{
    m_due.push_back({us, shard});
    std::push_heap(m_due.begin(), m_due.end(), kLater);
}

void PollingConsumer::step(SimTime sliceStart, Stream& stream)
{
    if (m_spec.paused || sliceStart < m_start)
        return;
    if (!m_begun)
        begin(stream);
    discover(stream, sliceStart);
    const std::int64_t end = (sliceStart + kSlice).inMicros();
    const SimTime now = sliceStart + (kSlice - kTick);
    while (!m_due.empty() && m_due.front().us < end) {
        std::pop_heap(m_due.begin(), m_due.end(), kLater);
        const Due due = m_due.back();
        m_due.pop_back();
        read(due.shard, due.us, now, stream);
    }
}

/// Decides what the start position means for the shards there are.
void PollingConsumer::begin(const Stream& stream)
{
    m_begun = true;
    if (m_spec.start == StartPosition::TrimHorizon)
        return;
    for (const Shard& shard : stream.shards()) {
        Reader reader;
        reader.next = stream.latest(shard.slot);
        if (shard.state != ShardState::Open)
            reader.progress = Progress::Finished;
        m_readers.push_back(reader);
    }
    for (const Shard& shard : stream.shards())
        if (shard.state == ShardState::Open)
            startIfParentsAreRead(stream, shard.slot, m_start);
}

void PollingConsumer::discover(const Stream& stream, SimTime now)
{
    const auto shards = stream.shards();
    while (m_readers.size() < shards.size()) {
        const Shard& shard = shards[m_readers.size()];
        Reader reader;
        reader.next = stream.trimHorizon(shard.slot);
        // Nothing can be read of a shard whose time is over; it holds no child back.
        if (shard.state == ShardState::Expired)
            reader.progress = Progress::Finished;
        m_readers.push_back(reader);
        startIfParentsAreRead(stream, shard.slot, now);
    }
}

void PollingConsumer::startIfParentsAreRead(const Stream& stream, ShardSlot slot, SimTime now)
{
    Reader& reader = m_readers[slot.index()];
    if (reader.progress != Progress::Waiting)
        return;
    const Shard& shard = stream.shards()[slot.index()];
    for (const auto& parent : {shard.parent, shard.adjacentParent})
        if (parent && m_readers[parent->index()].progress != Progress::Finished)
            return;
    reader.progress = Progress::Reading;
    schedule(now.inMicros()
                 + static_cast<std::int64_t>(
                     m_phase.below(slot.value, static_cast<std::uint64_t>(periodUs()))),
             slot);
}

void PollingConsumer::read(ShardSlot shard, std::int64_t dueUs, SimTime now, Stream& stream)
{
    Reader& reader = m_readers[shard.index()];
    const std::int64_t sliceUs = (now - (kSlice - kTick)).inMicros();
    m_counts.maxAgeMs = std::max(m_counts.maxAgeMs, oldestAgeMs(stream, shard, reader.next, now));
    ++m_counts.calls;
    // A loop that was held up goes on in its step and does not catch up on calls.
    const std::int64_t period = periodUs();
    std::int64_t nextUs = dueUs + stepUs();
    if (nextUs < sliceUs)
        nextUs += (sliceUs - nextUs + period - 1) / period * period;
    const ReadAnswer answer = stream.read(shard, reader.next, m_spec.recordsPerCall, now);
    if (answer.refused) {
        ++m_counts.refusedCalls;
        schedule(std::max(dueUs, sliceUs) + backOffUs(reader), shard);
        return;
    }
    reader.refusedInARow = 0;
    const std::uint64_t taken = answer.next - answer.first;
    m_counts.records += static_cast<std::int64_t>(taken);
    m_counts.bytes += static_cast<Bytes>(answer.bytes);
    m_counts.lostRecords += static_cast<std::int64_t>(answer.skippedByTrim);
    const std::uint64_t head = std::min(answer.next, answer.first + kCheckedAtEachEnd);
    checkOrder(stream, shard, answer.first, head);
    checkOrder(stream, shard, std::max(head, answer.next - std::min(taken, kCheckedAtEachEnd)),
               answer.next);
    reader.next = answer.next;

    if (answer.atEnd) {
        reader.progress = Progress::Finished;
        const std::vector<ShardSlot> children = stream.shards()[shard.index()].children;
        for (const ShardSlot child : children)
            if (child.index() < m_readers.size())
                startIfParentsAreRead(stream, child, now);
        return;
    }
    if (m_spec.recordsPerSecond > 0) {
        const double seconds = static_cast<double>(taken) / m_spec.recordsPerSecond;
        const SimTime processed = now + SimDuration::fromSeconds(seconds);
        nextUs = std::max(nextUs, processed.inMicros());
    }
    schedule(nextUs, shard);
}

void PollingConsumer::checkOrder(const Stream& stream, ShardSlot shard, std::uint64_t from,
                                 std::uint64_t to)
{
    while (from < to) {
        const auto run = stream.records(shard, from);
        for (std::size_t i = 0; i < run.size() && from < to; ++i, ++from)
            if (!m_order.note(shard, from, run[i]))
                ++m_counts.orderViolations;
    }
}

std::vector<PollingConsumer::ShardPosition> PollingConsumer::reading(const Stream& stream,
                                                                     SimTime now) const
{
    std::vector<ShardPosition> positions;
    for (std::uint32_t i = 0; i < m_readers.size(); ++i)
        if (m_readers[i].progress == Progress::Reading)
            positions.push_back({ShardSlot(i), m_readers[i].next,
                                 oldestAgeMs(stream, ShardSlot(i), m_readers[i].next, now)});
    return positions;
}

std::vector<ShardSlot> PollingConsumer::waitingForParents() const
{
    std::vector<ShardSlot> waiting;
    for (std::uint32_t i = 0; i < m_readers.size(); ++i)
        if (m_readers[i].progress == Progress::Waiting)
            waiting.emplace_back(i);
    return waiting;
}

const PollingConsumer::Counts& PollingConsumer::counts() const
{
    return m_counts;
}

std::int64_t PollingConsumer::lagRecords(const Stream& stream) const
{
    std::int64_t lag = 0;
    for (std::uint32_t i = 0; i < m_readers.size(); ++i)
        if (m_readers[i].progress != Progress::Finished) {
            const std::uint64_t from = unreadFrom(stream, ShardSlot(i), m_readers[i].next);
            lag += static_cast<std::int64_t>(stream.latest(ShardSlot(i)) - from);
        }
    return lag;
}

std::int64_t PollingConsumer::ageMs(const Stream& stream, SimTime now) const
{
    std::int64_t age = 0;
    for (std::uint32_t i = 0; i < m_readers.size(); ++i)
        if (m_readers[i].progress != Progress::Finished)
            age = std::max(age, oldestAgeMs(stream, ShardSlot(i), m_readers[i].next, now));
    return age;
}

std::uint64_t PollingConsumer::digest() const
{
    std::uint64_t h = mix64(m_slot.value);
    for (const Reader& reader : m_readers)
        h = mix64(h ^ (reader.next * 4 + static_cast<std::uint64_t>(reader.progress)));
    for (const std::int64_t n :
         {m_counts.records, m_counts.calls, m_counts.refusedCalls, m_counts.lostRecords,
          m_counts.bytes, m_counts.maxAgeMs, m_counts.orderViolations})
        h = mix64(h ^ static_cast<std::uint64_t>(n));
    return mix64(h ^ m_order.digest());
}

} // namespace shardscope
