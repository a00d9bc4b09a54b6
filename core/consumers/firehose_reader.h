#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/consumers/firehose_spec.h"
#include "core/consumers/firehose_state.h"
#include "core/consumers/firehose_transform.h"
#include "core/consumers/reader.h"

namespace shardscope {

/// A Firehose stream with a Kinesis stream as its source: GetRecords once a second of each shard,
/// aggregates opened, a function that may transform records, a buffer for each partition that goes
/// as an object when it is large enough or old enough, tries until the target takes it. Records
/// count as processed when all that became of them is delivered, so nothing is lost by a target
/// that is gone; meanwhile no more is read than kHeldMost, and the stream keeps the rest.
///
/// Without a function and partitions payloads are read when they are written, and not at all when
/// the target is modelled.
class FirehoseReader final : public Reader {
public:
    FirehoseReader(ConsumerSlot slot, const ConsumerSpec& spec, std::uint64_t seed,
                   SimTime runStart);
    [[nodiscard]] std::unique_ptr<Reader> clone() const override;
    void change(const ConsumerSpec& spec, SimTime now) override;
    /// What it holds is delivered at once, or stays in the stream when the target is gone.
    void leave(ReaderSurroundings& around, SimTime now) override;
    [[nodiscard]] ReaderState state(const Stream& stream, SimTime now) const override;
    [[nodiscard]] std::uint64_t digest() const override;

private:
    /// Held in buffers, by the function and on the way. Ours: two of the largest buffers.
    static constexpr Bytes kHeldMost = 256_MiB;
    static constexpr std::uint64_t kPageRecords = 10'000;

    /// Records [first, next) of a shard that were fetched together.
    struct Stretch {
        std::uint64_t first = 0, next = 0;
        std::size_t open = 0; ///< loads and invocations that have some of it
    };
    /// A stretch by its shard and its number there.
    struct Piece {
        ShardSlot shard;
        std::uint64_t number = 0;
        friend bool operator==(const Piece&, const Piece&) = default;
    };
    struct Invocation {
        std::vector<FirehoseRecord> records;
        std::string id;
        std::uint64_t job = 0; ///< 0: not begun, or to be tried again
        int failures = 0;
        SimTime tryAt;
    };
    struct Shard {
        std::deque<Stretch> stretches; ///< not processed yet
        std::uint64_t finished = 0; ///< stretches before the first of those
        std::optional<std::uint64_t> end; ///< it is closed, and was fetched up to here
        // For the function.
        std::vector<FirehoseRecord> gathered;
        Bytes gatheredBytes = 0;
        SimTime gatheredSince;
        std::deque<Invocation> invocations; ///< their results count in this order
    };
    /// Records that go together.
    struct Load {
        std::string group; ///< which buffer it was
        std::string errorType; ///< empty: data
        std::vector<NamedValue> fromQuery, fromLambda; ///< partition keys
        std::vector<Piece> pieces; ///< in the order in which they were fetched
        std::optional<std::string> body; ///< none: made of the pieces when it is sent
        std::int64_t records = 0; ///< user records
        std::int64_t lost = 0; ///< of them, trimmed before they were sent
        Bytes bytes = 0;
        SimTime oldest; ///< arrival
        SimTime since; ///< its first record came then
        std::optional<SimTime> triedAt; ///< first
        SimTime tryAt; ///< next
        std::int64_t tries = 0;
        std::uint64_t job = 0; ///< under way outside; 0: none
        std::string key;
        Bytes written = 0;
    };

    [[nodiscard]] bool ready(ShardSlot shard, SimTime now) override;
    SimTime take(const Fetched& fetched) override;
    void work(SimTime sliceStart, ReaderSurroundings& around) override;
    void restarted(SimTime now) override;

    // firehose_stages.cpp: from a stretch to buffers.
    [[nodiscard]] bool readsPayloads() const;
    void takeWhole(const Fetched& fetched, Piece piece);
    void takeRecords(const Fetched& fetched, Piece piece);
    void takeRecord(FirehoseRecord record, ShardSlot shard, SimTime now);
    void transform(ShardSlot shard, SimTime now, ReaderSurroundings& around);
    void beginInvocation(ShardSlot shard, Invocation& invocation, ReaderSurroundings& around);
    /// True when it is over, well or not.
    [[nodiscard]] bool hear(ShardSlot shard, Invocation& invocation, SimTime now, Outside& outside);
    void partition(FirehoseRecord& record, std::vector<NamedValue> fromLambda, ShardSlot shard,
                   SimTime now);
    void giveToErrors(FirehoseRecord& record, ShardSlot shard, const char* type,
                      FirehoseFailure failure, SimTime now);
    void append(Load& load, const FirehoseRecord& record, std::string_view text, ShardSlot shard);
    [[nodiscard]] Load& bufferOf(const std::string& group, SimTime now);
    void hold(Load& load, Piece piece);
    void release(Piece piece);
    void settle(ShardSlot shard);

    // firehose_delivery.cpp: from buffers to objects.
    void flush(Load& buffer, SimTime now);
    void flushAll(SimTime now);
    void flushWhatIsDue(SimTime now);
    void deliver(SimTime now, const ReaderSurroundings& around);
    /// True when the load is done with.
    [[nodiscard]] bool workOn(Load& load, SimTime now, const ReaderSurroundings& around);
    void attempt(Load& load, SimTime now, const ReaderSurroundings& around);
    void send(Load& load, SimTime now, const ReaderSurroundings& around);
    [[nodiscard]] std::string bodyOf(Load& load, const ReaderSurroundings& around) const;
    [[nodiscard]] std::string keyOf(const Load& load);
    void countLost(Load& load, const Stream& stream) const;
    /// The target took it. True when that is known, and the load done with.
    [[nodiscard]] bool taken(Load& load, SimTime now);
    void again(Load& load, std::string why, SimTime now);
    void doneWith(const Load& load);

    [[nodiscard]] const Stretch& stretchOf(Piece piece) const;
    [[nodiscard]] bool down(SimTime now) const;
    [[nodiscard]] std::int64_t freshnessMs(SimTime now) const;

    std::optional<SimTime> m_begunAt;
    std::int64_t m_version = 1; ///< of the configuration
    std::vector<Shard> m_shards; ///< by slot
    std::map<std::string, Load, std::less<>> m_buffers; ///< by group
    std::list<Load> m_loads; ///< oldest first
    std::map<std::string, std::int64_t> m_partitions; ///< groups and how many loads they have
    Bytes m_held = 0;
    int m_ending = 0; ///< closed shards of which something is not delivered yet
    std::uint64_t m_objects = 0; ///< numbers them, those without an answer too
    std::uint64_t m_invocations = 0;
    std::string m_targetTrouble, m_functionTrouble;
    FirehoseState m_seen;
};

} // namespace shardscope
