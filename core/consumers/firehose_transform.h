#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/strong_id.h"
#include "core/consumers/firehose_names.h"
#include "core/engine/arn.h"

/// Data transformation by a function (facts/clients.md 5.4).
namespace shardscope {

/// The largest request and the largest answer.
inline constexpr std::int64_t kTransformBytesMost = 6 * 1'024 * 1'024;
/// Invocations of one shard at once, and how often one is tried again.
inline constexpr std::size_t kTransformsAtOnce = 5;
inline constexpr int kTransformRetries = 3;

/// A user record on its way through the function.
struct FirehoseRecord {
    std::uint64_t stretch = 0; ///< of its shard, of which it is part
    std::int64_t arrivalMs = 0;
    std::string key, number; ///< partition key, sequence number of the record it lay in
    std::uint32_t sub = 0; ///< place inside of an aggregate
    std::string data;

    /// Its recordId: no other record of the stream has it.
    [[nodiscard]] std::string id() const;
};

/// The event for some records of one shard.
[[nodiscard]] std::string transformEvent(const std::vector<FirehoseRecord>& records,
                                         ShardSlot shard, std::string_view invocationId,
                                         std::string_view delivery, std::string_view stream,
                                         const ArnScope& scope);

struct Transformed {
    enum class Kind { Ok, Dropped, Failed } kind = Kind::Failed;
    std::string data; ///< Ok
    std::vector<NamedValue> partitionKeys; ///< Ok: its metadata
    std::string errorCode, why; ///< Failed
};
/// What the function made of each record, in their order; one that it left out has failed.
/// Errors: BadInput when the answer is none.
[[nodiscard]] Result<std::vector<Transformed>>
transformed(std::string_view answer, const std::vector<FirehoseRecord>& records);

/// The line that an error object has for a record.
struct FirehoseFailure {
    std::int64_t attempts = 1;
    std::int64_t arrivalMs = 0, endedMs = 0;
    std::string errorCode, message, data;
    std::string function; ///< its address or command; empty: none had to do with it
};
[[nodiscard]] std::string failureLine(const FirehoseFailure& failure);

} // namespace shardscope
