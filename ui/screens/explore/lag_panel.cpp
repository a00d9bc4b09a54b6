#include "ui/screens/explore/lag_panel.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

#include "ui/format.h"
#include "ui/widgets/plot_style.h"

namespace shardscope::ui {

LagPanel::LagPanel(QWidget* parent)
    : QWidget(parent)
{
    installSpokenPictures();
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void LagPanel::present(const Snapshot& snapshot)
{
    m_rows = lagRows(snapshot);
    m_records = 0;
    for (const ConsumerRow& consumer : snapshot.consumers)
        if (!consumer.removed)
            m_records += static_cast<double>(consumer.lagRecords);
    m_empty = m_rows.empty() ? tr("Records are stored for %1 h and nobody reads them.")
                                   .arg(snapshot.stream.summary.retentionHours)
                             : QString();
    update();
}

QString LagPanel::spokenText() const
{
    QStringList parts;
    for (const LagRow& row : m_rows)
        parts << tr("%1: %2 behind, %3, %4").arg(row.name, row.records, row.age, row.trend);
    return parts.isEmpty() ? m_empty : parts.join(QStringLiteral("; "));
}

QSize LagPanel::minimumSizeHint() const
{
    const PlotMargins m = plotMargins(font());
    return {200, m.title + 2 * (QFontMetrics(font()).height() * 2 + 12)};
}

void LagPanel::paintEvent(QPaintEvent*)
{
    const Palette& colors = ui::palette();
    QPainter painter(this);
    painter.fillRect(rect(), colors.plot);
    const PlotMargins m = plotMargins(font());
    paintTitle(painter, QRect(0, 0, width() - m.right, m.title), tr("Lag"),
               m_rows.empty() ? QString() : tr("%1 records").arg(format::count(m_records)), false,
               colors);
    const int width = this->width() - m.right;
    if (m_rows.empty()) {
        paintEmpty(painter, QRect(0, m.title, width, height() - m.title - 8), m_empty, colors);
        return;
    }
    const QFontMetrics fm(font());
    const QFontMetrics small(smallFont(font()));
    const int least = fm.height() + small.height() + 8;
    const int shown = std::clamp((height() - m.title) / least, 1, static_cast<int>(m_rows.size()));
    const int step = std::min(least + 12, (height() - m.title) / shown);
    for (int i = 0; i < shown; ++i) {
        const LagRow& row = m_rows[static_cast<std::size_t>(i)];
        const QRect line(0, m.title + i * step, width, fm.height());
        const QRect below(0, line.bottom() + 1, width, small.height());
        painter.setFont(font());
        const int right = fm.horizontalAdvance(row.age);
        painter.setPen(colors.text);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, row.age);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                         fm.elidedText(row.name, Qt::ElideRight, width - right - 12));
        painter.setFont(smallFont(font()));
        painter.setPen(row.alarming ? colors.refused : colors.mutedText);
        const int records = small.horizontalAdvance(row.records);
        painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter,
                         small.elidedText(row.trend, Qt::ElideRight, width - records - 12));
        painter.setPen(colors.mutedText);
        painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, row.records);
        const QRect bar(0, below.bottom() + 2, width, 3);
        painter.fillRect(bar, colors.grid);
        painter.fillRect(QRect(bar.left(), bar.top(),
                               static_cast<int>(std::lround(row.bar * bar.width())), bar.height()),
                         colors.lag);
    }
    if (shown < static_cast<int>(m_rows.size())) {
        painter.setFont(smallFont(font()));
        painter.setPen(colors.mutedText);
        painter.drawText(QRect(0, 0,
                               width - small.horizontalAdvance(QStringLiteral("000.0k records  ")),
                               m.title),
                         Qt::AlignRight | Qt::AlignVCenter,
                         tr("%1 more").arg(static_cast<int>(m_rows.size()) - shown));
    }
}

} // namespace shardscope::ui
