#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace shardscope {

/// Recorded arrivals: row i arrives `us[i]` after the first moment of the trace, with a key and a
/// data size. Ascending by time.
struct Trace {
    std::vector<std::int64_t> us;
    std::vector<std::uint32_t> key; ///< index into `keys`
    std::vector<std::uint32_t> bytes; ///< of data
    std::vector<std::string> keys; ///< distinct, in order of first appearance
    std::int64_t firstUs = 0; ///< of the earliest arrival as the file writes it

    [[nodiscard]] std::size_t size() const { return us.size(); }
};

/// Reads lines of `time,key,size`; a comma, semicolon or tab parts them, and a first line without
/// numbers is a header. Time is in seconds with a fraction, in whole milliseconds when written with
/// `ms`, or ISO 8601 in UTC; what counts is the distance to the earliest. Lines out of order are
/// put in order, equal times as they stand. A key may be quoted. Empty lines are passed over.
/// Errors: BadInput with file, line and what would be right.
[[nodiscard]] Result<Trace> parseTrace(std::string_view csv, const std::string& fileName);
/// Reads a trace file. Errors: Io when it cannot be read, otherwise as parseTrace.
[[nodiscard]] Result<Trace> readTrace(const std::string& path);

} // namespace shardscope
