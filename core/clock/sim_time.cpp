#include "core/clock/sim_time.h"

#include <array>
#include <cstdio>
#include <cstdlib>

#include "core/base/hash_key.h"

namespace shardscope {

namespace {

struct Unit {
    std::string_view name;
    std::int64_t micros;
};
constexpr std::array<Unit, 5> kUnits {{{"d", 86'400'000'000},
                                       {"h", 3'600'000'000},
                                       {"m", 60'000'000},
                                       {"s", 1'000'000},
                                       {"ms", 1'000}}};
constexpr std::int64_t kMicrosPerDay = kUnits[0].micros;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::string quoted(std::string_view text)
{
    return '"' + std::string(text.substr(0, 64)) + '"';
}

std::int64_t floorDiv(std::int64_t a, std::int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

struct Date {
    std::int64_t year = 1970;
    std::int64_t month = 1;
    std::int64_t day = 1;
};

/// Days since 1970-01-01 of a day of the Gregorian calendar. Years are counted from 1 March, so
/// that the odd day is the last of its year, in eras of 400 years = 146,097 days.
std::int64_t daysOf(Date d)
{
    const std::int64_t y = d.year - (d.month <= 2 ? 1 : 0);
    const std::int64_t era = floorDiv(y, 400);
    const std::int64_t yearOfEra = y - era * 400;
    const std::int64_t dayOfYear = (153 * ((d.month + 9) % 12) + 2) / 5 + d.day - 1;
    return era * 146'097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719'468;
}

Date dateOf(std::int64_t days)
{
    days += 719'468;
    const std::int64_t era = floorDiv(days, 146'097);
    const std::int64_t dayOfEra = days - era * 146'097;
    const std::int64_t yearOfEra
        = (dayOfEra - dayOfEra / 1'460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t monthFromMarch = (5 * dayOfYear + 2) / 153;
    Date d;
    d.day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
    d.month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    d.year = yearOfEra + era * 400 + (d.month <= 2 ? 1 : 0);
    return d;
}

} // namespace

Result<SimDuration> parseDuration(std::string_view text)
{
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::BadInput,
                    quoted(text) + " is no length of time" + std::string(why)
                        + ": write a number and ms, s, m, h or d, such as 250ms, 1.5s or 30d");
    };
    std::size_t at = 0;
    U128 digits = 0; // the number without its point
    U128 scale = 1; // 10^places after the point
    bool point = false, whole = false, fraction = false;
    for (; at < text.size() && (isDigit(text[at]) || text[at] == '.'); ++at) {
        if (text[at] == '.') {
            if (point)
                return refuse("");
            point = true;
            continue;
        }
        if (digits > U128 {INT64_MAX} || scale > U128 {1'000'000'000'000})
            return refuse(" that can be kept");
        digits = digits * 10 + static_cast<unsigned>(text[at] - '0');
        if (point)
            scale *= 10;
        (point ? fraction : whole) = true;
    }
    if (!whole || point != fraction)
        return refuse("");
    for (const Unit& unit : kUnits) {
        if (text.substr(at) != unit.name)
            continue;
        const U128 scaled = digits * static_cast<std::uint64_t>(unit.micros);
        if (scaled % scale != 0)
            return refuse(" in whole microseconds");
        if (scaled / scale > U128 {INT64_MAX})
            return refuse(" that can be kept");
        return SimDuration::micros(static_cast<std::int64_t>(scaled / scale));
    }
    return refuse("");
}

std::string toText(SimDuration d)
{
    const std::int64_t micros = d.inMicros();
    if (micros == 0)
        return "0s";
    for (const Unit& unit : kUnits)
        if (micros % unit.micros == 0)
            return std::to_string(micros / unit.micros) + std::string(unit.name);
    // Below a millisecond, as a fraction of one.
    const std::int64_t rest = std::abs(micros % 1'000);
    std::array<char, 8> fraction {};
    std::snprintf(fraction.data(), fraction.size(), "%03d", static_cast<int>(rest));
    std::string text = std::to_string(std::abs(micros / 1'000)) + '.' + fraction.data();
    while (text.back() == '0')
        text.pop_back();
    return (micros < 0 ? "-" : "") + text + "ms";
}

std::string toIso(SimTime t)
{
    const std::int64_t days = floorDiv(t.inMicros(), kMicrosPerDay);
    const auto inDay = static_cast<int>((t.inMicros() - days * kMicrosPerDay) / 1'000);
    const Date d = dateOf(days);
    std::array<char, 64> text {};
    std::snprintf(text.data(), text.size(), "%04lld-%02d-%02dT%02d:%02d:%02d.%03dZ",
                  static_cast<long long>(d.year), static_cast<int>(d.month),
                  static_cast<int>(d.day), inDay / 3'600'000, inDay / 60'000 % 60,
                  inDay / 1'000 % 60, inDay % 1'000);
    return text.data();
}

Result<SimTime> parseIso(std::string_view text)
{
    constexpr std::string_view shape = "0000-00-00T00:00:00.000Z";
    const auto refuse = [&] {
        return fail(ErrorCode::BadInput,
                    quoted(text)
                        + " is no moment: write it in UTC as 2026-01-05T12:00:00Z, with "
                          "or without milliseconds");
    };
    // Without milliseconds the shape's last five characters shrink to the Z.
    if (text.size() != shape.size() && text.size() != shape.size() - 4)
        return refuse();
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char want = i + 1 == text.size() ? 'Z' : shape[i];
        if (want == '0' ? !isDigit(text[i]) : text[i] != want)
            return refuse();
    }
    const auto number = [&](std::size_t from, std::size_t digits) {
        std::int64_t n = 0;
        for (const char c : text.substr(from, digits))
            n = n * 10 + (c - '0');
        return n;
    };
    const Date date {number(0, 4), number(5, 2), number(8, 2)};
    const std::int64_t hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    const std::int64_t milli = text.size() == shape.size() ? number(20, 3) : 0;
    if (date.month < 1 || date.month > 12 || hour > 23 || minute > 59 || second > 59)
        return refuse();
    // A day that the month does not have comes back as one of the next month.
    const Date back = dateOf(daysOf(date));
    if (back.month != date.month || back.day != date.day)
        return refuse();
    return SimTime::fromMillis((daysOf(date) * 86'400 + hour * 3'600 + minute * 60 + second) * 1'000
                               + milli);
}

} // namespace shardscope
