#pragma once

#include <string_view>

namespace shardscope::endpoint {

/// Now, as HTTP's Date field says it: `Sun, 06 Nov 1994 08:49:37 GMT`. Formatted once a second and
/// thread; the view holds until the next call on the same thread.
[[nodiscard]] std::string_view httpDate();

} // namespace shardscope::endpoint
