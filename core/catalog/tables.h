#pragma once

#include <string>

#include "core/catalog/columns.h"
#include "core/catalog/pending_row.h"
#include "core/engine/state.h"

/// The columns of each table of schema.h, once, for writing (const rows), reading and naming.
namespace shardscope::tables {

void account(auto& v, auto& a)
{
    v("commitment", a.settings.status);
    v("commitment_started_at", a.settings.startedAt);
    v("commitment_ended_at", a.settings.endedAt);
    v("commitment_earliest_end_at", a.settings.earliestAllowedEndAt);
    v("slots_given", a.slotsGiven);
    v("channels_made", a.channelsMade);
}

void stream(auto& v, auto& s)
{
    auto& d = s.summary;
    v("slot", s.slot);
    v("name", d.streamName);
    v("status", d.status);
    v("mode", d.mode);
    v("retention_hours", d.retentionHours);
    v("created_at", d.createdAt);
    v("max_record_kib", d.maxRecordSizeKiB);
    v("warm_target_mibps", d.warmThroughputTargetMiBps);
    v("warm_current_mibps", d.warmThroughputCurrentMiBps);
    v("encryption", d.encryption);
    v("key_id", d.keyId);
    v("enhanced_monitoring", d.enhancedMonitoring);
    v("distribution", d.recordDistribution);
    v("first_shards", s.firstShards);
    v("policy", s.policy);
    v("reserved", s.reserved);
    v("scaling_text", s.scalingText);
    v("data_key_id", s.dataKeyId);
    v("peak_bytes_minute", s.peakBytes.minute);
    v("peak_load_minute", s.peakLoad.minute);
    v("on_demand_rounds", s.onDemandRounds);
    v("last_merge_round", s.lastMergeRound);
    v("trimmed_records", s.trimmed.records);
    v("trimmed_bytes", s.trimmed.bytes);
    v("trimmed_by_budget", s.trimmedByBudget);
}

void shard(auto& v, auto& stream, auto& slot, auto& s)
{
    v("stream", stream);
    v("slot", slot);
    v("range_start", s.range.start);
    v("range_end", s.range.end);
    v("state", s.state);
    v("parent", s.parent);
    v("adjacent_parent", s.adjacentParent);
    v("changing", s.changing);
    v("opened_at", s.openedAt);
    v("closed_at", s.closedAt);
    v("first_position", s.first);
    v("next_position", s.next);
    v("accepted_bytes", s.acceptedBytes);
    v("refused_by_bytes", s.refusedByBytes);
    v("refused_by_records", s.refusedByRecords);
    v("refused_bytes", s.refusedBytes);
    v("out_records", s.outRecords);
    v("out_bytes", s.outBytes);
    v("read_calls", s.readCalls);
    v("refused_read_bytes", s.refusedReadBytes);
    v("refused_read_calls", s.refusedReadCalls);
    v("refused_read_wait", s.refusedReadWait);
    v("measured_records", s.measured.records);
    v("measured_bytes", s.measured.bytes);
    v("hot_splits", s.hotSplits);
    v("judged", s.judged);
    v("advised", s.advised);
}

void consumer(auto& v, auto& stream, auto& place, auto& c)
{
    v("stream", stream);
    v("place", place);
    v("name", c.name);
    v("status", c.status);
    v("created_at", c.createdAt);
    v("policy", c.policy);
}

void streamTag(auto& v, auto& stream, auto& key, auto& value)
{
    v("stream", stream);
    v("key", key);
    v("value", value);
}

void consumerTag(auto& v, auto& stream, auto& consumer, auto& key, auto& value)
{
    v("stream", stream);
    v("consumer", consumer);
    v("key", key);
    v("value", value);
}

void pending(auto& v, auto& stream, auto& place, auto& r)
{
    v("stream", stream);
    v("place", place);
    v("due", r.due);
    v("kind", r.kind);
    v("mode", r.mode);
    v("number", r.number);
    v("encryption", r.encryption);
    v("text", r.text);
    v("step", r.step);
    v("shard", r.shard);
    v("upper", r.upper);
    v("cut", r.cut);
    v("level", r.level);
    v("cause", r.cause);
}

void quota(auto& v, auto& stream, auto& quota, auto& place, auto& usedAt)
{
    v("stream", stream);
    v("quota", quota);
    v("place", place);
    v("used_at", usedAt);
}

void encryptionChange(auto& v, auto& stream, auto& place, auto& change)
{
    v("stream", stream);
    v("place", place);
    v("since", change.first);
    v("type", change.second);
}

void dataKey(auto& v, auto& stream, auto& place, auto& key, auto& sealed)
{
    v("stream", stream);
    v("place", place);
    v("id", key.dataKeyId);
    v("master_key", key.masterKeyId);
    v("master_version", key.masterVersion);
    v("sealed", sealed);
}

void peak(auto& v, auto& stream, auto& series, auto& cell)
{
    v("stream", stream);
    v("series", series);
    v("at", cell.when);
    v("value", cell.value);
}

void channel(auto& v, auto& c)
{
    auto& d = c.description;
    auto& s = d.spec;
    v("id", d.channelId);
    v("stream", c.stream);
    v("stream_name", s.streamName);
    v("name", s.channelName);
    v("role_arn", s.serviceExecutionRoleArn);
    v("record_format", s.recordFormat);
    v("gsr_schema_arn", s.gsrSchemaArn);
    v("s3_json", s.s3Json);
    v("s3_tables_json", s.s3TablesJson);
    v("logging_json", s.loggingJson);
    v("bucket_arn", s.bucketArn);
    v("compression", s.compression);
    v("output_key_template", s.outputKeyTemplate);
    v("dead_letter_bucket_arn", s.deadLetterBucketArn);
    v("error_output_prefix", s.errorOutputPrefix);
    v("data_freshness_seconds", s.dataFreshnessSeconds);
    v("encryption_key_id", s.encryptionKeyId);
    v("status", d.status);
    v("status_reason", d.statusReason);
    v("created_at", d.createdAt);
    v("updated_at", d.updatedAt);
    v("due_at", c.dueAt);
}

void delivered(auto& v, auto& channel, auto& shard, auto& next)
{
    v("channel", channel);
    v("shard", shard);
    v("next_position", next);
}

void channelTag(auto& v, auto& channel, auto& key, auto& value)
{
    v("channel", channel);
    v("key", key);
    v("value", value);
}

} // namespace shardscope::tables
