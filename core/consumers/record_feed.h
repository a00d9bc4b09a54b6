#pragma once

#include <cstdint>
#include <vector>

#include "core/base/rng.h"
#include "core/consumers/read_rate.h"
#include "core/engine/stream.h"
#include "core/engine/subscriptions.h"

namespace shardscope {

/// How a reader gets at its records.
struct FeedPace {
    enum class Way { Polling, FanOut };
    Way way = Way::Polling;
    // Polling: from one GetRecords call of a shard to the next, by what the call answered.
    SimDuration afterNothing = SimDuration::seconds(1);
    SimDuration afterRecords = SimDuration::seconds(1);
    SimDuration whenBehind = SimDuration::seconds(1); ///< the answer left records unread
    std::int64_t recordsPerCall = 10'000; ///< 1 … 10,000
    friend bool operator==(const FeedPace&, const FeedPace&) = default;
};

/// Records [first, next) of a shard that a reader has been given.
struct Fetched {
    ShardSlot shard;
    std::uint64_t first = 0, next = 0;
    Bytes bytes = 0; ///< data + keys
    std::uint64_t lost = 0; ///< trimmed before they could be fetched
    bool atEnd = false; ///< nothing of the closed shard is left to fetch
    SimTime now;
};

/// Who takes what a feed brings.
class FeedReceiver {
public:
    virtual ~FeedReceiver() = default;
    /// Whether it takes more records of the shard now; else it is asked again a little later.
    [[nodiscard]] virtual bool ready(ShardSlot shard, SimTime now) = 0;
    /// Takes them. Says when it will take more at the earliest.
    virtual SimTime take(const Fetched& fetched) = 0;
};

/// Brings one reader the records of the shards it reads, in order, by GetRecords calls or by pushes
/// of enhanced fan-out, under the shards' limits. Copyable.
///
/// Polling: a refused call is tried again as the SDKs do in their standard mode: up to three tries,
/// waiting a random part of one second, then of two (facts/clients.md 1); then the loop goes on at
/// its pace. A step is up to a tenth longer or shorter than the pace says, as calls and computers
/// are, so that no two readers of one pace stay in one order for good.
///
/// Fan-out: what fits into the consumer's own 2 MiB/s of a shard comes at the end of the slice in
/// which it was put. A subscription lives five minutes; the feed subscribes anew where it ended.
///
/// A call made in a slice stands at the slice's last tick, so that it may read all that was
/// admitted.
class RecordFeed {
public:
    /// Shorter steps than a call to the service takes are no steps. Ours.
    static constexpr SimDuration kStepLeast = kSlice;

    RecordFeed(CounterRng chance, FeedPace pace);

    [[nodiscard]] const FeedPace& pace() const { return m_pace; }
    /// Another pace holds from now on, for all shards.
    void setPace(const FeedPace& pace, SimTime now);
    /// Fetches a shard from `position` on: polled first at a random part of the pace from now.
    void open(ShardSlot shard, std::uint64_t position, SimTime now);
    /// Fetches no more of it until it is opened again.
    void close(ShardSlot shard);
    void closeAll();
    [[nodiscard]] bool isOpen(ShardSlot shard) const;
    /// Where it goes on fetching.
    [[nodiscard]] std::uint64_t position(ShardSlot shard) const
    {
        return m_rows[shard.index()].next;
    }

    /// Makes every call that is due in [sliceStart, sliceStart + kSlice), after the slice's records
    /// were admitted, and pushes what may be pushed. Cost follows the calls due, not the shards;
    /// with fan-out it follows the shards.
    void step(SimTime sliceStart, Stream& stream, FeedReceiver& receiver);

    [[nodiscard]] ReadRate rate(ShardSlot shard, SimTime now) const;

    struct Counts {
        std::int64_t calls = 0, refusedCalls = 0; ///< GetRecords
        std::int64_t subscriptions = 0; ///< SubscribeToShard calls, renewals included
    };
    [[nodiscard]] const Counts& counts() const { return m_counts; }

private:
    struct Row {
        bool open = false;
        std::uint32_t round = 0; ///< of opening it: older dues are void
        int refusedInARow = 0; ///< tries of the call under way that were refused
        std::uint64_t next = 0;
        ReadMeter taken;
    };
    struct Due {
        std::int64_t us = 0;
        ShardSlot shard;
        std::uint32_t round = 0;
    };
    struct Push {
        ShardSlot shard;
        SimTime endsAt; ///< of its subscription
        SimTime readyAt; ///< the receiver takes nothing before
        SubscriptionPace pace;
    };
    void start(ShardSlot shard, SimTime now);
    void schedule(std::int64_t us, ShardSlot shard);
    void poll(ShardSlot shard, std::int64_t dueUs, SimTime now, Stream& stream,
              FeedReceiver& receiver);
    void push(Push& push, SimTime now, Stream& stream, FeedReceiver& receiver);
    [[nodiscard]] std::int64_t stepUs(SimDuration pace) const;
    [[nodiscard]] std::int64_t backOffUs(Row& row) const;

    CounterRng m_phase, m_backOff, m_drift;
    FeedPace m_pace;
    std::vector<Row> m_rows; ///< by shard slot
    std::vector<Due> m_due; ///< a heap, earliest first
    std::vector<Push> m_pushes; ///< open ones by shard slot
    Counts m_counts;
};

} // namespace shardscope
