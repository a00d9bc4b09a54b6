#pragma once

#include <optional>
#include <set>
#include <string>

#include "core/endpoint/action.h"
#include "core/endpoint/words.h"

/// What many actions share: shapes of API 1.1, the ways to name a stream, and structures of API 1.4
/// that several answers hold.
namespace shardscope::endpoint {

namespace shapes {

[[nodiscard]] bool isName(std::string_view text); ///< `[a-zA-Z0-9_.-]+`
[[nodiscard]] bool isHashKey(std::string_view text); ///< `0|([1-9]\d{0,38})`
[[nodiscard]] bool isSequenceNumber(std::string_view text); ///< `0|([1-9]\d{0,128})`
[[nodiscard]] bool isStreamId(std::string_view text); ///< `[a-z0-9]{20}-[a-z0-9]{3}`

inline constexpr Shape kName {
    .type = ShapeType::Text, .least = 1, .most = 128, .pattern = "[a-zA-Z0-9_.-]+", .fits = isName};
/// The pattern is looked at where the ARN is read (core/engine/arn.h).
inline constexpr Shape kArn {.type = ShapeType::Text, .least = 1, .most = 2'048};
inline constexpr Shape kStreamId {.type = ShapeType::Text,
                                  .least = 1,
                                  .most = 24,
                                  .pattern = "[a-z0-9]{20}-[a-z0-9]{3}",
                                  .fits = isStreamId};
inline constexpr Shape kHashKey {
    .type = ShapeType::Text, .pattern = "0|([1-9]\\d{0,38})", .fits = isHashKey};
inline constexpr Shape kSequenceNumber {
    .type = ShapeType::Text, .pattern = "0|([1-9]\\d{0,128})", .fits = isSequenceNumber};
inline constexpr Shape kNextToken {.type = ShapeType::Text, .least = 1, .most = 1'048'576};
inline constexpr Shape kText {.type = ShapeType::Text};
inline constexpr Shape kFlag {.type = ShapeType::Boolean};
inline constexpr Shape kTime {.type = ShapeType::Timestamp};
inline constexpr Shape kInteger {.type = ShapeType::Integer};
inline constexpr Shape kNumber {.type = ShapeType::Double};
inline constexpr Shape kNotNegative {.type = ShapeType::Integer, .least = 0};
inline constexpr Shape kAtLeastOne {.type = ShapeType::Integer, .least = 1};
inline constexpr Shape kUpTo10000 {.type = ShapeType::Integer, .least = 1, .most = 10'000};
inline constexpr Shape kTagKey {.type = ShapeType::Text, .least = 1, .most = 128};
inline constexpr Shape kTagValue {.type = ShapeType::Text, .least = 0, .most = 256};
inline constexpr Shape kTags {
    .type = ShapeType::Map, .least = 1, .most = 200, .of = &kTagValue, .key = &kTagKey};
inline constexpr Shape kTagKeys {.type = ShapeType::List, .least = 1, .most = 50, .of = &kTagKey};

inline constexpr Shape kStreamMode {.type = ShapeType::Text, .values = words::kStreamMode};
inline constexpr Member kStreamModeDetailsMembers[] {{"StreamMode", &kStreamMode, true}};
inline constexpr Shape kStreamModeDetails {.members = kStreamModeDetailsMembers};

inline constexpr Shape kRecordSize {.type = ShapeType::Integer, .least = 1'024, .most = 10'240};
inline constexpr Shape kRecordDistribution {.type = ShapeType::Text,
                                            .values = words::kRecordDistribution};

/// The three ways to name a stream, to stand among an operation's members.
inline constexpr Member kByName {"StreamName", &kName};
inline constexpr Member kByArn {"StreamARN", &kArn};
inline constexpr Member kById {"StreamId", &kStreamId};
inline constexpr Member kStreamOnlyMembers[] {kByName, kByArn, kById};
inline constexpr Shape kStreamOnly {.members = kStreamOnlyMembers};

} // namespace shapes

/// The stream that a request names by StreamName, StreamARN or both. Errors: InvalidArgument when
/// neither is there or they differ, and for a StreamId (reserved); those of parseStreamArn.
[[nodiscard]] Result<std::string> streamOf(const Input& input, const ArnScope& scope);
/// The name out of what was given; empty when nothing was.
[[nodiscard]] Result<std::string> resolveStream(std::optional<std::string_view> name,
                                                std::optional<std::string_view> arn,
                                                const ArnScope& scope);
/// As streamOf() where naming none is allowed: then empty.
[[nodiscard]] Result<std::string> streamIfAny(const Input& input, const ArnScope& scope);
/// StreamId is reserved. Errors: InvalidArgument.
[[nodiscard]] Result<void> refuseStreamId(const Input& input);

/// Of StreamModeDetails.
[[nodiscard]] std::optional<StreamMode> modeOf(const Input& input);

void writeHashKeyRange(WireWriter& out, const HashKeyRange& range);
void writeChildShards(WireWriter& out, const std::vector<ChildShard>& children);
/// The words in which PutRecords answers for a record that it refused.
[[nodiscard]] std::string throttleText(const SequenceNumber& record, const Answering& with);
/// `StreamName` and `StreamARN`.
void writeStreamNames(WireWriter& out, const Answering& with);
/// `"StreamModeDetails": {"StreamMode": …}`
void writeMode(WireWriter& out, StreamMode mode);
void writeShardMetrics(WireWriter& out, std::string_view name,
                       const std::set<ShardLevelMetric>& metrics);
void writeWarmThroughput(WireWriter& out, std::int64_t targetMiBps, std::int64_t currentMiBps);

} // namespace shardscope::endpoint
