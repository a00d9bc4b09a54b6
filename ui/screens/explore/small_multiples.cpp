#include "ui/screens/explore/small_multiples.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

#include "ui/format.h"
#include "ui/widgets/column_raster.h"
#include "ui/widgets/plot_style.h"

namespace shardscope::ui {

namespace {

constexpr int kSeconds = 60;
constexpr std::size_t kLarge = 4;
constexpr std::size_t kCards = 16;
constexpr float kTop = 150; // percent

bool over(const ShardTrace& trace)
{
    return trace.percent > 100 || trace.refusedPerSecond > 0;
}

} // namespace

SmallMultiples::SmallMultiples(QWidget* parent)
    : QWidget(parent)
{
    installSpokenPictures();
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::StrongFocus);
}

void SmallMultiples::present(const Snapshot& snapshot)
{
    // Seconds before the run began are not seconds without load.
    const auto old = (snapshot.clock.now - snapshot.clock.start) / SimDuration::seconds(1);
    m_traces = shardTraces(snapshot, static_cast<int>(std::clamp<std::int64_t>(old, 1, kSeconds)),
                           m_order);
    const auto last = std::max_element(
        m_traces.begin(), m_traces.end(),
        [](const ShardTrace& a, const ShardTrace& b) { return a.slot < b.slot; });
    m_widestName = QString(last == m_traces.end() ? 1 : QString::number(last->slot.value).size(),
                           QLatin1Char('0'));
    update();
}

void SmallMultiples::setSelected(ShardSlot shard)
{
    m_selected = shard;
    const Grid g = grid();
    const auto here = std::find_if(m_traces.begin(), m_traces.end(),
                                   [&](const ShardTrace& t) { return t.slot == shard; });
    const auto index = static_cast<std::size_t>(here - m_traces.begin());
    const auto rows = static_cast<std::size_t>(g.rows);
    if (g.table && here != m_traces.end()) {
        if (index < firstOf(g))
            m_first = index / rows * rows;
        else if (index >= firstOf(g) + capacity(g))
            m_first = index / rows * rows + rows - capacity(g);
    }
    update();
}

QSize SmallMultiples::minimumSizeHint() const
{
    const PlotMargins m = plotMargins(font());
    return {200, m.title + 3 * (QFontMetrics(font()).height() + 12)};
}

SmallMultiples::Grid SmallMultiples::grid() const
{
    const PlotMargins m = plotMargins(font());
    const auto count = static_cast<int>(std::max<std::size_t>(1, m_traces.size()));
    Grid g;
    g.origin = {0, m.title};
    const int width = this->width() - m.right;
    const int height = std::max(1, this->height() - m.title - 4);
    g.table = m_traces.size() > kCards;
    if (!g.table) {
        // The fewest lines of cards, so that curves are as tall as they can be; flat cards where
        // even those leave no room for a curve under the words.
        const int card = 2 * (QFontMetrics(font()).height() + 2) + 6;
        const int least = QFontMetrics(font()).horizontalAdvance(QStringLiteral("000 000 %")) + 20;
        const int most = std::clamp(width / least, 1, 8);
        const int lines = (count + most - 1) / most;
        g.columns = (count + lines - 1) / lines;
        if (lines * card > height) {
            const int flat = QFontMetrics(smallFont(font())).height() + 2;
            g.columns = 1;
            while ((count + g.columns - 1) / g.columns * flat > height && g.columns < most)
                ++g.columns;
        }
        g.columns = std::min(g.columns, count);
        g.rows = (count + g.columns - 1) / g.columns;
    } else {
        const int line = QFontMetrics(smallFont(font())).height() + 3;
        g.rows = std::max(1, height / line);
        const int needs
            = QFontMetrics(smallFont(font())).horizontalAdvance(QStringLiteral("000 000 %")) + 44;
        g.columns = std::clamp((count + g.rows - 1) / g.rows, 1, std::max(1, width / needs));
        g.rows = std::min(g.rows, (count + g.columns - 1) / g.columns);
        g.cellHeight = line;
    }
    g.cellWidth = width / g.columns;
    if (!g.table)
        g.cellHeight = std::max(1, height / g.rows);
    return g;
}

QRect SmallMultiples::cellAt(const Grid& g, std::size_t index) const
{
    const std::size_t first = firstOf(g);
    if (index < first)
        return {};
    const auto i = static_cast<int>(index - first);
    // Cards read in lines, a table in columns.
    const int column = g.table ? i / g.rows : i % g.columns;
    const int row = g.table ? i % g.rows : i / g.columns;
    if (column >= g.columns)
        return {};
    return {g.origin.x() + column * g.cellWidth, g.origin.y() + row * g.cellHeight, g.cellWidth,
            g.cellHeight};
}

std::size_t SmallMultiples::capacity(const Grid& g)
{
    return static_cast<std::size_t>(g.columns) * static_cast<std::size_t>(g.rows);
}

std::size_t SmallMultiples::firstOf(const Grid& g) const
{
    if (!g.table || m_traces.size() <= capacity(g))
        return 0;
    const auto rows = static_cast<std::size_t>(g.rows);
    const std::size_t last = (m_traces.size() - capacity(g) + rows - 1) / rows * rows;
    return std::min(m_first, last);
}

void SmallMultiples::turn(int columns)
{
    const Grid g = grid();
    const auto first = static_cast<std::int64_t>(firstOf(g)) + std::int64_t {columns} * g.rows;
    m_first = static_cast<std::size_t>(std::max<std::int64_t>(0, first));
    m_first = firstOf(g);
    update();
}

QRect SmallMultiples::cellRect(ShardSlot shard) const
{
    for (std::size_t i = 0; i < m_traces.size(); ++i)
        if (m_traces[i].slot == shard)
            return cellAt(grid(), i);
    return {};
}

QRect SmallMultiples::orderSwitch() const
{
    const PlotMargins m = plotMargins(font());
    return {width() / 2, 0, width() / 2 - m.right, m.title};
}

QString SmallMultiples::spokenName() const
{
    return tr("All shards");
}

QString SmallMultiples::spokenText() const
{
    const auto hottest = std::max_element(
        m_traces.begin(), m_traces.end(),
        [](const ShardTrace& a, const ShardTrace& b) { return a.percent < b.percent; });
    if (hottest == m_traces.end())
        return tr("No open shard.");
    return tr("Open shards: %1; the hottest is shard %2 at %3 of its limit.")
        .arg(m_traces.size())
        .arg(hottest->slot.value)
        .arg(format::percent(hottest->percent));
}

double SmallMultiples::spokenValue() const
{
    double most = 0;
    for (const ShardTrace& trace : m_traces)
        most = std::max(most, trace.percent);
    return most;
}

void SmallMultiples::paintTrace(QPainter& painter, const QRect& area, const ShardTrace& trace) const
{
    if (area.width() < 8 || area.height() < 4)
        return;
    const Palette& colors = ui::palette();
    const qreal ratio = devicePixelRatioF();
    QImage image((QSizeF(area.size()) * ratio).toSize(), QImage::Format_RGB32);
    image.fill(mixed(colors.grid, colors.plot, 0.5));
    paintSparkline(
        image, image.rect(), trace.values, kTop, 100,
        {colors.ingest.rgb(), mixed(colors.ingest, colors.plot, 0.25), colors.refused.rgb()});
    painter.drawImage(area, image);
    // The limit, so that a small picture has a measure too.
    painter.setPen(QPen(withAlpha(colors.limit, 190), 1));
    const int y = area.bottom() + 1
        - static_cast<int>(std::lround(static_cast<float>(area.height()) * 100 / kTop));
    painter.drawLine(area.left(), y, area.right(), y);
}

void SmallMultiples::paintCard(QPainter& painter, const QRect& cell, const ShardTrace& trace) const
{
    const Palette& colors = ui::palette();
    const int line = QFontMetrics(font()).height() + 2;
    if (cell.height() < line * 2) {
        paintCompact(painter, cell, trace);
        return;
    }
    const QRect inner = cell.adjusted(0, 0, -12, -8);
    const QRect words(inner.left(), inner.top(), inner.width(), line);
    const bool chosen = trace.slot == m_selected;
    painter.setFont(chosen ? titleFont(font()) : font());
    painter.setPen(chosen ? colors.accent : colors.mutedText);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter, QString::number(trace.slot.value));
    painter.setFont(titleFont(font()));
    painter.setPen(over(trace) ? colors.refused : colors.text);
    painter.drawText(words, Qt::AlignRight | Qt::AlignVCenter, format::percent(trace.percent));
    if (trace.refusedPerSecond > 0) {
        const QString text = QStringLiteral("✕ %1").arg(format::count(trace.refusedPerSecond));
        const int taken = painter.fontMetrics().horizontalAdvance(format::percent(trace.percent));
        if (words.width() > taken + painter.fontMetrics().horizontalAdvance(text) + 48)
            painter.drawText(words.adjusted(0, 0, -taken - 10, 0),
                             Qt::AlignRight | Qt::AlignVCenter, text);
    }
    paintTrace(painter,
               QRect(inner.left(), inner.top() + line, inner.width(), inner.height() - line),
               trace);
    if (chosen)
        painter.fillRect(QRect(inner.left(), inner.bottom() + 2, inner.width(), 2), colors.accent);
}

void SmallMultiples::paintCompact(QPainter& painter, const QRect& cell,
                                  const ShardTrace& trace) const
{
    const Palette& colors = ui::palette();
    const QRect inner = cell.adjusted(0, 0, -16, -2);
    painter.setFont(smallFont(font()));
    const QFontMetrics fm = painter.fontMetrics();
    const int name = fm.horizontalAdvance(QStringLiteral("000")) + 6;
    const int load = fm.horizontalAdvance(QStringLiteral("000 %")) + 6;
    if (trace.slot == m_selected)
        painter.fillRect(inner.adjusted(-4, 0, 4, 0), withAlpha(colors.accent, 48));
    painter.setPen(colors.mutedText);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter, QString::number(trace.slot.value));
    painter.setPen(over(trace) ? colors.refused : colors.text);
    painter.drawText(inner, Qt::AlignRight | Qt::AlignVCenter, format::percent(trace.percent));
    paintTrace(painter, inner.adjusted(name, 1, -load, -1), trace);
}

void SmallMultiples::paintRow(QPainter& painter, const QRect& cell, const ShardTrace& trace) const
{
    const Palette& colors = ui::palette();
    const QRect inner = cell.adjusted(0, 0, -10, 0);
    painter.setFont(smallFont(font()));
    const QFontMetrics fm = painter.fontMetrics();
    const int name = fm.horizontalAdvance(m_widestName) + 4;
    const int load = fm.horizontalAdvance(QStringLiteral("000 %"));
    if (trace.slot == m_selected)
        painter.fillRect(inner.adjusted(-2, 0, 2, -1), withAlpha(colors.accent, 48));
    painter.setPen(colors.mutedText);
    painter.drawText(QRect(inner.left(), inner.top(), name, inner.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, QString::number(trace.slot.value));
    painter.setPen(over(trace) ? colors.refused : colors.text);
    painter.drawText(QRect(inner.left() + name, inner.top(), load, inner.height()),
                     Qt::AlignRight | Qt::AlignVCenter, format::percent(trace.percent));
    // The last minute as heat: one coloured step a second.
    const QRect strip(inner.left() + name + load + 5, inner.top() + 2,
                      inner.width() - name - load - 5, inner.height() - 5);
    if (strip.width() < 10)
        return;
    QImage image(static_cast<int>(trace.values.size()), 1, QImage::Format_RGB32);
    auto* pixels = reinterpret_cast<QRgb*>(image.scanLine(0));
    for (std::size_t i = 0; i < trace.values.size(); ++i)
        pixels[i] = Palette::heat(trace.values[i] / 100.0 * 0.85);
    painter.drawImage(strip, image);
    if (over(trace) && strip.width() >= 24) {
        const QRect sign(strip.right() - 10, strip.top(), 11, strip.height());
        painter.fillRect(sign, colors.plot);
        painter.setPen(colors.refused);
        painter.drawText(sign, Qt::AlignCenter | Qt::TextDontClip, QStringLiteral("✕"));
    }
}

void SmallMultiples::paintEvent(QPaintEvent*)
{
    const Palette& colors = ui::palette();
    QPainter painter(this);
    painter.fillRect(rect(), colors.plot);
    const PlotMargins m = plotMargins(font());
    const Grid g = grid();
    const std::size_t first = firstOf(g);
    const std::size_t end = std::min(m_traces.size(), first + capacity(g));
    paintTitle(painter, QRect(0, 0, width() - m.right, m.title),
               end - first < m_traces.size() ? tr("All shards · %1 to %2 of %3, scroll ▾")
                                                   .arg(first + 1)
                                                   .arg(end)
                                                   .arg(m_traces.size())
                                             : tr("All shards · % of limit, 60 s"),
               m_traces.size() > kCards
                   ? (m_order == ShardOrder::ByHash ? tr("hash order ▾") : tr("hottest first ▾"))
                   : QString(),
               false, colors);
    for (std::size_t i = first; i < end; ++i) {
        const QRect cell = cellAt(g, i);
        if (g.table)
            paintRow(painter, cell, m_traces[i]);
        else
            paintCard(painter, cell, m_traces[i]);
    }
    if (hasFocus()) {
        painter.setPen(QPen(colors.focus, 1));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void SmallMultiples::mousePressEvent(QMouseEvent* event)
{
    if (m_traces.size() > kCards && orderSwitch().contains(event->pos())) {
        m_order = m_order == ShardOrder::ByHash ? ShardOrder::HottestFirst : ShardOrder::ByHash;
        update();
        return;
    }
    const Grid g = grid();
    for (std::size_t i = 0; i < m_traces.size(); ++i)
        if (cellAt(g, i).contains(event->pos())) {
            emit shardChosen(m_traces[i].slot);
            return;
        }
}

void SmallMultiples::wheelEvent(QWheelEvent* event)
{
    const Grid g = grid();
    if (event->angleDelta().y() == 0 || m_traces.size() <= capacity(g))
        return QWidget::wheelEvent(event); // the board scrolls instead
    turn(event->angleDelta().y() > 0 ? -1 : 1);
    event->accept();
}

void SmallMultiples::keyPressEvent(QKeyEvent* event)
{
    const bool back = event->key() == Qt::Key_Left || event->key() == Qt::Key_Up;
    const bool on = event->key() == Qt::Key_Right || event->key() == Qt::Key_Down;
    const auto here = std::find_if(m_traces.begin(), m_traces.end(),
                                   [&](const ShardTrace& t) { return t.slot == m_selected; });
    if ((!back && !on) || here == m_traces.end())
        return QWidget::keyPressEvent(event);
    if (back && here != m_traces.begin())
        emit shardChosen(std::prev(here)->slot);
    else if (on && std::next(here) != m_traces.end())
        emit shardChosen(std::next(here)->slot);
}

} // namespace shardscope::ui
