#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock/sim_time.h"

namespace shardscope {

/// A moment in whole seconds since 1970.
struct ReadMoment {
    std::uint32_t seconds = 0;
    bool zoned = true; ///< false: written without a zone, read as UTC
};

/// Reads the times of metrics files: `2026-11-01T10:05:00Z`, with a fraction or an offset such as
/// +01:00, with a space for the T, without a zone or without seconds, `2026/11/01 10:05:00`, a day
/// alone, and seconds or milliseconds since 1970 as a number. Moments from 1973 to 2106; fractions
/// are cut. Remembers the last day, for files are written day by day.
class TimeReader {
public:
    [[nodiscard]] std::optional<ReadMoment> read(std::string_view text);
    /// Seconds since 1970, or milliseconds when that would be beyond the year 5000.
    [[nodiscard]] static std::optional<ReadMoment> fromNumber(double number);

private:
    [[nodiscard]] std::optional<std::int64_t> midnightOf(std::string_view day);

    std::array<char, 10> m_day {};
    std::int64_t m_midnight = 0; ///< of m_day; seconds since 1970
};

/// What an error says would be right.
inline constexpr const char* kTimeForms
    = "2026-11-01T10:05:00Z, 2026/11/01 10:05:00 or seconds since 1970 would be right";

/// `2026-11-01T10:05Z`, for sentences.
[[nodiscard]] std::string minuteText(std::int64_t seconds);

} // namespace shardscope
