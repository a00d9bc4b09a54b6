#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shardscope::report {

/// Colours by meaning, as SVG knows them. Plain attributes, because not every reader of SVG knows
/// style sheets.
struct SvgColours {
    std::string ink = "#1f2430", faint = "#8a91a1", grid = "#e3e6ec", card = "#ffffff";
    std::string offered = "#4a78c9", capacity = "#1f2430", refused = "#c8402f", cost = "#7a5fb0",
                good = "#2f8f6b";
    /// From calm to over the limit.
    std::vector<std::string> heat {"#eef3fb", "#cfe0f5", "#a3c6ea", "#6fa6da",
                                   "#f0c15a", "#e58a3c", "#c8402f"};
};
[[nodiscard]] SvgColours lightColours();
[[nodiscard]] SvgColours darkColours();

/// Text with what XML gives a meaning replaced.
[[nodiscard]] std::string escaped(std::string_view text);

/// Writes one picture. Lengths are in px; numbers in the C locale with at most two decimals.
class SvgWriter {
public:
    SvgWriter(double width, double height, std::string_view title, const SvgColours& colours);

    void line(double x1, double y1, double x2, double y2, std::string_view colour, double width = 1,
              std::string_view dash = {});
    void rect(double x, double y, double width, double height, std::string_view fill,
              double opacity = 1);
    struct Point {
        double x = 0, y = 0;
    };
    void polyline(const std::vector<Point>& points, std::string_view colour, double width);
    void area(const std::vector<Point>& points, double base, std::string_view colour,
              double opacity);
    enum class Anchor { Start, Middle, End };
    void text(double x, double y, std::string_view text, Anchor anchor, std::string_view colour,
              double size = 11, bool bold = false);

    [[nodiscard]] std::string take();

private:
    std::string m_out;
};

/// Where a number lies between two ends of an axis, with round steps for its labels.
struct Axis {
    double low = 0, high = 1, from = 0, to = 100; ///< values, and where they lie in px
    [[nodiscard]] double at(double value) const
    {
        return from + (value - low) / (high - low) * (to - from);
    }
    /// 0 up to at least `highest`, in about `steps` round steps.
    [[nodiscard]] static Axis upTo(double highest, int steps, double from, double to);
    [[nodiscard]] std::vector<double> ticks() const;
    double step = 1;
};

} // namespace shardscope::report
