#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/consumers/event_filter.h"
#include "core/consumers/lambda_event.h"
#include "core/consumers/lambda_spec.h"
#include "core/consumers/lambda_state.h"
#include "core/consumers/reader.h"

namespace shardscope {

/// A Lambda event source mapping: batches of each shard, handed to a function one after the other,
/// or as many at once as the parallelisation factor says, each partition key always in the same
/// lane. A failed batch is tried again, whole, in halves, or from where the function says, and
/// nothing behind it in its lane gets its turn before it passed or was given up.
///
/// With a tumbling window, a batch has records of one window only, each call gets the state that
/// the one before answered, and a last call without records ends the window. Every lane has windows
/// of its own, where the service's papers speak of shards: **ours**, with a parallelisation factor.
///
/// The waits between tries are not documented; what is here, 1 s and 1.7 times more each time, up
/// to 60 s, is an **estimate** from one recorded case (facts/clients.md 4.2).
class LambdaReader final : public Reader {
public:
    LambdaReader(ConsumerSlot slot, const ConsumerSpec& spec, std::uint64_t seed, SimTime runStart);
    [[nodiscard]] std::unique_ptr<Reader> clone() const override;
    void change(const ConsumerSpec& spec, SimTime now) override;
    [[nodiscard]] ReaderState state(const Stream& stream, SimTime now) const override;
    [[nodiscard]] std::uint64_t digest() const override;

private:
    /// Records that the reader holds of a shard: behind that it reads no further.
    static constexpr std::size_t kHeldMost = 20'000;
    /// A window to which nothing comes any more is over so long after its end.
    static constexpr SimDuration kWindowWaits = SimDuration::minutes(2);
    // Lanes of m_chance.
    static constexpr std::uint64_t kDurations = 31, kErrors = 32, kRests = 33, kNames = 34;

    struct Held {
        std::uint64_t position = 0;
        std::int64_t arrivalMs = 0;
        std::uint32_t bytes = 0;
    };
    /// The first records of a lane that go together.
    struct Piece {
        std::size_t records = 0;
        std::int64_t attempts = 0; ///< that failed and count
    };
    /// A tumbling window that has begun.
    struct Window {
        std::int64_t beginMs = 0, endMs = 0;
        std::string state = "{}"; ///< JSON, as the last call that passed answered
        std::int64_t records = 0; ///< that passed in it
        bool closing = false; ///< what comes next is its last call
        bool early = false; ///< terminated before its time
        std::int64_t attempts = 0; ///< of the last call that failed
    };
    struct Lane {
        enum class Phase { Gathering, Running, Resting };
        Phase phase = Phase::Gathering;
        std::vector<Held> held; ///< from `head` on
        std::size_t head = 0;
        std::vector<Piece> pieces; ///< a batch, cut into what is tried together; the next first
        std::optional<SimTime> goesAt; ///< when what was gathered goes, full or not
        std::optional<Window> window;
        SimTime begunAt, until; ///< Running: `until` once it is known; Resting
        bool known = false; ///< how the invocation ends
        std::uint64_t job = 0; ///< of a real function
        bool failed = false, throttled = false;
        std::size_t passed = 0; ///< of a failed piece: so many first records passed
        std::int64_t failures = 0; ///< in a row
        std::string error;
        std::string answered; ///< the state in the answer

        [[nodiscard]] std::size_t size() const { return held.size() - head; }
        [[nodiscard]] bool closing() const { return window && window->closing; }
        /// Records of the call that is next or under way.
        [[nodiscard]] std::size_t calledWith() const
        {
            return closing() ? 0 : pieces.front().records;
        }
        [[nodiscard]] const Held& at(std::size_t i) const { return held[head + i]; }
    };
    struct Shard {
        std::vector<Lane> lanes; ///< none: not its turn
        std::uint64_t fetched = 0;
        std::size_t held = 0; ///< over all lanes
        std::int64_t fetchedMs = 0; ///< arrival of the last record fetched, filtered out or not
        bool atEnd = false;
    };

    [[nodiscard]] std::string refusal() const override { return m_filterTrouble; }
    void shardStarted(ShardSlot shard, SimTime now) override;
    [[nodiscard]] bool ready(ShardSlot shard, SimTime now) override;
    SimTime take(const Fetched& fetched) override;
    void work(SimTime sliceStart, ReaderSurroundings& around) override;
    void restarted(SimTime now) override;

    void readFilters();
    void hold(ShardSlot shard, std::uint64_t first, std::uint64_t next);
    /// The lane's first records are done with, passed or given up.
    void drop(ShardSlot shard, Lane& lane, std::size_t records);
    void settle(ShardSlot shard);
    [[nodiscard]] static std::vector<std::uint64_t> positionsOf(const Lane& lane,
                                                                std::size_t records);
    // lambda_lanes.cpp
    void workLane(ShardSlot shard, Lane& lane, SimTime now, Outside* outside);
    void gather(const Shard& work, Lane& lane, SimTime now);
    void expire(ShardSlot shard, Lane& lane, SimTime now, Outside* outside);
    void finish(ShardSlot shard, Lane& lane, SimTime now, Outside* outside);
    void tryAgain(ShardSlot shard, Lane& lane, SimTime now, Outside* outside);
    void rest(Lane& lane, SimTime now);
    void giveUp(ShardSlot shard, Lane& lane, std::size_t records, bool tooOld, SimTime now,
                Outside* outside);
    void hearOfDocuments(Outside& outside);
    // lambda_calls.cpp
    void invoke(ShardSlot shard, Lane& lane, SimTime now, Outside* outside);
    void model(ShardSlot shard, Lane& lane, SimTime now);
    void askOutside(ShardSlot shard, Lane& lane, Outside& outside);
    [[nodiscard]] std::uint64_t jobId(std::uint64_t number, std::string_view text) const;
    [[nodiscard]] std::string eventOf(ShardSlot shard, const Lane& lane, std::size_t records) const;
    [[nodiscard]] bool isPoison(ShardSlot shard, const Held& record) const;
    // lambda_windows.cpp
    void tendWindow(const Shard& work, ShardSlot shard, Lane& lane, SimTime now);
    [[nodiscard]] static bool isOver(const Window& window, const Shard& work, SimTime now);
    void keepState(Lane& lane, std::size_t records);
    void closeWindow(ShardSlot shard, Lane& lane);
    void loseWindow(Lane& lane);

    std::vector<Shard> m_shards; ///< by slot
    LambdaState m_seen; ///< rows of batches are filled by state()
    std::uint64_t m_invocations = 0; ///< numbers them, over replays too
    EventFilter m_filter;
    std::string m_filterTrouble; ///< why the filters are refused, or empty
    JsonTape m_tape;
    std::vector<std::uint8_t> m_passes; ///< of a page of records
    std::vector<std::uint64_t> m_documents; ///< on their way to the on-failure destination
};

} // namespace shardscope
