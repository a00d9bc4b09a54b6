#include "core/consumers/record_feed.h"

#include <algorithm>
#include <cmath>

#include "core/engine/limits.h"

namespace shardscope {
namespace {

/// An SDK's standard mode on throttling.
constexpr int kTries = 3;
constexpr std::int64_t kBackOffBaseUs = 1'000'000;
/// By how much a loop's step differs from its pace at most, either way.
constexpr double kDrift = 0.1;

constexpr auto kLater
    = [](const auto& a, const auto& b) { return a.us != b.us ? a.us > b.us : a.shard > b.shard; };

} // namespace

RecordFeed::RecordFeed(CounterRng chance, FeedPace pace)
    : m_phase(chance)
    , m_backOff(chance.fork(1))
    , m_drift(chance.fork(2))
    , m_pace(pace)
{
}

/// From the call just counted to the loop's next one.
std::int64_t RecordFeed::stepUs(SimDuration pace) const
{
    const double chance = m_drift.unit(static_cast<std::uint64_t>(m_counts.calls));
    const auto us = static_cast<double>(std::max(pace, kStepLeast).inMicros());
    return std::llround(us * (1 + kDrift * (2 * chance - 1)));
}

/// How long a call that was refused once more waits for its next try.
std::int64_t RecordFeed::backOffUs(Row& row) const
{
    if (++row.refusedInARow == kTries) {
        row.refusedInARow = 0;
        return stepUs(m_pace.whenBehind);
    }
    const auto most = static_cast<std::uint64_t>(kBackOffBaseUs << (row.refusedInARow - 1));
    return static_cast<std::int64_t>(
        m_backOff.below(static_cast<std::uint64_t>(m_counts.calls), most));
}

void RecordFeed::setPace(const FeedPace& pace, SimTime now)
{
    if (pace == m_pace)
        return;
    m_pace = pace;
    m_due.clear();
    m_pushes.clear();
    for (std::uint32_t i = 0; i < m_rows.size(); ++i)
        if (m_rows[i].open)
            start(ShardSlot(i), now);
}

void RecordFeed::open(ShardSlot shard, std::uint64_t position, SimTime now)
{
    if (m_rows.size() <= shard.index())
        m_rows.resize(shard.index() + 1);
    close(shard);
    Row& row = m_rows[shard.index()];
    row.open = true;
    row.next = position;
    row.refusedInARow = 0;
    start(shard, now);
}

void RecordFeed::start(ShardSlot shard, SimTime now)
{
    if (m_pace.way == FeedPace::Way::Polling) {
        const auto period
            = static_cast<std::uint64_t>(std::max(m_pace.afterNothing, kStepLeast).inMicros());
        schedule(now.inMicros() + static_cast<std::int64_t>(m_phase.below(shard.value, period)),
                 shard);
        return;
    }
    ++m_counts.subscriptions;
    const auto place
        = std::lower_bound(m_pushes.begin(), m_pushes.end(), shard,
                           [](const Push& push, ShardSlot slot) { return push.shard < slot; });
    m_pushes.insert(place, Push {shard, now + limits::kSubscriptionLife, now, {}});
}

void RecordFeed::close(ShardSlot shard)
{
    if (!isOpen(shard))
        return;
    Row& row = m_rows[shard.index()];
    row.open = false;
    ++row.round;
    std::erase_if(m_pushes, [shard](const Push& push) { return push.shard == shard; });
}

void RecordFeed::closeAll()
{
    for (Row& row : m_rows) {
        row.open = false;
        ++row.round;
    }
    m_due.clear();
    m_pushes.clear();
}

bool RecordFeed::isOpen(ShardSlot shard) const
{
    return shard.index() < m_rows.size() && m_rows[shard.index()].open;
}

ReadRate RecordFeed::rate(ShardSlot shard, SimTime now) const
{
    return shard.index() < m_rows.size() ? m_rows[shard.index()].taken.rate(now) : ReadRate {};
}

void RecordFeed::schedule(std::int64_t us, ShardSlot shard)
{
    m_due.push_back({us, shard, m_rows[shard.index()].round});
    std::push_heap(m_due.begin(), m_due.end(), kLater);
}

void RecordFeed::step(SimTime sliceStart, Stream& stream, FeedReceiver& receiver)
{
    const std::int64_t end = (sliceStart + kSlice).inMicros();
    const SimTime now = sliceStart + (kSlice - kTick);
    while (!m_due.empty() && m_due.front().us < end) {
        std::pop_heap(m_due.begin(), m_due.end(), kLater);
        const Due due = m_due.back();
        m_due.pop_back();
        if (due.round == m_rows[due.shard.index()].round)
            poll(due.shard, due.us, now, stream, receiver);
    }
    for (std::size_t i = 0; i < m_pushes.size();) {
        const ShardSlot shard = m_pushes[i].shard;
        push(m_pushes[i], now, stream, receiver);
        if (i < m_pushes.size() && m_pushes[i].shard == shard)
            ++i; // else it was closed by what it brought
    }
}

void RecordFeed::poll(ShardSlot shard, std::int64_t dueUs, SimTime now, Stream& stream,
                      FeedReceiver& receiver)
{
    const std::int64_t sliceUs = (now - (kSlice - kTick)).inMicros();
    // A loop that was held up goes on in its step and does not catch up on calls.
    const auto after = [&](SimDuration pace) {
        std::int64_t nextUs = dueUs + stepUs(pace);
        const std::int64_t period = std::max(pace, kStepLeast).inMicros();
        if (nextUs < sliceUs)
            nextUs += (sliceUs - nextUs + period - 1) / period * period;
        return nextUs;
    };
    if (!receiver.ready(shard, now)) {
        schedule(std::max(sliceUs, dueUs) + kSlice.inMicros(), shard);
        return;
    }
    ++m_counts.calls;
    const std::uint64_t from = m_rows[shard.index()].next;
    const ReadAnswer answer = stream.read(shard, from, m_pace.recordsPerCall, now);
    ReadMeter::Taken& taken = m_rows[shard.index()].taken.takenAt(now);
    ++taken.calls;
    taken.bytes += static_cast<std::uint64_t>(answer.bytes);
    if (answer.refused) {
        ++taken.refusedCalls;
        ++m_counts.refusedCalls;
        schedule(std::max(dueUs, sliceUs) + backOffUs(m_rows[shard.index()]), shard);
        return;
    }
    Row& row = m_rows[shard.index()];
    row.refusedInARow = 0;
    row.next = answer.next;
    const std::uint32_t round = row.round;
    const std::int64_t nextUs = after(answer.millisBehindLatest > 0    ? m_pace.whenBehind
                                          : answer.next > answer.first ? m_pace.afterRecords
                                                                       : m_pace.afterNothing);
    const SimTime readyAt
        = receiver.take({shard, answer.first, answer.next, static_cast<Bytes>(answer.bytes),
                         answer.skippedByTrim, answer.atEnd, now});
    if (answer.atEnd)
        close(shard);
    else if (m_rows[shard.index()].round == round)
        schedule(std::max(nextUs, readyAt.inMicros()), shard);
}

void RecordFeed::push(Push& push, SimTime now, Stream& stream, FeedReceiver& receiver)
{
    const ShardSlot shard = push.shard;
    if (now >= push.endsAt) {
        ++m_counts.subscriptions;
        push.endsAt = now + limits::kSubscriptionLife;
    }
    if (now < push.readyAt || !receiver.ready(shard, now))
        return;
    Row& row = m_rows[shard.index()];
    const bool closed = stream.shards()[shard.index()].state != ShardState::Open;
    if (row.next >= stream.latest(shard) && !closed)
        return;
    const ReadAnswer answer = stream.push(shard, row.next, push.pace, now);
    if (answer.next == row.next && !answer.atEnd)
        return;
    row.taken.takenAt(now).bytes += static_cast<std::uint64_t>(answer.bytes);
    row.next = answer.next;
    const std::uint32_t round = row.round;
    const SimTime readyAt
        = receiver.take({shard, answer.first, answer.next, static_cast<Bytes>(answer.bytes),
                         answer.skippedByTrim, answer.atEnd, now});
    // The receiver may have closed this shard or opened others: the place has moved then.
    if (m_rows[shard.index()].round != round)
        return;
    if (answer.atEnd) {
        close(shard);
        return;
    }
    const auto place
        = std::lower_bound(m_pushes.begin(), m_pushes.end(), shard,
                           [](const Push& p, ShardSlot slot) { return p.shard < slot; });
    place->readyAt = readyAt;
}

} // namespace shardscope
