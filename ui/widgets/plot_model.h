#pragma once

#include <QByteArray>
#include <QRect>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

#include "core/metrics/series.h"

/// Everything a plot shows, as plain values: made by pure functions, drawn by widgets/line_chart,
/// and tested without a window.
namespace shardscope::ui {

/// What a curve is about; the palette says which colour that is.
enum class Ink { Ingest, Egress, Refused, Age, Lag, Limit, Muted };
enum class Stroke { None, Solid, Dotted, Dashed, DashDot };
enum class Fill { None, Tint, Hatch };

/// One bucket of time. The value holds over the whole step: counters are steps, not slopes.
struct PlotPoint {
    SimTime at;
    SimDuration step;
    double value = 0;
    double base = 0; ///< where the filling begins: the curve below in a stack
};

struct Curve {
    QString name;
    Ink ink = Ink::Ingest;
    Stroke stroke = Stroke::Solid;
    Fill fill = Fill::None;
    std::vector<PlotPoint> points; ///< ascending; a hole between two stays a hole
};

struct LimitLine {
    double value = 0;
    QString label; ///< the rule: `W1`
    QStringList card; ///< short lines: rule, number, unit, how close the last minute came
};

/// A line of words for one curve, above the plot: where a legend has to say more than a name.
struct LegendRow {
    QString name, words, value;
    bool alarming = false; ///< the words are
};

/// A glyph in the row under the plot; its height follows `count`.
struct Mark {
    SimTime at;
    SimDuration step;
    double count = 0;
    QString glyph; ///< ✕ or ▽
};

/// Something that happened to the stream: one thin line through the plot. Its words stand in the
/// event lane alone, so they never collide here.
struct Annotation {
    SimTime at;
    bool note = false; ///< a person's or a scenario's own words
};

struct Tick {
    double value = 0;
    QString text;
};

struct PlotModel {
    QString title; ///< "Ingest · shard 2"
    QString headline; ///< the value now: "132 %"
    bool alarming = false; ///< the headline is beyond a limit; also said by a glyph
    QString note; ///< one quiet line inside the plot: forecast, who reads
    QString unit; ///< of the values, for files: `MiB/s`
    QString empty; ///< said instead of curves when there is nothing to draw
    QString sentence; ///< all of it for people who listen
    TimeWindow window;
    double low = 0, high = 100;
    bool logarithmic = false;
    double spokenValue = 0; ///< of the value interface, in the plot's unit
    std::vector<Tick> ticks;
    std::vector<Curve> curves;
    std::vector<LimitLine> limits;
    std::vector<Mark> marks;
    std::vector<Annotation> annotations;
    std::vector<LegendRow> legend; ///< parallel to `curves`, or empty
    bool endLabels = false; ///< curves carry their names at their ends instead of in the header
    bool markRow = false; ///< room for marks is kept even when there are none
    std::function<QString(double)> valueText; ///< a value with its unit
};

/// Where a plot's values lie on the screen.
struct PlotArea {
    QRect rect;
    TimeWindow window;
    double low = 0, high = 1;
    bool logarithmic = false;

    [[nodiscard]] double xOf(SimTime t) const;
    [[nodiscard]] SimTime timeAt(double x) const;
    [[nodiscard]] double yOf(double value) const; ///< bounded to the plot
};

/// One pixel column of a curve: the smallest and largest value that fall into it, so a peak of one
/// bucket is seen at any zoom.
struct Column {
    bool used = false;
    double least = 0, most = 0, base = 0;
};
[[nodiscard]] std::vector<Column> columnsOf(const Curve& curve, const PlotArea& area);

/// A curve as line points in pixels, at most two per pixel column plus the ends of a step; each
/// part is unbroken.
[[nodiscard]] std::vector<std::vector<QPointF>> linesOf(const Curve& curve, const PlotArea& area);

/// Round times for an axis `width` pixels wide with labels at least `spacing` pixels apart.
struct TimeTick {
    SimTime at;
    QString text;
};
[[nodiscard]] std::vector<TimeTick> timeTicks(TimeWindow window, int width, int spacing);

/// 0, a step of 1, 2 or 5 times a power of ten, … up to `high`: about `wanted` of them.
[[nodiscard]] std::vector<Tick> valueTicks(double high, int wanted,
                                           const std::function<QString(double)>& text);
/// The smallest of 1, 2, 5 × 10^n that holds `value`.
[[nodiscard]] double niceTop(double value);

/// What the card at the cross-hair says: the time, then a line per curve with a bucket there.
[[nodiscard]] QStringList hoverLines(const PlotModel& model, SimTime at);

/// The newest `most` buckets as a table, newest first: the time, then a column per curve. What a
/// curve has no value for stays empty.
struct PlotTable {
    QStringList heads;
    std::vector<QStringList> rows;
};
[[nodiscard]] PlotTable tableOf(const PlotModel& model, std::size_t most);
/// All of it for machines: UTC, the C locale, `time,seconds,` and the curves.
[[nodiscard]] QByteArray csvOf(const PlotModel& model);

} // namespace shardscope::ui
