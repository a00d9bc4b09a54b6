#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shardscope {

/// The fields of one CSV line; `"` around a field may hold delimiters and, doubled, itself.
[[nodiscard]] std::vector<std::string> csvFields(std::string_view line, char delimiter);

} // namespace shardscope
