#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/engine/requests.h"

namespace shardscope {

/// A delivery of a stream's records as the service keeps it; who delivers is the runtime.
struct Channel {
    ChannelDescription description;
    std::map<std::string, std::string> tags;
    StreamSlot stream;
    /// CREATING and UPDATING become ACTIVE then, DELETING goes.
    std::optional<SimTime> dueAt;
};

/// Whether records go to tables instead of to files.
[[nodiscard]] bool toTables(const ChannelSpec& spec);
/// Lengths, ranges and patterns of a new channel (API 1.3), and what cannot be delivered here.
/// Errors: Validation, InvalidArgument.
[[nodiscard]] Result<void> checkChannel(const ChannelSpec& spec);
/// The same for what UpdateChannel changes in `spec`.
[[nodiscard]] Result<void> checkUpdate(const UpdateChannel& update, const ChannelSpec& spec);

} // namespace shardscope
