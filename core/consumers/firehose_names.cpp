#include "core/consumers/firehose_names.h"

#include <algorithm>
#include <cctype>

namespace shardscope {
namespace {

constexpr std::string_view kOpen = "!{";
constexpr std::string_view kFromQuery = "partitionKeyFromQuery";
constexpr std::string_view kFromLambda = "partitionKeyFromLambda";
constexpr std::string_view kDefaultTime = "yyyy/MM/dd/HH/";
constexpr std::size_t kPrefixMost = 512; // evaluated

tl::unexpected<Error> refuse(const std::string& why)
{
    return fail(ErrorCode::BadInput, "The prefix " + why);
}

/// Text between quotes, which `letters` begins with and loses; two quotes are one.
Result<std::string> quotedText(std::string_view& letters)
{
    if (letters.starts_with("''")) {
        letters.remove_prefix(2);
        return std::string("'");
    }
    std::string text;
    for (std::size_t i = 1; i < letters.size(); ++i) {
        if (letters[i] != '\'') {
            text += letters[i];
        } else if (letters.substr(i + 1).starts_with('\'')) {
            text += '\'';
            ++i;
        } else {
            letters.remove_prefix(i + 1);
            return text;
        }
    }
    return refuse("has a quote in a timestamp that does not end.");
}

/// `letters` as Java's DateTimeFormatter reads them, as far as they name parts of a date.
Result<std::string> timeText(std::string_view letters, SimTime at)
{
    const std::string iso = toIso(at); // 2026-07-20T14:30:05.123Z
    std::string text;
    while (!letters.empty()) {
        const char c = letters.front();
        if (c == '\'') {
            auto quoted = quotedText(letters);
            if (!quoted)
                return quoted;
            text += *quoted;
            continue;
        }
        const std::size_t run = std::min(letters.find_first_not_of(c), letters.size());
        const std::string_view part = letters.substr(0, run);
        if (part == "YYYY")
            return refuse("has YYYY in a timestamp, the year of the week; yyyy is the date's.");
        if (part == "yyyy" || part == "uuuu")
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

/// What stands before the first colon, and behind it.
std::pair<std::string_view, std::string_view> cut(std::string_view expression)
{
    const std::size_t colon = expression.find(':');
    return {expression.substr(0, colon),
            colon == expression.npos ? std::string_view() : expression.substr(colon + 1)};
}

} // namespace

Result<std::string> firehosePrefix(std::string_view prefix, const PrefixValues& values)
{
    const bool ofErrors = !values.errorType.empty();
    std::string text;
    bool timed = false;
    while (!prefix.empty()) {
        if (!prefix.starts_with(kOpen)) {
            text += prefix.front();
            prefix.remove_prefix(1);
            continue;
        }
        const std::size_t end = prefix.find('}');
        if (end == prefix.npos)
            return refuse("has an expression without its closing brace.");
        const std::string_view inner = prefix.substr(kOpen.size(), end - kOpen.size());
        prefix.remove_prefix(end + 1);
        const auto [source, name] = cut(inner);
        if (inner == "firehose:random-string") {
            text += values.random;
        } else if (source == "timestamp") {
            auto made = timeText(name, values.at);
            if (!made)
                return made;
            text += *made;
            timed = true;
        } else if (ofErrors && inner == "firehose:error-output-type") {
            text += values.errorType;
        } else if (!ofErrors && (source == kFromQuery || source == kFromLambda)) {
            const auto keys = source == kFromQuery ? values.fromQuery : values.fromLambda;
            const auto key = std::find_if(keys.begin(), keys.end(),
                                          [&](const NamedValue& k) { return k.first == name; });
            if (key == keys.end())
                return refuse("has the partition key \"" + std::string(name)
                              + "\", which nothing gives.");
            text += key->second;
        } else
            return refuse("has no such expression as !{" + std::string(inner)
                          + (ofErrors ? "}; !{timestamp:…}, !{firehose:random-string} and "
                                        "!{firehose:error-output-type} are known."
                                      : "}; !{timestamp:…}, !{firehose:random-string}, "
                                        "!{partitionKeyFromQuery:…} and "
                                        "!{partitionKeyFromLambda:…} are known."));
    }
    if (!timed) {
        if (auto made = timeText(kDefaultTime, values.at))
            text += *made;
    }
    if (text.size() > kPrefixMost)
        return refuse("has more than 512 characters when its expressions are evaluated.");
    return text;
}

bool hasExpressions(std::string_view prefix)
{
    return prefix.find(kOpen) != prefix.npos;
}

std::vector<std::string> partitionKeysIn(std::string_view prefix, std::string_view source)
{
    std::vector<std::string> names;
    for (std::size_t at = prefix.find(kOpen); at != prefix.npos; at = prefix.find(kOpen, at + 1)) {
        const std::size_t end = std::min(prefix.find('}', at), prefix.size());
        const auto [from, name] = cut(prefix.substr(at + kOpen.size(), end - at - kOpen.size()));
        if (from == source && std::find(names.begin(), names.end(), name) == names.end())
            names.emplace_back(name);
    }
    return names;
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
