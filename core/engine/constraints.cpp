#include "core/engine/constraints.h"

#include <algorithm>
#include <utility>

#include "core/engine/limits.h"

namespace shardscope::constraints {
namespace {

bool isAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isTagText(std::string_view text)
{
    static constexpr std::string_view marks = " _./=+-%@:";
    return std::all_of(text.begin(), text.end(), [](char c) {
        // Letters of other alphabets are letters too: every byte of theirs is above ASCII.
        return isAlphanumeric(c) || static_cast<unsigned char>(c) >= 0x80
            || marks.find(c) != std::string_view::npos;
    });
}

/// The service's form for the parts of a map.
Result<void> refuseMap(const char* part, int least, int most)
{
    return fail(ErrorCode::Validation,
                std::string("1 validation error detected: Value at 'tags' failed to satisfy "
                            "constraint: Map ")
                    + part + " must satisfy constraint: [Member must have length less than or "
                    + "equal to " + std::to_string(most)
                    + ", Member must have length greater than or equal to " + std::to_string(least)
                    + "]");
}

} // namespace

void Violations::add(std::string_view member, std::string must)
{
    constexpr std::size_t most = 10;
    if (m_texts.size() < most)
        m_texts.push_back("Value at '" + std::string(member)
                          + "' failed to satisfy constraint: Member must " + std::move(must));
}

void Violations::length(std::string_view member, std::string_view text, std::int64_t least,
                        std::int64_t most)
{
    const std::int64_t count = characters(text);
    if (count < least)
        add(member, "have length greater than or equal to " + std::to_string(least));
    if (count > most)
        add(member, "have length less than or equal to " + std::to_string(most));
}

void Violations::range(std::string_view member, std::int64_t value, std::int64_t least,
                       std::int64_t most)
{
    if (value < least)
        add(member, "have value greater than or equal to " + std::to_string(least));
    if (value > most)
        add(member, "have value less than or equal to " + std::to_string(most));
}

Result<void> Violations::result() const
{
    if (m_texts.empty())
        return {};
    std::string text = std::to_string(m_texts.size())
        + (m_texts.size() == 1 ? " validation error detected: " : " validation errors detected: ");
    for (std::size_t i = 0; i < m_texts.size(); ++i)
        text += (i == 0 ? "" : "; ") + m_texts[i];
    return fail(ErrorCode::Validation, std::move(text));
}

Result<void> refuse(std::string_view member, const std::string& must)
{
    Violations one;
    one.add(member, must);
    return one.result();
}

Result<void> length(std::string_view member, std::string_view text, std::int64_t least,
                    std::int64_t most)
{
    Violations violations;
    violations.length(member, text, least, most);
    return violations.result();
}

Result<void> size(std::string_view member, std::size_t entries, std::int64_t least,
                  std::int64_t most)
{
    const auto count = static_cast<std::int64_t>(entries);
    if (count < least)
        return refuse(member, "have length greater than or equal to " + std::to_string(least));
    if (count > most)
        return refuse(member, "have length less than or equal to " + std::to_string(most));
    return {};
}

Result<void> sequenceNumber(std::string_view member, std::string_view text)
{
    const bool digits
        = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits && (text == "0" || (!text.empty() && text.size() <= 129 && text.front() != '0')))
        return {};
    return refuse(member, "satisfy regular expression pattern: 0|([1-9]\\d{0,128})");
}

Result<void> name(std::string_view member, std::string_view text)
{
    if (auto ok = length(member, text, 1, 128); !ok)
        return ok;
    const bool fits = std::all_of(text.begin(), text.end(), [](char c) {
        return isAlphanumeric(c) || c == '_' || c == '.' || c == '-';
    });
    return fits ? Result<void> {}
                : refuse(member, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
}

Result<void> range(std::string_view member, std::int64_t value, std::int64_t least,
                   std::int64_t most)
{
    Violations violations;
    violations.range(member, value, least, most);
    return violations.result();
}

Result<void> tagTexts(const std::map<std::string, std::string>& tags)
{
    if (tags.size() > static_cast<std::size_t>(limits::kTagsPerCall))
        return refuse("tags",
                      "have length less than or equal to " + std::to_string(limits::kTagsPerCall));
    for (const auto& [key, value] : tags) {
        if (!length("", key, 1, 128))
            return refuseMap("keys", 1, 128);
        if (!length("", value, 0, 256))
            return refuseMap("value", 0, 256);
    }
    for (const auto& [key, value] : tags) {
        if (!isTagText(key) || !isTagText(value))
            return fail(ErrorCode::InvalidArgument,
                        "Some tags contain invalid characters. Valid characters: Unicode letters, "
                        "digits, white space, _ . / = + - % @ :.");
    }
    return {};
}

Result<void> tags(const std::map<std::string, std::string>& tags)
{
    if (auto ok = tagTexts(tags); !ok)
        return ok;
    if (tags.size() > static_cast<std::size_t>(limits::kTagsPerResource))
        return fail(ErrorCode::InvalidArgument,
                    "A resource can have at most " + std::to_string(limits::kTagsPerResource)
                        + " tags, not " + std::to_string(tags.size()) + ".");
    return {};
}

std::int64_t characters(std::string_view utf8)
{
    return std::count_if(utf8.begin(), utf8.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
}

} // namespace shardscope::constraints
