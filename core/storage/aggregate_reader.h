#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace shardscope {

/// One user record of an aggregate; the texts lie in the aggregate itself.
struct UserRecordView {
    std::string_view key, data;
    std::string_view explicitHashKey; ///< decimal; empty: none was given
};

/// Whether the data begins as an aggregate of the Kinesis Producer Library does.
[[nodiscard]] bool looksAggregated(std::string_view data);

/// Opens what buildAggregate (core/workload/aggregate.h) and the Kinesis Producer Library write;
/// none when it is no aggregate: the magic, the checksum or the message does not fit. Whoever sent
/// it is not trusted; at most `most` records are opened.
[[nodiscard]] std::optional<std::vector<UserRecordView>> readAggregate(std::string_view data,
                                                                       std::size_t most);

} // namespace shardscope
