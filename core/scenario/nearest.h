#pragma once

#include <span>
#include <string>
#include <string_view>

namespace shardscope {

/// The candidate that a misspelt `word` most likely meant, or an empty text when none is close:
/// smallest edit distance (a swap of neighbours counts once, case does not count), at most a third
/// of the word's length.
[[nodiscard]] std::string nearestWord(std::string_view word,
                                      std::span<const std::string> candidates);

/// `a, b or c`.
[[nodiscard]] std::string orList(std::span<const std::string> words);

} // namespace shardscope
