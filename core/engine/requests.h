#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/base/hash_key.h"
#include "core/base/strong_id.h"
#include "core/base/units.h"
#include "core/clock/sim_time.h"

/// The only vocabulary of the service: producers, consumers, the window and (later) the wire speak
/// it. Names and meanings are the service's own (facts/kinesis-api.md 1). Streams are named by
/// name.
namespace shardscope {

enum class StreamMode { Provisioned, OnDemand };
enum class StreamStatus { Creating, Deleting, Active, Updating };
enum class ShardState { Open, Closed, Expired };
enum class EncryptionType { None, Kms };
enum class IteratorType { AtSequenceNumber, AfterSequenceNumber, AtTimestamp, TrimHorizon, Latest };
enum class ShardLevelMetric {
    IncomingBytes,
    IncomingRecords,
    OutgoingBytes,
    OutgoingRecords,
    WriteProvisionedThroughputExceeded,
    ReadProvisionedThroughputExceeded,
    IteratorAgeMilliseconds,
};

// --- streams ------------------------------------------------------------------------------------

struct CreateStream {
    std::string streamName;
    StreamMode mode = StreamMode::Provisioned;
    std::optional<std::int64_t> shardCount; ///< needed for Provisioned
    std::optional<std::int64_t> warmThroughputMiBps; ///< on-demand with the billing commitment only
    std::optional<std::int64_t> maxRecordSizeKiB; ///< 1024 … 10240
    std::map<std::string, std::string> tags;
};
struct DeleteStream {
    std::string streamName;
    bool enforceConsumerDeletion = false;
};
struct UpdateStreamMode {
    std::string streamName;
    StreamMode mode = StreamMode::Provisioned;
    std::optional<std::int64_t> warmThroughputMiBps;
};
struct UpdateMaxRecordSize {
    std::string streamName;
    std::int64_t maxRecordSizeKiB = 1024;
};
struct UpdateStreamWarmThroughput {
    std::string streamName;
    std::int64_t warmThroughputMiBps = 0;
};
struct IncreaseStreamRetentionPeriod {
    std::string streamName;
    std::int64_t hours = 24;
};
struct DecreaseStreamRetentionPeriod {
    std::string streamName;
    std::int64_t hours = 24;
};
struct StartStreamEncryption {
    std::string streamName;
    std::string keyId;
};
struct StopStreamEncryption {
    std::string streamName;
    std::string keyId;
};
struct EnableEnhancedMonitoring {
    std::string streamName;
    std::set<ShardLevelMetric> metrics;
};
struct DisableEnhancedMonitoring {
    std::string streamName;
    std::set<ShardLevelMetric> metrics;
};
struct UpdateAccountSettings {
    bool minimumThroughputBillingCommitment = false; ///< on: On-demand Advantage
};

// --- shards -------------------------------------------------------------------------------------

struct SplitShard {
    std::string streamName;
    std::string shardToSplit;
    std::string newStartingHashKey; ///< decimal; the upper child begins here
};
struct MergeShards {
    std::string streamName;
    std::string shardToMerge; ///< the lower range
    std::string adjacentShardToMerge;
};
struct UpdateShardCount {
    std::string streamName;
    std::int64_t targetShardCount = 1; ///< UNIFORM_SCALING
};

// --- records ------------------------------------------------------------------------------------

struct PutRecordsEntry {
    std::string data;
    std::string partitionKey;
    std::optional<std::string> explicitHashKey; ///< decimal
};
struct PutRecord {
    std::string streamName;
    PutRecordsEntry entry;
    std::optional<std::string> sequenceNumberForOrdering;
};
struct PutRecords {
    std::string streamName;
    std::vector<PutRecordsEntry> records;
};
struct PutResult {
    std::string shardId;
    std::string sequenceNumber;
    EncryptionType encryption = EncryptionType::None;
};
struct PutRecordsResultEntry {
    std::string shardId;
    std::string sequenceNumber;
    std::string errorCode; ///< empty when the record was taken
    std::string errorMessage;
};
struct PutRecordsResult {
    std::vector<PutRecordsResultEntry> records; ///< same order and length as the request
    std::int64_t failedRecordCount = 0;
    EncryptionType encryption = EncryptionType::None;
};

struct GetShardIterator {
    std::string streamName;
    std::string shardId;
    IteratorType type = IteratorType::TrimHorizon;
    std::optional<std::string> startingSequenceNumber;
    std::optional<SimTime> timestamp;
};
struct GetRecords {
    std::string shardIterator;
    std::optional<std::int64_t> limit; ///< 1 … 10,000
};
struct Record {
    std::string sequenceNumber;
    std::string data;
    std::string partitionKey;
    SimTime approximateArrival;
    EncryptionType encryption = EncryptionType::None;
};
struct ChildShard {
    std::string shardId;
    std::vector<std::string> parentShards;
    HashKeyRange range;
};
struct GetRecordsResult {
    std::vector<Record> records;
    std::optional<std::string>
        nextShardIterator; ///< none when the shard is closed and read to its end
    std::int64_t millisBehindLatest = 0;
    std::vector<ChildShard> childShards; ///< only together with no next iterator
};

// --- registered consumers -----------------------------------------------------------------------

struct RegisterStreamConsumer {
    std::string streamName;
    std::string consumerName;
};
struct DeregisterStreamConsumer {
    std::string streamName;
    std::string consumerName;
};

/// Every request that changes a stream but carries no record: what a person, a scenario or a policy
/// may do. The answer is nothing or an Error; the effect may come later (status UPDATING).
using ControlRequest
    = std::variant<CreateStream, DeleteStream, UpdateStreamMode, UpdateMaxRecordSize,
                   UpdateStreamWarmThroughput, IncreaseStreamRetentionPeriod,
                   DecreaseStreamRetentionPeriod, StartStreamEncryption, StopStreamEncryption,
                   EnableEnhancedMonitoring, DisableEnhancedMonitoring, UpdateAccountSettings,
                   SplitShard, MergeShards, UpdateShardCount, RegisterStreamConsumer,
                   DeregisterStreamConsumer>;

// --- what is answered about a stream ------------------------------------------------------------

struct ShardDescription {
    std::string shardId;
    ShardSlot slot;
    HashKeyRange range;
    ShardState state = ShardState::Open;
    std::optional<ShardSlot> parent;
    std::optional<ShardSlot> adjacentParent;
    std::string startingSequenceNumber;
    std::optional<std::string> endingSequenceNumber; ///< set exactly when not open
    SimTime openedAt;
    std::optional<SimTime> closedAt;
};
struct StreamDescriptionSummary {
    std::string streamName;
    std::string streamArn;
    StreamStatus status = StreamStatus::Active;
    StreamMode mode = StreamMode::Provisioned;
    std::int64_t retentionHours = 24;
    SimTime createdAt;
    std::int64_t openShardCount = 0;
    std::int64_t consumerCount = 0;
    std::int64_t maxRecordSizeKiB = 1024;
    std::optional<std::int64_t> warmThroughputTargetMiBps;
    std::optional<std::int64_t> warmThroughputCurrentMiBps;
    EncryptionType encryption = EncryptionType::None;
    std::string keyId;
    std::set<ShardLevelMetric> enhancedMonitoring;
};

/// `shardId-000000000007` for slot 7.
[[nodiscard]] std::string shardIdText(ShardSlot slot);
/// Reads what shardIdText writes, and the short forms the service takes (`0`, `shardId-0`;
/// API 2.1). Errors: ResourceNotFound.
[[nodiscard]] Result<ShardSlot> parseShardId(std::string_view text);

} // namespace shardscope
