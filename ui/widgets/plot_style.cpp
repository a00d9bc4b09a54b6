#include "ui/widgets/plot_style.h"

#include <QFontMetrics>

#include <algorithm>
#include <cmath>

namespace shardscope::ui {

QFont smallFont(const QFont& font)
{
    QFont small = font;
    small.setPointSizeF(std::max(7.0, font.pointSizeF() * 0.85));
    return small;
}

QFont titleFont(const QFont& font)
{
    QFont title = font;
    title.setPointSizeF(std::max(7.5, font.pointSizeF() * 0.92));
    title.setWeight(QFont::DemiBold);
    return title;
}

QFont digitsFont(const QFont& font)
{
    // Every face the platforms ship by default has digits of one width.
    QFont digits = font;
    digits.setStyleHint(QFont::SansSerif);
    return digits;
}

PlotMargins plotMargins(const QFont& font)
{
    const QFontMetrics small(smallFont(font));
    const QFontMetrics title(titleFont(font));
    PlotMargins m;
    m.left = small.horizontalAdvance(QStringLiteral("1.5k %")) + 10;
    m.right = 12;
    m.title = title.height() + 12;
    m.axis = small.height() + 4;
    m.marks = std::max(12, small.height());
    return m;
}

Qt::PenStyle penStyleOf(Stroke stroke)
{
    switch (stroke) {
    case Stroke::Dotted:
        return Qt::DotLine;
    case Stroke::Dashed:
        return Qt::DashLine;
    case Stroke::DashDot:
        return Qt::DashDotLine;
    case Stroke::None:
        return Qt::NoPen;
    case Stroke::Solid:
        break;
    }
    return Qt::SolidLine;
}

QColor inkColor(const Palette& palette, Ink ink)
{
    switch (ink) {
    case Ink::Ingest:
        return palette.ingest;
    case Ink::Egress:
        return palette.egress;
    case Ink::Refused:
        return palette.refused;
    case Ink::Age:
        return palette.age;
    case Ink::Lag:
        return palette.lag;
    case Ink::Limit:
        return palette.limit;
    case Ink::Muted:
        break;
    }
    return palette.mutedText;
}

QColor withAlpha(QColor color, int alpha)
{
    color.setAlpha(alpha);
    return color;
}

QRgb mixed(const QColor& over, const QColor& under, double part)
{
    const auto mix
        = [&](int a, int b) { return static_cast<int>(std::lround(a * part + b * (1 - part))); };
    return qRgb(mix(over.red(), under.red()), mix(over.green(), under.green()),
                mix(over.blue(), under.blue()));
}

void paintTitle(QPainter& painter, const QRect& room, const QString& title, const QString& headline,
                bool alarming, const Palette& palette)
{
    const QFont base = painter.font();
    painter.setFont(titleFont(base));
    // The room below the words is for the topmost figure of the axis.
    const QRect line = room.adjusted(0, 0, 0, -6);
    const int right = painter.fontMetrics().horizontalAdvance(headline);
    painter.setPen(alarming ? palette.refused : palette.text);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, headline);
    painter.setPen(palette.mutedText);
    const QRect left = line.adjusted(0, 0, -right - 12, 0);
    painter.drawText(left, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(title, Qt::ElideRight, left.width()));
    painter.setFont(base);
}

void paintEmpty(QPainter& painter, const QRect& area, const QString& sentence,
                const Palette& palette)
{
    painter.setPen(palette.mutedText);
    painter.drawText(area.adjusted(8, 0, -8, 0), Qt::AlignCenter | Qt::TextWordWrap, sentence);
}

void paintCard(QPainter& painter, const QPoint& at, const QRect& bounds, const QStringList& lines,
               const Palette& palette)
{
    if (lines.isEmpty())
        return;
    const QFont base = painter.font();
    painter.setFont(smallFont(base));
    const QFontMetrics fm = painter.fontMetrics();
    int width = 0;
    for (const QString& line : lines)
        width = std::max(width, fm.horizontalAdvance(line));
    width = std::min(width, bounds.width() - 16);
    QRect card(0, 0, width + 16, fm.lineSpacing() * static_cast<int>(lines.size()) + 12);
    const int x
        = at.x() + 12 + card.width() <= bounds.right() ? at.x() + 12 : at.x() - 12 - card.width();
    card.moveTo(
        std::clamp(x, bounds.left(), std::max(bounds.left(), bounds.right() - card.width())),
        std::clamp(at.y() - card.height() - 8, bounds.top(),
                   std::max(bounds.top(), bounds.bottom() - card.height())));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(palette.border, 1));
    painter.setBrush(withAlpha(palette.panel, 245));
    painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setRenderHint(QPainter::Antialiasing, false);
    int y = card.top() + 6;
    for (int i = 0; i < lines.size(); ++i) {
        painter.setPen(i == 0 ? palette.mutedText : palette.text);
        painter.drawText(QRect(card.left() + 8, y, width + 2, fm.lineSpacing()),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         fm.elidedText(lines[i], Qt::ElideRight, width + 2));
        y += fm.lineSpacing();
    }
    painter.setFont(base);
}

void paintAnnotations(QPainter& painter, const PlotArea& area,
                      const std::vector<Annotation>& annotations, const Palette& palette)
{
    constexpr int kApart = 6; // px
    int taken = -kApart;
    for (const Annotation& one : annotations) {
        if (one.at < area.window.from || one.at > area.window.to)
            continue;
        const int x = static_cast<int>(std::lround(area.xOf(one.at)));
        if (x - taken < kApart)
            continue;
        taken = x;
        painter.setPen(QPen(withAlpha(one.note ? palette.accent : palette.mutedText, 170), 1,
                            one.note ? Qt::SolidLine : Qt::DotLine));
        painter.drawLine(x, area.rect.top(), x, area.rect.bottom());
    }
}

} // namespace shardscope::ui
