#include "core/consumers/reader.h"

#include <algorithm>
#include <cctype>

#include "core/engine/arn.h"

namespace shardscope {
namespace {

/// Of an answer, so many records at its beginning and its end are checked for order: there the
/// seams lie, between answers and between shards, and the cost of a call stays fixed.
constexpr std::uint64_t kCheckedAtEachEnd = 32;
/// How long a reader waits before it tries once more to register itself. Ours.
constexpr SimDuration kRegisterAgain = SimDuration::seconds(10);

/// The reader's name in the letters that a registered consumer's may have.
std::string consumerName(const std::string& name)
{
    std::string made = name;
    for (char& c : made)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '.' && c != '-')
            c = '-';
    return made;
}

} // namespace

Reader::Reader(ConsumerSlot slot, ConsumerSpec spec, std::uint64_t seed, SimTime runStart,
               FeedPace pace)
    : m_spec(std::move(spec))
    , m_chance(seed, (std::uint64_t {0x636f6e73} << 32) + slot.value)
    , m_feed(m_chance, pace)
    , m_slot(slot)
    , m_start(runStart + m_spec.startAfter)
{
}

void Reader::change(const ConsumerSpec& spec, SimTime /*now*/)
{
    const ConsumerKind kind = m_spec.kind;
    m_spec = spec;
    m_spec.kind = kind;
}

Result<void> Reader::replay(const ReplayPoint& to, const Stream& stream, SimTime now)
{
    if (!m_begun)
        return fail(ErrorCode::BadInput,
                    "Consumer \"" + m_spec.name + "\" has not begun to read yet.");
    if (auto done = m_progress.replay(stream, to, now); !done)
        return done;
    m_order = {};
    m_feed.closeAll();
    restarted(now);
    return {};
}

Result<void> Reader::crash(const Crash& /*crash*/, SimTime /*now*/)
{
    return fail(ErrorCode::BadInput,
                "Consumer \"" + m_spec.name + "\" is of kind " + kindText(m_spec.kind)
                    + ", which does not crash; pause it instead.");
}

void Reader::leave(ReaderSurroundings& around, SimTime now)
{
    if (m_registering)
        deregisterFanOut(around, now);
}

void Reader::step(SimTime sliceStart, ReaderSurroundings& around)
{
    if (m_spec.paused || sliceStart < m_start)
        return;
    m_around = &around;
    const bool may = mayRead(around, sliceStart);
    if (!m_begun && may) {
        m_begun = true;
        m_progress.begin(around.stream, m_spec.start);
        begun(sliceStart);
    }
    if (m_begun) {
        m_progress.discover(around.stream);
        for (const ShardSlot shard : m_progress.takeStarted())
            shardStarted(shard, sliceStart);
        if (may)
            m_feed.step(sliceStart, around.stream, *this);
        work(sliceStart, around);
        m_counts.calls = m_feed.counts().calls;
        m_counts.refusedCalls = m_feed.counts().refusedCalls;
        m_counts.subscriptions = m_feed.counts().subscriptions;
    }
    m_around = nullptr;
}

/// Asked in every step: a change of settings may take the leave away that was given before.
bool Reader::mayRead(ReaderSurroundings& around, SimTime now)
{
    if (std::string why = refusal(); !why.empty()) {
        m_trouble = std::move(why);
        return false;
    }
    if (fanOut())
        return m_registered || registerFanOut(around, now);
    if (m_registering)
        deregisterFanOut(around, now);
    return true;
}

std::string Reader::refusal() const
{
    return {};
}

void Reader::begun(SimTime /*now*/) { }

void Reader::shardStarted(ShardSlot shard, SimTime now)
{
    m_feed.open(shard, m_progress.next(shard), now);
}

void Reader::work(SimTime /*sliceStart*/, ReaderSurroundings& /*around*/) { }

void Reader::restarted(SimTime /*now*/) { }

void Reader::countFetched(const Fetched& fetched)
{
    const std::uint64_t taken = fetched.next - fetched.first;
    m_counts.records += static_cast<std::int64_t>(taken);
    m_counts.bytes += fetched.bytes;
    m_counts.lostRecords += static_cast<std::int64_t>(fetched.lost);
    if (taken > 0) {
        const std::int64_t oldest
            = stream().records(fetched.shard, fetched.first).front().arrivalMs;
        m_counts.maxAgeMs = std::max(m_counts.maxAgeMs, fetched.now.inMillis() - oldest);
    }
    const std::uint64_t head = std::min(fetched.next, fetched.first + kCheckedAtEachEnd);
    checkOrder(fetched.shard, fetched.first, head);
    checkOrder(fetched.shard, std::max(head, fetched.next - std::min(taken, kCheckedAtEachEnd)),
               fetched.next);
}

void Reader::processed(ShardSlot shard, std::uint64_t next)
{
    m_counts.againRecords += static_cast<std::int64_t>(m_progress.advance(shard, next));
}

void Reader::fallBack(ShardSlot shard, std::uint64_t next)
{
    if (next == m_progress.next(shard))
        return;
    m_progress.fallBack(shard, next);
    m_order.forget(shard);
}

void Reader::checkOrder(ShardSlot shard, std::uint64_t from, std::uint64_t to)
{
    while (from < to) {
        const auto run = stream().records(shard, from);
        for (std::size_t i = 0; i < run.size() && from < to; ++i, ++from)
            if (!m_order.note(shard, from, run[i]))
                ++m_counts.orderViolations;
    }
}

/// Registers the reader for enhanced fan-out; true when it is ACTIVE. What stands in the way goes
/// into m_trouble; it tries again every ten seconds.
bool Reader::registerFanOut(ReaderSurroundings& around, SimTime now)
{
    const std::string name = consumerName(m_spec.name);
    const std::vector<ConsumerDescription> there = around.service.consumers(around.stream);
    const auto mine = std::find_if(there.begin(), there.end(), [&](const auto& consumer) {
        return consumer.consumerName == name && consumer.status != ConsumerStatus::Deleting;
    });
    m_registering = true;
    if (mine != there.end()) {
        if (mine->status != ConsumerStatus::Active)
            return false;
        m_trouble.clear();
        m_registered = mine->createdAt;
        return true;
    }
    if (now < m_registerAt)
        return false;
    m_registerAt = now + kRegisterAgain;
    RegisterStreamConsumer request;
    request.streamName = around.stream.name();
    request.consumerName = name;
    const auto done = around.service.control(request, now);
    m_trouble = done ? std::string() : done.error().message;
    return false;
}

void Reader::deregisterFanOut(ReaderSurroundings& around, SimTime now)
{
    m_registering = false;
    m_registered.reset();
    DeregisterStreamConsumer request;
    request.streamName = around.stream.name();
    request.consumerName = consumerName(m_spec.name);
    // Whoever took it away before has done what is wanted here.
    std::ignore = around.service.control(request, now);
}

std::string Reader::sourceArn() const
{
    const ArnScope scope = service().arnScope();
    if (fanOut() && m_registered)
        return consumerArn(scope, stream().name(), consumerName(m_spec.name),
                           m_registered->inSeconds());
    return streamArn(scope, stream().name());
}

ReaderState Reader::state(const Stream& /*stream*/, SimTime /*now*/) const
{
    return {};
}

std::uint64_t Reader::digest() const
{
    return mix64(m_slot.value ^ m_progress.digest()
                 ^ mix64(static_cast<std::uint64_t>(m_counts.records)));
}

} // namespace shardscope
