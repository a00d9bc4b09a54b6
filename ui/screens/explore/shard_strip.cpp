#include "ui/screens/explore/shard_strip.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

#include "ui/format.h"
#include "ui/screens/explore/plots.h"
#include "ui/widgets/plot_style.h"

namespace shardscope::ui {

namespace {

constexpr std::size_t kTop = 10;
constexpr std::size_t kNamedLanes = 16;

} // namespace

ShardStrip::ShardStrip(Shows shows, QWidget* parent)
    : QWidget(parent)
    , m_shows(shows)
    , m_raster({}, {}, 0)
{
    installSpokenPictures();
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setColors();
}

void ShardStrip::setColors()
{
    const Palette& colors = ui::palette();
    const QRgb quiet = mixed(colors.grid, colors.plot, 0.6);
    if (m_shows == Shows::Load) {
        m_raster.setColors(
            percentOf, [](double percent) { return Palette::heat(percent / 100 * 0.85); }, quiet);
        return;
    }
    m_raster.setColors(
        [](const ShardSample& sample, SimDuration step) {
            return (sample.refusedByBytes + sample.refusedByRecords) / step.inSeconds();
        },
        [quiet, ink = colors.refused, ground = colors.plot](double refused) {
            return refused > 0
                ? mixed(ink, ground, 0.35 + 0.65 * std::min(1.0, std::log10(1 + refused) / 3))
                : quiet;
        },
        quiet);
}

void ShardStrip::present(const Snapshot& snapshot, TimeWindow window, Resolution resolution)
{
    m_window = window;
    m_annotations = annotationsIn(snapshot, window);
    m_raster.update(snapshot, window, resolution, area().rect.height());
    m_hottest = hottestShards(snapshot, kTop);
    m_empty.clear();
    if (m_shows == Shows::Refusals) {
        const double now = snapshot.stream.refusedRecords;
        m_value = now;
        m_headline
            = tr("%1 refused").arg(format::count(static_cast<double>(snapshot.refused.records)));
        m_sentence = tr("%1 records a second are refused now, %2 since the run began.")
                         .arg(format::count(now),
                              format::count(static_cast<double>(snapshot.refused.records)));
        if (snapshot.refused.records == 0) {
            const auto peak
                = std::max_element(snapshot.shards.begin(), snapshot.shards.end(),
                                   [](const ShardRow& a, const ShardRow& b) {
                                       return a.peakPercentOfLimit < b.peakPercentOfLimit;
                                   });
            m_headline.clear();
            m_empty = peak == snapshot.shards.end() || peak->peakPercentOfLimit <= 0
                ? tr("No record refused so far.")
                : tr("No record refused so far — peak was %1 on shard %2.")
                      .arg(format::percent(peak->peakPercentOfLimit))
                      .arg(peak->slot.value);
            m_sentence = m_empty;
        }
    } else if (!m_hottest.empty()) {
        m_value = m_hottest.front().percent;
        m_sentence = tr("The hottest of %1 shards is shard %2 at %3 of its limit.")
                         .arg(m_raster.shards().size())
                         .arg(m_hottest.front().slot.value)
                         .arg(format::percent(m_value));
    }
    update();
}

void ShardStrip::setSelected(ShardSlot shard)
{
    m_selected = shard;
    update();
}

void ShardStrip::setCursor(std::optional<SimTime> at)
{
    m_cursor = at;
    update();
}

QString ShardStrip::spokenName() const
{
    return m_shows == Shows::Refusals ? tr("Refused records") : tr("Load of all shards");
}

QSize ShardStrip::minimumSizeHint() const
{
    const PlotMargins m = plotMargins(font());
    return {200, m.title + m.axis + 40};
}

PlotArea ShardStrip::area() const
{
    const PlotMargins m = plotMargins(font());
    int right = m.right;
    if (m_shows == Shows::Load)
        right += QFontMetrics(smallFont(font())).horizontalAdvance(QStringLiteral("00000   000 %"))
            + 24;
    return {QRect(m.left, m.title, std::max(1, width() - m.left - right),
                  std::max(1, height() - m.title - m.axis)),
            m_window};
}

QRect ShardStrip::listRect(std::size_t place) const
{
    const PlotMargins m = plotMargins(font());
    const PlotArea a = area();
    const int line = std::min(QFontMetrics(smallFont(font())).height() + 3,
                              std::max(1, (height() - m.title) / static_cast<int>(kTop)));
    const int left = a.rect.right() + 16;
    return {left, m.title + static_cast<int>(place) * line, width() - m.right - left, line};
}

std::optional<ShardSlot> ShardStrip::shardAt(const QPoint& at) const
{
    const PlotArea a = area();
    const auto count = static_cast<int>(m_raster.shards().size());
    if (count == 0 || !a.rect.contains(at))
        return std::nullopt;
    const int row = (at.y() - a.rect.top()) * count / a.rect.height();
    return m_raster.shards()[static_cast<std::size_t>(std::clamp(row, 0, count - 1))];
}

void ShardStrip::paintLanes(QPainter& painter, const PlotArea& area) const
{
    const Palette& colors = ui::palette();
    m_raster.paint(painter, area);
    paintAnnotations(painter, area, m_annotations, colors);
    const auto& shards = m_raster.shards();
    const double lane = static_cast<double>(area.rect.height())
        / static_cast<double>(std::max<std::size_t>(1, shards.size()));
    painter.setFont(smallFont(font()));
    const QFontMetrics fm = painter.fontMetrics();
    for (std::size_t i = 0; i < shards.size() && shards.size() <= kNamedLanes; ++i) {
        const double y = area.rect.top() + lane * static_cast<double>(i);
        if (i > 0)
            painter.fillRect(
                QRectF(area.rect.left(), std::round(y), area.rect.width(), lane > 8 ? 2 : 1),
                colors.plot);
        if (lane < fm.height() - 3)
            continue;
        painter.setPen(shards[i] == m_selected ? colors.accent : colors.mutedText);
        painter.drawText(QRectF(0, y, area.rect.left() - 6, lane),
                         Qt::AlignRight | Qt::AlignVCenter, QString::number(shards[i].value));
    }
    if (shards.size() > kNamedLanes) {
        painter.setPen(colors.mutedText);
        painter.drawText(QRect(0, area.rect.top(), area.rect.left() - 6, fm.height()),
                         Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("0"));
        painter.drawText(
            QRect(0, area.rect.bottom() - fm.height() + 1, area.rect.left() - 6, fm.height()),
            Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("2¹²⁸"));
    }
    const auto chosen = std::find(shards.begin(), shards.end(), m_selected);
    if (chosen != shards.end() && shards.size() > 1) {
        const auto i = static_cast<double>(chosen - shards.begin());
        const QRectF box(area.rect.left(), area.rect.top() + lane * i, area.rect.width() - 1.0,
                         std::max(2.0, lane - 1));
        painter.setPen(QPen(colors.accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(box);
    }
    const int top = area.rect.bottom() + 1;
    for (const TimeTick& tick : timeTicks(area.window, area.rect.width(),
                                          fm.horizontalAdvance(QStringLiteral("00:00:00")) + 28)) {
        const int x = static_cast<int>(std::lround(area.xOf(tick.at)));
        const int wide = fm.horizontalAdvance(tick.text);
        if (x - wide / 2 < area.rect.left() - 8 || x + wide / 2 > area.rect.right() + 12)
            continue;
        painter.setPen(colors.mutedText);
        painter.drawText(QRect(x - wide / 2 - 1, top, wide + 2, height() - top),
                         Qt::AlignHCenter | Qt::AlignVCenter, tick.text);
    }
    painter.setFont(font());
}

void ShardStrip::paintList(QPainter& painter) const
{
    const Palette& colors = ui::palette();
    painter.setFont(smallFont(font()));
    for (std::size_t i = 0; i < m_hottest.size(); ++i) {
        const QRect line = listRect(i);
        const ShardTrace& trace = m_hottest[i];
        if (line.bottom() > height())
            break;
        if (trace.slot == m_selected)
            painter.fillRect(line.adjusted(-4, 0, 4, 0), withAlpha(colors.accent, 48));
        painter.setPen(colors.mutedText);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, QString::number(trace.slot.value));
        painter.setPen(trace.percent > 100 ? colors.refused : colors.text);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, format::percent(trace.percent));
    }
    painter.setFont(font());
}

void ShardStrip::paintEvent(QPaintEvent*)
{
    const Palette& colors = ui::palette();
    QPainter painter(this);
    painter.fillRect(rect(), colors.plot);
    const PlotMargins m = plotMargins(font());
    const bool load = m_shows == Shows::Load;
    paintTitle(painter, QRect(0, 0, width() - m.right, m.title),
               load ? tr("All shards · % of limit") : tr("Refusals"),
               load ? tr("hottest ten") : m_headline, false, colors);
    const PlotArea place = area();
    if (!m_empty.isEmpty()) {
        paintEmpty(painter, place.rect, m_empty, colors);
    } else {
        paintLanes(painter, place);
        if (load)
            paintList(painter);
    }
    if (m_cursor && *m_cursor >= m_window.from && *m_cursor <= m_window.to && m_empty.isEmpty()) {
        const int x = static_cast<int>(std::lround(place.xOf(*m_cursor)));
        painter.setPen(QPen(colors.mutedText, 0));
        painter.drawLine(x, place.rect.top(), x, place.rect.bottom());
    }
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colors.focus, 1));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void ShardStrip::mousePressEvent(QMouseEvent* event)
{
    if (m_shows == Shows::Load)
        for (std::size_t i = 0; i < m_hottest.size(); ++i)
            if (listRect(i).contains(event->pos())) {
                emit shardChosen(m_hottest[i].slot);
                return;
            }
    if (const auto shard = shardAt(event->pos())) {
        emit shardChosen(*shard);
        emit momentChosen(*shard, area().timeAt(event->pos().x()));
    }
}

void ShardStrip::mouseMoveEvent(QMouseEvent* event)
{
    const PlotArea a = area();
    emit cursorMoved(a.rect.contains(event->pos()) ? std::optional(a.timeAt(event->pos().x()))
                                                   : std::nullopt);
}

void ShardStrip::leaveEvent(QEvent*)
{
    emit cursorMoved(std::nullopt);
}

void ShardStrip::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        setColors();
    QWidget::changeEvent(event);
}

} // namespace shardscope::ui
