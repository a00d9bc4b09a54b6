#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/hash_key.h"
#include "core/base/strong_id.h"
#include "core/base/units.h"
#include "core/clock/sim_time.h"
#include "core/engine/channel.h"
#include "core/engine/peak_memory.h"
#include "core/engine/pending.h"
#include "core/engine/requests.h"
#include "core/storage/key_wrap.h"

/// What of a service must survive a restart, as plain values: Service::state() gives it,
/// Service::restore() takes it, core/catalog keeps it. Records are not in it (they have a log of
/// their own), nor is what is over within a second: the levels of buckets, the rates of calls.
/// Scaling policies belong to a run and are not kept either.
namespace shardscope {

/// A shard, open or not; its slot is its place in StreamState::shards.
struct SavedShard {
    HashKeyRange range;
    ShardState state = ShardState::Open;
    std::optional<ShardSlot> parent, adjacentParent;
    bool changing = false; ///< a pending reshard concerns it
    SimTime openedAt;
    std::optional<SimTime> closedAt; ///< set exactly when not open
    std::uint64_t first = 0; ///< position of the oldest record kept
    std::uint64_t next = 0; ///< where the next record goes: none before is ever given out again

    // Counters since the shard was opened; `next` counts the accepted records.
    std::uint64_t acceptedBytes = 0;
    std::uint64_t refusedByBytes = 0, refusedByRecords = 0, refusedBytes = 0;
    std::uint64_t outRecords = 0, outBytes = 0, readCalls = 0;
    std::uint64_t refusedReadBytes = 0, refusedReadCalls = 0, refusedReadWait = 0;

    // What on-demand remembers of it.
    Volume measured; ///< accepted up to the last minute's end
    std::int64_t hotSplits = 0;
    bool judged = false, advised = false;

    friend bool operator==(const SavedShard&, const SavedShard&) = default;
};

struct SavedConsumer {
    std::string name;
    ConsumerStatus status = ConsumerStatus::Creating;
    SimTime createdAt;
    std::map<std::string, std::string> tags;
    std::string policy; ///< JSON text, or empty
    friend bool operator==(const SavedConsumer&, const SavedConsumer&) = default;
};

/// What is limited within a rolling day.
enum class DayQuota { ModeSwitches, ShardCountUpdates, EncryptionStarts, EncryptionStops };
inline constexpr std::size_t kDayQuotas = 4;

struct StreamState {
    StreamSlot slot; ///< never that of another stream, before or after; its log's id minus one
    /// Without what follows from the rest: ARN and counts.
    StreamDescriptionSummary summary;
    std::int64_t firstShards = 0; ///< to be opened when it becomes ACTIVE first
    std::map<std::string, std::string> tags;
    std::string policy; ///< JSON text, or empty
    std::vector<SavedShard> shards;
    std::vector<SavedConsumer> consumers;
    std::vector<std::pair<SimTime, Change>> pending; ///< ascending
    std::int64_t reserved = 0;
    std::string scalingText;
    std::array<std::vector<SimTime>, kDayQuotas> quotas; ///< by DayQuota: when it was used
    std::vector<std::pair<SimTime, EncryptionType>> encryptionSince;
    std::vector<WrappedDataKey> dataKeys; ///< every one that may have encrypted a block
    std::string dataKeyId; ///< of the one for new blocks; empty: they are plain
    PeakState peakBytes, peakLoad;
    std::uint64_t onDemandRounds = 0;
    std::optional<SimTime> lastMergeRound;
    Volume trimmed;
    bool trimmedByBudget = false;
};

/// What belongs to no single stream.
struct AccountState {
    AccountSettings settings;
    std::uint32_t slotsGiven = 0; ///< to streams, deleted ones too
    std::uint64_t channelsMade = 0;
    std::vector<Channel> channels; ///< by id
};

/// Of Channel::delivered what changed, by the channel's id and the shard.
using DeliveredPositions = std::map<std::pair<std::string, ShardSlot>, std::uint64_t>;

struct ServiceState {
    AccountState account;
    std::vector<StreamState> streams; ///< by slot
};

} // namespace shardscope
