#include "core/engine/subscriptions.h"

#include <algorithm>

#include "core/engine/limits.h"

namespace shardscope {

Bytes SubscriptionPace::room(SimTime now)
{
    while (!m_owed.empty() && m_owed.front().first <= now) {
        m_bytes -= m_owed.front().second;
        m_owed.pop_front();
    }
    return limits::kShardReadBytes - m_bytes;
}

void SubscriptionPace::book(Bytes bytes, SimTime now)
{
    if (bytes == 0)
        return;
    const SimDuration paid = SimDuration::micros(bytes * 1'000'000 / limits::kShardReadBytes);
    const SimTime until = now + std::max(SimDuration::seconds(1), paid);
    m_bytes += bytes;
    if (!m_owed.empty() && m_owed.back().first == until)
        m_owed.back().second += bytes;
    else
        m_owed.emplace_back(until, bytes);
}

Subscriptions& Subscriptions::operator=(const Subscriptions& other)
{
    if (this != &other)
        *this = Subscriptions();
    return *this;
}

/// Calls so old that they decide nothing any more make room before there are many.
void Subscriptions::forgetCalls(SimTime now)
{
    constexpr std::size_t kept = 1'024;
    if (m_calls.size() < kept)
        return;
    std::erase_if(m_calls, [&](const auto& entry) {
        return now - entry.second.lastAt >= limits::kSubscribeTakeOver
            && (!entry.second.openedAt
                || now - *entry.second.openedAt >= limits::kSubscribeTakeOver);
    });
}

Subscriptions::Verdict Subscriptions::call(const SubscriptionKey& key, SimTime now, bool limited)
{
    if (!limited)
        return Verdict::MayOpen;
    const auto found = m_calls.find(key);
    if (found == m_calls.end()) {
        forgetCalls(now);
        m_calls.emplace(key, Calls {now, {}});
        return Verdict::MayOpen;
    }
    Calls& calls = found->second;
    if (now - calls.lastAt < limits::kSubscribeEvery)
        return Verdict::TooManyCalls;
    calls.lastAt = now;
    if (calls.openedAt && now - *calls.openedAt < limits::kSubscribeTakeOver)
        return Verdict::TooSoon;
    return Verdict::MayOpen;
}

Subscription& Subscriptions::open(SubscriptionKey key, std::uint64_t position,
                                  std::shared_ptr<SubscriptionSink> sink, SimTime now)
{
    const std::uint64_t id = ++m_last;
    if (const auto calls = m_calls.find(key); calls != m_calls.end())
        calls->second.openedAt = now;
    ++counters(key.stream, key.consumer).subscribed;
    m_byKey.emplace(key, id);
    m_byShard[key.stream][key.shard].push_back(id);
    Subscription& s = m_open[id];
    s.id = id;
    s.key = std::move(key);
    s.sink = std::move(sink);
    s.position = position;
    s.endsAt = now + limits::kSubscriptionLife;
    s.heartbeatAt = now + limits::kSubscriptionHeartbeat;
    s.dueAt = now;
    m_due.emplace(now, id);
    return s;
}

void Subscriptions::close(std::uint64_t id)
{
    const auto found = m_open.find(id);
    if (found == m_open.end())
        return;
    const SubscriptionKey& key = found->second.key;
    auto& shards = m_byShard[key.stream];
    auto& ids = shards[key.shard];
    std::erase(ids, id);
    if (ids.empty())
        shards.erase(key.shard);
    if (shards.empty())
        m_byShard.erase(key.stream);
    m_byKey.erase(key);
    m_due.erase({found->second.dueAt, id});
    m_open.erase(found);
}

Subscription* Subscriptions::find(const SubscriptionKey& key)
{
    const auto found = m_byKey.find(key);
    return found == m_byKey.end() ? nullptr : &m_open.at(found->second);
}

void Subscriptions::wake(StreamSlot stream, ShardSlot shard, SimTime now)
{
    const auto shards = m_byShard.find(stream);
    if (shards == m_byShard.end())
        return;
    const auto ids = shards->second.find(shard);
    if (ids == shards->second.end())
        return;
    for (const std::uint64_t id : ids->second) {
        // Who rests after much data, or cannot take any more, is woken by its own time alone.
        Subscription& s = m_open.at(id);
        if (const SimTime at = std::max(now, s.gathersUntil); s.waitsForRecords && s.dueAt > at)
            schedule(s, at);
    }
}

void Subscriptions::wakeAll(SimTime now)
{
    for (auto& [id, subscription] : m_open) {
        if (subscription.dueAt > now)
            schedule(subscription, now);
    }
}

std::optional<SimTime> Subscriptions::nextDue() const
{
    if (m_due.empty())
        return {};
    return m_due.begin()->first;
}

Subscription* Subscriptions::due(SimTime now)
{
    if (m_due.empty() || m_due.begin()->first > now)
        return nullptr;
    return &m_open.at(m_due.begin()->second);
}

void Subscriptions::schedule(Subscription& subscription, SimTime at)
{
    m_due.erase({subscription.dueAt, subscription.id});
    subscription.dueAt = at;
    m_due.emplace(at, subscription.id);
}

} // namespace shardscope
