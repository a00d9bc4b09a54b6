#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "core/engine/requests.h"
#include "core/engine/requests_kms.h"
#include "core/engine/requests_metrics.h"

/// The enumerations' words (API 1.1), each list in the order of its enum in engine/requests.h.
namespace shardscope::endpoint::words {

using namespace std::string_view_literals;

inline constexpr std::array kStreamMode {"PROVISIONED"sv, "ON_DEMAND"sv};
inline constexpr std::array kStreamStatus {"CREATING"sv, "DELETING"sv, "ACTIVE"sv, "UPDATING"sv};
inline constexpr std::array kConsumerStatus {"CREATING"sv, "DELETING"sv, "ACTIVE"sv};
inline constexpr std::array kChannelStatus {"CREATING"sv, "DELETING"sv, "ACTIVE"sv, "UPDATING"sv,
                                            "FAILED"sv};
inline constexpr std::array kRecordDistribution {"USER_PARTITION_KEY"sv, "AUTO"sv};
inline constexpr std::array kEncryption {"NONE"sv, "KMS"sv};
inline constexpr std::array kIteratorType {"AT_SEQUENCE_NUMBER"sv, "AFTER_SEQUENCE_NUMBER"sv,
                                           "AT_TIMESTAMP"sv, "TRIM_HORIZON"sv, "LATEST"sv};
inline constexpr std::array kShardFilter {"AFTER_SHARD_ID"sv,    "AT_TRIM_HORIZON"sv,
                                          "FROM_TRIM_HORIZON"sv, "AT_LATEST"sv,
                                          "AT_TIMESTAMP"sv,      "FROM_TIMESTAMP"sv};
/// And one more that names all of them.
inline constexpr std::array kShardMetric {"IncomingBytes"sv,
                                          "IncomingRecords"sv,
                                          "OutgoingBytes"sv,
                                          "OutgoingRecords"sv,
                                          "WriteProvisionedThroughputExceeded"sv,
                                          "ReadProvisionedThroughputExceeded"sv,
                                          "IteratorAgeMilliseconds"sv,
                                          "ALL"sv};
inline constexpr std::array kCommitment {"DISABLED"sv, "ENABLED"sv,
                                         "ENABLED_UNTIL_EARLIEST_ALLOWED_END"sv};
inline constexpr std::array kKeyState {"Enabled"sv, "Disabled"sv, "PendingDeletion"sv};
inline constexpr std::array kStatistic {"SampleCount"sv, "Sum"sv, "Average"sv, "Minimum"sv,
                                        "Maximum"sv};

template <typename Enum>
[[nodiscard]] std::string_view of(std::span<const std::string_view> words, Enum value)
{
    return words[static_cast<std::size_t>(value)];
}

} // namespace shardscope::endpoint::words
