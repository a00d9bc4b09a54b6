#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/clock/sim_time.h"

/// How Firehose names its objects (facts/clients.md 5.3).
namespace shardscope {

/// A name and what it stands for.
using NamedValue = std::pair<std::string, std::string>;

/// What expressions of a prefix stand for.
struct PrefixValues {
    SimTime at; ///< arrival of the oldest record in the object
    std::string random; ///< 11 characters
    std::string errorType; ///< of an error prefix; empty: of a prefix for data
    std::span<const NamedValue> fromQuery = {}, fromLambda = {}; ///< partition keys
};
/// A prefix with its expressions evaluated: `!{timestamp:<letters>}` with yyyy MM dd HH mm ss and
/// quoted text, `!{firehose:random-string}`; for data `!{partitionKeyFromQuery:name}` and
/// `!{partitionKeyFromLambda:name}`, for errors `!{firehose:error-output-type}`. One without a
/// timestamp gets `yyyy/MM/dd/HH/` behind it. Errors: BadInput with what is wrong.
[[nodiscard]] Result<std::string> firehosePrefix(std::string_view prefix,
                                                 const PrefixValues& values);
[[nodiscard]] bool hasExpressions(std::string_view prefix);
/// Names of partition keys in a prefix, each once: `source` is "partitionKeyFromQuery" or
/// "partitionKeyFromLambda".
[[nodiscard]] std::vector<std::string> partitionKeysIn(std::string_view prefix,
                                                       std::string_view source);
/// The key: prefix, stream, version, time, uuid, extension.
[[nodiscard]] std::string firehoseKey(std::string_view evaluatedPrefix, std::string_view stream,
                                      std::int64_t version, SimTime at, std::string_view uuid,
                                      std::string_view extension);

} // namespace shardscope
