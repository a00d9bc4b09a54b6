#include "ui/screens/readers/read_share.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

#include "core/engine/limits.h"
#include "ui/format.h"
#include "ui/style/reader_color.h"
#include "ui/text.h"
#include "ui/widgets/plot_style.h"

namespace shardscope::ui {
namespace {

constexpr double kReadBytes = static_cast<double>(limits::kShardReadBytes);
constexpr double kReadCalls = static_cast<double>(limits::kShardReadCalls);
constexpr int kGap = 10;
constexpr int kOwnLeast = 10; // pixels of a fan-out reader's bar
constexpr int kCallsWidth = 60;

/// A rate with one decimal: of five calls, tenths matter.
QString tenths(double n)
{
    return QString::number(n, 'f', 1);
}

} // namespace

ShareRow shareOf(const Snapshot& snapshot, ShardSlot shard)
{
    ShareRow row;
    for (const ConsumerRow& reader : snapshot.consumers) {
        // Ascending by shard, as a reader's progress tells it.
        const auto place = std::lower_bound(reader.reading.begin(), reader.reading.end(), shard);
        if (reader.removed || place == reader.reading.end() || *place != shard)
            continue;
        const auto i = static_cast<std::size_t>(place - reader.reading.begin());
        if (i >= reader.readRates.size())
            continue;
        const ReadRate& rate = reader.readRates[i];
        const ShareRow::Part part {&reader, rate.bytesPerSecond,
                                   rate.callsPerSecond - rate.refusedCallsPerSecond};
        if (reader.fanOut) {
            row.own.push_back(part);
            continue;
        }
        row.shared.push_back(part);
        row.bytesPerSecond += part.bytesPerSecond;
        row.callsPerSecond += part.callsPerSecond;
        row.refusedCallsPerSecond += rate.refusedCallsPerSecond;
    }
    return row;
}

std::vector<ShardSlot> sharedShards(const Snapshot& snapshot)
{
    std::vector<bool> isRead(snapshot.shards.size());
    for (const ConsumerRow& reader : snapshot.consumers)
        if (!reader.removed)
            for (const ShardSlot shard : reader.reading)
                if (shard.index() < isRead.size())
                    isRead[shard.index()] = true;
    std::vector<ShardSlot> shards;
    for (const ShardRow& row : snapshot.shards)
        if (row.state == ShardState::Open || isRead[row.slot.index()])
            shards.push_back(row.slot);
    return shards;
}

QStringList shareCard(const Snapshot& snapshot, ShardSlot shard)
{
    const ShareRow row = shareOf(snapshot, shard);
    QStringList lines;
    lines << ReadShare::tr("Shard %1: %2 of the shared 2 MiB/s and %3 of %4 calls/s are taken")
                 .arg(QString::number(shard.value),
                      format::percent(row.bytesPerSecond / kReadBytes * 100),
                      tenths(row.callsPerSecond), QString::number(limits::kShardReadCalls));
    for (const ShareRow::Part& part : row.shared)
        lines << ReadShare::tr("%1: %2, %3 calls/s")
                     .arg(toQt(part.reader->spec.name), format::bytesPerSecond(part.bytesPerSecond),
                          tenths(part.callsPerSecond));
    if (row.refusedCallsPerSecond > 0)
        lines << ReadShare::tr("▽ %1 calls/s refused").arg(tenths(row.refusedCallsPerSecond));
    for (const ShareRow::Part& part : row.own)
        lines << ReadShare::tr("%1: %2 of 2 MiB/s of its own")
                     .arg(toQt(part.reader->spec.name),
                          format::bytesPerSecond(part.bytesPerSecond));
    return lines;
}

ReadShare::ReadShare(QWidget* parent)
    : QAbstractScrollArea(parent)
{
    installSpokenPictures();
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
}

void ReadShare::present(std::shared_ptr<const Snapshot> snapshot)
{
    m_snapshot = std::move(snapshot);
    m_shards = sharedShards(*m_snapshot);
    m_hasOwn = std::any_of(m_snapshot->consumers.begin(), m_snapshot->consumers.end(),
                           [](const ConsumerRow& c) { return !c.removed && c.fanOut; });
    updateBar();
    viewport()->update();
}

void ReadShare::setSelected(ShardSlot shard)
{
    if (shard == m_selected)
        return;
    m_selected = shard;
    viewport()->update();
}

QString ReadShare::spokenName() const
{
    return tr("Read share, shard %1").arg(m_selected.value);
}

QString ReadShare::spokenText() const
{
    return m_snapshot == nullptr ? QString()
                                 : shareCard(*m_snapshot, m_selected).join(QStringLiteral("; "));
}

double ReadShare::spokenValue() const
{
    return m_snapshot == nullptr
        ? 0
        : shareOf(*m_snapshot, m_selected).bytesPerSecond / kReadBytes * 100;
}

QSize ReadShare::minimumSizeHint() const
{
    const Columns at = columns();
    return {at.name.width() + at.percent.width() + kCallsWidth + at.callsText.width()
                + at.refused.width() + 160,
            at.height * 4};
}

ReadShare::Columns ReadShare::columns() const
{
    const QFontMetrics small(smallFont(font()));
    Columns at;
    at.height = small.height() + 10;
    const int bar = std::max(8, small.height() - 2);
    const int lift = (at.height - bar) / 2;
    int x = kGap;
    const auto place = [&](QRect& rect, int width, bool text) {
        rect = text ? QRect(x, 0, width, at.height) : QRect(x, lift, width, bar);
        x += width + kGap;
    };
    const int name = small.horizontalAdvance(tr("shard %1").arg(10'000));
    const int percent = small.horizontalAdvance(QStringLiteral("000 %"));
    const int calls = small.horizontalAdvance(tr("%1 of %2").arg(QStringLiteral("0.0")).arg(5));
    const int refused = small.horizontalAdvance(QStringLiteral("▽ 00.0/s"));
    const int rest
        = viewport()->width() - name - percent - kCallsWidth - calls - refused - 7 * kGap;
    const int own = m_hasOwn ? std::max(40, rest * 2 / 5) : 0;
    place(at.name, name, true);
    place(at.bar, std::max(40, rest - own - (m_hasOwn ? kGap : 0)), false);
    place(at.percent, percent, true);
    place(at.calls, kCallsWidth, false);
    place(at.callsText, calls, true);
    place(at.refused, refused, true);
    if (m_hasOwn)
        place(at.own, own, false);
    return at;
}

int ReadShare::top(std::size_t line) const
{
    const Columns at = columns();
    return at.height * (static_cast<int>(line) + 2) - verticalScrollBar()->value();
}

QRect ReadShare::barRect(ShardSlot shard) const
{
    const auto found = std::find(m_shards.begin(), m_shards.end(), shard);
    if (found == m_shards.end())
        return {};
    const QRect bar
        = columns().bar.translated(0, top(static_cast<std::size_t>(found - m_shards.begin())));
    return viewport()->rect().contains(bar) ? bar : QRect();
}

std::optional<ShardSlot> ReadShare::shardAt(const QPoint& at) const
{
    const int height = columns().height;
    const int line = (at.y() + verticalScrollBar()->value()) / height - 2;
    if (at.y() < 2 * height || line < 0 || line >= static_cast<int>(m_shards.size()))
        return std::nullopt;
    return m_shards[static_cast<std::size_t>(line)];
}

void ReadShare::paintHeadings(QPainter& painter, const Columns& at) const
{
    const Palette& colors = ui::palette();
    painter.fillRect(QRect(0, 0, viewport()->width(), at.height * 2), colors.plot);
    painter.setFont(font());
    paintTitle(painter, QRect(kGap, 4, viewport()->width() - 2 * kGap, at.height),
               tr("Read share · mean of %1 s").arg(kReadRateOver / SimDuration::seconds(1)),
               tr("%n shard(s)", nullptr, static_cast<int>(m_shards.size())), false, colors);
    painter.setFont(smallFont(font()));
    painter.setPen(colors.mutedText);
    const auto heading = [&](const QRect& column, int width, const QString& text) {
        painter.drawText(QRect(column.left(), at.height, width, at.height),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text, Qt::ElideRight, width));
    };
    heading(at.bar, at.bar.width() + at.percent.width(), tr("shared 2 MiB/s"));
    heading(at.calls, at.calls.width() + at.callsText.width(), tr("shared 5 calls/s"));
    heading(at.refused, at.refused.width(), tr("refused"));
    if (m_hasOwn)
        heading(at.own, at.own.width(), tr("fan-out, 2 MiB/s each"));
    painter.setPen(colors.border);
    painter.drawLine(0, at.height * 2 - 1, viewport()->width(), at.height * 2 - 1);
}

void ReadShare::paintStack(QPainter& painter, const QRect& track,
                           const std::vector<ShareRow::Part>& parts, double ShareRow::Part::*value,
                           double limit) const
{
    const Palette& colors = ui::palette();
    painter.fillRect(track, colors.grid);
    double sum = 0;
    for (const ShareRow::Part& part : parts) {
        const auto x = [&](double n) {
            return track.left()
                + static_cast<int>(std::lround(std::min(1.0, n / limit) * track.width()));
        };
        const int from = x(sum);
        sum += part.*value;
        // One pixel of ground tells neighbours apart without their colours.
        const int width = x(sum) - from;
        if (width > 0)
            painter.fillRect(from, track.top(), std::max(1, width - 1), track.height(),
                             readerColor(part.reader->slot));
    }
    painter.setPen(colors.limit);
    painter.drawLine(track.right() + 1, track.top() - 2, track.right() + 1, track.bottom() + 2);
}

void ReadShare::paintOwn(QPainter& painter, const QRect& room, const ShareRow& row) const
{
    const int count = static_cast<int>(row.own.size());
    if (count == 0)
        return;
    const int fit = std::max(1, room.width() / kOwnLeast);
    const int shown = count <= fit ? count : fit - 1;
    const int each = room.width() / std::min(count, fit);
    for (int i = 0; i < shown; ++i) {
        const ShareRow::Part& part = row.own[static_cast<std::size_t>(i)];
        const QRect track(room.left() + i * each, room.top(), each - 5, room.height());
        paintStack(painter, track, {part}, &ShareRow::Part::bytesPerSecond, kReadBytes);
    }
    if (shown < count) {
        painter.setPen(ui::palette().mutedText);
        painter.drawText(
            QRect(room.left() + shown * each, room.top() - 4, 3 * each, room.height() + 8),
            Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("+%1").arg(count - shown));
    }
}

void ReadShare::paintLine(QPainter& painter, const Columns& at, std::size_t line) const
{
    const Palette& colors = ui::palette();
    const ShardSlot shard = m_shards[line];
    const ShareRow row = shareOf(*m_snapshot, shard);
    const int y = top(line);
    if (shard == m_selected) {
        painter.fillRect(QRect(0, y, viewport()->width(), at.height), withAlpha(colors.accent, 30));
        painter.fillRect(QRect(0, y, 3, at.height), colors.accent);
        if (hasFocus()) {
            painter.setPen(QPen(colors.focus, 2));
            painter.drawRect(QRect(1, y + 1, viewport()->width() - 2, at.height - 2));
        }
    }
    painter.setPen(colors.text);
    painter.drawText(at.name.translated(0, y), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("shard %1").arg(shard.value));
    paintStack(painter, at.bar.translated(0, y), row.shared, &ShareRow::Part::bytesPerSecond,
               kReadBytes);
    paintStack(painter, at.calls.translated(0, y), row.shared, &ShareRow::Part::callsPerSecond,
               kReadCalls);
    painter.setPen(colors.text);
    painter.drawText(at.percent.translated(0, y), Qt::AlignRight | Qt::AlignVCenter,
                     format::percent(row.bytesPerSecond / kReadBytes * 100));
    painter.drawText(at.callsText.translated(0, y), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("%1 of %2").arg(tenths(row.callsPerSecond)).arg(limits::kShardReadCalls));
    if (row.refusedCallsPerSecond > 0) {
        painter.setPen(colors.refused);
        painter.drawText(at.refused.translated(0, y), Qt::AlignLeft | Qt::AlignVCenter,
                         tr("▽ %1/s").arg(tenths(row.refusedCallsPerSecond)));
    }
    if (m_hasOwn)
        paintOwn(painter, at.own.translated(0, y), row);
}

void ReadShare::paintEvent(QPaintEvent*)
{
    const Palette& colors = ui::palette();
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), colors.plot);
    const Columns at = columns();
    painter.setFont(smallFont(font()));
    const auto first = static_cast<std::size_t>(verticalScrollBar()->value() / at.height);
    for (std::size_t line = first; line < m_shards.size(); ++line) {
        if (top(line) >= viewport()->height())
            break;
        paintLine(painter, at, line);
    }
    paintHeadings(painter, at);
}

void ReadShare::updateBar()
{
    const int height = columns().height;
    const int room = std::max(1, viewport()->height() - 2 * height);
    verticalScrollBar()->setRange(0,
                                  std::max(0, static_cast<int>(m_shards.size()) * height - room));
    verticalScrollBar()->setPageStep(room);
    verticalScrollBar()->setSingleStep(height);
}

void ReadShare::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateBar();
}

void ReadShare::mousePressEvent(QMouseEvent* event)
{
    if (const auto shard = shardAt(event->position().toPoint()))
        emit shardChosen(*shard);
}

void ReadShare::bringIntoSight()
{
    const auto found = std::find(m_shards.begin(), m_shards.end(), m_selected);
    const int height = columns().height;
    const int from = static_cast<int>(found - m_shards.begin()) * height;
    QScrollBar* bar = verticalScrollBar();
    bar->setValue(std::clamp(bar->value(), from + height - bar->pageStep(), from));
}

void ReadShare::keyPressEvent(QKeyEvent* event)
{
    const auto found = std::find(m_shards.begin(), m_shards.end(), m_selected);
    const auto count = static_cast<std::ptrdiff_t>(m_shards.size());
    const std::ptrdiff_t step = event->key() == Qt::Key_Down ? 1
        : event->key() == Qt::Key_Up                         ? -1
                                                             : 0;
    if (step == 0 || count == 0)
        return QAbstractScrollArea::keyPressEvent(event);
    const std::ptrdiff_t line = found == m_shards.end() ? 0 : found - m_shards.begin() + step;
    emit shardChosen(
        m_shards[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(line, 0, count - 1))]);
    bringIntoSight();
}

bool ReadShare::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    auto* help = static_cast<QHelpEvent*>(event);
    if (const auto shard = shardAt(help->pos()))
        QToolTip::showText(help->globalPos(),
                           shareCard(*m_snapshot, *shard).join(QLatin1Char('\n')), viewport());
    else
        QToolTip::hideText();
    return true;
}

void ReadShare::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateBar();
    viewport()->update();
}

} // namespace shardscope::ui
