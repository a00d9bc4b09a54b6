#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/engine/admission.h"
#include "core/engine/events.h"
#include "core/engine/peak_memory.h"
#include "core/engine/pending.h"
#include "core/engine/requests.h"
#include "core/engine/resource_policy.h"
#include "core/engine/rolling_quota.h"
#include "core/engine/scaling_policy.h"
#include "core/engine/service_options.h"
#include "core/engine/shard.h"
#include "core/engine/subscriptions.h"
#include "core/storage/key_wrap.h"
#include "core/storage/record_log.h"

namespace shardscope {

/// One stream: its shards, their lineage, what is under way. Copyable: a copy shares stored
/// records. Time comes in by argument and never goes back.
class Stream {
public:
    // --- looking --------------------------------------------------------------------------------
    [[nodiscard]] StreamSlot slot() const { return m_slot; } ///< never used again for another
    [[nodiscard]] const std::string& name() const { return m_summary.streamName; }
    [[nodiscard]] const std::map<std::string, std::string>& tags() const { return m_tags; }
    /// Enhanced monitoring: what is reported of its shards.
    [[nodiscard]] const std::set<ShardLevelMetric>& shardLevelMetrics() const
    {
        return m_summary.enhancedMonitoring;
    }
    [[nodiscard]] StreamDescriptionSummary summary() const;
    [[nodiscard]] std::span<const Shard> shards() const; ///< every shard ever, by slot
    [[nodiscard]] const ShardMap& map() const; ///< the open ones
    [[nodiscard]] const WriteColumns& columns() const;
    /// On-demand: highest write throughput remembered, bytes/s, and the shards its rule asks for.
    [[nodiscard]] double peakBytes30d() const;
    [[nodiscard]] std::int64_t shardsNeeded() const;
    /// One sentence about scaling under way, or empty.
    [[nodiscard]] std::string scalingText() const;
    [[nodiscard]] int modeSwitchesLeft(SimTime now) const;
    [[nodiscard]] int shardCountUpdatesLeft(SimTime now) const;
    /// Records taken by retention or by the memory budget so far.
    [[nodiscard]] Volume trimmed() const;
    [[nodiscard]] bool trimmedByBudget() const;
    /// Its own events since they were last taken, here or by Service::takeEvents.
    [[nodiscard]] std::vector<Event> takeEvents() { return std::exchange(m_events, {}); }

    // --- records with their payloads ------------------------------------------------------------
    /// Puts every row of `batch` (at most limits::kPutRecordsRecords), as many as `out` has places:
    /// there the number of each, with a counter of 0 when its shard refused it. Says how many were
    /// refused.
    std::int64_t put(const RecordBatch& batch, SimTime now, std::span<SequenceNumber> out);
    /// Where the payloads are kept.
    [[nodiscard]] const RecordLog& log() const { return m_log; }
    [[nodiscard]] RecordLog& log() { return m_log; }
    /// A record that its file gave back: the next of its shard, by position. The first one may
    /// stand anywhere, since older ones may have been trimmed; where some are missing (a damaged
    /// block), their positions stay empty. Errors: BadInput when it cannot be this stream's.
    [[nodiscard]] Result<void> restoreRecord(std::uint64_t place, const LogRecordHead& head);
    /// The shard's next record will have this position at least: what was given is never given
    /// again, also when every record is gone.
    [[nodiscard]] Result<void> restorePosition(ShardSlot shard, std::uint64_t position);
    /// The same for every shard, by its saved count of accepted records, which then takes in what
    /// was put after it was saved.
    [[nodiscard]] Result<void> restorePositions();

    // --- records in bulk ------------------------------------------------------------------------
    /// One slice of offered records: see Admission::run.
    void offer(std::span<OfferBatch*> batches, SimTime sliceStart, Admission& admission,
               WorkerPool& pool, std::vector<RefusedRecord>& refusals);
    /// Reads up to `recordsMost` (1 … 10,000) and 10 MiB from `position` of a shard, by the rules
    /// R1 to R3.
    [[nodiscard]] ReadAnswer read(ShardSlot shard, std::uint64_t position, std::int64_t recordsMost,
                                  SimTime now);
    /// Pushes what lies from `position` on and fits into `pace`, the subscriber's own 2 MiB/s: one
    /// record always when nothing is owed. Never refused; empty when there is no room.
    [[nodiscard]] ReadAnswer push(ShardSlot shard, std::uint64_t position, SubscriptionPace& pace,
                                  SimTime now);
    /// Position of the first record that arrived at or after `arrivalMs`, within what is kept.
    [[nodiscard]] std::uint64_t firstAt(ShardSlot shard, std::int64_t arrivalMs) const;
    /// Where LATEST and TRIM_HORIZON stand now.
    [[nodiscard]] std::uint64_t latest(ShardSlot shard) const;
    [[nodiscard]] std::uint64_t trimHorizon(ShardSlot shard) const;
    [[nodiscard]] std::span<const RecordMeta> records(ShardSlot shard,
                                                      std::uint64_t position) const;

    /// When encryption of new records changed; the newest entry holds for what arrives now.
    [[nodiscard]] EncryptionType encryptionAt(SimTime arrival) const;

private:
    friend class Service;

    /// A registered consumer: enhanced fan-out's name, not a simulated reader.
    struct FanOutConsumer {
        std::string name;
        bool creating = true, deleting = false;
        SimTime createdAt;
        std::map<std::string, std::string> tags;
        ResourcePolicy policy;
    };
    /// What on-demand remembers of a shard beside its load.
    struct Measured {
        Volume accepted; ///< counters at the last minute's end
        int hotSplits = 0; ///< splits in a row after which this side kept nearly all the load
        bool judged = false; ///< its first minute decided about hotSplits
        bool advised = false; ///< a hot key was reported
    };
    using LastRefusals = std::array<std::int64_t, 5>; ///< ms by Rule; 0 = never

    /// Begins in CREATING without shards; Service schedules the rest.
    Stream(StreamSlot slot, const CreateStream& request, const ServiceOptions& options,
           SimTime now);

    // stream_records.cpp
    struct Routes;
    void routeByKey(const RecordBatch& batch, Routes& routes) const;
    void routeByLoad(Routes& routes);
    void leaveGap(ShardLog& log, std::uint64_t position, std::int64_t arrivalMs);

    // stream_changes.cpp: what is under way and its completion
    [[nodiscard]] bool active() const { return m_summary.status == StreamStatus::Active; }
    /// Sets UPDATING and completes `change` after `delay`.
    void beginUpdate(Change change, SimDuration delay, SimTime now);
    /// Begins one split or merge.
    void beginReshard(const ReshardStep& step, SimDuration delay, SimTime now);
    /// Begins a plan: its steps in order, spread evenly over `delay` when `spread`, else all at its
    /// end. `text` says what goes on. An empty plan is done at its end too.
    void beginPlan(const ReshardPlan& plan, ReshardCause cause, bool spread, SimDuration delay,
                   SimTime now, std::string text);
    /// Completes what is due at or before `until`, in order.
    void complete(SimTime until);
    void apply(const Change& change, SimTime at);
    void apply(const change::Reshard& reshard, SimTime at);
    void apply(const change::PlanDone& done, SimTime at);
    void openFirstShards(SimTime at);
    /// What is appended from now on is encrypted on disk, or is not.
    void encryptBlocks(EncryptionType type);
    ShardSlot openShard(const HashKeyRange& range, std::optional<ShardSlot> parent,
                        std::optional<ShardSlot> adjacent, SimTime at);
    void closeShard(ShardSlot slot, SimTime at);
    void cancelOnDemandSplits();
    [[nodiscard]] std::int64_t shardsReserved() const;
    void note(SimTime at, EventKind kind, std::vector<ShardSlot> shards, std::string text);
    void noteRefusal(SimTime at, ShardSlot shard, Rule rule);

    // stream_retention.cpp
    void trimByRetention(SimTime now);
    void trimBefore(std::int64_t arrivalMs, bool wholeBlocks);
    void listFullBlocks(std::vector<ShardLog::FullBlock>& out, std::int64_t untilMs) const;
    [[nodiscard]] Bytes memoryHeld() const;
    [[nodiscard]] Bytes memoryAfterTrim(std::int64_t arrivalMs) const;
    [[nodiscard]] std::optional<std::int64_t> oldestArrivalMs() const;

    // stream_scaling.cpp
    /// Closes the minute that ends at `minuteEnd`: loads, peaks, sketches, policy's measurements.
    void closeMinute(SimTime minuteEnd);
    void scaleOnDemand(SimTime minuteEnd);
    [[nodiscard]] SimDuration reactionDelay();
    /// Makes the shards that the warm throughput asked for needs, by UPDATING.
    void warmUp(SimTime now);
    /// The scale-down call of an Advantage account: merges to what `warmMiBps` and the last hour
    /// need, and forgets older peaks.
    void coolDown(SimTime now, std::int64_t warmMiBps);

    StreamSlot m_slot;
    std::string m_account;
    std::uint64_t m_seed = 0;
    ServiceTimings m_timings;
    StreamDescriptionSummary m_summary;
    std::int64_t m_firstShards = 0;
    bool m_gone = false;
    std::vector<std::pair<SimTime, EncryptionType>> m_encryptionSince;
    std::vector<WrappedDataKey> m_dataKeys; ///< every one it was given, the newest last
    std::shared_ptr<const DataKey> m_dataKey; ///< that one, if it can be had
    std::string m_dataKeyId; ///< of the one for new blocks; empty: they are plain
    std::vector<FanOutConsumer> m_fanOut;
    std::map<std::string, std::string> m_tags;
    ResourcePolicy m_resourcePolicy;

    std::vector<Shard> m_shards;
    std::vector<ShardMap::Entry> m_open; ///< ascending by range
    ShardMap m_map;
    bool m_mapStale = false;
    WriteColumns m_columns;
    RecordLog m_log; ///< what real clients put, all shards mixed
    std::uint64_t m_autoTurn = 0; ///< AUTO distribution: records placed so far
    bool m_readThrottling = true;

    bool m_changed = true; ///< since Service::takeChanged()
    PendingChanges m_pending;
    std::int64_t m_reserved = 0; ///< most open shards on the way of the plan under way
    std::string m_scalingText;
    RollingDay m_modeSwitches, m_shardCountUpdates, m_encryptionStarts, m_encryptionStops;
    std::vector<Event> m_events;
    std::vector<LastRefusals> m_lastRefusals; ///< by slot

    SimTime m_nextTrim; ///< nothing can be due for trimming before
    Volume m_trimmed;
    bool m_trimmedByBudget = false;

    std::vector<Measured> m_measured; ///< by slot
    std::vector<Volume> m_minuteLoad; ///< by slot: accepted in the last closed minute
    Volume m_outSoFar; ///< read by pollers up to the last closed minute
    std::int64_t m_minuteAgeMs = 0; ///< largest age of an answer since the last closed minute
    PeakMemory m_peakBytes, m_peakLoad; ///< bytes/s, and shards' worth
    std::uint64_t m_onDemandRounds = 0;
    std::optional<SimTime> m_lastMergeRound;
    std::vector<PolicyMinute> m_minutes; ///< the last ones, as a policy would look at them
    std::optional<ScalingPolicy> m_policy;
};

} // namespace shardscope
