#include "core/endpoint/wire_moment.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "core/endpoint/shapes.h"

namespace shardscope::endpoint {
namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Cut off rather than rounded, for a client's "now" must not become the future. Digits that a
/// double cannot hold exactly lie far below a microsecond.
SimTime ofSeconds(double seconds)
{
    constexpr std::int64_t kBound = 9'000'000'000'000'000;
    const double micros = std::round(seconds * 1'000'000);
    return SimTime::fromMillis(std::clamp(wholePart(std::floor(micros / 1'000)), -kBound, kBound));
}

/// `Z` or `+01:30`: how far the clock is ahead of UTC.
std::optional<SimDuration> zoneOf(std::string_view text)
{
    if (text == "Z")
        return SimDuration();
    const bool shaped = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':'
        && isDigit(text[1]) && isDigit(text[2]) && isDigit(text[4]) && isDigit(text[5]);
    if (!shaped)
        return std::nullopt;
    const int hours = (text[1] - '0') * 10 + text[2] - '0';
    const int minutes = (text[4] - '0') * 10 + text[5] - '0';
    if (hours > 23 || minutes > 59)
        return std::nullopt;
    return SimDuration::minutes((hours * 60 + minutes) * (text[0] == '-' ? -1 : 1));
}

std::optional<SimTime> ofText(std::string_view text)
{
    constexpr std::size_t kToSeconds = std::string_view("2026-01-05T12:00:00").size();
    if (text.size() <= kToSeconds)
        return std::nullopt;
    std::string plain(text.substr(0, kToSeconds));
    std::string_view rest = text.substr(kToSeconds);
    std::string millis;
    if (rest.front() == '.') {
        rest.remove_prefix(1);
        const auto end = std::find_if_not(rest.begin(), rest.end(), isDigit);
        millis.assign(rest.begin(), end);
        if (millis.empty())
            return std::nullopt;
        rest.remove_prefix(millis.size());
    }
    millis.resize(3, '0');
    const auto zone = zoneOf(rest);
    const auto local = parseIso(plain + '.' + millis + 'Z');
    return zone && local ? std::optional(*local - *zone) : std::nullopt;
}

} // namespace

std::optional<SimTime> momentOf(const WireValue& value)
{
    const auto& node = value.node();
    switch (value.kind()) {
    case WireKind::Time:
        return SimTime::fromMillis(node.integer);
    case WireKind::Integer:
        return ofSeconds(static_cast<double>(node.integer));
    case WireKind::Double:
        return ofSeconds(node.number);
    case WireKind::Text:
        return ofText(value.text());
    case WireKind::Null:
    case WireKind::Bool:
    case WireKind::Bytes:
    case WireKind::List:
    case WireKind::Map:
        break;
    }
    return std::nullopt;
}

} // namespace shardscope::endpoint
