#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/hash_key.h"
#include "core/consumers/consumer_spec.h"
#include "core/consumers/read_rate.h"
#include "core/consumers/reader_state.h"
#include "core/engine/events.h"
#include "core/engine/offer.h"
#include "core/engine/requests.h"
#include "core/engine/service_options.h"
#include "core/metrics/series.h"
#include "core/workload/producer_spec.h"

/// What the window sees of a run: one immutable value, published some thirty times a second. Newest
/// wins; history is shared, so a reader may skip snapshots and still miss no sample.
namespace shardscope {

struct ScheduledAct; // core/scenario/scenario.h

/// Rates over the last full second (or minute) of simulated time.
struct ShardRates {
    double acceptedBytes = 0, acceptedRecords = 0;
    double refusedBytes = 0, refusedByBytes = 0,
           refusedByRecords = 0; ///< the latter two in records/s
    double outBytes = 0, outRecords = 0, readCalls = 0, refusedReads = 0;

    [[nodiscard]] double offeredBytes() const { return acceptedBytes + refusedBytes; }
    [[nodiscard]] double offeredRecords() const
    {
        return acceptedRecords + refusedByBytes + refusedByRecords;
    }
    /// Offered load in percent of the limit that binds: the larger of bytes and records.
    [[nodiscard]] double percentOfLimit() const;
    /// Outgoing bytes in percent of 2 MiB/s, or calls of 5/s: the larger.
    [[nodiscard]] double readPercentOfLimit() const;
};

struct TopKey {
    std::string key; ///< text of the partition key
    HashKey hash;
    double shareOfShard = 0; ///< of offered bytes, last minute; an upper bound
};

struct ShardRow {
    ShardSlot slot;
    HashKeyRange range;
    ShardState state = ShardState::Open;
    std::optional<ShardSlot> parent, adjacentParent;
    std::vector<ShardSlot> children;
    bool changing = false; ///< being split or merged now
    SimTime openedAt;
    std::optional<SimTime> closedAt;
    ShardRates second, minute;
    Volume offered, accepted, refused, stored; ///< since the run began; stored: now
    double peakPercentOfLimit = 0; ///< largest second so far
    std::int64_t ageMs = 0; ///< largest iterator age now
    std::vector<TopKey>
        topKeys; ///< hottest first; filled for up to 64 open shards and the ten hottest
    double writeBytesTokens = 0; ///< left in the W1 bucket, bytes
    double writeRecordsTokens = 0; ///< left in the W2 bucket, records
};

/// One refused record, kept for the Why card.
struct Refusal {
    std::uint64_t id = 0; ///< rising through the run
    SimTime at;
    ShardSlot shard;
    Rule rule {};
    ProducerSlot producer;
    std::uint64_t number = 0; ///< within the producer
    std::uint16_t attempt = 1;
    HashKey hash;
    std::uint32_t bytes = 0; ///< data + key
    double tokensLeft = 0; ///< in the bucket of the rule: bytes or records
    SimTime wouldPassAt; ///< earliest moment at which the bucket alone would let it pass
};

struct ProducerRow {
    ProducerSlot slot;
    ProducerSpec spec;
    bool removed = false;
    double offeredPerSecond = 0; ///< records, last second
    double refusedPerSecond = 0;
    std::int64_t firstTries = 0, retries = 0, accepted = 0, refused = 0, dropped = 0;
    std::int64_t waiting = 0; ///< records held for a retry or a batch
    [[nodiscard]] std::int64_t attempts() const { return firstTries + retries; }
    /// Attempts per first try: 1.0 when nothing is sent twice.
    [[nodiscard]] double amplification() const;
};

enum class Trend { Steady, Growing, Draining };

struct ConsumerRow {
    ConsumerSlot slot;
    ConsumerSpec spec;
    bool removed = false;
    bool client = false; ///< a program of its own: it is watched, and nothing here changes it
    double recordsPerSecond = 0, bytesPerSecond = 0, callsPerSecond = 0, refusedCallsPerSecond = 0;
    std::int64_t records = 0; ///< read so far
    Bytes bytes = 0;
    std::int64_t refusedCalls = 0;
    std::int64_t lagRecords = 0; ///< stored and not read, over all shards
    std::int64_t ageMs = 0; ///< of its oldest shard
    std::int64_t maxAgeMs = 0; ///< largest so far
    std::int64_t lostRecords = 0; ///< trimmed before they were read
    std::int64_t againRecords = 0; ///< processed more than once: after a replay or a failure
    std::int64_t lagAgain = 0; ///< of the lag, records that were processed before
    std::int64_t subscriptions = 0; ///< SubscribeToShard calls so far; 0 when it polls
    std::string trouble; ///< one sentence about what keeps it from reading, or empty
    ReaderState state; ///< what its kind shows beside
    Trend trend = Trend::Steady;
    std::optional<SimDuration> timeToDrain; ///< when draining
    std::optional<SimDuration> timeToDataLoss; ///< when growing towards retention
    std::vector<ShardSlot> reading; ///< shards it reads now
    std::vector<ShardSlot> waitingForParents;
    std::vector<std::int64_t> ageMsByShard; ///< parallel to `reading`
    /// Parallel to `reading`; empty where nobody counts it.
    std::vector<ReadRate> readRates;
    bool fanOut = false; ///< it reads over a throughput of its own
    /// USD an hour for having it beside the stream, at what it reads now; none: a price is missing.
    std::optional<double> costPerHour;
};

struct StreamRow {
    StreamDescriptionSummary summary;
    std::int64_t shardsEver = 0;
    double capacityBytes = 0; ///< open shards × 1 MiB/s
    double capacityRecords = 0;
    double offeredBytes = 0, offeredRecords = 0; ///< per second, last second
    double acceptedBytes = 0, acceptedRecords = 0, refusedRecords = 0;
    double peakBytes30d = 0; ///< on-demand: highest write throughput remembered, bytes/s
    std::int64_t shardsNeeded = 0; ///< on-demand: what its rule asks for now
    std::string scaling; ///< one sentence about scaling under way, or empty
    int modeSwitchesLeft = 0, shardCountUpdatesLeft = 0; ///< in the rolling 24 h
    std::string policy; ///< attached auto-scaling policy, or empty
    std::optional<ScalingPolicySpec> policySpec; ///< the same with its figures
    AccountLimits account; ///< in force
    bool advantage = false; ///< On-demand Advantage account
};

struct InvariantReport {
    std::int64_t checked = 0;
    std::int64_t violated = 0;
    std::string firstViolation; ///< one sentence, or empty
};

/// The moment up to which the run goes on by itself.
struct RunCondition {
    enum class Kind {
        None,
        Time,
        NextRefusal,
        NextRefusalOnShard,
        ShardsActive,
        AgeAbove,
        LagDrained,
        NextEvent
    };
    Kind kind = Kind::None;
    SimTime time;
    ShardSlot shard;
    SimDuration age;
    friend bool operator==(const RunCondition&, const RunCondition&) = default;
};

struct ClockRow {
    SimTime start; ///< of the run
    SimTime now;
    bool paused = true;
    double speedAsked = 1; ///< 0 = max
    double speedReached = 0; ///< over the last half second of wall time
    RunCondition until;
    bool slowsAtEvents = true; ///< as the person has set it
    bool slowedAtEvent = false; ///< 1× for a moment because something happened
    double recordsPerWallSecond = 0; ///< engine throughput
};

struct CostRow {
    double provisioned = 0, onDemand = 0; ///< USD for this run's traffic so far
    double provisionedPerHour = 0, onDemandPerHour = 0; ///< USD/h at the last minute's traffic
    std::string priceDate; ///< of the price book
    std::string region;
};

struct Snapshot {
    std::uint64_t revision = 0; ///< rising; a gap means skipped ones
    std::uint64_t world
        = 0; ///< changes when another run is loaded, undone or stepped back: forget caches
    std::string scenarioName, scenarioTitle, lesson;
    std::uint64_t seed = 0;
    ClockRow clock;
    StreamRow stream;
    std::vector<ShardRow>
        shards; ///< every shard ever: open ones by hash range, then the others by slot
    std::vector<ProducerRow> producers;
    std::vector<ConsumerRow> consumers;
    Volume offered, accepted, refused, stored, read;
    std::int64_t refusedByBytes = 0, refusedByRecords = 0, refusedReadCalls = 0;
    std::shared_ptr<const std::vector<Event>> events; ///< whole run, bounded, ascending
    std::shared_ptr<const std::vector<Refusal>> refusals; ///< newest kRefusalsKept, ascending
    History history;
    CostRow cost;
    InvariantReport invariants;
    Bytes memoryStored = 0, memoryHistory = 0, memoryBudget = 0;
    bool trimmedByBudget = false;
    std::optional<SimTime> oldestStored;
    std::string undoText,
        redoText; ///< what Undo and Redo would take back or repeat; empty = nothing
    std::string nextEvent; ///< what is due next, one phrase
    /// What the person did and has not undone, with its times since the start: together with the
    /// scenario and its seed this makes the run again. Null means nothing yet.
    std::shared_ptr<const std::vector<ScheduledAct>> acts;

    /// The row of an open or closed shard, or null.
    [[nodiscard]] const ShardRow* find(ShardSlot slot) const;
};

} // namespace shardscope
