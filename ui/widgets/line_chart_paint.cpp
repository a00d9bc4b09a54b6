#include <QPainter>

#include <algorithm>
#include <cmath>
#include <optional>

#include "ui/widgets/line_chart.h"
#include "ui/widgets/plot_style.h"

/// What is painted around the lines of a chart.
namespace shardscope::ui {

namespace {

constexpr int kSwatch = 18; // px

/// The sample of a curve in a legend, `at` its left end.
void paintSwatch(QPainter& painter, const QPoint& at, const Curve& curve, const Palette& colors)
{
    const QColor ink = inkColor(colors, curve.ink);
    const QRect box(at.x(), at.y() - 4, kSwatch, 9);
    if (curve.fill == Fill::Hatch) {
        painter.fillRect(box, QBrush(ink, Qt::BDiagPattern));
        return;
    }
    if (curve.fill == Fill::Tint)
        painter.fillRect(curve.stroke == Stroke::None ? box : box.adjusted(0, 4, 0, 0),
                         withAlpha(ink, 72));
    painter.setPen(QPen(ink, 1, penStyleOf(curve.stroke)));
    painter.drawLine(at, at + QPoint(kSwatch - 1, 0));
}

/// Where a limit's label stands: over its line at the right, below it where the plot ends.
QRect tagOf(const LimitLine& limit, const PlotArea& area, const QFontMetrics& fm)
{
    const int y = static_cast<int>(std::lround(area.yOf(limit.value)));
    const int wide = fm.horizontalAdvance(limit.label) + 8;
    const bool roomAbove = y - fm.height() - 1 >= area.rect.top() - 2;
    return {area.rect.right() - wide, roomAbove ? y - fm.height() - 1 : y + 2, wide, fm.height()};
}

} // namespace

void LineChart::drawHeader(QPainter& painter) const
{
    const Palette& colors = ui::palette();
    const PlotMargins m = plotMargins(font());
    const QRect room(0, 0, width() - m.right, m.title);
    const QRect line = room.adjusted(0, 0, 0, -6);
    const QString warned
        = m_model.alarming ? QStringLiteral("▲ ") + m_model.headline : m_model.headline;
    paintTitle(painter, room, m_model.title, warned, m_model.alarming, colors);

    if (!m_model.legend.empty() || m_model.endLabels || !m_model.empty.isEmpty())
        return;
    const QFontMetrics heavy(titleFont(font()));
    const int right = line.right() - heavy.horizontalAdvance(warned) - 12;
    int x = heavy.horizontalAdvance(m_model.title) + 16;
    painter.setFont(smallFont(font()));
    const QFontMetrics fm = painter.fontMetrics();
    for (const Curve& curve : m_model.curves) {
        const int wide = kSwatch + 5 + fm.horizontalAdvance(curve.name) + 14;
        if (curve.name.isEmpty() || x + wide > right)
            continue;
        paintSwatch(painter, {x, line.center().y()}, curve, colors);
        painter.setPen(colors.mutedText);
        painter.drawText(QRect(x + kSwatch + 5, 0, wide, line.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, curve.name);
        x += wide;
    }
    painter.setFont(font());
}

void LineChart::drawLegend(QPainter& painter) const
{
    const int rows = legendRows();
    if (rows == 0)
        return;
    const Palette& colors = ui::palette();
    const PlotMargins m = plotMargins(font());
    painter.setFont(smallFont(font()));
    const QFontMetrics fm = painter.fontMetrics();
    const int width = this->width() - m.right;
    const auto hidden = static_cast<int>(m_model.legend.size()) - rows;
    for (int i = 0; i < rows; ++i) {
        const LegendRow& row = m_model.legend[static_cast<std::size_t>(i)];
        const QRect line(0, m.title - 4 + i * m.axis, width, m.axis);
        paintSwatch(painter, {0, line.center().y()}, m_model.curves[static_cast<std::size_t>(i)],
                    colors);
        const QString value = hidden > 0 && i + 1 == rows
            ? tr("%1, %2 more").arg(row.value).arg(hidden)
            : row.value;
        int x = kSwatch + 6;
        int right = width - fm.horizontalAdvance(value);
        painter.setPen(colors.text);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, value);
        const auto put = [&](const QString& text, const QColor& ink) {
            if (right - x < fm.horizontalAdvance(QStringLiteral("mmm")))
                return;
            const QString shown = fm.elidedText(text, Qt::ElideRight, right - x - 8);
            painter.setPen(ink);
            painter.drawText(QRect(x, line.top(), right - x, line.height()),
                             Qt::AlignLeft | Qt::AlignVCenter, shown);
            x += fm.horizontalAdvance(shown) + 8;
        };
        put(row.name, colors.text);
        put(row.words, row.alarming ? colors.refused : colors.mutedText);
    }
    painter.setFont(font());
}

void LineChart::drawWords(QPainter& painter, const PlotArea& area) const
{
    const Palette& colors = ui::palette();
    painter.setFont(smallFont(font()));
    const QFontMetrics fm = painter.fontMetrics();
    std::vector<QRect> taken;
    const auto clear = [&](const QRect& box) {
        return std::none_of(taken.begin(), taken.end(),
                            [&](const QRect& other) { return other.intersects(box); });
    };
    for (const LimitLine& limit : m_model.limits) {
        const int y = static_cast<int>(std::lround(area.yOf(limit.value)));
        taken.emplace_back(area.rect.left(), y - 1, area.rect.width(), 3);
        taken.push_back(tagOf(limit, area, fm));
    }
    const auto write = [&](QRect box, const QString& text) {
        painter.fillRect(box, withAlpha(colors.plot, 200));
        painter.setPen(colors.text);
        painter.drawText(box, Qt::AlignCenter, text);
        taken.push_back(box);
    };
    if (!m_model.note.isEmpty()) {
        const QString text = fm.elidedText(m_model.note, Qt::ElideRight, area.rect.width() - 16);
        QRect box(area.rect.left() + 4, area.rect.top() + 2, fm.horizontalAdvance(text) + 8,
                  fm.height());
        while (!clear(box) && box.bottom() + fm.height() < area.rect.bottom())
            box.translate(0, 4);
        write(box, text);
    }
    if (!m_model.endLabels)
        return painter.setFont(font());
    for (const Curve& curve : m_model.curves) {
        if (curve.name.isEmpty() || curve.points.empty())
            continue;
        const QString text = fm.elidedText(curve.name, Qt::ElideRight, area.rect.width() - 16);
        const int wide = fm.horizontalAdvance(text) + 8;
        const int y = static_cast<int>(std::lround(area.yOf(curve.points.back().value)));
        // Above its line if it can, then below, then wherever is room.
        QRect box(area.rect.right() - wide - 2, y - fm.height() - 2, wide, fm.height());
        std::optional<QRect> place;
        for (int away = 0; away < area.rect.height() && !place; away += 3)
            for (const int top : {y - fm.height() - 2 - away, y + 3 + away}) {
                box.moveTop(top);
                if (top >= area.rect.top() && box.bottom() <= area.rect.bottom() && clear(box)) {
                    place = box;
                    break;
                }
            }
        if (place)
            write(*place, text);
    }
    painter.setFont(font());
}

void LineChart::drawGrid(QPainter& painter, const PlotArea& area) const
{
    const Palette& colors = ui::palette();
    painter.setFont(smallFont(font()));
    const QFontMetrics fm = painter.fontMetrics();
    int lowestLabel = height();
    for (const Tick& tick : m_model.ticks) {
        const int y = static_cast<int>(std::lround(area.yOf(tick.value)));
        painter.setPen(QPen(tick.value <= area.low ? colors.border : colors.grid, 0));
        const int line = std::min(y, area.rect.bottom());
        painter.drawLine(area.rect.left(), line, area.rect.right(), line);
        if (y + fm.height() > lowestLabel)
            continue; // a low panel shows fewer figures rather than figures over figures
        lowestLabel = y;
        painter.setPen(colors.mutedText);
        painter.drawText(QRect(0, y - fm.height() / 2 - 1, area.rect.left() - 6, fm.height()),
                         Qt::AlignRight | Qt::AlignVCenter, tick.text);
    }
    const int top = height() - plotMargins(font()).axis;
    const int spacing = fm.horizontalAdvance(QStringLiteral("00:00:00")) + 28;
    for (const TimeTick& tick : timeTicks(area.window, area.rect.width(), spacing)) {
        const int x = static_cast<int>(std::lround(area.xOf(tick.at)));
        painter.setPen(QPen(colors.grid, 0));
        painter.drawLine(x, area.rect.top(), x, area.rect.bottom());
        const int wide = fm.horizontalAdvance(tick.text);
        if (x - wide / 2 < area.rect.left() - 8 || x + wide / 2 > width())
            continue;
        painter.setPen(colors.mutedText);
        painter.drawText(QRect(x - wide / 2 - 1, top, wide + 2, height() - top),
                         Qt::AlignHCenter | Qt::AlignVCenter, tick.text);
    }
    painter.setFont(font());
}

void LineChart::drawFills(QPainter& painter, const PlotArea& area) const
{
    const Palette& colors = ui::palette();
    for (const Curve& curve : m_model.curves) {
        if (curve.fill == Fill::None)
            continue;
        const QColor ink = inkColor(colors, curve.ink);
        const bool hatch = curve.fill == Fill::Hatch;
        const QBrush brush = hatch ? QBrush(ink, Qt::BDiagPattern)
                                   : QBrush(withAlpha(ink, colors.look == Look::Light ? 44 : 72));
        const auto columns = columnsOf(curve, area);
        // Neighbours of one height are one rectangle.
        for (std::size_t x = 0; x < columns.size();) {
            std::size_t end = x + 1;
            while (end < columns.size() && columns[end].used == columns[x].used
                   && columns[end].most == columns[x].most && columns[end].base == columns[x].base)
                ++end;
            const Column& c = columns[x];
            if (c.used && c.most > c.base) {
                const double top = std::round(area.yOf(c.most));
                const double bottom = std::round(area.yOf(c.base));
                const QRectF bar(area.rect.left() + static_cast<double>(x), top,
                                 static_cast<double>(end - x), bottom - top);
                if (hatch)
                    painter.fillRect(bar, withAlpha(ink, 40));
                painter.fillRect(bar, brush);
            }
            x = end;
        }
    }
}

void LineChart::drawLimits(QPainter& painter, const PlotArea& area) const
{
    const Palette& colors = ui::palette();
    painter.setFont(smallFont(font()));
    const QFontMetrics fm = painter.fontMetrics();
    for (const LimitLine& limit : m_model.limits) {
        if (limit.value > area.high || limit.value < area.low)
            continue;
        const int y = static_cast<int>(std::lround(area.yOf(limit.value)));
        QPen pen(colors.limit, 1, Qt::DashLine);
        pen.setCosmetic(true);
        painter.setPen(pen);
        painter.drawLine(area.rect.left(), y, area.rect.right(), y);
        const QRect tag = tagOf(limit, area, fm);
        painter.fillRect(tag, withAlpha(colors.plot, 215));
        painter.setPen(colors.text);
        painter.drawText(tag, Qt::AlignCenter, limit.label);
    }
    painter.setFont(font());
}

void LineChart::drawMarks(QPainter& painter, const PlotArea& area) const
{
    const Palette& colors = ui::palette();
    const QRect row = markRow();
    double most = 1;
    for (const Mark& mark : m_model.marks)
        most = std::max(most, mark.count);
    // Glyphs that would lie on one another become one, as tall as the largest of them.
    painter.setPen(QPen(colors.refused, 1));
    painter.setRenderHint(QPainter::Antialiasing);
    double free = -1e9;
    for (std::size_t i = 0; i < m_model.marks.size(); ++i) {
        const Mark& mark = m_model.marks[i];
        if (mark.at >= area.window.to || mark.at + mark.step <= area.window.from)
            continue;
        const double x = area.xOf(mark.at + mark.step / 2);
        if (x < free || x < row.left() || x > row.right())
            continue;
        double count = mark.count;
        for (std::size_t k = i + 1;
             k < m_model.marks.size() && area.xOf(m_model.marks[k].at) < x + 9; ++k)
            count = std::max(count, m_model.marks[k].count);
        const double size = 1.5 + 2.5 * std::sqrt(count / most);
        const double y = row.center().y() + 1;
        if (mark.glyph == QStringLiteral("▽")) {
            const QPointF corners[] {{x - size, y - size}, {x + size, y - size}, {x, y + size}};
            painter.setBrush(Qt::NoBrush);
            painter.drawPolygon(corners, 3);
        } else {
            painter.drawLine(QPointF(x - size, y - size), QPointF(x + size, y + size));
            painter.drawLine(QPointF(x - size, y + size), QPointF(x + size, y - size));
        }
        free = x + 10;
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

} // namespace shardscope::ui
