#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/consumers/consumer_spec.h"

namespace shardscope {

/// A reader that a local service runs itself, beside its clients.
struct AttachedReader {
    std::string stream; ///< it waits for it when there is none of that name
    ConsumerSpec spec; ///< its name is its own among all of the service
    friend bool operator==(const AttachedReader&, const AttachedReader&) = default;
};

/// Reads `{"readers": [{"stream": "orders", "name": …, "kind": …, …}]}`: each has the fields that
/// readers have in scenarios. Refused as in parseScenario.
[[nodiscard]] Result<std::vector<AttachedReader>> parseReaders(std::string_view json,
                                                               const std::string& fileName);

} // namespace shardscope
