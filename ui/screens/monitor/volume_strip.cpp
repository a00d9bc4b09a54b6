#include "ui/screens/monitor/volume_strip.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <utility>

#include "ui/format.h"
#include "ui/style/palette.h"

namespace shardscope::ui {

namespace {

constexpr int kParts = 160;
/// Lengths of a part, milliseconds: what people count time in.
constexpr std::array<std::int64_t, 15> kSteps {
    100,    200,     500,     1'000,     2'000,     5'000,      10'000,    30'000,
    60'000, 300'000, 600'000, 1'800'000, 3'600'000, 21'600'000, 86'400'000};
constexpr int kSide = 10; // as the controls above it
constexpr int kBarsHigh = 28;

QString clockOf(std::int64_t ms)
{
    return format::clock(SimTime::fromMillis(ms));
}

} // namespace

Volume Volume::of(const RecordsModel& records, int most)
{
    Volume made;
    const int rows = records.rowCount();
    if (rows == 0)
        return made;
    const auto arrival = [&records](int row) { return records.arrivalMs(row); };
    std::int64_t first = arrival(0);
    std::int64_t last = first;
    for (int row = 1; row < rows; ++row) {
        first = std::min(first, arrival(row));
        last = std::max(last, arrival(row));
    }
    const auto partsOf = [&](std::int64_t step) { return last / step - first / step + 1; };
    const auto fits = std::find_if(kSteps.begin(), kSteps.end(),
                                   [&](std::int64_t step) { return partsOf(step) <= most; });
    made.stepMs = fits != kSteps.end() ? *fits : (last - first) / (most - 1) + 1;
    made.fromMs = first / made.stepMs * made.stepMs;
    made.parts.resize(static_cast<std::size_t>(partsOf(made.stepMs)));
    for (int row = 0; row < rows; ++row)
        ++made.parts[made.partOf(arrival(row))];
    return made;
}

std::size_t Volume::partOf(std::int64_t ms) const
{
    return static_cast<std::size_t>(std::clamp<std::int64_t>(
        (ms - fromMs) / stepMs, 0, static_cast<std::int64_t>(parts.size()) - 1));
}

VolumeStrip::VolumeStrip(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("volume"));
    setAccessibleName(tr("Volume of the records read, over time"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
}

QSize VolumeStrip::sizeHint() const
{
    return {200, kBarsHigh + fontMetrics().height() + 8};
}

QRect VolumeStrip::ground() const
{
    return {kSide, 2, std::max(1, width() - 2 * kSide), kBarsHigh};
}

void VolumeStrip::present(const RecordsModel& records)
{
    const std::int64_t seen = records.dropped() * 2 + records.rowCount();
    if (std::exchange(m_seen, seen) == seen)
        return;
    m_volume = Volume::of(records, kParts);
    if (!m_volume.empty())
        setAccessibleDescription(tr("%1 records from %2 to %3 UTC")
                                     .arg(format::exact(records.rowCount()),
                                          clockOf(m_volume.fromMs),
                                          clockOf(m_volume.beginOf(m_volume.parts.size()))));
    update();
}

void VolumeStrip::mark(std::int64_t arrivalMs)
{
    if (std::exchange(m_marked, arrivalMs) != arrivalMs)
        update();
}

std::size_t VolumeStrip::partAt(int x) const
{
    const auto all = static_cast<int>(m_volume.parts.size());
    return static_cast<std::size_t>(
        std::clamp((x - ground().left()) * all / ground().width(), 0, all - 1));
}

void VolumeStrip::seek(int x)
{
    if (m_volume.empty())
        return;
    const std::size_t part = partAt(x);
    emit sought((m_volume.beginOf(part) + m_volume.beginOf(part + 1)) / 2);
}

void VolumeStrip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        seek(event->position().toPoint().x());
}

void VolumeStrip::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons().testFlag(Qt::LeftButton))
        seek(event->position().toPoint().x());
}

bool VolumeStrip::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && !m_volume.empty()) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const std::size_t part = partAt(help->pos().x());
        QToolTip::showText(
            help->globalPos(),
            tr("%1 – %2 UTC: %n record(s)", nullptr, m_volume.parts[part])
                .arg(clockOf(m_volume.beginOf(part)), clockOf(m_volume.beginOf(part + 1))),
            this);
        return true;
    }
    return QWidget::event(event);
}

void VolumeStrip::paintEvent(QPaintEvent* /*event*/)
{
    if (m_volume.empty())
        return;
    QPainter painter(this);
    const Palette& colours = ui::palette();
    const QRect bars = ground();
    const int most = *std::max_element(m_volume.parts.begin(), m_volume.parts.end());
    const auto all = static_cast<int>(m_volume.parts.size());
    const auto xOf = [&](int part) { return bars.left() + part * bars.width() / all; };
    const std::size_t marked = m_marked < 0 ? m_volume.parts.size() : m_volume.partOf(m_marked);
    for (int part = 0; part < all; ++part) {
        const int records = m_volume.parts[static_cast<std::size_t>(part)];
        if (records == 0)
            continue;
        const int high = std::max(1, records * bars.height() / most);
        const int gap = bars.width() / all > 3 ? 1 : 0;
        painter.fillRect(xOf(part), bars.bottom() + 1 - high, xOf(part + 1) - xOf(part) - gap, high,
                         static_cast<std::size_t>(part) == marked ? colours.text : colours.ingest);
    }
    painter.setPen(colours.border);
    painter.drawLine(bars.bottomLeft() + QPoint(0, 1), bars.bottomRight() + QPoint(0, 1));
    painter.setPen(colours.mutedText);
    const QRect words(bars.left(), bars.bottom() + 3, bars.width(), fontMetrics().height());
    painter.drawText(words, Qt::AlignLeft, clockOf(m_volume.fromMs));
    painter.drawText(words, Qt::AlignRight, clockOf(m_volume.beginOf(m_volume.parts.size())));
    painter.drawText(
        words, Qt::AlignHCenter,
        tr("peak %1 in %2")
            .arg(format::exact(most), format::duration(SimDuration::millis(m_volume.stepMs))));
}

} // namespace shardscope::ui
