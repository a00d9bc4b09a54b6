#include "core/engine/channel_key.h"

#include <algorithm>
#include <optional>

#include "core/engine/limits.h"

namespace shardscope {
namespace {

constexpr std::string_view kOpening = "!{";
constexpr std::string_view kExtension = "extension";

bool isLetterOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

tl::unexpected<Error> refuse(std::string_view member, const std::string& why)
{
    return fail(ErrorCode::InvalidArgument, std::string(member) + " " + why);
}

/// What a variable stands for; none when there is no such variable.
std::optional<std::string> valueOf(std::string_view variable, const ChannelDescription& channel,
                                   const std::string& iso)
{
    if (variable == "channel-name")
        return channel.spec.channelName;
    if (variable == "channel-id")
        return channel.channelId;
    if (variable == "stream-name")
        return channel.spec.streamName;
    // 2026-07-20T14:30:…
    if (variable == "yyyy")
        return iso.substr(0, 4);
    if (variable == "yy")
        return iso.substr(2, 2);
    if (variable == "MM")
        return iso.substr(5, 2);
    if (variable == "dd")
        return iso.substr(8, 2);
    if (variable == "HH")
        return iso.substr(11, 2);
    if (variable == "mm")
        return iso.substr(14, 2);
    return std::nullopt;
}

std::string_view extensionOf(std::string_view compression)
{
    return compression == "GZIP" ? ".gz" : compression == "ZSTD" ? ".zst" : "";
}

/// A template's key, in two parts: the suffix goes between them.
struct Expanded {
    std::string stem, extension;
    bool extended = false; ///< the template has an extension
};

/// Takes the extension that `variable` asks for; none when it asks for no such thing.
std::optional<std::string> extensionFor(std::string_view variable, std::string_view compression)
{
    if (variable == kExtension)
        return std::string(extensionOf(compression));
    variable.remove_prefix(std::min(variable.size(), kExtension.size() + 1));
    const bool sound = variable.size() > 1 && variable.front() == '.'
        && std::all_of(variable.begin(), variable.end(),
                       [](char c) { return c == '.' || (c >= 'a' && c <= 'z'); });
    return sound ? std::optional(std::string(variable)) : std::nullopt;
}

Result<Expanded> expand(std::string_view member, std::string_view text,
                        const ChannelDescription& channel, SimTime at)
{
    const std::string iso = toIso(at);
    Expanded out;
    while (!text.empty()) {
        if (out.extended)
            return refuse(member, "has something after its extension, which must be at the end.");
        if (!text.starts_with(kOpening)) {
            constexpr std::string_view kLiterals = "!-_'.*()/=";
            if (!isLetterOrDigit(text.front()) && kLiterals.find(text.front()) == kLiterals.npos)
                return refuse(member,
                              "has a character that keys do not take: letters, digits and "
                              "! - _ ' . * ( ) / = are allowed.");
            out.stem += text.front();
            text.remove_prefix(1);
            continue;
        }
        const std::size_t end = text.find('}');
        if (end == text.npos)
            return refuse(member, "has a variable without its closing brace.");
        const std::string_view variable = text.substr(kOpening.size(), end - kOpening.size());
        text.remove_prefix(end + 1);
        const bool extends
            = variable == kExtension || variable.starts_with(std::string(kExtension) + ':');
        const auto value = extends ? extensionFor(variable, channel.spec.compression)
                                   : valueOf(variable, channel, iso);
        if (!value)
            return refuse(member, "has no such variable as " + std::string(variable) + ".");
        (extends ? out.extension : out.stem) += *value;
        out.extended = extends;
    }
    return out;
}

Result<void> checkPath(std::string_view member, std::string_view key)
{
    if (key.size() > static_cast<std::size_t>(limits::kObjectKeyCharsBeforeSuffix))
        return refuse(member,
                      "gives keys of more than "
                          + std::to_string(limits::kObjectKeyCharsBeforeSuffix) + " characters.");
    if (key.starts_with('/'))
        return refuse(member, "gives keys that begin with a slash.");
    if (key.find("//") != key.npos || key.find("..") != key.npos)
        return refuse(member, "gives keys with \"//\" or \"..\" in them.");
    for (std::size_t from = 0; from <= key.size();) {
        const std::size_t to = std::min(key.find('/', from), key.size());
        if (key.substr(from, to - from) == ".")
            return refuse(member, "gives keys with a part that is a period alone.");
        from = to + 1;
    }
    return {};
}

Result<void> check(std::string_view member, std::string_view text,
                   const ChannelDescription& channel, bool needsExtension)
{
    const auto key = expand(member, text, channel, channel.createdAt);
    if (!key)
        return tl::unexpected(key.error());
    if (needsExtension && !key->extended)
        return refuse(member, "needs !{extension} at its end, since objects are compressed.");
    return checkPath(member, key->stem + key->extension);
}

std::string templateOf(const ChannelSpec& spec)
{
    return spec.outputKeyTemplate.empty() ? std::string(kDefaultKeyTemplate)
                                          : spec.outputKeyTemplate;
}

std::string errorTemplateOf(const ChannelSpec& spec)
{
    return (spec.errorOutputPrefix.empty() ? std::string(kDefaultErrorPrefix)
                                           : spec.errorOutputPrefix)
        + "!{channel-name}/!{channel-id}/!{yyyy}/!{MM}/!{dd}/!{HH}/"
          "!{channel-name}-!{channel-id}-!{yyyy}-!{MM}-!{dd}-!{HH}-!{mm}!{extension:.json}";
}

std::string keyOf(const std::string& text, const ChannelDescription& channel, SimTime at,
                  std::string_view suffix)
{
    const auto key = expand({}, text, channel, at);
    if (!key)
        return std::string(suffix); // not after checkObjectKeys()
    return key->stem + '-' + std::string(suffix) + key->extension;
}

} // namespace

std::string objectKey(const ChannelDescription& channel, SimTime at, std::string_view suffix)
{
    return keyOf(templateOf(channel.spec), channel, at, suffix);
}

std::string errorKey(const ChannelDescription& channel, SimTime at, std::string_view suffix)
{
    return keyOf(errorTemplateOf(channel.spec), channel, at, suffix);
}

Result<void> checkObjectKeys(const ChannelDescription& channel)
{
    const ChannelSpec& spec = channel.spec;
    if (auto ok = check("OutputKeyTemplate", templateOf(spec), channel, spec.compression != "NONE");
        !ok)
        return ok;
    return check("ErrorOutputPrefix", errorTemplateOf(spec), channel, false);
}

} // namespace shardscope
