#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace shardscope {

struct JsonMember;

/// A JSON document as it was written: numbers keep their digits (a seed has 64 bits, a double has
/// 53), members keep their order, and everything knows its line, so that a message can name it.
struct JsonNode {
    enum class Kind { Null, Bool, Number, Text, List, Object };
    Kind kind = Kind::Null;
    int line = 0; ///< from 1
    bool flag = false; ///< Bool
    std::string text; ///< Text: the content, UTF-8. Number: the digits as written
    std::vector<JsonNode> items; ///< List
    std::vector<JsonMember> members; ///< Object, in the order of the document

    /// The member's value, or null.
    [[nodiscard]] const JsonNode* find(std::string_view name) const;
};

struct JsonMember {
    std::string name;
    int line = 0;
    JsonNode value;
};

/// What a document may at most be. A scenario of a thousand acts has some 100 KiB and six levels.
inline constexpr std::size_t kJsonTextMost = 16u << 20;
inline constexpr int kJsonDepthMost = 64;
inline constexpr std::size_t kJsonFieldsMost = 1000; ///< of one object

/// Reads one JSON document (RFC 8259) with nothing behind it. A name may stand once in an object.
/// Errors: BadInput, `file:line: what was met and what would be right`.
[[nodiscard]] Result<JsonNode> parseJson(std::string_view text, std::string_view fileName);

/// A few words for messages: `a text`, `a number`, `null`.
[[nodiscard]] const char* kindText(JsonNode::Kind kind);

} // namespace shardscope
