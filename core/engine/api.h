#pragma once

#include <variant>

#include "core/engine/requests.h"
#include "core/engine/requests_kms.h"
#include "core/engine/requests_metrics.h"

/// Every request that a client or the window may make, and every answer. `Service::handle` answers
/// the stream service's own; the runtime the rest.
namespace shardscope {

using ApiRequest = std::variant<
    // streams
    CreateStream, DeleteStream, DescribeStream, DescribeStreamSummary, ListStreams,
    UpdateStreamMode, UpdateMaxRecordSize, UpdateStreamWarmThroughput,
    UpdateStreamRecordDistributionStrategy, IncreaseStreamRetentionPeriod,
    DecreaseStreamRetentionPeriod, StartStreamEncryption, StopStreamEncryption,
    EnableEnhancedMonitoring, DisableEnhancedMonitoring,
    // shards
    ListShards, SplitShard, MergeShards, UpdateShardCount,
    // records
    PutRecord, PutRecords, GetShardIterator, GetRecords, SubscribeToShard,
    // consumers
    RegisterStreamConsumer, DeregisterStreamConsumer, DescribeStreamConsumer, ListStreamConsumers,
    // tags, policies, account
    AddTags, RemoveTags, ListTagsForStream, ListTagsForResource, PutResourcePolicy,
    GetResourcePolicy, DeleteResourcePolicy, DescribeLimits, DescribeAccountSettings,
    UpdateAccountSettings,
    // channels
    CreateChannel, DescribeChannel, ListChannels, UpdateChannel, DeleteChannel,
    // metrics
    cloudwatch::PutMetricData, cloudwatch::GetMetricData, cloudwatch::GetMetricStatistics,
    cloudwatch::ListMetrics,
    // keys
    kms::CreateKey, kms::DescribeKey, kms::ListKeys, kms::EnableKey, kms::DisableKey,
    kms::ScheduleKeyDeletion, kms::CancelKeyDeletion, kms::RotateKeyOnDemand, kms::PutKeyPolicy,
    kms::GetKeyPolicy, kms::CreateAlias, kms::DeleteAlias, kms::ListAliases>;

/// std::monostate: the operation answers nothing.
using ApiAnswer
    = std::variant<std::monostate, DescribeStreamResult, StreamDescriptionSummary,
                   ListStreamsResult, WarmThroughputResult, EnhancedMonitoringResult,
                   ListShardsResult, UpdateShardCountResult, PutResult, PutRecordsResult,
                   GetShardIteratorResult, GetRecordsResult, SubscribeToShardResult,
                   ConsumerDescription, ListStreamConsumersResult, TagsResult, ResourcePolicyResult,
                   DescribeLimitsResult, AccountSettings, ChannelDescription, ListChannelsResult,
                   cloudwatch::GetMetricDataResult, cloudwatch::GetMetricStatisticsResult,
                   cloudwatch::ListMetricsResult, kms::KeyDescription, kms::ListKeysResult,
                   kms::KeyPolicyResult, kms::ListAliasesResult>;

} // namespace shardscope
