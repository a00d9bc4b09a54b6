#pragma once

namespace shardscope {

/// Stands in the file's head: `file` and we tell by it whose it is ("SHSC").
inline constexpr int kCatalogId = 0x53485343;
/// Of the tables below. A newer one is refused; there is no older one yet.
inline constexpr int kCatalogVersion = 1;

/// Times are microseconds since 1970, hash keys 16 bytes (big-endian), enumerations their place in
/// engine/requests.h. Columns mean what the fields of engine/state.h do.
inline constexpr const char* kCatalogSchema = R"(
CREATE TABLE account (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  commitment INTEGER NOT NULL,
  commitment_started_at INTEGER,
  commitment_ended_at INTEGER,
  commitment_earliest_end_at INTEGER,
  slots_given INTEGER NOT NULL,
  channels_made INTEGER NOT NULL
) STRICT;
CREATE TABLE streams (
  slot INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  status INTEGER NOT NULL,
  mode INTEGER NOT NULL,
  retention_hours INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  max_record_kib INTEGER NOT NULL,
  warm_target_mibps INTEGER,
  warm_current_mibps INTEGER,
  encryption INTEGER NOT NULL,
  key_id TEXT NOT NULL,
  enhanced_monitoring INTEGER NOT NULL,
  distribution INTEGER NOT NULL,
  first_shards INTEGER NOT NULL,
  policy TEXT NOT NULL,
  reserved INTEGER NOT NULL,
  scaling_text TEXT NOT NULL,
  data_key_id TEXT NOT NULL,
  peak_bytes_minute INTEGER NOT NULL,
  peak_load_minute INTEGER NOT NULL,
  on_demand_rounds INTEGER NOT NULL,
  last_merge_round INTEGER,
  trimmed_records INTEGER NOT NULL,
  trimmed_bytes INTEGER NOT NULL,
  trimmed_by_budget INTEGER NOT NULL
) STRICT;
CREATE TABLE stream_tags (
  stream INTEGER NOT NULL REFERENCES streams (slot) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (stream, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE shards (
  stream INTEGER NOT NULL REFERENCES streams (slot) ON DELETE CASCADE,
  slot INTEGER NOT NULL,
  range_start BLOB NOT NULL,
  range_end BLOB NOT NULL,
  state INTEGER NOT NULL,
  parent INTEGER,
  adjacent_parent INTEGER,
  changing INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  first_position INTEGER NOT NULL,
  next_position INTEGER NOT NULL,
  accepted_bytes INTEGER NOT NULL,
  refused_by_bytes INTEGER NOT NULL,
  refused_by_records INTEGER NOT NULL,
  refused_bytes INTEGER NOT NULL,
  out_records INTEGER NOT NULL,
  out_bytes INTEGER NOT NULL,
  read_calls INTEGER NOT NULL,
  refused_read_bytes INTEGER NOT NULL,
  refused_read_calls INTEGER NOT NULL,
  refused_read_wait INTEGER NOT NULL,
  measured_records INTEGER NOT NULL,
  measured_bytes INTEGER NOT NULL,
  hot_splits INTEGER NOT NULL,
  judged INTEGER NOT NULL,
  advised INTEGER NOT NULL,
  PRIMARY KEY (stream, slot)
) STRICT, WITHOUT ROWID;
CREATE TABLE consumers (
  stream INTEGER NOT NULL REFERENCES streams (slot) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  status INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  policy TEXT NOT NULL,
  PRIMARY KEY (stream, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE consumer_tags (
  stream INTEGER NOT NULL,
  consumer INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (stream, consumer, key),
  FOREIGN KEY (stream, consumer) REFERENCES consumers (stream, place) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE pending (
  stream INTEGER NOT NULL REFERENCES streams (slot) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  due INTEGER NOT NULL,
  kind TEXT NOT NULL,
  mode INTEGER,
  number INTEGER,
  encryption INTEGER,
  text TEXT,
  step INTEGER,
  shard INTEGER,
  upper INTEGER,
  cut BLOB,
  level INTEGER,
  cause INTEGER,
  PRIMARY KEY (stream, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE quotas (
  stream INTEGER NOT NULL REFERENCES streams (slot) ON DELETE CASCADE,
  quota INTEGER NOT NULL CHECK (quota BETWEEN 0 AND 3),
  place INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  PRIMARY KEY (stream, quota, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE encryption_changes (
  stream INTEGER NOT NULL REFERENCES streams (slot) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  since INTEGER NOT NULL,
  type INTEGER NOT NULL,
  PRIMARY KEY (stream, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE data_keys (
  stream INTEGER NOT NULL REFERENCES streams (slot) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  id TEXT NOT NULL,
  master_key TEXT NOT NULL,
  master_version INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (stream, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE peaks (
  stream INTEGER NOT NULL REFERENCES streams (slot) ON DELETE CASCADE,
  series INTEGER NOT NULL CHECK (series BETWEEN 0 AND 3),
  at INTEGER NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (stream, series, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE channels (
  id TEXT PRIMARY KEY,
  stream INTEGER NOT NULL,
  stream_name TEXT NOT NULL,
  name TEXT NOT NULL,
  role_arn TEXT NOT NULL,
  record_format TEXT NOT NULL,
  gsr_schema_arn TEXT NOT NULL,
  s3_json TEXT NOT NULL,
  s3_tables_json TEXT NOT NULL,
  logging_json TEXT NOT NULL,
  bucket_arn TEXT NOT NULL,
  compression TEXT NOT NULL,
  output_key_template TEXT NOT NULL,
  dead_letter_bucket_arn TEXT NOT NULL,
  error_output_prefix TEXT NOT NULL,
  data_freshness_seconds INTEGER NOT NULL,
  encryption_key_id TEXT,
  status INTEGER NOT NULL,
  status_reason TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  due_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE delivered (
  channel TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
  shard INTEGER NOT NULL,
  next_position INTEGER NOT NULL,
  PRIMARY KEY (channel, shard)
) STRICT, WITHOUT ROWID;
CREATE TABLE channel_tags (
  channel TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (channel, key)
) STRICT, WITHOUT ROWID;
)";

} // namespace shardscope
