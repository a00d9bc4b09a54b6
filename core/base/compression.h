#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace shardscope {

/// `compression`: NONE, GZIP or ZSTD, as a channel has it; one gzip member or one frame, at the
/// libraries' own levels. Errors: Io when there is no memory for it.
[[nodiscard]] Result<std::string> compressed(std::string text, std::string_view compression);

} // namespace shardscope
