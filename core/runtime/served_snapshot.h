#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/requests.h"
#include "core/engine/requests_kms.h"
#include "core/engine/service_options.h"
#include "core/metrics/snapshot.h"
#include "core/runtime/attached_readers.h"

namespace shardscope {

/// One stream of a local service in the list.
struct ServedStreamRow {
    StreamDescriptionSummary summary;
    std::vector<ConsumerDescription> consumers;
    std::map<std::string, std::string> tags;
    double offeredBytes = 0, offeredRecords = 0; ///< per second, last second
    double acceptedBytes = 0, acceptedRecords = 0, refusedRecords = 0;
    double outBytes = 0, outRecords = 0, refusedReadCalls = 0;
    double hottestPercentOfLimit = 0; ///< of its open shards, last second
    double capacityBytes = 0; ///< open shards × 1 MiB/s
    Volume stored;
    std::int64_t ageMs = 0; ///< largest iterator age of the last reads, 0 when nobody reads
    std::int64_t subscriptions = 0; ///< open now
};

/// The folder behind a local service.
struct StoreRow {
    std::string folder;
    Bytes bytesOnDisk = 0, bytesInMemory = 0;
    std::int64_t segments = 0;
    double bytesPerSecond = 0; ///< written, last second
    double commitMillis = 0; ///< mean of the last second's commits
    std::string trouble; ///< one sentence while the disk refuses writes, or empty
    std::vector<std::string> findings; ///< of the last start: torn tails, damaged blocks
};

/// One channel's delivery, since the service was started.
struct ChannelRow {
    std::string channelId, channelName, streamName;
    std::int64_t objects = 0; ///< written, without dead letters
    std::int64_t records = 0, failedRecords = 0;
    std::int64_t lostRecords = 0; ///< left the stream before they could be delivered
    Bytes waitingBytes = 0; ///< data and keys of records not yet in an object
    bool writing = false; ///< an object is under way
    std::string trouble; ///< one sentence while it cannot deliver, or empty
};

/// What the window sees of a local service: immutable, published some thirty times a second while
/// somebody watches. Newest wins.
struct ServedSnapshot {
    std::uint64_t revision = 0;
    SimTime startedAt, now;
    std::string accountId, region;
    ServiceTimings timings;
    AccountLimits limits;
    ThrottlingSwitches throttling;
    std::vector<ServedStreamRow> streams; ///< by name
    std::vector<kms::KeyDescription> keys;
    std::vector<kms::Alias> aliases;
    std::optional<StoreRow> store; ///< none: memory alone
    std::vector<ChannelRow> channels; ///< those that deliver, by id
    std::vector<AttachedReaders::Row> readers; ///< that run here, as they were attached
    Bytes memoryRecords = 0, memoryBudget = 0;
    /// The board of the stream that is watched (LocalService::watch), made by the same code as a
    /// run's: shards, rates, history, events, refusals. Null when none is or it does not exist.
    std::shared_ptr<const Snapshot> board;
};

} // namespace shardscope
