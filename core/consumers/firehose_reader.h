#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/consumers/firehose_spec.h"
#include "core/consumers/firehose_state.h"
#include "core/consumers/reader.h"

namespace shardscope {

/// A Firehose stream with a Kinesis stream as its source: GetRecords once a second of each shard,
/// one buffer that goes as an object when it is large enough or old enough, tries until the target
/// takes it. Records count as processed when their object is delivered, so nothing is lost by a
/// target that is gone; meanwhile no more is read than kHeldMost, and the stream keeps the rest.
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
    /// Held in the buffer and on the way. Ours: two of the largest buffers.
    static constexpr Bytes kHeldMost = 256_MiB;

    /// Records [first, next) of a shard.
    struct Stretch {
        ShardSlot shard;
        std::uint64_t first = 0, next = 0;
    };
    /// Records that go together.
    struct Load {
        std::vector<Stretch> stretches; ///< in the order in which they were fetched
        std::int64_t records = 0;
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

    void flush(SimTime now);
    void attempt(Load& load, SimTime now, const ReaderSurroundings& around);
    void send(Load& load, SimTime now, const ReaderSurroundings& around);
    /// The target took it. True when that is known, and the load done with.
    [[nodiscard]] bool taken(Load& load, SimTime now);
    void again(Load& load, std::string why, SimTime now);
    void doneWith(const Load& load);
    void finishEnded();
    [[nodiscard]] bool holds(ShardSlot shard) const;
    [[nodiscard]] bool down(SimTime now) const;
    [[nodiscard]] std::int64_t freshnessMs(SimTime now) const;

    std::optional<SimTime> m_begunAt;
    std::int64_t m_version = 1; ///< of the configuration
    Load m_buffer;
    std::deque<Load> m_loads; ///< one after the other, so that positions advance in order
    std::vector<std::pair<ShardSlot, std::uint64_t>> m_ended; ///< closed shards and their ends
    std::uint64_t m_objects = 0; ///< numbers them, those without an answer too
    FirehoseState m_seen;
};

} // namespace shardscope
