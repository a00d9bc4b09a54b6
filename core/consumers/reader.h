#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/consumers/consumer_spec.h"
#include "core/consumers/order_check.h"
#include "core/consumers/outside.h"
#include "core/consumers/reader_state.h"
#include "core/consumers/record_feed.h"
#include "core/consumers/shard_progress.h"
#include "core/engine/service.h"

namespace shardscope {

/// What a reader finds around it in a step.
struct ReaderSurroundings {
    Service& service;
    Stream& stream;
    Outside* outside = nullptr; ///< none: real functions and files are refused
};

/// A participant that reads a stream: what all kinds have in common. It knows no clock but the
/// slices it is stepped through, and no chance but its seed, so the same run comes again.
class Reader : protected FeedReceiver {
public:
    ~Reader() override = default;
    [[nodiscard]] virtual std::unique_ptr<Reader> clone() const = 0;

    [[nodiscard]] ConsumerSlot slot() const { return m_slot; }
    [[nodiscard]] const ConsumerSpec& spec() const { return m_spec; }
    /// Takes over other settings. The kind stays what it is.
    virtual void change(const ConsumerSpec& spec, SimTime now);
    void setPaused(bool paused) { m_spec.paused = paused; }
    /// Goes on from another place. Errors: BadInput as ShardProgress::replay().
    [[nodiscard]] Result<void> replay(const ReplayPoint& to, const Stream& stream, SimTime now);
    /// What runs it fails. Errors: BadInput when nothing of it can.
    [[nodiscard]] virtual Result<void> crash(const Crash& crash, SimTime now);
    /// It is removed: gives back what it has taken from the service.
    virtual void leave(ReaderSurroundings& around, SimTime now);

    /// Reads and works in [sliceStart, sliceStart + kSlice), after the slice's records were
    /// admitted.
    void step(SimTime sliceStart, ReaderSurroundings& around);

    struct Counts {
        std::int64_t records = 0; ///< read, those read again among them
        Bytes bytes = 0;
        std::int64_t calls = 0, refusedCalls = 0; ///< GetRecords
        std::int64_t subscriptions = 0; ///< SubscribeToShard, renewals included
        std::int64_t lostRecords = 0; ///< trimmed before they were read
        std::int64_t againRecords = 0; ///< processed more than once: after a replay or a failure
        std::int64_t maxAgeMs = 0;
        /// Records of one key seen out of order across reshards: always 0, checked as an invariant.
        std::int64_t orderViolations = 0;
    };
    [[nodiscard]] const Counts& counts() const { return m_counts; }
    /// Whether its records are pushed, over a throughput of its own; else it polls.
    [[nodiscard]] bool fanOut() const { return m_feed.pace().way == FeedPace::Way::FanOut; }
    [[nodiscard]] ReadRate readRate(ShardSlot shard, SimTime now) const
    {
        return m_feed.rate(shard, now);
    }
    [[nodiscard]] const ShardProgress& progress() const { return m_progress; }
    /// One sentence about what keeps it from reading, or empty.
    [[nodiscard]] const std::string& trouble() const { return m_trouble; }
    /// What its kind shows beside.
    [[nodiscard]] virtual ReaderState state(const Stream& stream, SimTime now) const;
    [[nodiscard]] virtual std::uint64_t digest() const;

protected:
    Reader(ConsumerSlot slot, ConsumerSpec spec, std::uint64_t seed, SimTime runStart,
           FeedPace pace);
    Reader(const Reader&) = default;
    Reader(Reader&&) = default;
    Reader& operator=(const Reader&) = default;
    Reader& operator=(Reader&&) = default;

    // --- what a kind says ---------------------------------------------------------------------
    /// What in its settings keeps it from reading, in one sentence, or empty.
    [[nodiscard]] virtual std::string refusal() const;
    /// Its first step in which it may read.
    virtual void begun(SimTime now);
    /// A shard's turn has come: opens its feed, now or later.
    virtual void shardStarted(ShardSlot shard, SimTime now);
    /// Its work of a slice beside the feed.
    virtual void work(SimTime sliceStart, ReaderSurroundings& around);
    /// Everything it holds in hand is void: it goes on from m_progress.
    virtual void restarted(SimTime now);

    // --- what a kind uses ---------------------------------------------------------------------
    /// Counts what was fetched; checks its order.
    void countFetched(const Fetched& fetched);
    /// Records up to `next` of a shard are processed.
    void processed(ShardSlot shard, std::uint64_t next);
    /// It reads again what it has read: what came before has nothing to do with what comes.
    void forgetOrder() { m_order = {}; }
    /// It must process the shard again from an earlier position, as after a failure.
    void fallBack(ShardSlot shard, std::uint64_t next);
    /// The ARN it reads from: its registered consumer's, or the stream's. Only inside step().
    [[nodiscard]] std::string sourceArn() const;
    /// The stream; only inside step().
    [[nodiscard]] Stream& stream() const { return m_around->stream; }
    [[nodiscard]] Service& service() const { return m_around->service; }

    ConsumerSpec m_spec;
    CounterRng m_chance;
    ShardProgress m_progress;
    RecordFeed m_feed;
    Counts m_counts;
    std::string m_trouble;

private:
    void checkOrder(ShardSlot shard, std::uint64_t from, std::uint64_t to);
    [[nodiscard]] bool mayRead(ReaderSurroundings& around, SimTime now);
    [[nodiscard]] bool registerFanOut(ReaderSurroundings& around, SimTime now);
    void deregisterFanOut(ReaderSurroundings& around, SimTime now);

    ConsumerSlot m_slot;
    SimTime m_start;
    bool m_begun = false;
    OrderCheck m_order;
    SimTime m_registerAt; ///< next try
    bool m_registering = false; ///< there may be a registered consumer of its own
    std::optional<SimTime> m_registered; ///< when the consumer it reads through was created
    ReaderSurroundings* m_around = nullptr; ///< of the step under way
};

/// A reader of the spec's kind that begins at `runStart` + startAfter.
[[nodiscard]] std::unique_ptr<Reader> makeReader(ConsumerSlot slot, const ConsumerSpec& spec,
                                                 std::uint64_t seed, SimTime runStart);

} // namespace shardscope
