#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/engine/requests.h"

namespace shardscope {

/// A delivery of a stream's records as the service keeps it; who delivers is the runtime
/// (core/runtime/channel_delivery.h).
struct Channel {
    ChannelDescription description;
    std::map<std::string, std::string> tags;
    StreamSlot stream;
    /// CREATING and UPDATING become ACTIVE then, DELETING goes.
    std::optional<SimTime> dueAt;
    /// Position of the oldest record of each shard that is not delivered yet; a shard that is not
    /// among them begins with its first record. Set when the channel becomes ACTIVE: what was put
    /// before is never delivered.
    std::map<ShardSlot, std::uint64_t> delivered;
};

/// Whether that key, named by its alias or the alias' ARN, is the service's own. Channels take none
/// encrypted with it, on either side (Dev Guide "Security for data delivery").
[[nodiscard]] bool isOwnKey(std::string_view keyId);
/// Whether records go to tables instead of to files.
[[nodiscard]] bool toTables(const ChannelSpec& spec);
/// Lengths, ranges and patterns of a new channel (API 1.3), and what cannot be delivered here.
/// Errors: Validation, InvalidArgument.
[[nodiscard]] Result<void> checkChannel(const ChannelSpec& spec);
/// The same for what UpdateChannel changes in `spec`.
[[nodiscard]] Result<void> checkUpdate(const UpdateChannel& update, const ChannelSpec& spec);

} // namespace shardscope
