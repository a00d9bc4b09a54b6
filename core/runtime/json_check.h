#pragma once

#include <string_view>

namespace shardscope {

/// Whether `text` is one JSON value (RFC 8259) with nothing but white space around it: numbers of
/// any size, nesting of any depth, strings in UTF-8. Beside the readers of requests and files,
/// which refuse what they cannot hold.
[[nodiscard]] bool isJson(std::string_view text);

} // namespace shardscope
