#pragma once

#include <span>
#include <string>

namespace shardscope {

/// What an Expectation may be about. Every figure is taken over the expectation's part of the run
/// unless its comment says otherwise; how each is computed stands in core/runtime/expectation.cpp.
///
///   offered.recordsPerSecond    mean           offered.bytesPerSecond    mean
///   accepted.recordsPerSecond   mean           accepted.bytesPerSecond   mean
///   refused.recordsPerSecond    mean           refused.records           sum
///   refused.byBytes             records, W1    refused.byRecords         records, W2
///   refused.percent             of offered records, 0 … 100
///   refused.shards              shards that refused at least one record
///   read.recordsPerSecond       mean           read.bytesPerSecond       mean
///   read.refusedCalls           sum            maxIteratorAgeMs          largest
///   openShards                  at the part's end
///   peakShardPercent            busiest shard and second, offered, in percent of its limit
///   peakMinutePercent           busiest whole minute of the stream, accepted, in percent of its
///                               limit: what CloudWatch would show
///   retries, dropped, lostRecords             since the run began
///   analytics.lateRecords       dropped as too late, of all analytics readers, since the run began
///   analytics.lateReaders       how many of them dropped any
///   analytics.windowsFired      likewise
///   againRecords                processed more than once, since the run began
///   lagRecords                  of all consumers, now
///   longestLeaseGapMs           longest time that nobody worked on a KCL lease after a crash
///   lambda.errors, lambda.droppedRecords      of all functions, since the run began
///   firehose.maxFreshnessMs      largest age of a record not delivered, of all of them
///   firehose.deliveredTwice, firehose.givenUpRecords   since the run began
///   amplification               attempts per first try since the run began, largest producer
///   cost.provisioned, cost.onDemand           USD since the run began
[[nodiscard]] std::span<const std::string> expectationMetrics();

} // namespace shardscope
