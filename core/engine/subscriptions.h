#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/units.h"
#include "core/engine/subscription.h"

namespace shardscope {

/// Whose subscription it is: a consumer, under the name it was registered with at that time, and a
/// shard.
struct SubscriptionKey {
    StreamSlot stream;
    std::string consumer;
    SimTime consumerCreatedAt;
    ShardSlot shard;
    friend auto operator<=>(const SubscriptionKey&, const SubscriptionKey&) = default;
};

/// What a consumer's subscriptions have done so far, over all shards (CloudWatch's
/// SubscribeToShard… and SubscribeToShardEvent… metrics).
struct FanOutCounters {
    std::uint64_t subscribed = 0; ///< SubscribeToShard.Success
    std::uint64_t rateExceeded = 0; ///< refused: too many calls, or one is active
    std::uint64_t events = 0, records = 0, bytes = 0;
    std::int64_t millisBehindLatest = 0; ///< of the newest event
};

/// Rule R1 for one subscriber: no second holds more than its bytes, but for one larger record after
/// which it rests until that is paid off. What is free may go at once, so a record waits only
/// behind a backlog.
class SubscriptionPace {
public:
    /// Bytes that may go at `now`: 0 or less while it rests; everything when nothing is owed.
    [[nodiscard]] Bytes room(SimTime now);
    /// When there will be more room than now; only while something is owed.
    [[nodiscard]] SimTime moreAt() const { return m_owed.front().first; }
    [[nodiscard]] bool idle() const { return m_owed.empty(); }
    void book(Bytes bytes, SimTime now);

private:
    std::deque<std::pair<SimTime, Bytes>> m_owed; ///< by the time at which it counts no more
    Bytes m_bytes = 0; ///< their sum
};

/// An open subscription.
struct Subscription {
    std::uint64_t id = 0;
    SubscriptionKey key;
    std::shared_ptr<SubscriptionSink> sink;
    std::uint64_t position = 0; ///< of the next record
    SimTime endsAt;
    SimTime heartbeatAt; ///< an event goes out by then, empty if it must
    SimTime gathersUntil; ///< new records wait for each other until then
    SimTime dueAt; ///< when it is looked at next
    bool waitsForRecords = false; ///< it has read all there was
    SubscriptionPace pace;
};

/// The open subscriptions of a service: who may open one, and which is to be looked at when.
/// Belongs to the service that opened them: a copy begins without any.
class Subscriptions {
public:
    Subscriptions() = default;
    Subscriptions(const Subscriptions& /*other*/) { }
    Subscriptions(Subscriptions&&) = default;
    Subscriptions& operator=(const Subscriptions& other);
    Subscriptions& operator=(Subscriptions&&) = default;
    ~Subscriptions() = default;

    enum class Verdict { MayOpen, TooManyCalls, TooSoon };
    /// Counts a call and judges it: one a second, and none within five after one that opened.
    /// `limited`: the rules hold.
    [[nodiscard]] Verdict call(const SubscriptionKey& key, SimTime now, bool limited);

    /// Opens one, due at once; another of the same key must have been closed.
    Subscription& open(SubscriptionKey key, std::uint64_t position,
                       std::shared_ptr<SubscriptionSink> sink, SimTime now);
    void close(std::uint64_t id);
    [[nodiscard]] Subscription* find(const SubscriptionKey& key);
    [[nodiscard]] std::size_t size() const { return m_open.size(); }

    /// The shard has new records, or may have been closed: who waits for them is due, at `now` or
    /// as soon as he has gathered enough.
    void wake(StreamSlot stream, ShardSlot shard, SimTime now);
    void wakeAll(SimTime now);
    [[nodiscard]] bool watched(StreamSlot stream) const { return m_byShard.contains(stream); }
    /// When the first one is due.
    [[nodiscard]] std::optional<SimTime> nextDue() const;
    /// The one that is due first, if at or before `now`; equal times in the order of opening.
    [[nodiscard]] Subscription* due(SimTime now);
    void schedule(Subscription& subscription, SimTime at);

    [[nodiscard]] FanOutCounters& counters(StreamSlot stream, const std::string& consumer)
    {
        return m_counters[{stream, consumer}];
    }

private:
    /// The calls of one key that still matter.
    struct Calls {
        SimTime lastAt;
        std::optional<SimTime> openedAt;
    };
    void forgetCalls(SimTime now);

    std::uint64_t m_last = 0; ///< id
    std::map<std::uint64_t, Subscription> m_open;
    std::map<SubscriptionKey, std::uint64_t> m_byKey;
    std::map<StreamSlot, std::map<ShardSlot, std::vector<std::uint64_t>>> m_byShard;
    std::set<std::pair<SimTime, std::uint64_t>> m_due;
    std::map<SubscriptionKey, Calls> m_calls;
    std::map<std::pair<StreamSlot, std::string>, FanOutCounters> m_counters;
};

} // namespace shardscope
