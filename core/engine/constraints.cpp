#include "core/engine/constraints.h"

#include <algorithm>

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

} // namespace

Result<void> refuse(std::string_view member, const std::string& must)
{
    return fail(ErrorCode::Validation,
                "1 validation error detected: Value at '" + std::string(member)
                    + "' failed to satisfy constraint: Member must " + must);
}

Result<void> length(std::string_view member, std::string_view text, std::int64_t least,
                    std::int64_t most)
{
    const std::int64_t count = characters(text);
    if (count < least)
        return refuse(member, "have length greater than or equal to " + std::to_string(least));
    if (count > most)
        return refuse(member, "have length less than or equal to " + std::to_string(most));
    return {};
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
    if (value < least)
        return refuse(member, "have value greater than or equal to " + std::to_string(least));
    if (value > most)
        return refuse(member, "have value less than or equal to " + std::to_string(most));
    return {};
}

Result<void> tags(const std::map<std::string, std::string>& tags)
{
    for (const auto& [key, value] : tags) {
        if (auto ok = length("tags", key, 1, 128); !ok)
            return ok;
        if (auto ok = length("tags." + key, value, 0, 256); !ok)
            return ok;
        if (!isTagText(key) || !isTagText(value))
            return fail(ErrorCode::InvalidArgument,
                        "Tag \"" + key
                            + "\" holds a character that tags may not have; letters, digits, "
                              "spaces and _ . / = + - % @ : are right.");
    }
    if (tags.size() > static_cast<std::size_t>(limits::kTagsPerResource))
        return fail(ErrorCode::InvalidArgument,
                    "A stream can have at most " + std::to_string(limits::kTagsPerResource)
                        + " tags, not " + std::to_string(tags.size()) + ".");
    return {};
}

std::int64_t characters(std::string_view utf8)
{
    return std::count_if(utf8.begin(), utf8.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
}

} // namespace shardscope::constraints
