#include "ui/widgets/line_chart.h"

#include <QChart>
#include <QContextMenuEvent>
#include <QGraphicsScene>
#include <QLineSeries>
#include <QMouseEvent>
#include <QPainter>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

#include "ui/widgets/plot_style.h"

namespace shardscope::ui {

namespace {

constexpr int kDragStarts = 4; // px
constexpr int kLimitReach = 6; // px

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

    void show(const PlotModel& model, const PlotArea& area, const Palette& colors, int penWidth)
    {
        std::size_t used = 0;
        for (const Curve& curve : model.curves) {
            if (curve.stroke == Stroke::None)
                continue;
            QPen pen(inkColor(colors, curve.ink), penWidth, penStyleOf(curve.stroke));
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
    const int rows = legendRows();
    const int top = m.title + (rows > 0 ? rows * m.axis + 6 : 0);
    const QRect rect(m.left, top, std::max(1, width() - m.left - m.right),
                     std::max(1, height() - top - below));
    return {rect, m_model.window, m_model.low, m_model.high, m_model.logarithmic};
}

int LineChart::legendRows() const
{
    // The curves keep the larger part of the room; what finds none is counted in the last line.
    const PlotMargins m = plotMargins(font());
    const int room = (height() - m.title - m.axis) / 2 / m.axis;
    return std::clamp(static_cast<int>(m_model.legend.size()), 0, std::max(1, room));
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
    drawLegend(painter);
    drawGrid(painter, place);
    drawFills(painter, place);
    m_lines->resize(place.rect.size());
    // Cosmetic pens count device pixels: without this a line is a hair where they are small.
    m_lines->show(m_model, place, colors, std::max(1, static_cast<int>(ratio + 0.25)));
    m_lines->render(painter, place.rect);
    paintAnnotations(painter, place, m_model.annotations, colors);
    drawLimits(painter, place);
    drawWords(painter, place);
    if (m_model.markRow)
        drawMarks(painter, place);
    m_stale = false;
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
            const LimitLine* limit = limitAt(m_last);
            paintCard(painter, {x, area.rect.center().y()}, rect(),
                      limit == nullptr ? hoverLines(m_model, *m_cursor) : limit->card, colors);
        }
    }
    if (hasFocus()) {
        painter.setPen(QPen(colors.focus, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

const LimitLine* LineChart::limitAt(const QPoint& at) const
{
    const PlotArea place = area();
    if (!place.rect.contains(at))
        return nullptr;
    for (const LimitLine& limit : m_model.limits)
        if (limit.value <= place.high && std::abs(place.yOf(limit.value) - at.y()) < kLimitReach)
            return &limit;
    return nullptr;
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
    const bool dragged = std::abs(event->pos().x() - from.x()) > kDragStarts;
    if (event->button() == Qt::RightButton && !dragged)
        emit menuAsked(event->globalPosition().toPoint());
    if (event->button() != Qt::LeftButton)
        return;
    const PlotArea place = area();
    if (dragged) {
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
    case Qt::Key_T:
        if (event->modifiers() != Qt::NoModifier)
            break;
        emit tableAsked();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!m_model.marks.empty())
            emit markChosen(at);
        return;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void LineChart::contextMenuEvent(QContextMenuEvent* event)
{
    // The right button also drags: its menu waits for the release.
    if (event->reason() == QContextMenuEvent::Keyboard)
        emit menuAsked(mapToGlobal(area().rect.center()));
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

} // namespace shardscope::ui
