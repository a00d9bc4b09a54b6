#include "core/consumers/firehose_names.h"

#include <algorithm>
#include <cctype>

namespace shardscope {
namespace {

constexpr std::string_view kTimestamp = "timestamp:";
constexpr std::string_view kDefaultTime = "yyyy/MM/dd/HH/";
constexpr std::size_t kPrefixMost = 512; // evaluated

tl::unexpected<Error> refuse(const std::string& why)
{
    return fail(ErrorCode::BadInput, "The prefix " + why);
}

/// `letters` as Java's DateTimeFormatter reads them, as far as they name parts of a date.
Result<std::string> timeText(std::string_view letters, SimTime at)
{
    const std::string iso = toIso(at); // 2026-07-20T14:30:05.123Z
    std::string text;
    while (!letters.empty()) {
        const char c = letters.front();
        if (c == '\'') {
            const std::size_t end = letters.find('\'', 1);
            if (end == letters.npos)
                return refuse("has a quote in a timestamp that does not end.");
            text += end == 1 ? "'" : std::string(letters.substr(1, end - 1));
            letters.remove_prefix(end + 1);
            continue;
        }
        const std::size_t run = std::min(letters.find_first_not_of(c), letters.size());
        const std::string_view part = letters.substr(0, run);
        if (part == "yyyy" || part == "YYYY" || part == "uuuu")
            text += iso.substr(0, 4);
        else if (part == "yy")
            text += iso.substr(2, 2);
        else if (part == "MM")
            text += iso.substr(5, 2);
        else if (part == "dd")
            text += iso.substr(8, 2);
        else if (part == "HH")
            text += iso.substr(11, 2);
        else if (part == "mm")
            text += iso.substr(14, 2);
        else if (part == "ss")
            text += iso.substr(17, 2);
        else if (std::isalpha(static_cast<unsigned char>(c)) != 0)
            return refuse("has \"" + std::string(part)
                          + "\" in a timestamp; yyyy, yy, MM, dd, HH, mm and ss are known.");
        else
            text += part;
        letters.remove_prefix(run);
    }
    return text;
}

} // namespace

Result<std::string> firehosePrefix(std::string_view prefix, SimTime at, std::string_view random)
{
    std::string text;
    bool timed = false;
    while (!prefix.empty()) {
        if (!prefix.starts_with("!{")) {
            text += prefix.front();
            prefix.remove_prefix(1);
            continue;
        }
        const std::size_t end = prefix.find('}');
        if (end == prefix.npos)
            return refuse("has an expression without its closing brace.");
        const std::string_view inner = prefix.substr(2, end - 2);
        prefix.remove_prefix(end + 1);
        if (inner == "firehose:random-string") {
            text += random;
        } else if (inner.starts_with(kTimestamp)) {
            auto made = timeText(inner.substr(kTimestamp.size()), at);
            if (!made)
                return made;
            text += *made;
            timed = true;
        } else
            return refuse("has no such expression as !{" + std::string(inner)
                          + "}; !{timestamp:…} and !{firehose:random-string} are known.");
    }
    if (!timed) {
        if (auto made = timeText(kDefaultTime, at))
            text += *made;
    }
    if (text.size() > kPrefixMost)
        return refuse("has more than 512 characters when its expressions are evaluated.");
    return text;
}

std::string firehoseKey(std::string_view evaluatedPrefix, std::string_view stream,
                        std::int64_t version, SimTime at, std::string_view uuid,
                        std::string_view extension)
{
    std::string time = toIso(at).substr(0, 19);
    std::replace_if(
        time.begin(), time.end(), [](char c) { return c == 'T' || c == ':'; }, '-');
    std::string key(evaluatedPrefix);
    key += stream;
    key += '-' + std::to_string(version) + '-' + time + '-';
    key += uuid;
    key += extension;
    return key;
}

} // namespace shardscope
