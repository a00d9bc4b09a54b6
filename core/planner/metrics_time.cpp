#include "core/planner/metrics_time.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace shardscope {
namespace {

constexpr std::size_t kDaySize = 10; // 2026-11-01
constexpr double kEarliest = 1e8; // smaller numbers count from a start of their own
constexpr double kLatest = 4'294'967'295.0;
constexpr double kMillisFrom = 1e11;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Two digits at the front, which go; -1 when there are none.
int takeTwo(std::string_view& text)
{
    if (text.size() < 2 || !isDigit(text[0]) || !isDigit(text[1]))
        return -1;
    const int value = (text[0] - '0') * 10 + (text[1] - '0');
    text.remove_prefix(2);
    return value;
}

bool take(std::string_view& text, char c)
{
    if (text.empty() || text.front() != c)
        return false;
    text.remove_prefix(1);
    return true;
}

/// Reads `:05` with values below 60.
int takeSixtieth(std::string_view& text)
{
    const int value = take(text, ':') ? takeTwo(text) : -1;
    return value < 60 ? value : -1;
}

/// Seconds east of Greenwich; none when `text` is no zone.
std::optional<std::int64_t> offsetOf(std::string_view text)
{
    if (text == "Z" || text == "z" || text == "UTC" || text == "GMT")
        return 0;
    const bool west = take(text, '-');
    if (!west && !take(text, '+'))
        return std::nullopt;
    const int hours = takeTwo(text);
    if (!text.empty())
        take(text, ':');
    const int minutes = text.empty() ? 0 : takeTwo(text);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || !text.empty())
        return std::nullopt;
    const std::int64_t east = hours * 3'600 + minutes * 60;
    return west ? -east : east;
}

std::optional<ReadMoment> moment(std::int64_t seconds, bool zoned)
{
    const auto value = static_cast<double>(seconds);
    if (value < kEarliest || value > kLatest)
        return std::nullopt;
    return ReadMoment {static_cast<std::uint32_t>(seconds), zoned};
}

} // namespace

std::optional<std::int64_t> TimeReader::midnightOf(std::string_view day)
{
    if (std::memcmp(day.data(), m_day.data(), kDaySize) == 0)
        return m_midnight;
    if (day[4] != day[7] || (day[4] != '-' && day[4] != '/'))
        return std::nullopt;
    std::string iso(day);
    iso[4] = iso[7] = '-';
    const auto midnight = parseIso(iso + "T00:00:00Z");
    if (!midnight)
        return std::nullopt;
    std::copy_n(day.data(), kDaySize, m_day.data());
    m_midnight = midnight->inSeconds();
    return m_midnight;
}

std::optional<ReadMoment> TimeReader::read(std::string_view text)
{
    if (text.size() < kDaySize || isDigit(text[4])) {
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size())
            return std::nullopt;
        return fromNumber(number);
    }
    const auto midnight = midnightOf(text.substr(0, kDaySize));
    if (!midnight)
        return std::nullopt;
    text.remove_prefix(kDaySize);
    if (text.empty())
        return moment(*midnight, false);
    if (!take(text, 'T') && !take(text, ' '))
        return std::nullopt;
    const int hour = takeTwo(text);
    const int minute = takeSixtieth(text);
    if (hour < 0 || hour > 23 || minute < 0)
        return std::nullopt;
    int second = 0;
    if (!text.empty() && text.front() == ':') {
        second = takeSixtieth(text);
        if (second < 0)
            return std::nullopt;
        if (take(text, '.')) {
            if (text.empty() || !isDigit(text.front()))
                return std::nullopt;
            text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
        }
    }
    const std::int64_t local = *midnight + hour * 3'600 + minute * 60 + second;
    if (text.empty())
        return moment(local, false);
    take(text, ' ');
    const auto east = offsetOf(text);
    if (!east)
        return std::nullopt;
    return moment(local - *east, true);
}

std::optional<ReadMoment> TimeReader::fromNumber(double number)
{
    if (number >= kMillisFrom)
        number /= 1e3;
    if (!(number >= kEarliest && number <= kLatest))
        return std::nullopt;
    return ReadMoment {static_cast<std::uint32_t>(number), true};
}

std::string minuteText(std::int64_t seconds)
{
    constexpr std::size_t kToMinutes = 16;
    return toIso(SimTime::fromSeconds(seconds)).substr(0, kToMinutes) + 'Z';
}

} // namespace shardscope
