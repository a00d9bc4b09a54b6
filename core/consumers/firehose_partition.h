#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/consumers/firehose_spec.h"

/// Dynamic partitioning: what of a record decides where it goes (facts/clients.md 5.4).
namespace shardscope {

/// Partitions of one stream that may have records which are not delivered yet.
inline constexpr std::size_t kActivePartitionsMost = 500;

/// Whether a path is one: `.name` and so on, names without dots.
[[nodiscard]] bool isFieldPath(std::string_view path);
/// Reads a record's partition keys, in the order of `keys`, into `values`. Text, numbers and truth
/// values are keys. Answers one sentence about what is missing, or nothing.
[[nodiscard]] std::string readPartitionKeys(std::string_view data,
                                            const std::vector<FirehoseSpec::PartitionKey>& keys,
                                            std::vector<std::string>& values);

/// What does not go together among the settings of a delivery, and what would be right.
struct FirehoseTrouble {
    enum class Field { None, Prefix, ErrorPrefix, PartitionBy, BufferInterval } field = Field::None;
    const char* otherwise = "";
};
[[nodiscard]] FirehoseTrouble troubleOf(const FirehoseSpec& spec);

} // namespace shardscope
