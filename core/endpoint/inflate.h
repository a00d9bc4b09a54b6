#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace shardscope::endpoint {

/// What a gzip body holds. Errors: BadInput (no gzip, cut off, more than `most` bytes).
[[nodiscard]] Result<std::string> inflateGzip(std::string_view body, std::size_t most);

} // namespace shardscope::endpoint
