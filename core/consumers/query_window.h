#pragma once

#include <cstdint>

namespace shardscope {

/// A window of event or processing time: [start, end), in milliseconds since 1970.
struct QueryWindow {
    std::int64_t startMs = 0, endMs = 0;
    friend bool operator==(const QueryWindow&, const QueryWindow&) = default;
};

/// What no watermark has passed yet.
inline constexpr std::int64_t kNoWatermark = INT64_MIN;

/// Start of the newest window of this step that holds `ms`: tumbling windows have no other, sliding
/// ones begin a step earlier each. Right for times before 1970 too.
[[nodiscard]] constexpr std::int64_t windowStart(std::int64_t ms, std::int64_t stepMs)
{
    const std::int64_t rest = ms % stepMs;
    return ms - (rest < 0 ? rest + stepMs : rest);
}
/// Whether a window fires at this watermark.
[[nodiscard]] constexpr bool fires(std::int64_t endMs, std::int64_t watermarkMs)
{
    return watermarkMs >= endMs - 1;
}
/// Whether its state is gone, so that an element for it comes too late.
[[nodiscard]] constexpr bool isGone(std::int64_t endMs, std::int64_t latenessMs,
                                    std::int64_t watermarkMs)
{
    return watermarkMs >= endMs - 1 + latenessMs;
}
/// Whether two sessions are one: they overlap or touch.
[[nodiscard]] constexpr bool meet(const QueryWindow& a, const QueryWindow& b)
{
    return a.startMs <= b.endMs && a.endMs >= b.startMs;
}

} // namespace shardscope
