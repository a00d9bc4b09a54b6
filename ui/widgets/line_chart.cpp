#include "ui/widgets/line_chart.h"

#include <QChart>
#include <QGraphicsScene>
#include <QHelpEvent>
#include <QLineSeries>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

#include "ui/widgets/plot_style.h"

namespace shardscope::ui {

namespace {

constexpr int kDragStarts = 4; // px

Qt::PenStyle penStyle(Stroke stroke)
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

} // namespace

/// The Qt Charts side. Axes are pixels and change with the size alone; series are kept and only
/// ever replaced.
class LineChart::Lines {
public:
    Lines()
        : m_chart(new QChart)
        , m_x(new QValueAxis(m_chart))
        , m_y(new QValueAxis(m_chart))
    {
        m_chart->setAnimationOptions(QChart::NoAnimation);
        m_chart->legend()->hide();
        m_chart->setBackgroundVisible(false);
        m_chart->setPlotAreaBackgroundVisible(false);
        m_chart->setMargins({});
        m_chart->setContentsMargins(0, 0, 0, 0);
        m_x->setVisible(false);
        m_y->setVisible(false);
        m_chart->addAxis(m_x, Qt::AlignBottom);
        m_chart->addAxis(m_y, Qt::AlignLeft);
        m_scene.addItem(m_chart);
    }

    void resize(QSize size)
    {
        if (size == m_size || size.isEmpty())
            return;
        m_size = size;
        m_chart->resize(size);
        m_chart->setPlotArea(QRectF(QPointF(), size));
        m_scene.setSceneRect(QRectF(QPointF(), size));
        m_x->setRange(0, size.width());
        m_y->setRange(0, size.height());
    }

    void show(const PlotModel& model, const PlotArea& area, const Palette& colors)
    {
        std::size_t used = 0;
        for (const Curve& curve : model.curves) {
            if (curve.stroke == Stroke::None)
                continue;
            QPen pen(inkColor(colors, curve.ink), 1, penStyle(curve.stroke));
            pen.setCosmetic(true);
            for (const auto& part : linesOf(curve, area)) {
                QLineSeries* series = at(used++);
                QList<QPointF> points;
                points.reserve(static_cast<qsizetype>(part.size()));
                for (const QPointF& p : part)
                    points << QPointF(p.x() - area.rect.left(), area.rect.bottom() + 1 - p.y());
                if (series->pen() != pen)
                    series->setPen(pen);
                series->replace(points);
                if (!series->isVisible())
                    series->setVisible(true);
            }
        }
        for (; used < m_series.size(); ++used)
            if (m_series[used]->isVisible())
                m_series[used]->setVisible(false);
    }

    void render(QPainter& painter, const QRect& target)
    {
        m_scene.render(&painter, target, QRectF(QPointF(), m_size), Qt::IgnoreAspectRatio);
    }

private:
    QLineSeries* at(std::size_t i)
    {
        if (i < m_series.size())
            return m_series[i];
        auto* series = new QLineSeries(m_chart);
        m_chart->addSeries(series);
        series->attachAxis(m_x);
        series->attachAxis(m_y);
        m_series.push_back(series);
        return series;
    }

    QGraphicsScene m_scene;
    QChart* m_chart; // the scene's
    QValueAxis* m_x;
    QValueAxis* m_y;
    std::vector<QLineSeries*> m_series;
    QSize m_size;
};

LineChart::LineChart(QWidget* parent)
    : QWidget(parent)
    , m_lines(std::make_unique<Lines>())
{
    installSpokenPictures();
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    m_model.valueText = [](double v) { return QString::number(v); };
}

LineChart::~LineChart() = default;

void LineChart::setModel(PlotModel model)
{
    m_model = std::move(model);
    m_stale = true;
    update();
}

void LineChart::setCursor(std::optional<SimTime> at)
{
    m_cursor = at;
    update();
}

PlotArea LineChart::area() const
{
    const PlotMargins m = plotMargins(font());
    const int below = m.axis + (m_model.markRow ? m.marks : 0);
    const QRect rect(m.left, m.title, std::max(1, width() - m.left - m.right),
                     std::max(1, height() - m.title - below));
    return {rect, m_model.window, m_model.low, m_model.high, m_model.logarithmic};
}

QRect LineChart::markRow() const
{
    const QRect plot = area().rect;
    return {plot.left(), plot.bottom() + 1, plot.width(),
            m_model.markRow ? plotMargins(font()).marks : 0};
}

QSize LineChart::minimumSizeHint() const
{
    const PlotMargins m = plotMargins(font());
    return {m.left + m.right + 120, m.title + m.axis + m.marks + 48};
}

QSize LineChart::sizeHint() const
{
    return minimumSizeHint() + QSize(160, 40);
}

void LineChart::draw()
{
    const qreal ratio = devicePixelRatioF();
    const QSize wanted = (QSizeF(size()) * ratio).toSize();
    if (m_picture.size() != wanted) {
        m_picture = QPixmap(wanted);
        m_picture.setDevicePixelRatio(ratio);
    }
    const Palette& colors = ui::palette();
    m_picture.fill(colors.plot);
    QPainter painter(&m_picture);
    painter.setFont(font());
    const PlotArea place = area();
    drawHeader(painter);
    if (!m_model.empty.isEmpty()) {
        paintEmpty(painter, place.rect, m_model.empty, colors);
        m_stale = false;
        return;
    }
    drawGrid(painter, place);
    drawFills(painter, place);
    m_lines->resize(place.rect.size());
    m_lines->show(m_model, place, colors);
    m_lines->render(painter, place.rect);
    drawLimits(painter, place);
    if (m_model.markRow)
        drawMarks(painter, place);
    m_stale = false;
}

void LineChart::drawHeader(QPainter& painter) const
{
    const Palette& colors = ui::palette();
    const PlotMargins m = plotMargins(font());
    const QRect room(0, 0, width() - m.right, m.title);
    const QRect line = room.adjusted(0, 0, 0, -6);
    const QString warned
        = m_model.alarming ? QStringLiteral("▲ ") + m_model.headline : m_model.headline;
    paintTitle(painter, room, m_model.title, warned, m_model.alarming, colors);

    const QFontMetrics heavy(titleFont(font()));
    const int right = line.right() - heavy.horizontalAdvance(warned) - 12;
    int x = heavy.horizontalAdvance(m_model.title) + 16;
    painter.setFont(smallFont(font()));
    const QFontMetrics fm = painter.fontMetrics();
    const int middle = line.center().y();
    for (const Curve& curve : m_model.curves) {
        const int wide = 18 + 5 + fm.horizontalAdvance(curve.name) + 14;
        if (curve.name.isEmpty() || x + wide > right)
            continue;
        const QColor ink = inkColor(colors, curve.ink);
        if (curve.fill == Fill::Hatch) {
            painter.fillRect(QRect(x, middle - 4, 18, 9), QBrush(ink, Qt::BDiagPattern));
        } else {
            if (curve.fill == Fill::Tint)
                painter.fillRect(QRect(x, middle, 18, 5), withAlpha(ink, 56));
            painter.setPen(QPen(ink, 1, penStyle(curve.stroke)));
            painter.drawLine(x, middle, x + 17, middle);
        }
        painter.setPen(colors.mutedText);
        painter.drawText(QRect(x + 23, 0, wide, line.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         curve.name);
        x += wide;
    }
    if (!m_model.note.isEmpty() && x + fm.horizontalAdvance(m_model.note) <= right) {
        painter.setPen(colors.mutedText);
        painter.drawText(QRect(x, 0, right - x, line.height()), Qt::AlignRight | Qt::AlignVCenter,
                         m_model.note);
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
    int right = area.rect.right();
    for (const LimitLine& limit : m_model.limits) {
        if (limit.value > area.high || limit.value < area.low)
            continue;
        const int y = static_cast<int>(std::lround(area.yOf(limit.value)));
        QPen pen(colors.limit, 1, Qt::DashLine);
        pen.setCosmetic(true);
        painter.setPen(pen);
        painter.drawLine(area.rect.left(), y, area.rect.right(), y);
        const QString text = limit.label;
        const int wide = fm.horizontalAdvance(text) + 8;
        const bool roomAbove = y - fm.height() - 1 >= area.rect.top() - 2;
        const QRect tag(right - wide, roomAbove ? y - fm.height() - 1 : y + 2, wide, fm.height());
        painter.fillRect(tag, withAlpha(colors.plot, 215));
        painter.setPen(colors.text);
        painter.drawText(tag, Qt::AlignCenter, text);
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

void LineChart::drawOverlay(QPainter& painter, const PlotArea& area) const
{
    const Palette& colors = ui::palette();
    if (m_pressed && m_button == Qt::LeftButton
        && std::abs(m_last.x() - m_pressed->x()) > kDragStarts) {
        QRect span = QRect(m_pressed->x(), area.rect.top(), 0, area.rect.height());
        span.setRight(m_last.x());
        painter.fillRect(span.normalized() & area.rect, withAlpha(colors.accent, 48));
    }
    if (m_cursor && *m_cursor >= area.window.from && *m_cursor <= area.window.to) {
        const int x = static_cast<int>(std::lround(area.xOf(*m_cursor)));
        painter.setPen(QPen(colors.mutedText, 0));
        painter.drawLine(x, area.rect.top(), x, area.rect.bottom());
        if (m_pointed && m_model.empty.isEmpty()) {
            painter.setFont(font());
            paintCard(painter, {x, area.rect.center().y()}, rect(), hoverLines(m_model, *m_cursor),
                      colors);
        }
    }
    if (hasFocus()) {
        painter.setPen(QPen(colors.focus, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void LineChart::paintEvent(QPaintEvent*)
{
    if (m_stale || m_picture.size() != (QSizeF(size()) * devicePixelRatioF()).toSize())
        draw();
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_picture);
    drawOverlay(painter, area());
}

void LineChart::mousePressEvent(QMouseEvent* event)
{
    m_pressed = m_last = event->pos();
    m_button = event->button();
}

void LineChart::mouseMoveEvent(QMouseEvent* event)
{
    const PlotArea place = area();
    if (m_pressed && (m_button == Qt::RightButton || m_button == Qt::MiddleButton))
        emit panned(place.timeAt(m_last.x()) - place.timeAt(event->pos().x()));
    m_last = event->pos();
    m_pointed = true;
    const bool over
        = event->pos().x() >= place.rect.left() && event->pos().x() <= place.rect.right();
    emit cursorMoved(over ? std::optional(place.timeAt(event->pos().x())) : std::nullopt);
    update();
}

void LineChart::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_pressed)
        return;
    const QPoint from = *m_pressed;
    m_pressed.reset();
    update();
    if (event->button() != Qt::LeftButton)
        return;
    const PlotArea place = area();
    if (std::abs(event->pos().x() - from.x()) > kDragStarts) {
        const auto [left, right] = std::minmax({from.x(), event->pos().x()});
        emit windowChosen({place.timeAt(std::max(left, place.rect.left())),
                           place.timeAt(std::min(right, place.rect.right()))});
    } else if (markRow().contains(event->pos())) {
        emit markChosen(place.timeAt(event->pos().x()));
    } else if (place.rect.contains(event->pos())) {
        emit clicked(place.timeAt(event->pos().x()));
    }
}

void LineChart::mouseDoubleClickEvent(QMouseEvent*)
{
    emit backAsked();
}

void LineChart::wheelEvent(QWheelEvent* event)
{
    const PlotArea place = area();
    if (event->angleDelta().y() == 0 || !place.rect.contains(event->position().toPoint())) {
        event->ignore();
        return;
    }
    emit zoomAsked(std::pow(0.8, event->angleDelta().y() / 120.0),
                   place.timeAt(event->position().x()));
    event->accept();
}

void LineChart::keyPressEvent(QKeyEvent* event)
{
    const PlotArea place = area();
    const SimDuration step = (place.window.to - place.window.from) / 60;
    const SimTime at = m_cursor.value_or(place.window.to);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        m_pointed = true;
        emit cursorMoved(std::clamp(event->key() == Qt::Key_Left ? at - step : at + step,
                                    place.window.from, place.window.to));
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!m_model.marks.empty())
            emit markChosen(at);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void LineChart::leaveEvent(QEvent*)
{
    m_pointed = false;
    emit cursorMoved(std::nullopt);
}

void LineChart::resizeEvent(QResizeEvent*)
{
    m_stale = true;
}

void LineChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
        || event->type() == QEvent::StyleChange) {
        m_stale = true;
        update();
    }
    QWidget::changeEvent(event);
}

bool LineChart::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const PlotArea place = area();
        for (const LimitLine& limit : m_model.limits)
            if (std::abs(place.yOf(limit.value) - help->pos().y()) < 6) {
                QToolTip::showText(help->globalPos(), limit.tip, this);
                return true;
            }
        QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace shardscope::ui
