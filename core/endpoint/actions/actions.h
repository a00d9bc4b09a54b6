#pragma once

#include "core/endpoint/action.h"

/// Every operation, defined in this folder.
namespace shardscope::endpoint::actions {

// account.cpp
extern const Action kDescribeAccountSettings, kDescribeLimits, kUpdateAccountSettings;
// channels.cpp
extern const Action kCreateChannel, kDeleteChannel, kDescribeChannel, kListChannels, kUpdateChannel;
// consumers.cpp
extern const Action kDeregisterStreamConsumer, kDescribeStreamConsumer, kListStreamConsumers,
    kRegisterStreamConsumer;
// list_streams.cpp, streams.cpp
extern const Action kCreateStream, kDeleteStream, kDescribeStream, kDescribeStreamSummary,
    kListStreams;
// putting.cpp
extern const Action kPutRecord, kPutRecords;
// reading.cpp
extern const Action kGetRecords, kGetShardIterator, kSubscribeToShard;
// shards.cpp
extern const Action kListShards, kMergeShards, kSplitShard, kUpdateShardCount;
// stream_settings.cpp
extern const Action kDecreaseStreamRetentionPeriod, kDisableEnhancedMonitoring,
    kEnableEnhancedMonitoring, kIncreaseStreamRetentionPeriod, kStartStreamEncryption,
    kStopStreamEncryption, kUpdateMaxRecordSize, kUpdateStreamMode,
    kUpdateStreamRecordDistributionStrategy, kUpdateStreamWarmThroughput;
// tags.cpp
extern const Action kAddTagsToStream, kDeleteResourcePolicy, kGetResourcePolicy,
    kListTagsForResource, kListTagsForStream, kPutResourcePolicy, kRemoveTagsFromStream,
    kTagResource, kUntagResource;

// metrics.cpp: CloudWatch
extern const Action kGetMetricData, kGetMetricStatistics, kListMetrics, kPutMetricData;
// keys.cpp: KMS
extern const Action kCancelKeyDeletion, kCreateAlias, kCreateKey, kDeleteAlias, kDescribeKey,
    kDisableKey, kEnableKey, kGetKeyPolicy, kListAliases, kListKeys, kPutKeyPolicy,
    kRotateKeyOnDemand, kScheduleKeyDeletion;

} // namespace shardscope::endpoint::actions
