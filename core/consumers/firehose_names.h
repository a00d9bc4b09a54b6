#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/clock/sim_time.h"

/// How Firehose names its objects (facts/clients.md 5.3).
namespace shardscope {

/// A prefix with its expressions evaluated: `!{timestamp:<letters>}` with yyyy MM dd HH mm ss and
/// quoted text, `!{firehose:random-string}`. `at`: arrival of the oldest record in the object.
/// `random`: 11 characters. An empty prefix is `yyyy/MM/dd/HH/`, and any other
/// without a timestamp gets that behind it. Errors: BadInput with what is wrong.
[[nodiscard]] Result<std::string> firehosePrefix(std::string_view prefix, SimTime at,
                                                 std::string_view random);
/// The key: prefix, stream, version, time, uuid, extension.
[[nodiscard]] std::string firehoseKey(std::string_view evaluatedPrefix, std::string_view stream,
                                      std::int64_t version, SimTime at, std::string_view uuid,
                                      std::string_view extension);

} // namespace shardscope
