#include "ui/icons.h"

#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

#include "ui/style/palette.h"

namespace shardscope::ui {

namespace {

// All signs live on a grid of 16 × 16.
QPainterPath bar(qreal x)
{
    QPainterPath p;
    p.addRect(QRectF(x, 3, 2, 10));
    return p;
}

QPainterPath triangle(qreal left, qreal tip)
{
    QPainterPath p;
    p.moveTo(left, 3);
    p.lineTo(tip, 8);
    p.lineTo(left, 13);
    p.closeSubpath();
    return p;
}

QPainterPath filled(Sign sign)
{
    QPainterPath p;
    switch (sign) {
    case Sign::Start:
        p.addPath(bar(2));
        p.addPath(triangle(13, 5));
        break;
    case Sign::Back:
        p.addPath(triangle(10, 3));
        p.addPath(bar(11));
        break;
    case Sign::Play:
        p.addPath(triangle(4, 13));
        break;
    case Sign::Pause:
    case Sign::Hold:
        p.addRect(QRectF(4, 3, 3, 10));
        p.addRect(QRectF(9, 3, 3, 10));
        break;
    case Sign::Step:
        p.addPath(bar(3));
        p.addPath(triangle(6, 13));
        break;
    case Sign::Live:
        p.addPath(triangle(3, 11));
        p.addPath(bar(12));
        break;
    case Sign::Add:
        p.addRect(QRectF(7, 3, 2, 10));
        p.addRect(QRectF(3, 7, 10, 2));
        p.setFillRule(Qt::WindingFill);
        break;
    default:
        break;
    }
    return p;
}

void stroke(QPainter& painter, Sign sign)
{
    switch (sign) {
    case Sign::Edit:
        painter.drawLine(QPointF(4, 12), QPointF(11.5, 4.5));
        painter.drawLine(QPointF(3, 13), QPointF(6, 13));
        break;
    case Sign::Remove:
    case Sign::Close:
        painter.drawLine(QPointF(4, 4), QPointF(12, 12));
        painter.drawLine(QPointF(12, 4), QPointF(4, 12));
        break;
    case Sign::Copy:
        painter.drawRect(QRectF(3, 5, 7, 8));
        painter.drawPolyline(QPolygonF {QPointF(6, 3), QPointF(13, 3), QPointF(13, 11)});
        break;
    default:
        break;
    }
}

QPixmap drawn(Sign sign, const QColor& colour, qreal scale)
{
    const int side = static_cast<int>(16 * scale);
    QPixmap pixmap(side, side);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(scale, scale);
    painter.fillPath(filled(sign), colour);
    painter.setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::MiterJoin));
    stroke(painter, sign);
    return pixmap;
}

} // namespace

QIcon icon(Sign sign)
{
    QIcon made;
    QColor off = palette().mutedText;
    off.setAlphaF(0.5F);
    for (const qreal scale : {1.0, 1.5, 2.0, 3.0}) {
        made.addPixmap(drawn(sign, palette().text, scale), QIcon::Normal);
        made.addPixmap(drawn(sign, off, scale), QIcon::Disabled);
    }
    return made;
}

} // namespace shardscope::ui
