#include "core/planner/report/plan_pictures.h"

#include <algorithm>
#include <cmath>

#include "core/planner/report/report_text.h"

namespace shardscope::report {
namespace {

using Anchor = SvgWriter::Anchor;
using Point = SvgWriter::Point;

constexpr double kMiB = 1'048'576;
constexpr double kLeft = 64, kRight = 60;

std::string tickText(double value)
{
    return grouped(value,
                   value == std::floor(value)                 ? 0
                       : value * 10 == std::floor(value * 10) ? 1
                                                              : 2);
}

/// Horizontal lines with their values on the left.
void rulers(SvgWriter& svg, const Axis& axis, double left, double right, const SvgColours& c)
{
    for (const double v : axis.ticks()) {
        svg.line(left, axis.at(v), right, axis.at(v), c.grid);
        svg.text(left - 8, axis.at(v) + 4, tickText(v), Anchor::End, c.faint);
    }
}

std::string dayText(SimTime t)
{
    return toIso(t).substr(5, 5);
}

/// One mark a day, thinned so that its words do not meet.
void days(SvgWriter& svg, const StreamPlan& stream, std::size_t hours, const Axis& x, double y,
          const SvgColours& c)
{
    const std::size_t count = (hours + 23) / 24;
    const std::size_t every = std::max<std::size_t>(1, (count + 14) / 15);
    for (std::size_t d = 0; d < count; d += every) {
        const double at = x.at(static_cast<double>(d * 24));
        svg.line(at, y, at, y + 4, c.faint);
        svg.text(at + 3, y + 14,
                 dayText(stream.start + SimDuration::days(static_cast<std::int64_t>(d))),
                 Anchor::Start, c.faint, 10);
    }
}

/// A step line over the hours; at most two points a pixel, the highest of what falls together.
template <typename Value>
std::vector<Point> steps(const std::vector<PlanHour>& hours, const Axis& x, const Axis& y,
                         const Value& value)
{
    std::vector<Point> points;
    const std::size_t group
        = std::max<std::size_t>(1, hours.size() / static_cast<std::size_t>(x.to - x.from));
    for (std::size_t h = 0; h < hours.size(); h += group) {
        double highest = value(hours[h]);
        for (std::size_t k = h; k < std::min(hours.size(), h + group); ++k)
            highest = std::max(highest, value(hours[k]));
        points.push_back({x.at(static_cast<double>(h)), y.at(highest)});
        points.push_back(
            {x.at(static_cast<double>(std::min(hours.size(), h + group))), y.at(highest)});
    }
    return points;
}

void legend(SvgWriter& svg, double x, double y,
            const std::vector<std::pair<std::string, std::string>>& items, const SvgColours& c)
{
    for (const auto& [colour, words] : items) {
        svg.rect(x, y - 8, 12, 8, colour);
        svg.text(x + 17, y, words, Anchor::Start, c.ink);
        x += 17 + 6.4 * static_cast<double>(words.size()) + 22;
    }
}

} // namespace

std::string monthSvg(const StreamPlan& stream, const PlanOption& option, const SvgColours& c)
{
    constexpr double kHeight = 330;
    SvgWriter svg(kPictureWidth, kHeight, std::string("The month as ") + titleOf(option.mode), c);
    const bool byRecords = stream.binding == PlanLimit::WriteRecords;
    const double unit = byRecords ? 1'000 : kMiB; // of a shard
    const auto offered
        = [&](const PlanHour& h) { return (byRecords ? h.offeredRecords : h.offeredBytes) / unit; };
    double highest = 0, worst = 0, dearest = 0;
    for (const PlanHour& h : option.hours) {
        highest = std::max({highest, offered(h), h.shards});
        worst = std::max(worst, h.attempts > 0 ? 100 * h.refused / h.attempts : 0);
        dearest = std::max(dearest, h.usd.value_or(0));
    }
    Axis x;
    x.low = 0;
    x.high = std::max<double>(1, static_cast<double>(option.hours.size()));
    x.from = kLeft;
    x.to = kPictureWidth - kRight;
    const Axis y = Axis::upTo(highest * 1.05, 5, 210, 44);
    legend(svg, kLeft, 22,
           {{c.offered, byRecords ? "offered, 1,000 records/s" : "offered, MiB/s"},
            {c.capacity, "shards open"},
            {c.refused, "refused"},
            {c.cost, "USD an hour"}},
           c);
    rulers(svg, y, x.from, x.to, c);
    const std::vector<Point> load = steps(option.hours, x, y, offered);
    svg.area(load, y.from, c.offered, 0.25);
    svg.polyline(load, c.offered, 1.4);
    svg.polyline(steps(option.hours, x, y, [](const PlanHour& h) { return h.shards; }), c.capacity,
                 1.6);
    const Axis refused = Axis::upTo(std::max(worst, 0.1), 1, 250, 226);
    svg.line(x.from, refused.from, x.to, refused.from, c.grid);
    svg.text(x.from - 8, refused.from, percent(worst), Anchor::End, c.refused);
    const std::vector<Point> bad = steps(option.hours, x, refused, [](const PlanHour& h) {
        return h.attempts > 0 ? 100 * h.refused / h.attempts : 0;
    });
    svg.area(bad, refused.from, c.refused, 0.8);
    if (dearest > 0) {
        const Axis cost = Axis::upTo(dearest, 1, 296, 266);
        svg.line(x.from, cost.from, x.to, cost.from, c.grid);
        svg.text(x.from - 8, cost.to + 6, std::string(1, '$') + grouped(dearest, 2), Anchor::End,
                 c.cost);
        svg.polyline(
            steps(option.hours, x, cost, [](const PlanHour& h) { return h.usd.value_or(0); }),
            c.cost, 1.4);
    } else {
        svg.text(x.from, 286, "No price is known for some line of this bill.", Anchor::Start,
                 c.faint);
    }
    days(svg, stream, option.hours.size(), x, 300, c);
    return svg.take();
}

std::string heatSvg(const StreamPlan& stream, const PlanOption& option, const SvgColours& c)
{
    constexpr double kRow = 9, kTop = 40, kHeight = kTop + 24 * kRow + 30;
    SvgWriter svg(kPictureWidth, kHeight,
                  "Use of the busiest shard in each hour, in percent of its limit", c);
    const std::size_t first
        = static_cast<std::size_t>(stream.start.inSeconds() / 3'600 % 24); // hour of the day
    const std::size_t count = (option.hours.size() + first + 23) / 24;
    const double width
        = (kPictureWidth - kLeft - kRight) / std::max<double>(1, static_cast<double>(count));
    const double most = static_cast<double>(c.heat.size());
    for (std::size_t i = 0; i < option.hours.size(); ++i) {
        const std::size_t hour = (first + i) % 24, day = (first + i) / 24;
        const double use = option.hours[i].usePercent;
        const auto step
            = static_cast<std::size_t>(std::clamp(use / 100 * (most - 1), 0.0, most - 1));
        svg.rect(kLeft + static_cast<double>(day) * width, kTop + static_cast<double>(hour) * kRow,
                 width - std::min(1.0, width / 8), kRow - 1, c.heat[step]);
    }
    for (const int hour : {0, 6, 12, 18})
        svg.text(kLeft - 8, kTop + hour * kRow + 8,
                 std::string(hour < 10 ? "0" : "") + std::to_string(hour) + ":00", Anchor::End,
                 c.faint, 10);
    Axis x;
    x.low = -static_cast<double>(first);
    x.high = static_cast<double>(count * 24 - first);
    x.from = kLeft;
    x.to = kPictureWidth - kRight;
    days(svg, stream, option.hours.size(), x, kTop + 24 * kRow + 2, c);
    double at = kLeft;
    svg.text(at, 22, "busiest shard and minute of the hour:", Anchor::Start, c.ink);
    at += 250;
    for (std::size_t i = 0; i < c.heat.size(); ++i) {
        svg.rect(at, 13, 26, 10, c.heat[i]);
        at += 28;
    }
    svg.text(at + 6, 22, "0 % to 100 % of its limit", Anchor::Start, c.faint);
    return svg.take();
}

std::string limitsSvg(const StreamPlan& stream, const SvgColours& c)
{
    constexpr double kRow = 26;
    const double height = 14 + kRow * static_cast<double>(stream.uses.size()) + 18;
    SvgWriter svg(kPictureWidth, height, "How far the busiest shard goes into each limit", c);
    constexpr double kFrom = 130, kTo = kPictureWidth - 190;
    double most = 100;
    for (const LimitUse& use : stream.uses)
        most = std::max(most, std::min(use.percent, 400.0));
    const auto at
        = [&](double percent) { return kFrom + std::min(percent, most) / most * (kTo - kFrom); };
    double y = 10;
    for (const LimitUse& use : stream.uses) {
        const bool binds = use.limit == stream.binding;
        const std::string& colour = use.percent > 100 ? c.refused : binds ? c.offered : c.faint;
        svg.text(kFrom - 10, y + 14, titleOf(use.limit), Anchor::End, c.ink, 12, binds);
        svg.rect(kFrom, y + 3, kTo - kFrom, 15, c.grid);
        svg.rect(kFrom, y + 3, at(use.percent) - kFrom, 15, colour);
        svg.text(kTo + 10, y + 15, percent(use.percent) + (binds ? "  decides" : ""), Anchor::Start,
                 c.ink, 12, binds);
        y += kRow;
    }
    svg.line(at(100), 8, at(100), y, c.capacity, 1.5);
    svg.text(at(100), y + 14, "a shard's limit", most > 100 ? Anchor::Middle : Anchor::End,
             c.faint);
    return svg.take();
}

std::string breakEvenSvg(const StreamPlan& stream, const SvgColours& c)
{
    constexpr double kHeight = 260;
    SvgWriter svg(kPictureWidth, kHeight, "Cost of a month over the mean ingest", c);
    const auto& curve = stream.breakEven.curve;
    double highest = 0, far = 0;
    for (const BreakEvenPoint& p : curve) {
        far = std::max(far, p.meanMiBps);
        for (const auto& usd : {p.provisioned, p.standard, p.advantage})
            highest = std::max(highest, usd.value_or(0));
    }
    if (curve.empty() || highest <= 0) {
        svg.text(kLeft, 40, "No price is known for these modes.", Anchor::Start, c.faint, 12);
        return svg.take();
    }
    const Axis x = Axis::upTo(far, 8, kLeft + 10, kPictureWidth - kRight);
    const Axis y = Axis::upTo(highest, 5, 210, 40);
    legend(svg, x.from, 20,
           {{c.offered, "Provisioned, fixed"},
            {c.cost, "On-demand Standard"},
            {c.good, "On-demand Advantage"}},
           c);
    rulers(svg, y, x.from, x.to, c);
    for (const double v : x.ticks())
        svg.text(x.at(v), 226, tickText(v), Anchor::Middle, c.faint);
    svg.text(x.to, 246, "mean ingest, MiB/s; USD a month", Anchor::End, c.faint);
    const auto draw = [&](std::optional<double> BreakEvenPoint::*usd, const std::string& colour) {
        std::vector<Point> points;
        for (const BreakEvenPoint& p : curve)
            if (p.*usd)
                points.push_back({x.at(p.meanMiBps), y.at(*(p.*usd))});
        svg.polyline(points, colour, 2);
    };
    draw(&BreakEvenPoint::provisioned, c.offered);
    draw(&BreakEvenPoint::standard, c.cost);
    draw(&BreakEvenPoint::advantage, c.good);
    const auto mark = [&](double value, const std::string& words, double line) {
        if (value > x.high)
            return;
        const bool late = x.at(value) > kPictureWidth - 240;
        svg.line(x.at(value), y.to, x.at(value), y.from, c.faint, 1, "4 3");
        svg.text(x.at(value) + (late ? -5 : 5), line, words, late ? Anchor::End : Anchor::Start,
                 c.ink);
    };
    mark(stream.meanBytes / kMiB, "this plan", y.to + 10);
    if (stream.breakEven.advantageFromMiBps)
        mark(*stream.breakEven.advantageFromMiBps,
             "Advantage from "
                 + tickText(std::round(*stream.breakEven.advantageFromMiBps * 10) / 10) + " MiB/s",
             y.to + 26);
    return svg.take();
}

std::string tornadoSvg(const StreamPlan& stream, const SvgColours& c)
{
    constexpr double kRow = 26;
    constexpr std::size_t kMost = 8;
    std::vector<SensitivityRow> rows;
    for (const SensitivityRow& row : stream.sensitivity)
        if (row.usdFrom && row.usdTo && std::abs(*row.usdFrom - *row.usdTo) >= 0.01
            && rows.size() < kMost)
            rows.push_back(row);
    const double height = 30 + kRow * static_cast<double>(rows.size()) + 26;
    SvgWriter svg(kPictureWidth, height, "What changes the cheapest plan's cost most", c);
    const PlanOption* option = chosen(stream);
    if (rows.empty() || option == nullptr || !option->usd) {
        svg.text(kLeft, 24, "No price to compare.", Anchor::Start, c.faint, 12);
        return svg.take();
    }
    double low = *option->usd, high = *option->usd;
    for (const SensitivityRow& row : rows) {
        low = std::min({low, *row.usdFrom, *row.usdTo});
        high = std::max({high, *row.usdFrom, *row.usdTo});
    }
    Axis x;
    x.low = low;
    x.high = high > low ? high : low + 1;
    x.from = 250;
    x.to = kPictureWidth - 110;
    double y = 26;
    for (const SensitivityRow& row : rows) {
        const double a = std::min(*row.usdFrom, *row.usdTo), b = std::max(*row.usdFrom, *row.usdTo);
        svg.text(240, y + 13, row.input + "  " + row.from + " to " + row.to, Anchor::End, c.ink);
        const double now = x.at(*option->usd);
        svg.rect(x.at(a), y + 3, std::max(0.0, now - x.at(a)), 14, c.good);
        svg.rect(now, y + 3, std::max(0.0, x.at(b) - now), 14, c.heat[5]);
        svg.text(x.at(b) + 6, y + 14, usd(a) + " to " + usd(b), Anchor::Start, c.faint, 10);
        y += kRow;
    }
    svg.line(x.at(*option->usd), 22, x.at(*option->usd), y, c.capacity, 1.5);
    svg.text(x.at(*option->usd), 16, "this plan " + usd(option->usd) + " a month", Anchor::Middle,
             c.ink);
    return svg.take();
}

} // namespace shardscope::report
