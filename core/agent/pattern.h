#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace shardscope {

/// A regular expression, as PCRE2 reads it: what people write for Java means the same but for
/// possessive rarities. Bytes that are no UTF-8 match nothing and do no harm. One thread at a time.
class Pattern {
public:
    enum class Match { AtStart, Whole }; ///< from the subject's first byte; to its last one too

    /// Errors: BadInput, `must be a regular expression; at character N: why not`.
    [[nodiscard]] static Result<Pattern> compile(std::string_view text, Match match);

    /// A subject that takes too many tries does not match.
    [[nodiscard]] bool matches(std::string_view subject) const;
    /// What the groups took, a null view for one that took no part; nothing without a match.
    [[nodiscard]] std::optional<std::vector<std::string_view>>
    groups(std::string_view subject) const;

private:
    struct Code;
    explicit Pattern(std::shared_ptr<const Code> code)
        : m_code(std::move(code))
    {
    }
    std::shared_ptr<const Code> m_code;
};

} // namespace shardscope
