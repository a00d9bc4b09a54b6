#include "core/planner/report/svg.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace shardscope::report {
namespace {

std::string number(double value)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.2f", value);
    std::string out = text;
    while (out.back() == '0')
        out.pop_back();
    if (out.back() == '.')
        out.pop_back();
    return out == "-0" ? "0" : out;
}

} // namespace

SvgColours lightColours()
{
    return {};
}

SvgColours darkColours()
{
    return {
        "#e6e9f0", "#949cae",
        "#343a48", "#1c2029",
        "#7ea6ec", "#e6e9f0",
        "#f07a68", "#b59be6",
        "#62c29c", {"#232936", "#2b3d57", "#33567f", "#4779ac", "#b58a2e", "#c8702e", "#e0533f"}};
}

std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            // Control characters have no place in XML.
            out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return out;
}

SvgWriter::SvgWriter(double width, double height, std::string_view title, const SvgColours& colours)
{
    m_out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(width) + ' '
        + number(height) + "\" width=\"" + number(width) + "\" height=\"" + number(height)
        + "\" role=\"img\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\">\n<title>"
        + escaped(title) + "</title>\n";
    rect(0, 0, width, height, colours.card);
}

void SvgWriter::line(double x1, double y1, double x2, double y2, std::string_view colour,
                     double width, std::string_view dash)
{
    m_out += "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2)
        + "\" y2=\"" + number(y2) + "\" stroke=\"" + std::string(colour) + "\" stroke-width=\""
        + number(width) + '"';
    if (!dash.empty())
        m_out += " stroke-dasharray=\"" + std::string(dash) + '"';
    m_out += "/>\n";
}

void SvgWriter::rect(double x, double y, double width, double height, std::string_view fill,
                     double opacity)
{
    m_out += "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\""
        + number(std::max(0.0, width)) + "\" height=\"" + number(std::max(0.0, height))
        + "\" fill=\"" + std::string(fill) + '"';
    if (opacity < 1)
        m_out += " fill-opacity=\"" + number(opacity) + '"';
    m_out += "/>\n";
}

void SvgWriter::polyline(const std::vector<Point>& points, std::string_view colour, double width)
{
    if (points.empty())
        return;
    m_out += "<polyline fill=\"none\" stroke=\"" + std::string(colour) + "\" stroke-width=\""
        + number(width) + "\" stroke-linejoin=\"round\" points=\"";
    for (const Point& p : points)
        m_out += number(p.x) + ',' + number(p.y) + ' ';
    m_out.back() = '"';
    m_out += "/>\n";
}

void SvgWriter::area(const std::vector<Point>& points, double base, std::string_view colour,
                     double opacity)
{
    if (points.empty())
        return;
    m_out += "<polygon fill=\"" + std::string(colour) + "\" fill-opacity=\"" + number(opacity)
        + "\" points=\"" + number(points.front().x) + ',' + number(base) + ' ';
    for (const Point& p : points)
        m_out += number(p.x) + ',' + number(p.y) + ' ';
    m_out += number(points.back().x) + ',' + number(base) + "\"/>\n";
}

void SvgWriter::text(double x, double y, std::string_view text, Anchor anchor,
                     std::string_view colour, double size, bool bold)
{
    const char* place = anchor == Anchor::Start ? "start"
        : anchor == Anchor::Middle              ? "middle"
                                                : "end";
    m_out += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + place
        + "\" fill=\"" + std::string(colour) + "\" font-size=\"" + number(size) + '"'
        + (bold ? " font-weight=\"bold\"" : "") + '>' + escaped(text) + "</text>\n";
}

std::string SvgWriter::take()
{
    return std::move(m_out) + "</svg>\n";
}

Axis Axis::upTo(double highest, int steps, double from, double to)
{
    Axis axis;
    axis.from = from;
    axis.to = to;
    const double rough = std::max(highest, 1e-9) / steps;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double nice : {1.0, 2.0, 2.5, 5.0, 10.0}) {
        axis.step = nice * power;
        if (axis.step >= rough)
            break;
    }
    axis.high = axis.step * std::ceil(std::max(highest, 1e-9) / axis.step - 1e-9);
    return axis;
}

std::vector<double> Axis::ticks() const
{
    std::vector<double> values;
    for (double v = low; v <= high + step / 2; v += step)
        values.push_back(v);
    return values;
}

} // namespace shardscope::report
