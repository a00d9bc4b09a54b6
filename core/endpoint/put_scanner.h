#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/engine/record_batch.h"

/// The short cut for the two bodies that carry records, as clients usually write them: the fields
/// of the model, each at most once, texts without escapes, blanks anywhere. Goes once over the
/// text, decodes base64 on the way and builds the columns directly. Anything else, and anything
/// that a constraint forbids, is "no": the general reader then finds the words for it.
namespace shardscope::endpoint {

struct ScannedPut {
    std::optional<std::string_view> streamName, streamArn; ///< plain ASCII
    std::optional<std::string_view> sequenceNumberForOrdering;
    bool dryRun = false;
    RecordBatch records;
};

/// HttpRequest::kPadding readable bytes must follow the body.
[[nodiscard]] std::optional<ScannedPut> scanPutRecords(std::string_view body);
[[nodiscard]] std::optional<ScannedPut> scanPutRecord(std::string_view body);

} // namespace shardscope::endpoint
