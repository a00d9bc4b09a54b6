#pragma once

#include <cstdint>

#include "core/base/units.h"
#include "core/clock/sim_time.h"

/// The service's figures, each with its unit and source. Sources are sections of the facts:
/// "API n" is facts/kinesis-api.md, "SCALE n" is facts/scaling-and-pricing.md (both read
/// 2026-11-23).
namespace shardscope::limits {

// --- writing, per shard -----------------------------------------------------------------------

/// Rule W1. Bytes/s, data + partition key, before base64. API 3.
inline constexpr Bytes kShardWriteBytes = 1_MiB;
/// Rule W2. Records/s. API 3.
inline constexpr std::int64_t kShardWriteRecords = 1'000;
/// Records a full W2 bucket holds: one second's worth. API 3, "suggested engine model".
inline constexpr std::int64_t kShardWriteRecordsBurst = 1'000;

/// Bytes a full W1 bucket holds: enough for one largest record, at least one second's worth. API 3.
[[nodiscard]] constexpr Bytes shardWriteBytesBurst(Bytes maxRecordSize)
{
    return maxRecordSize > kShardWriteBytes ? maxRecordSize : kShardWriteBytes;
}

// --- reading, per shard -----------------------------------------------------------------------

/// Rule R1. Bytes/s shared by all polling readers; also per enhanced fan-out consumer. API 3.
inline constexpr Bytes kShardReadBytes = 2_MiB;
/// Rule R2. GetRecords calls/s shared by all polling readers. API 1.3.
inline constexpr std::int64_t kShardReadCalls = 5;
/// Most a GetRecords answer carries. API 2.5.
inline constexpr Bytes kGetRecordsBytes = 10_MiB;
inline constexpr std::int64_t kGetRecordsRecords = 10'000;
/// An iterator lives this long. API 2.4.
inline constexpr SimDuration kIteratorLifetime = SimDuration::minutes(5);
inline constexpr std::int64_t kIteratorChars = 512; ///< of its text, at least 1. API 1.1
/// GetShardIterator calls/s per shard. API 1.3.
inline constexpr std::int64_t kShardIteratorCalls = 5;

// --- records ----------------------------------------------------------------------------------

inline constexpr std::int64_t kPartitionKeyChars = 256; ///< at least 1. API 1.1
inline constexpr Bytes kMaxRecordDefault = 1_MiB; ///< data + key. API 2.3
inline constexpr Bytes kMaxRecordLargest = 10_MiB; ///< settable per stream, in KiB. API 1.1
inline constexpr std::int64_t kPutRecordsRecords = 500; ///< API 2.3
inline constexpr Bytes kPutRecordsBytes = 10_MiB; ///< keys included. API 2.3

// --- streams ----------------------------------------------------------------------------------

inline constexpr std::int64_t kRetentionHoursLeast = 24; ///< API 5
inline constexpr std::int64_t kRetentionHoursMost = 8'760; ///< API 5
inline constexpr int kFanOutConsumers = 20; ///< per stream. API 2.6
inline constexpr int kFanOutConsumersAdvantage = 50; ///< API 2.6
/// SubscribeToShard calls of one consumer and shard are at least this far apart. API 2.6.
inline constexpr SimDuration kSubscribeEvery = SimDuration::seconds(1);
/// From then on a new subscription takes the place of an older one of its consumer and shard.
/// API 2.6.
inline constexpr SimDuration kSubscribeTakeOver = SimDuration::seconds(5);
inline constexpr SimDuration kSubscriptionLife = SimDuration::minutes(5); ///< API 2.6
/// A subscription without records gets an empty event this often. The service publishes no figure;
/// a client library that hears nothing for some 35 s begins anew. API 2.6.
inline constexpr SimDuration kSubscriptionHeartbeat = SimDuration::seconds(5);
inline constexpr int kConsumersCreating = 5; ///< at once; the 6th is refused. API 1.3
inline constexpr int kStreamsCreating = 5; ///< at once. API 1.3
inline constexpr int kModeSwitchesPerDay = 2; ///< per stream and rolling 24 h. API 1.3
inline constexpr int kShardCountUpdatesPerDay = 10; ///< per stream and rolling 24 h. API 4
inline constexpr std::int64_t kShardsPerStreamByUpdate = 10'000; ///< API 4
inline constexpr std::int64_t kShardsPerAccount = 20'000; ///< the three big Regions. API 4
inline constexpr int kOnDemandStreamsPerAccount = 50; ///< API 5
inline constexpr std::int64_t kOnDemandShards = 4; ///< a new on-demand stream. SCALE 2.1
inline constexpr std::int64_t kOnDemandShardsMost
    = 10'240; ///< 10 GiB/s in the big Regions. SCALE 4.1
inline constexpr std::int64_t kWarmThroughputMost = 10'240; ///< MiB/s. API 1.3
inline constexpr int kTagsPerResource = 50; ///< API 1.1
inline constexpr int kTagsPerCall = 200; ///< TagResource's and AddTagsToStream's map. API 1.1
inline constexpr int kTagKeysPerCall = 50; ///< API 1.1
inline constexpr int kEncryptionCallsPerDay
    = 25; ///< starts, and as many stops, per stream and rolling 24 h. API 1.3
inline constexpr std::int64_t kKeyIdChars = 2'048; ///< API 1.1
/// Bytes of a resource policy. Not published; what a queue's policy may have.
inline constexpr std::int64_t kResourcePolicyBytes = 20'480;

// --- listings ---------------------------------------------------------------------------------

inline constexpr SimDuration kPageTokenLifetime = SimDuration::seconds(300); ///< API 1.2
inline constexpr std::int64_t kListLimitMost = 10'000; ///< may be asked for. API 1.1
inline constexpr std::int64_t kListedMost = 100; ///< streams, consumers, DescribeStream. API 1.1
inline constexpr std::int64_t kListedShardsMost = 1'000; ///< ListShards. API 1.1
inline constexpr std::int64_t kListedTagsMost = 50; ///< ListTagsForStream. API 1.1
inline constexpr std::int64_t kCountMost = 1'000'000; ///< a count in DescribeLimits. API 1.1

// --- channels ---------------------------------------------------------------------------------

inline constexpr int kChannelsPerStream = 2; ///< one of each type. API 1.3
inline constexpr std::int64_t kDataFreshnessLeast = 300; ///< s; the default too. API 1.3
inline constexpr std::int64_t kDataFreshnessMost = 900; ///< s. API 1.3
inline constexpr std::int64_t kOutputKeyTemplateChars = 1'024; ///< API 1.3
inline constexpr std::int64_t kErrorOutputPrefixChars = 512; ///< API 1.3
/// Of an object's key without its suffix, and of the suffix. Dev Guide "S3 output key template".
inline constexpr std::int64_t kObjectKeyCharsBeforeSuffix = 986;
inline constexpr std::int64_t kObjectKeySuffixChars = 38;

// --- signatures -------------------------------------------------------------------------------

/// How far a request's time may lie from the service's, either way. Kinesis' own refusals say
/// "(… + 5 min.)": github.com/aws/aws-sdk-go/issues/2194, github.com/s12v/awsbeats/issues/48. The
/// 15 minutes of API 6.2 are the common list's, which other services apply.
inline constexpr SimDuration kSignatureSkew = SimDuration::minutes(5);
/// Longest life of a signature in the query string. SigV4, X-Amz-Expires.
inline constexpr std::int64_t kPresignedSecondsMost = 604'800;

// --- keys (Key Management Service API Reference and quotas, read 2026-11-23) --------------------

inline constexpr std::int64_t kKeyDeletionDaysLeast = 7; ///< of a pending deletion
inline constexpr std::int64_t kKeyDeletionDaysMost = 30;
inline constexpr std::int64_t kKeyDescriptionChars = 8'192;
inline constexpr std::int64_t kKeyPolicyChars = 32'768;
inline constexpr std::int64_t kKeyAliasChars = 256; ///< `alias/` included
inline constexpr std::int64_t kAliasesPerKey = 50;

} // namespace shardscope::limits
