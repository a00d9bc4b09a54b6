#include "core/agent/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <array>
#include <pcre2.h>

namespace shardscope {
namespace {

PCRE2_SPTR bytesOf(std::string_view text)
{
    return reinterpret_cast<PCRE2_SPTR>(text.empty() ? "" : text.data());
}

} // namespace

struct Pattern::Code {
    explicit Code(pcre2_code* compiled)
        : code(compiled)
        , found(pcre2_match_data_create_from_pattern(compiled, nullptr))
    {
    }
    ~Code()
    {
        pcre2_match_data_free(found);
        pcre2_code_free(code);
    }
    Code(const Code&) = delete;
    Code& operator=(const Code&) = delete;

    pcre2_code* code;
    pcre2_match_data* found;
};

Result<Pattern> Pattern::compile(std::string_view text, Match match)
{
    const std::uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_ANCHORED
        | (match == Match::Whole ? std::uint32_t {PCRE2_ENDANCHORED} : 0U);
    int code = 0;
    PCRE2_SIZE at = 0;
    pcre2_code* const compiled
        = pcre2_compile(bytesOf(text), text.size(), options, &code, &at, nullptr);
    if (compiled == nullptr) {
        std::array<PCRE2_UCHAR, 256> why {};
        pcre2_get_error_message(code, why.data(), why.size());
        return fail(ErrorCode::BadInput,
                    "must be a regular expression; at character " + std::to_string(at + 1) + ": "
                        + reinterpret_cast<const char*>(why.data()));
    }
    pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
    return Pattern(std::make_shared<const Code>(compiled));
}

bool Pattern::matches(std::string_view subject) const
{
    return pcre2_match(m_code->code, bytesOf(subject), subject.size(), 0, 0, m_code->found, nullptr)
        >= 0;
}

std::optional<std::vector<std::string_view>> Pattern::groups(std::string_view subject) const
{
    if (!matches(subject))
        return std::nullopt;
    const std::uint32_t count = pcre2_get_ovector_count(m_code->found);
    const PCRE2_SIZE* const ends = pcre2_get_ovector_pointer(m_code->found);
    std::vector<std::string_view> groups;
    for (std::uint32_t i = 1; i < count; ++i)
        groups.push_back(ends[2 * i] == PCRE2_UNSET
                             ? std::string_view()
                             : subject.substr(ends[2 * i], ends[2 * i + 1] - ends[2 * i]));
    return groups;
}

} // namespace shardscope
