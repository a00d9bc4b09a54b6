#include "core/endpoint/http_date.h"

#include <array>
#include <cstddef>
#include <cstdio>
#include <ctime>

namespace shardscope::endpoint {

namespace {
/// By hand: strftime() would speak the user's language.
std::size_t format(std::time_t second, std::array<char, 40>& text)
{
    static constexpr std::array<const char*, 7> kDays {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc {};
    gmtime_r(&second, &utc);
    const int size = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                                   kMonths[static_cast<std::size_t>(utc.tm_mon)],
                                   utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    return static_cast<std::size_t>(size);
}
}

std::string_view httpDate()
{
    thread_local std::time_t t_second = 0;
    thread_local std::array<char, 40> t_text {};
    thread_local std::size_t t_size = 0;
    const std::time_t now = std::time(nullptr);
    if (now != t_second) {
        t_size = format(now, t_text);
        t_second = now;
    }
    return {t_text.data(), t_size};
}

} // namespace shardscope::endpoint
