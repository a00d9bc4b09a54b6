#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/consumers/consumer_spec.h"
#include "core/engine/stream.h"

namespace shardscope {

/// How far one reader has come in every shard: what is processed, not what is fetched. A child's
/// turn comes when all its parents are read to their ends. Copyable.
class ShardProgress {
public:
    enum class Stage : std::uint8_t { Waiting, Reading, Finished };

    /// Decides what `start` means for the shards there are: from TRIM_HORIZON the oldest ones kept;
    /// from LATEST those open now, at their tips, and their descendants from the beginning.
    void begin(const Stream& stream, StartPosition start);
    /// Takes in shards that have been opened since.
    void discover(const Stream& stream);
    /// Shards whose turn has come since the last time, in the order in which it came.
    [[nodiscard]] std::vector<ShardSlot> takeStarted() { return std::exchange(m_started, {}); }

    [[nodiscard]] std::size_t size() const { return m_rows.size(); }
    [[nodiscard]] Stage stage(ShardSlot shard) const { return m_rows[shard.index()].stage; }
    /// Position of the next record to process.
    [[nodiscard]] std::uint64_t next(ShardSlot shard) const { return m_rows[shard.index()].next; }
    /// The records up to `next` are processed. Says how many of them had been before.
    std::uint64_t advance(ShardSlot shard, std::uint64_t next);
    /// The reader must take up the shard again at an earlier place, as after a failure.
    void fallBack(ShardSlot shard, std::uint64_t next) { m_rows[shard.index()].next = next; }
    /// Back to how far it had come at an earlier moment, `earlier`, as after a failure; shards
    /// opened since begin anew. Whose turn it is now is told by takeStarted().
    void restore(const Stream& stream, const ShardProgress& earlier);
    /// Everything of a closed shard is processed: its children's turn may come.
    void finish(const Stream& stream, ShardSlot shard);
    /// Puts every shard that `to` means to its new place, and forgets whose turn it was. Shards of
    /// which nothing is left to read are finished, unless a parent of theirs is not. Errors:
    /// BadInput when a sequence number is none of this stream's.
    [[nodiscard]] Result<void> replay(const Stream& stream, const ReplayPoint& to, SimTime now);

    struct Place {
        ShardSlot shard;
        std::uint64_t next = 0;
        std::int64_t ageMs = 0; ///< of its oldest unprocessed record; 0 when there is none
    };
    [[nodiscard]] std::vector<Place> reading(const Stream& stream, SimTime now) const;
    [[nodiscard]] std::vector<ShardSlot> waitingForParents() const;
    /// Stored and not yet processed, over all shards it has not finished.
    [[nodiscard]] std::int64_t lagRecords(const Stream& stream) const;
    /// Records that were processed before and are to be processed once more.
    [[nodiscard]] std::int64_t lagAgain(const Stream& stream) const;
    /// Age of its oldest unprocessed record; 0 when caught up.
    [[nodiscard]] std::int64_t ageMs(const Stream& stream, SimTime now) const;
    [[nodiscard]] std::int64_t ageMs(const Stream& stream, ShardSlot shard, SimTime now) const;
    [[nodiscard]] std::uint64_t digest() const;

private:
    struct Row {
        Stage stage = Stage::Waiting;
        std::uint64_t next = 0;
        std::uint64_t done = 0; ///< the furthest it has ever come
    };
    void startIfParentsAreRead(const Stream& stream, ShardSlot shard);
    void startAllThatMay(const Stream& stream);
    static void put(Row& row, std::uint64_t next);

    std::vector<Row> m_rows; ///< by shard slot
    std::vector<ShardSlot> m_started;
};

} // namespace shardscope
