#include <QPainter>

#include <algorithm>
#include <cmath>

#include "ui/format.h"
#include "ui/screens/explore/shard_map.h"
#include "ui/widgets/plot_style.h"

/// How the shard map looks.
namespace shardscope::ui {

namespace {

constexpr int kWide = 44; // px from which a cell carries words
constexpr int kFigures = 24; // px below which no figure has room
constexpr int kHandleShows = 96; // px from which a cell has room for its handle beside words
constexpr int kNarrow = 4; // px below which cells have no gap between them
constexpr double kFullBar = 150; // percent at which a bar is full

QString lessThan(SimDuration depth)
{
    return depth < SimDuration::minutes(1)
        ? ShardMap::tr("−%1 s").arg(depth / SimDuration::seconds(1))
        : QStringLiteral("−%1").arg(format::duration(depth).section(QLatin1String(" 0"), 0, 0));
}

/// `ink` as it looks on the bare plot. Opaque, because many small fills that blend cost the toolkit
/// more than the rest of the map: it hands each of them to its threads.
QColor onPlot(const QColor& ink, int alpha)
{
    return QColor::fromRgb(mixed(ink, ui::palette().plot, alpha / 255.0));
}

void hatched(QPainter& painter, const QRect& rect, const QColor& ink, Qt::BrushStyle style,
             int ground)
{
    painter.fillRect(rect, withAlpha(ink, ground));
    painter.fillRect(rect, QBrush(withAlpha(ink, 150), style));
}

} // namespace

ShardMapGeometry ShardMap::geometryNow() const
{
    const PlotMargins m = plotMargins(font());
    const QFontMetrics fm(font());
    const int left = m.left;
    const int width = std::max(1, this->width() - m.left - m.right);
    const int axis = m.axis;
    const int now = fm.height() + 20;
    const int heat = std::clamp(height() / 7, 16, 36);
    const int top = m.title;
    const int lineage = std::max(12, height() - top - axis - now - heat - 10);
    ShardMapGeometry g;
    g.axis = {left, top, width, axis};
    g.lineage = {left, top + axis, width, lineage};
    g.nowRow = {left, top + axis + lineage + 2, width, now};
    g.heat = {left, top + axis + lineage + now + 8, width, heat};
    g.from = m_from;
    g.to = m_to;
    g.now = m_model.now;
    g.depth = depthNow();
    return g;
}

QSize ShardMap::minimumSizeHint() const
{
    const PlotMargins m = plotMargins(font());
    return {280, m.title + m.axis + QFontMetrics(font()).height() + 20 + 16 + 10 + 28};
}

QSize ShardMap::sizeHint() const
{
    return minimumSizeHint() + QSize(320, 80);
}

void ShardMap::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), ui::palette().plot);
    const ShardMapGeometry g = geometryNow();
    paintHeader(painter, g);
    painter.save();
    painter.setClipRect(QRect(g.axis.left() - 1, 0, g.axis.width() + 2, height()));
    paintLineage(painter, g);
    paintNow(painter, g);
    paintHeat(painter, g);
    painter.restore();
    paintPreview(painter, g);
    if (m_hovered && m_pointer && !m_dragging && !m_merge)
        paintCard(painter, *m_pointer, rect(), cardOf(*m_hovered), ui::palette());
    if (hasFocus() && m_byKeyboard) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(ui::palette().focus, 1));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void ShardMap::paintHeader(QPainter& painter, const ShardMapGeometry& g) const
{
    const Palette& colors = ui::palette();
    const auto open = static_cast<int>(m_model.open.size());
    const QString words
        = open == 1 ? tr("1 open shard") : tr("%1 open shards").arg(format::exact(open));
    paintTitle(painter, QRect(0, 0, g.axis.right() + 1, g.axis.top()), tr("Hash-key space"), words,
               false, colors);
    painter.setFont(smallFont(font()));
    const QFontMetrics fm = painter.fontMetrics();
    // What the colours of the heat mean, in figures.
    {
        const QString least = format::bytesPerSecond(1024);
        const QString most = tr("%1 per 1/1024 of the space").arg(format::bytesPerSecond(1048576));
        const int line = g.axis.top() - 6;
        int x = QFontMetrics(titleFont(font())).horizontalAdvance(tr("Hash-key space")) + 24;
        const QFontMetrics heavy(titleFont(font()));
        const int right = g.axis.right() - heavy.horizontalAdvance(words);
        const bool room
            = x + fm.horizontalAdvance(least) + 80 + fm.horizontalAdvance(most) + 16 < right;
        painter.setPen(colors.mutedText);
        for (const QString& text : {least, QString(), most}) {
            if (!room)
                break;
            if (text.isEmpty()) {
                for (int i = 0; i < 64; ++i)
                    painter.fillRect(QRect(x + i, line / 2 - 4, 1, 9),
                                     QColor::fromRgb(Palette::heat(i / 63.0)));
                x += 64 + 8;
                continue;
            }
            painter.drawText(QRect(x, 0, fm.horizontalAdvance(text) + 4, line),
                             Qt::AlignLeft | Qt::AlignVCenter, text);
            x += fm.horizontalAdvance(text) + 8;
        }
    }
    const double span = g.to - g.from;
    const int labelled = fm.horizontalAdvance(QStringLiteral("00.0 %")) + 24;
    const int ticks = g.axis.width() > 9 * labelled ? 8 : g.axis.width() > 5 * labelled ? 4 : 2;
    for (int i = 0; i <= ticks; ++i) {
        const double f = g.from + span * i / ticks;
        const int x = static_cast<int>(std::lround(g.xOf(f)));
        painter.setPen(QPen(colors.border, 0));
        painter.drawLine(std::min(x, g.axis.right()), g.axis.bottom() - 3,
                         std::min(x, g.axis.right()), g.axis.bottom());
        const int decimals = span > 0.2 ? 0 : span > 0.02 ? 1 : span > 0.002 ? 2 : 4;
        const QString text = f <= 0 ? QStringLiteral("0")
            : f >= 1
            ? QStringLiteral("2¹²⁸−1")
            : QLocale().toString(f * 100, 'f', ticks == 8 && i % 2 && decimals == 0 ? 1 : decimals)
                + QStringLiteral(" %");
        const int wide = fm.horizontalAdvance(text);
        const int at = i == 0 ? x : i == ticks ? x - wide : x - wide / 2;
        painter.setPen(colors.mutedText);
        painter.drawText(QRect(at, g.axis.top(), wide + 2, g.axis.height() - 4),
                         Qt::AlignLeft | Qt::AlignVCenter, text);
    }
    painter.setPen(colors.mutedText);
    const int labels = g.axis.left() - 6;
    // In two lines where one is too narrow.
    painter.drawText(QRect(0, g.lineage.top(), labels, g.lineage.height()),
                     Qt::AlignRight | Qt::AlignTop | Qt::TextWordWrap, lessThan(g.depth));
    painter.drawText(QRect(0, g.nowRow.top(), labels, g.nowRow.height()),
                     Qt::AlignRight | Qt::AlignVCenter, tr("now"));
    painter.drawText(QRect(0, g.heat.top(), labels, g.heat.height()),
                     Qt::AlignRight | Qt::AlignVCenter, tr("heat"));
    painter.setFont(font());
}

void ShardMap::paintLineage(QPainter& painter, const ShardMapGeometry& g) const
{
    const Palette& colors = ui::palette();
    painter.setFont(smallFont(font()));
    const QFontMetrics fm = painter.fontMetrics();
    const auto label = [&](const QRect& box, const MapShard& shard, const QColor& pen) {
        const QString text = QStringLiteral("%1").arg(shard.slot.value);
        if (box.width() < fm.horizontalAdvance(text) + 10 || box.height() < fm.height() + 2)
            return;
        painter.setPen(pen);
        painter.drawText(box, Qt::AlignCenter, text);
    };
    const QColor plain = onPlot(colors.ingest, 34);
    const QColor chosen = onPlot(colors.ingest, 64);
    int painted = g.axis.left(); // shards narrower than a pixel must not tint it twice
    QRect run; // neighbours without a gap, all plain and of one age, are one rectangle
    const auto flush = [&] {
        if (!run.isEmpty())
            painter.fillRect(run, plain);
        run = {};
    };
    for (const MapShard& shard : m_model.open) {
        QRect box = g.lineageOf(shard);
        if (box.right() < g.axis.left() || box.left() > g.axis.right())
            continue;
        box.setBottom(g.lineage.bottom());
        const int gap = box.width() > kNarrow ? 1 : 0;
        QRect body = box.adjusted(gap, gap, -gap, 0);
        body.setLeft(std::max(body.left(), painted));
        painted = body.right() + 1;
        if (body.width() < 1)
            continue;
        const bool selected = shard.slot == m_selected;
        if (gap == 0 && !selected && !shard.changing) {
            if (run.isEmpty() || run.top() != body.top() || run.right() + 1 != body.left()) {
                flush();
                run = body;
            } else {
                run.setRight(body.right());
            }
            continue;
        }
        if (shard.changing)
            hatched(painter, body, colors.splitting, Qt::BDiagPattern, selected ? 64 : 34);
        else
            painter.fillRect(body, selected ? chosen : plain);
        label(body, shard, colors.text);
    }
    flush();
    for (const MapShard& shard : m_model.closed) {
        const QRect box = g.lineageOf(shard);
        if (box.right() < g.axis.left() || box.left() > g.axis.right())
            continue;
        const int gap = box.width() > kNarrow ? 1 : 0;
        const QRect body = box.adjusted(gap, gap, -gap, -gap);
        if (shard.expired) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(colors.closedShard, 1));
            painter.drawRect(body.adjusted(0, 0, -1, -1));
        } else {
            hatched(painter, body, colors.closedShard, Qt::FDiagPattern, 26);
        }
        const QString text = QStringLiteral("%1").arg(shard.slot.value);
        if (body.width() > fm.horizontalAdvance(text) + 10 && body.height() > fm.height() + 2) {
            QRect tag(0, 0, fm.horizontalAdvance(text) + 8, fm.height());
            tag.moveCenter(body.center());
            painter.fillRect(tag, withAlpha(colors.plot, 215));
        }
        label(body, shard, colors.mutedText);
        // Where the shard ended its children begin: the fork or the join of the braid.
        painter.setPen(QPen(colors.closedShard, 1));
        painter.drawLine(box.left() + gap, box.bottom() + 1 - gap, box.right() - gap,
                         box.bottom() + 1 - gap);
    }
    painter.setFont(font());
}

int ShardMap::wordsNeed() const
{
    if (!m_wordsFont || *m_wordsFont != font()) {
        m_wordsFont = font();
        const QFontMetrics fm(titleFont(font()));
        m_wordsNeed = std::max(kWide, fm.horizontalAdvance(QStringLiteral("100 %")) + 14);
    }
    return m_wordsNeed;
}

void ShardMap::paintCell(QPainter& painter, const QRect& cell, const MapShard& shard) const
{
    const Palette& colors = ui::palette();
    const bool over = shard.percent > 100 || shard.refusedPerSecond > 0;
    const double part = std::clamp(shard.percent / kFullBar, 0.0, 1.0);
    if (cell.width() < wordsNeed()) {
        // A column that fills from below, the part beyond the limit hatched.
        const int high = static_cast<int>(std::lround(part * cell.height()));
        const int limit = static_cast<int>(std::lround(100 / kFullBar * cell.height()));
        painter.fillRect(cell, onPlot(colors.ingest, 30));
        painter.fillRect(QRect(cell.left(), cell.bottom() + 1 - std::min(high, limit), cell.width(),
                               std::min(high, limit)),
                         onPlot(colors.ingest, 198)); // 190 over the 30
        if (high > limit)
            painter.fillRect(
                QRect(cell.left(), cell.bottom() + 1 - high, cell.width(), high - limit),
                colors.refused);
        if (cell.width() < kFigures)
            return; // among a thousand of them a font would cost more than all the picture
        painter.setFont(smallFont(font()));
        const QFontMetrics fm = painter.fontMetrics();
        const QString load = format::percent(shard.percent);
        if (cell.width() >= fm.horizontalAdvance(load) + 6) {
            const QRect tag(cell.left(), cell.top(), cell.width(), fm.height() + 1);
            painter.fillRect(tag, withAlpha(colors.plot, 190));
            painter.setPen(over ? colors.refused : colors.text);
            painter.drawText(tag, Qt::AlignCenter, load);
        }
        painter.setFont(font());
        return;
    }
    painter.fillRect(cell, withAlpha(colors.ingest, shard.slot == m_selected ? 64 : 34));
    if (shard.changing)
        painter.fillRect(cell, QBrush(withAlpha(colors.splitting, 110), Qt::BDiagPattern));

    const QRect bar(cell.left() + 8, cell.bottom() - 8, cell.width() - 16, 4);
    const auto widthAt = [&](double percent) {
        return static_cast<int>(
            std::lround(std::clamp(percent / kFullBar, 0.0, 1.0) * bar.width()));
    };
    painter.fillRect(bar, withAlpha(colors.ingest, 48));
    painter.fillRect(
        QRect(bar.left(), bar.top(), widthAt(std::min(100.0, shard.percent)), bar.height()),
        colors.ingest);
    if (shard.percent > 100)
        painter.fillRect(QRect(bar.left() + widthAt(100), bar.top(),
                               widthAt(shard.percent) - widthAt(100), bar.height()),
                         colors.refused);
    painter.fillRect(QRect(bar.left() + widthAt(100), bar.top() - 2, 1, bar.height() + 4),
                     colors.limit);

    const QRect line(cell.left() + 8, cell.top() + 2, cell.width() - 16, cell.height() - 14);
    const QFontMetrics fm(titleFont(font()));
    const QString load = format::percent(shard.percent);
    const QString name = QStringLiteral("%1").arg(shard.slot.value);
    painter.setFont(font());
    const int loadWide = fm.horizontalAdvance(load);
    const bool both = line.width() >= loadWide + painter.fontMetrics().horizontalAdvance(name) + 10;
    if (both) {
        painter.setPen(colors.mutedText);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, name);
    }
    const int indent = both ? painter.fontMetrics().horizontalAdvance(name) + 10 : 0;
    painter.setFont(titleFont(font()));
    painter.setPen(over ? colors.refused : colors.text);
    painter.drawText(line.adjusted(indent, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, load);
    const QString refused = QStringLiteral("✕ %1").arg(format::count(shard.refusedPerSecond));
    if (shard.refusedPerSecond > 0
        && line.width() >= indent + loadWide + 14 + fm.horizontalAdvance(refused))
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, refused);
    painter.setFont(font());
}

void ShardMap::paintNow(QPainter& painter, const ShardMapGeometry& g) const
{
    const Palette& colors = ui::palette();
    for (const MapShard& shard : m_model.open) {
        const QRect cell = g.rectOf(shard);
        if (cell.right() < g.axis.left() || cell.left() > g.axis.right())
            continue;
        const int gap = cell.width() > kNarrow ? 1 : 0;
        paintCell(painter, cell.adjusted(gap, 0, -gap, 0), shard);
        // In a narrow cell the handle's line would strike its figures through.
        if (cell.width() < kHandleShows || (m_split && m_splitting == shard.slot)
            || (shard.slot != m_selected && m_hovered != shard.slot))
            continue;
        const QRect handle = handleRect(shard.slot);
        if (!handle.isEmpty()) {
            painter.setPen(QPen(colors.mutedText, 1, Qt::DotLine));
            const int x = handle.center().x();
            painter.drawLine(x, g.nowRow.top() + 2, x, g.nowRow.bottom() - 12);
        }
    }
    if (const MapShard* shard = ui::find(m_model, m_selected)) {
        QRect box = g.rectOf(*shard);
        if (shard->open)
            box.setTop(g.lineageOf(*shard).top());
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colors.accent, 2));
        painter.drawRect(QRectF(box).adjusted(1, 1, -1, -1));
    }
}

void ShardMap::paintHeat(QPainter& painter, const ShardMapGeometry& g) const
{
    const Palette& colors = ui::palette();
    m_heat.paint(painter, g.heat, g.from, g.to);
    double before = -10;
    for (const MapShard& shard : m_model.open) {
        const double x = g.xOf(shard.left);
        // Borders closer than this would be a pattern of their own.
        if (shard.left > g.from && x - before >= 12 && g.rectOf(shard).width() >= 12) {
            painter.fillRect(QRectF(std::round(x), g.heat.top(), 1, g.heat.height()),
                             withAlpha(colors.plot, 170));
            before = x;
        }
    }
    if (!m_pin)
        return;
    const int x = static_cast<int>(std::lround(g.xOf(m_pin->hash.fraction())));
    painter.setPen(QPen(colors.text, 1));
    painter.drawLine(x, g.axis.bottom(), x, g.heat.bottom());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(colors.text);
    const QPointF drop[] {{x - 5.0, g.lineage.top() + 0.0},
                          {x + 5.0, g.lineage.top() + 0.0},
                          {x + 0.0, g.lineage.top() + 8.0}};
    painter.drawPolygon(drop, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto shard = pinnedShard();
    const QString text = shard ? tr("%1 → shard %2").arg(m_pin->key).arg(shard->value) : m_pin->key;
    painter.setFont(smallFont(font()));
    QRect tag(0, 0, painter.fontMetrics().horizontalAdvance(text) + 10,
              painter.fontMetrics().height() + 2);
    const bool leftSide = x + 8 + tag.width() > g.axis.right();
    tag.moveTopLeft({leftSide ? x - 8 - tag.width() : x + 8, g.lineage.top() + 2});
    painter.fillRect(tag, withAlpha(colors.plot, 225));
    painter.setPen(colors.text);
    painter.drawText(tag, Qt::AlignCenter, text);
    painter.setFont(font());
}

void ShardMap::paintPreview(QPainter& painter, const ShardMapGeometry& g) const
{
    const Palette& colors = ui::palette();
    if (m_merge && m_merge->over) {
        QRect area
            = g.rectOf(m_model.open[m_merge->border - 1]) | g.rectOf(m_model.open[m_merge->border]);
        if (!m_merge->preview.possible)
            area |= g.rectOf(m_model.open[*m_merge->over]);
        const QColor ink = m_merge->preview.possible ? colors.accent : colors.refused;
        painter.fillRect(area, QBrush(withAlpha(ink, 150), Qt::DiagCrossPattern));
        paintCard(painter, area.center(), rect(),
                  {m_merge->preview.possible ? tr("Merge") : tr("Cannot merge"),
                   m_merge->preview.sentence},
                  colors);
    }
    if (!m_split)
        return;
    const MapShard* shard = ui::find(m_model, m_splitting);
    if (shard == nullptr)
        return;
    const QRect cell = g.rectOf(*shard);
    const int x = static_cast<int>(std::lround(g.xOf(m_split->at.fraction())));
    painter.fillRect(QRect(x - 1, g.lineage.top(), 2, g.heat.bottom() - g.lineage.top()),
                     colors.accent);
    painter.setFont(titleFont(font()));
    const QFontMetrics fm = painter.fontMetrics();
    const auto tag = [&](const QString& text, bool left, bool over) {
        QRect box(0, 0, fm.horizontalAdvance(text) + 12, fm.height() + 6);
        box.moveTopLeft(
            {left ? x - 4 - box.width() : x + 5, g.lineage.bottom() - box.height() - 4});
        painter.fillRect(box, withAlpha(colors.panel, 240));
        painter.setPen(over ? colors.refused : colors.text);
        painter.drawText(box, Qt::AlignCenter, text);
    };
    tag(format::percent(m_split->leftPercent), true, m_split->leftPercent > 100);
    tag(format::percent(m_split->rightPercent), false, m_split->rightPercent > 100);
    painter.setFont(font());
    painter.fillRect(QRect(x - 4, g.nowRow.center().y() - 8, 9, 16), colors.accent);
    painter.setPen(QPen(colors.accent, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(cell.adjusted(0, 0, -1, -1));
}

} // namespace shardscope::ui
