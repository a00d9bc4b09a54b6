#include "ui/widgets/plot_model.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QPointF>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/format.h"

namespace shardscope::ui {

namespace {

double seconds(SimDuration d)
{
    return d.inSeconds();
}

bool inside(const PlotPoint& p, TimeWindow w)
{
    return p.at < w.to && p.at + p.step > w.from;
}

} // namespace

double PlotArea::xOf(SimTime t) const
{
    const double span = std::max(1e-6, seconds(window.to - window.from));
    return rect.left() + seconds(t - window.from) / span * rect.width();
}

SimTime PlotArea::timeAt(double x) const
{
    const double part = (x - rect.left()) / std::max(1, rect.width());
    return window.from + SimDuration::fromSeconds(part * seconds(window.to - window.from));
}

double PlotArea::yOf(double value) const
{
    double part = 0;
    if (logarithmic)
        part = (std::log(std::max(value, low)) - std::log(low)) / (std::log(high) - std::log(low));
    else
        part = (value - low) / (high - low);
    return rect.bottom() + 1 - std::clamp(part, 0.0, 1.0) * rect.height();
}

std::vector<Column> columnsOf(const Curve& curve, const PlotArea& area)
{
    std::vector<Column> columns(static_cast<std::size_t>(std::max(0, area.rect.width())));
    const int last = static_cast<int>(columns.size()) - 1;
    for (const PlotPoint& p : curve.points) {
        if (!inside(p, area.window))
            continue;
        const double left = area.xOf(p.at) - area.rect.left();
        const double right = area.xOf(p.at + p.step) - area.rect.left();
        const int from = std::clamp(static_cast<int>(std::floor(left + 1e-6)), 0, last);
        // A bucket that is narrower than a pixel still marks the pixel it begins in.
        const int to = std::clamp(static_cast<int>(std::ceil(right - 1e-6)) - 1, from, last);
        for (int x = from; x <= to; ++x) {
            Column& c = columns[static_cast<std::size_t>(x)];
            if (!c.used) {
                c = {true, p.value, p.value, p.base};
                continue;
            }
            c.least = std::min(c.least, p.value);
            // The base of the peak, or the two would not belong together.
            if (p.value > c.most) {
                c.most = p.value;
                c.base = p.base;
            }
        }
    }
    return columns;
}

std::vector<std::vector<QPointF>> linesOf(const Curve& curve, const PlotArea& area)
{
    std::vector<std::vector<QPointF>> parts;
    const auto columns = columnsOf(curve, area);
    bool open = false;
    double before = 0;
    std::size_t since = 0;
    for (std::size_t x = 0; x < columns.size(); ++x) {
        const Column& c = columns[x];
        if (!c.used) {
            open = false;
            continue;
        }
        const double left = area.rect.left() + static_cast<double>(x);
        const double high = area.yOf(c.most);
        const double low = area.yOf(c.least);
        if (!open) {
            parts.emplace_back();
            before = low;
        }
        auto& line = parts.back();
        const bool flat = open && std::abs(high - low) < 1e-9 && std::abs(high - before) < 1e-9;
        if (flat && x == since + 1 && line.size() >= 2
            && line.back().y() == line[line.size() - 2].y()) {
            line.back().setX(left + 1); // a level stretch is one segment, however long
        } else if (std::abs(high - low) < 1e-9) {
            line.emplace_back(left, high);
            line.emplace_back(left + 1, high);
        } else {
            // The end nearer to where the line comes from goes first.
            const bool fromBelow = std::abs(before - low) < std::abs(before - high);
            line.emplace_back(left + 0.5, fromBelow ? low : high);
            line.emplace_back(left + 0.5, fromBelow ? high : low);
        }
        before = line.back().y();
        since = x;
        open = true;
    }
    return parts;
}

std::vector<TimeTick> timeTicks(TimeWindow window, int width, int spacing)
{
    static constexpr std::array<std::int64_t, 22> steps {
        1,    2,    5,    10,    15,    30,    60,    120,    300,    600,     900,
        1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000};
    std::vector<TimeTick> ticks;
    const double span = seconds(window.to - window.from);
    if (span <= 0 || width <= 0)
        return ticks;
    const double least = span / width * spacing;
    const auto found = std::find_if(steps.begin(), steps.end(), [&](std::int64_t s) {
        return static_cast<double>(s) >= least;
    });
    const std::int64_t step = found == steps.end() ? steps.back() : *found;
    const std::int64_t first = (window.from.inMicros() + step * 1'000'000 - 1) / (step * 1'000'000);
    for (std::int64_t i = first;; ++i) {
        const SimTime at = SimTime::fromSeconds(i * step);
        if (at > window.to)
            return ticks;
        const QString date = format::dateTime(at);
        ticks.push_back({at,
                         step >= 86'400   ? date.mid(5, 5)
                             : step >= 60 ? date.mid(11, 5)
                                          : date.mid(11, 8)});
    }
}

double niceTop(double value)
{
    if (!(value > 0))
        return 1;
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (value <= factor * power * (1 + 1e-9))
            return factor * power;
    return 10 * power;
}

std::vector<Tick> valueTicks(double high, int wanted, const std::function<QString(double)>& text)
{
    std::vector<Tick> ticks;
    const double step = niceTop(high / std::max(1, wanted));
    for (double v = 0; v <= high * (1 + 1e-9); v += step)
        ticks.push_back({v, text(v)});
    return ticks;
}

QStringList hoverLines(const PlotModel& model, SimTime at)
{
    QStringList lines;
    for (const Curve& curve : model.curves) {
        const auto after = std::upper_bound(curve.points.begin(), curve.points.end(), at,
                                            [](SimTime t, const PlotPoint& p) { return t < p.at; });
        if (after == curve.points.begin())
            continue;
        const PlotPoint& p = *std::prev(after);
        if (at >= p.at + p.step)
            continue;
        if (lines.isEmpty())
            lines << QCoreApplication::translate("PlotModel", "%1 · %2")
                         .arg(format::clock(p.at), format::duration(p.step));
        lines << QCoreApplication::translate("PlotModel", "%1  %2")
                     .arg(curve.name,
                          model.valueText(curve.fill == Fill::Hatch ? p.value - p.base : p.value));
    }
    for (const Mark& mark : model.marks)
        if (mark.at <= at && at < mark.at + mark.step)
            lines << QCoreApplication::translate("PlotModel", "%1 %2 refused")
                         .arg(mark.glyph, format::count(mark.count));
    return lines;
}

namespace {

/// What a curve says in the bucket that begins at `at`; a hatched one says what lies on top.
std::optional<double> valueAt(const Curve& curve, SimTime at)
{
    const auto found = std::lower_bound(curve.points.begin(), curve.points.end(), at,
                                        [](const PlotPoint& p, SimTime t) { return p.at < t; });
    if (found == curve.points.end() || found->at != at)
        return std::nullopt;
    return curve.fill == Fill::Hatch ? found->value - found->base : found->value;
}

/// Every bucket that any curve has, ascending.
std::vector<std::pair<SimTime, SimDuration>> bucketsOf(const PlotModel& model)
{
    std::vector<std::pair<SimTime, SimDuration>> buckets;
    for (const Curve& curve : model.curves)
        for (const PlotPoint& p : curve.points)
            buckets.emplace_back(p.at, p.step);
    std::sort(buckets.begin(), buckets.end());
    buckets.erase(std::unique(buckets.begin(), buckets.end(),
                              [](const auto& a, const auto& b) { return a.first == b.first; }),
                  buckets.end());
    return buckets;
}

QByteArray quoted(const QString& text)
{
    QString inner = text;
    inner.replace(QLatin1Char('"'), QLatin1String("\"\""));
    return '"' + inner.toUtf8() + '"';
}

} // namespace

PlotTable tableOf(const PlotModel& model, std::size_t most)
{
    PlotTable table;
    table.heads << QCoreApplication::translate("PlotModel", "Time (UTC)");
    for (const Curve& curve : model.curves)
        table.heads << curve.name;
    const auto buckets = bucketsOf(model);
    for (auto bucket = buckets.rbegin(); bucket != buckets.rend() && table.rows.size() < most;
         ++bucket) {
        QStringList row {format::clock(bucket->first)};
        for (const Curve& curve : model.curves) {
            const auto value = valueAt(curve, bucket->first);
            row << (value ? model.valueText(*value) : QString());
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

QByteArray csvOf(const PlotModel& model)
{
    QByteArray csv("time,seconds");
    for (const Curve& curve : model.curves)
        csv += ','
            + quoted(model.unit.isEmpty() ? curve.name
                                          : QStringLiteral("%1 (%2)").arg(curve.name, model.unit));
    csv += '\n';
    for (const auto& [at, step] : bucketsOf(model)) {
        csv += QDateTime::fromMSecsSinceEpoch(at.inMicros() / 1000, Qt::UTC)
                   .toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss.zzzZ"))
                   .toLatin1();
        csv += ',' + QByteArray::number(step.inSeconds());
        for (const Curve& curve : model.curves) {
            csv += ',';
            if (const auto value = valueAt(curve, at))
                csv += QByteArray::number(*value, 'g', 10);
        }
        csv += '\n';
    }
    return csv;
}

} // namespace shardscope::ui
