#pragma once

#include <vector>

#include "core/consumers/query_engine.h"
#include "core/consumers/reader.h"
#include "core/consumers/record_fields.h"

namespace shardscope {

/// A stream-analytics job as Flink runs one: subtasks that read the shards dealt to them, one
/// windowed query by key, checkpoints of positions and state together. recordsPerSecond of the spec
/// is what one subtask gets through.
class AnalyticsReader final : public Reader {
public:
    /// A failed job is started again so long after. Flink's exponential-delay strategy begins so.
    static constexpr SimDuration kRestartDelay = SimDuration::seconds(1);

    AnalyticsReader(ConsumerSlot slot, const ConsumerSpec& spec, std::uint64_t seed,
                    SimTime runStart);
    [[nodiscard]] std::unique_ptr<Reader> clone() const override;
    void change(const ConsumerSpec& spec, SimTime now) override;
    /// The job fails: what it holds is lost. After kRestartDelay or later it goes on from its last
    /// checkpoint, or where it began, and reads again what came since.
    [[nodiscard]] Result<void> crash(const Crash& crash, SimTime now) override;
    [[nodiscard]] ReaderState state(const Stream& stream, SimTime now) const override;
    [[nodiscard]] std::uint64_t digest() const override;

private:
    /// Positions and state of one moment: restored together, each record counts once.
    struct Checkpoint {
        bool taken = false;
        ShardProgress progress;
        QueryEngine query;
        RecordFields::Unreadable unreadable;
    };
    void shardStarted(ShardSlot shard, SimTime now) override;
    [[nodiscard]] bool ready(ShardSlot shard, SimTime now) override;
    SimTime take(const Fetched& fetched) override;
    void work(SimTime sliceStart, ReaderSurroundings& around) override;
    void restarted(SimTime now) override;
    void remember(SimTime now);
    void restore();
    void dealOut(const Stream& stream);
    [[nodiscard]] std::size_t subtaskOf(const Stream& stream, ShardSlot shard) const;

    AnalyticsSpec m_job; ///< as resolved
    RecordFields m_fields;
    QueryEngine m_query;
    QueryColumns m_columns;
    std::vector<SimTime> m_busyUntil; ///< by subtask
    std::int64_t m_withoutShard = 0;
    Checkpoint m_point;
    AnalyticsState::Checkpoints m_checkpoints;
    SimTime m_nextCheckpoint;
    bool m_down = false;
    SimTime m_upAt;
    std::int64_t m_toldOf = 0; ///< unreadable records that the trouble speaks of
};

} // namespace shardscope
