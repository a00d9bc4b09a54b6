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
#include "core/engine/record_batch.h"
#include "core/engine/sequence_number.h"

/// The only vocabulary of the service: producers, consumers, the window and the wire speak it.
/// Names and meanings are the service's own (facts/kinesis-api.md 1). Streams are named by name:
/// the wire turns ARNs into names (core/engine/arn.h). `api.h` gathers every request and answer.
namespace shardscope {

enum class StreamMode { Provisioned, OnDemand };
enum class StreamStatus { Creating, Deleting, Active, Updating };
enum class ConsumerStatus { Creating, Deleting, Active };
enum class ChannelStatus { Creating, Deleting, Active, Updating, Failed };
enum class RecordDistributionStrategy { UserPartitionKey, Auto };
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
    std::optional<RecordDistributionStrategy> recordDistribution; ///< on-demand only
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
struct UpdateStreamRecordDistributionStrategy {
    std::string streamName;
    RecordDistributionStrategy strategy = RecordDistributionStrategy::UserPartitionKey;
};
struct DescribeStream {
    std::string streamName;
    std::optional<std::int64_t> limit; ///< 1 … 10,000; at most 100 are answered
    std::optional<std::string> exclusiveStartShardId;
};
struct DescribeStreamSummary {
    std::string streamName;
};
struct ListStreams {
    std::optional<std::int64_t> limit; ///< 1 … 10,000; at most 100 are answered
    std::optional<std::string> exclusiveStartStreamName;
    std::optional<std::string> nextToken; ///< lives 300 s
};
struct DescribeLimits { };
struct DescribeAccountSettings { };

// --- tags and resource policies -----------------------------------------------------------------

/// What a tag, a policy or a channel belongs to: a stream, one of its consumers, or a channel.
struct ResourceRef {
    enum class Kind { Stream, Consumer, Channel } kind = Kind::Stream;
    std::string streamName; ///< of the stream or of the consumer's stream
    std::string consumerName;
    std::int64_t consumerCreatedAt = 0; ///< epoch seconds; 0: whichever bears the name now
    std::string channelId;
    friend auto operator<=>(const ResourceRef&, const ResourceRef&) = default;
};
/// AddTagsToStream and TagResource: they differ in what may be tagged only.
struct AddTags {
    ResourceRef resource;
    std::map<std::string, std::string> tags;
    bool byResource = false; ///< TagResource: `:` is allowed in keys and values
};
struct RemoveTags {
    ResourceRef resource;
    std::vector<std::string> tagKeys; ///< absent ones are ignored
    bool byResource = false; ///< UntagResource
};
struct ListTagsForStream {
    std::string streamName;
    std::optional<std::string> exclusiveStartTagKey;
    std::optional<std::int64_t> limit; ///< 1 … 50
};
struct ListTagsForResource {
    ResourceRef resource;
};
struct PutResourcePolicy {
    ResourceRef resource; ///< a stream or a consumer
    std::string policy; ///< JSON text
};
struct GetResourcePolicy {
    ResourceRef resource;
};
struct DeleteResourcePolicy {
    ResourceRef resource;
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
struct ShardFilter {
    enum class Type {
        AfterShardId,
        AtTrimHorizon,
        FromTrimHorizon,
        AtLatest,
        AtTimestamp,
        FromTimestamp
    } type
        = Type::FromTrimHorizon;
    std::optional<std::string> shardId;
    std::optional<SimTime> timestamp;
};
struct ListShards {
    std::string streamName; ///< empty exactly when `nextToken` is given
    std::optional<std::string> nextToken; ///< lives 300 s; carries stream and filter
    std::optional<std::string> exclusiveStartShardId;
    std::optional<std::int64_t> maxResults; ///< 1 … 10,000; at most 1,000 are answered
    std::optional<SimTime> streamCreationTimestamp;
    std::optional<ShardFilter> filter;
};

// --- records ------------------------------------------------------------------------------------

/// Records to be put, in columns. `dryRun`: everything is checked and nothing written; success is
/// then the error DryRunOperation.
struct PutRecord {
    std::string streamName;
    RecordBatch record; ///< one row
    std::optional<std::string> sequenceNumberForOrdering;
    bool dryRun = false;
};
struct PutRecords {
    std::string streamName;
    RecordBatch records; ///< 1 … 500 rows
    bool dryRun = false;
};
struct PutResult {
    SequenceNumber number; ///< its shard is the record's
    EncryptionType encryption = EncryptionType::None;
};
struct PutRecordsResult {
    /// Same order and length as the request. A counter of 0 says refused
    /// (ProvisionedThroughputExceeded) by the shard that is named.
    std::vector<SequenceNumber> records;
    std::int64_t failedRecordCount = 0;
    EncryptionType encryption = EncryptionType::None;
};

struct GetShardIterator {
    std::string streamName;
    std::string shardId;
    IteratorType type = IteratorType::TrimHorizon;
    std::optional<std::string> startingSequenceNumber;
    std::optional<SimTime> timestamp;
    bool dryRun = false;
};
struct GetShardIteratorResult {
    std::string shardIterator;
};
struct GetRecords {
    std::string shardIterator;
    std::optional<std::int64_t> limit; ///< 1 … 10,000
    std::optional<std::string> streamName; ///< of the ARN given beside the iterator: must be its
    bool dryRun = false;
};
struct ChildShard {
    std::string shardId;
    std::vector<std::string> parentShards;
    HashKeyRange range;
};
struct GetRecordsResult {
    RecordPage records;
    std::optional<std::string>
        nextShardIterator; ///< none when the shard is closed and read to its end
    std::int64_t millisBehindLatest = 0;
    std::vector<ChildShard> childShards; ///< only together with no next iterator
};

// --- registered consumers -----------------------------------------------------------------------

struct RegisterStreamConsumer {
    std::string streamName;
    std::string consumerName;
    std::map<std::string, std::string> tags;
};
struct DeregisterStreamConsumer {
    std::string streamName;
    std::string consumerName;
    std::int64_t createdAt = 0; ///< epoch seconds, of its ARN; 0: whichever bears the name now
};
struct DescribeStreamConsumer {
    std::string streamName;
    std::string consumerName;
    std::int64_t createdAt = 0; ///< as above
};
struct ListStreamConsumers {
    std::string streamName;
    std::optional<std::string> nextToken; ///< lives 300 s
    std::optional<std::int64_t> maxResults; ///< 1 … 10,000; at most 100 are answered
    std::optional<SimTime> streamCreationTimestamp;
};
struct ConsumerDescription {
    std::string streamName;
    std::string consumerName;
    ConsumerStatus status = ConsumerStatus::Creating;
    SimTime createdAt;
};
struct ListStreamConsumersResult {
    std::vector<ConsumerDescription> consumers;
    std::optional<std::string> nextToken;
};

/// Opens a subscription; its events come through `Subscription` (core/engine/subscription.h) until
/// it ends.
struct SubscribeToShard {
    std::string streamName;
    std::string consumerName;
    std::int64_t consumerCreatedAt = 0;
    std::string shardId;
    IteratorType type = IteratorType::Latest;
    std::optional<std::string> sequenceNumber;
    std::optional<SimTime> timestamp;
    bool dryRun = false;
};
struct SubscribeToShardResult {
    std::uint64_t subscription = 0; ///< rising through the service's life
};
/// One event of a subscription.
struct SubscribeToShardEvent {
    RecordPage records; ///< may be empty: a heartbeat
    /// Where to go on after it; none with the shard's last event.
    std::optional<SequenceNumber> continuation;
    std::int64_t millisBehindLatest = 0;
    std::vector<ChildShard> childShards; ///< only with the shard's last event
};

// --- channels -----------------------------------------------------------------------------------

/// A delivery of a stream's records, on-demand streams only. Here its bucket is a folder.
struct ChannelSpec {
    std::string channelName;
    std::string serviceExecutionRoleArn;
    std::string streamName;
    std::string recordFormat; ///< JSON, STRING, BYTE_ARRAY, GSR_JSON
    std::string gsrSchemaArn;
    /// The destination and logging configurations as the caller wrote them, as JSON text: returned
    /// unchanged. What delivery needs of them stands below.
    std::string s3Json, s3TablesJson, loggingJson;
    std::string bucketArn;
    std::string compression; ///< NONE, GZIP, ZSTD (S3); NONE, ZSTD, SNAPPY (tables)
    std::string outputKeyTemplate; ///< see channel_key.h; empty: the default
    std::string deadLetterBucketArn; ///< empty: the bucket itself
    std::string errorOutputPrefix; ///< empty: the default
    std::int64_t dataFreshnessSeconds = 300; ///< 300 … 900
    std::optional<std::string> encryptionKeyId;
};
struct CreateChannel {
    ChannelSpec channel;
    std::map<std::string, std::string> tags;
};
struct DescribeChannel {
    std::string channelId;
};
struct ListChannels {
    std::optional<std::string> streamName;
    std::optional<SimTime> streamCreationTimestamp;
    std::optional<std::int64_t> maxResults; ///< 1 … 100
    std::optional<std::string> nextToken; ///< lives 300 s
};
struct UpdateChannel {
    std::string channelId;
    std::optional<std::int64_t> dataFreshnessSeconds;
    std::optional<std::string> s3Json, s3TablesJson, loggingJson; ///< as written
};
struct DeleteChannel {
    std::string channelId;
};
struct ChannelDescription {
    std::string channelId; ///< 1 … 64
    ChannelSpec spec;
    ChannelStatus status = ChannelStatus::Creating;
    std::string statusReason; ///< with FAILED
    SimTime createdAt, updatedAt;
};
struct ListChannelsResult {
    std::vector<ChannelDescription> channels;
    std::optional<std::string> nextToken;
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
    RecordDistributionStrategy recordDistribution = RecordDistributionStrategy::UserPartitionKey;
    std::int64_t channelCount = 0;
};
struct ListShardsResult {
    std::vector<ShardDescription> shards;
    std::optional<std::string> nextToken;
};
struct DescribeStreamResult {
    StreamDescriptionSummary summary;
    std::vector<ShardDescription> shards; ///< by shard id; expired ones are left out
    bool hasMoreShards = false;
};
struct ListStreamsResult {
    std::vector<StreamDescriptionSummary> streams; ///< by name
    bool hasMoreStreams = false;
    std::optional<std::string> nextToken;
};
/// Of UpdateShardCount.
struct UpdateShardCountResult {
    std::int64_t currentShardCount = 0, targetShardCount = 0;
};
/// Of EnableEnhancedMonitoring and DisableEnhancedMonitoring.
struct EnhancedMonitoringResult {
    std::set<ShardLevelMetric> before, after;
};
struct WarmThroughputResult {
    std::int64_t targetMiBps = 0, currentMiBps = 0;
};
struct TagsResult {
    std::map<std::string, std::string> tags;
    bool hasMoreTags = false; ///< of ListTagsForStream
};
struct ResourcePolicyResult {
    std::string policy;
};
struct DescribeLimitsResult {
    std::int64_t shardLimit = 0, openShardCount = 0;
    std::int64_t onDemandStreamCount = 0, onDemandStreamCountLimit = 0;
    std::int64_t channelCount = 0, channelCountLimit = 0;
};
/// The minimum throughput billing commitment, of DescribeAccountSettings and UpdateAccountSettings.
struct AccountSettings {
    enum class Status {
        Disabled,
        Enabled,
        EnabledUntilEarliestAllowedEnd
    } status
        = Status::Disabled;
    std::optional<SimTime> startedAt, endedAt, earliestAllowedEndAt;
};

/// `shardId-000000000007` for slot 7.
[[nodiscard]] std::string shardIdText(ShardSlot slot);
/// Reads what shardIdText writes, and the short forms the service takes (`0`, `shardId-0`;
/// API 2.1). Errors: ResourceNotFound.
[[nodiscard]] Result<ShardSlot> parseShardId(std::string_view text);

} // namespace shardscope
