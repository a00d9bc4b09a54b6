#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

/// What is checked of a request before anything else: lengths, ranges, patterns (API 1.1). Errors
/// are Validation in the service's form: `1 validation error detected: Value at '<member>' failed
/// to satisfy constraint: Member must …`.
namespace shardscope::constraints {

/// Several at once, as the service lists them: `<n> validation errors detected: …; …`, up to ten.
class Violations {
public:
    void add(std::string_view member, std::string must);
    /// As length() below.
    void length(std::string_view member, std::string_view text, std::int64_t least,
                std::int64_t most);
    void range(std::string_view member, std::int64_t value, std::int64_t least, std::int64_t most);
    [[nodiscard]] Result<void> result() const;

private:
    std::vector<std::string> m_texts;
};

[[nodiscard]] Result<void> refuse(std::string_view member, const std::string& must);
/// 1 … 128 of letters, digits, `_`, `.`, `-`.
[[nodiscard]] Result<void> name(std::string_view member, std::string_view text);
/// `text` of `least` … `most` characters.
[[nodiscard]] Result<void> length(std::string_view member, std::string_view text,
                                  std::int64_t least, std::int64_t most);
/// A list of `least` … `most` entries.
[[nodiscard]] Result<void> size(std::string_view member, std::size_t entries, std::int64_t least,
                                std::int64_t most);
/// `0|([1-9]\d{0,128})`.
[[nodiscard]] Result<void> sequenceNumber(std::string_view member, std::string_view text);
[[nodiscard]] Result<void> range(std::string_view member, std::int64_t value, std::int64_t least,
                                 std::int64_t most);
/// At most 200 tags, keys of 1 … 128 and values of 0 … 256 characters; letters, digits, space and
/// `_ . / = + - % @ :`. The documents name the colon for TagResource only, but AddTagsToStream
/// takes it too: github.com/mhart/kinesalite/issues/107. Errors: Validation, InvalidArgument for
/// the letters.
[[nodiscard]] Result<void> tagTexts(const std::map<std::string, std::string>& tags);
/// All tags of a new resource: as above, and at most 50 of them (InvalidArgument).
[[nodiscard]] Result<void> tags(const std::map<std::string, std::string>& tags);

/// Unicode characters of UTF-8 text.
[[nodiscard]] std::int64_t characters(std::string_view utf8);

} // namespace shardscope::constraints
