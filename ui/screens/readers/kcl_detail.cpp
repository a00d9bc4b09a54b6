#include "ui/screens/readers/kcl_detail.h"

#include <QHelpEvent>
#include <QLabel>
#include <QPaintEvent>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/format.h"
#include "ui/screens/readers/detail_table.h"
#include "ui/widgets/plot_style.h"

namespace shardscope::ui {
namespace {

/// So long a lease that moved stays framed.
constexpr SimDuration kLately = SimDuration::seconds(30);
constexpr std::size_t kMovesTold = 5;
constexpr int kGap = 4;

QString workerText(int worker)
{
    return worker == KclState::kNobody ? LeaseLanes::tr("nobody")
                                       : LeaseLanes::tr("worker-%1").arg(worker + 1);
}

} // namespace

LeaseLanes::LeaseLanes(QWidget* parent)
    : QWidget(parent)
{
    installSpokenPictures();
    setFocusPolicy(Qt::TabFocus);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void LeaseLanes::present(const KclState& state, SimTime now)
{
    m_state = state;
    m_now = now;
    arrange();
    update();
}

void LeaseLanes::arrange()
{
    const int before = m_lanes.empty() ? 0 : m_lanes.back().top + m_lanes.back().height;
    m_lanes = lanes(width());
    const int after = m_lanes.empty() ? 0 : m_lanes.back().top + m_lanes.back().height;
    if (before != after)
        updateGeometry();
}

int LeaseLanes::nameWidth() const
{
    return QFontMetrics(smallFont(font())).horizontalAdvance(tr("● worker-%1, leader").arg(100))
        + 12;
}

std::vector<LeaseLanes::Lane> LeaseLanes::lanes(int width) const
{
    const QFontMetrics small(smallFont(font()));
    const int chip = small.horizontalAdvance(QStringLiteral("10000")) + 12;
    const int line = small.height() + 8;
    const int room = std::max(chip + kGap, width - nameWidth());
    const int each = std::max(1, room / (chip + kGap));
    // Every worker has a lane, whether it holds anything or not; the last is nobody's.
    std::vector<Lane> made(m_state.workers.size() + 1);
    for (std::size_t i = 0; i < m_state.workers.size(); ++i)
        made[i].worker = static_cast<int>(i);
    for (std::size_t i = 0; i < m_state.leases.size(); ++i) {
        const int worker = m_state.leases[i].worker;
        const bool known = worker >= 0 && worker < static_cast<int>(m_state.workers.size());
        made[known ? static_cast<std::size_t>(worker) : m_state.workers.size()].chips.push_back(
            {{}, i, false});
    }
    std::vector<ShardSlot> moved;
    for (const KclState::Move& move : m_state.moves)
        if (m_now - move.at < kLately)
            moved.push_back(move.shard);
    int top = 0;
    for (Lane& lane : made) {
        lane.top = top;
        int place = 0;
        for (Chip& one : lane.chips) {
            one.rect = QRect(nameWidth() + place % each * (chip + kGap),
                             top + place / each * (line + kGap) + kGap, chip, line);
            one.moved = std::find(moved.begin(), moved.end(), m_state.leases[one.lease].shard)
                != moved.end();
            ++place;
        }
        const int lines = std::max(1, (place + each - 1) / each);
        lane.height = lines * (line + kGap) + kGap;
        top += lane.height;
    }
    return made;
}

int LeaseLanes::heightForWidth(int width) const
{
    const auto all = lanes(width);
    return all.empty() ? 0 : all.back().top + all.back().height;
}

QSize LeaseLanes::minimumSizeHint() const
{
    return {nameWidth() + 120, heightForWidth(std::max(width(), nameWidth() + 120))};
}

void LeaseLanes::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

QRect LeaseLanes::chipRect(ShardSlot shard) const
{
    for (const Lane& lane : m_lanes)
        for (const Chip& chip : lane.chips)
            if (m_state.leases[chip.lease].shard == shard)
                return chip.rect;
    return {};
}

QString LeaseLanes::laneText(const Lane& lane) const
{
    if (lane.worker == KclState::kNobody)
        return tr("nobody");
    const KclState::WorkerRow& worker = m_state.workers[static_cast<std::size_t>(lane.worker)];
    const QString name = workerText(lane.worker);
    return !worker.up   ? tr("✕ %1, down").arg(name)
        : worker.leader ? tr("● %1, leader").arg(name)
                        : tr("● %1").arg(name);
}

QString LeaseLanes::chipText(const KclState::LeaseRow& lease) const
{
    QStringList lines {
        tr("Shard %1 · owner %2").arg(lease.shard.value).arg(workerText(lease.owner))};
    if (lease.worker != lease.owner)
        lines << tr("worked on by %1").arg(workerText(lease.worker));
    lines << tr("leaseCounter %1").arg(format::exact(static_cast<std::int64_t>(lease.counter)))
          << tr("%1 records since the checkpoint").arg(format::exact(lease.sinceCheckpoint));
    if (lease.ended)
        lines << tr("at SHARD_END");
    if (lease.waitsForParents)
        lines << tr("waits until its parents are read");
    return lines.join(QLatin1Char('\n'));
}

QString LeaseLanes::spokenText() const
{
    QStringList said;
    for (const Lane& lane : m_lanes)
        said << tr("%1: %n lease(s)", nullptr, static_cast<int>(lane.chips.size()))
                    .arg(laneText(lane));
    return said.join(QStringLiteral("; "));
}

double LeaseLanes::spokenValue() const
{
    return m_lanes.empty() ? 0 : static_cast<double>(m_lanes.back().chips.size());
}

void LeaseLanes::paintChip(QPainter& painter, const Chip& chip) const
{
    const Palette& colors = ui::palette();
    const KclState::LeaseRow& lease = m_state.leases[chip.lease];
    const bool idle = lease.ended || lease.waitsForParents;
    QColor ground = withAlpha(colors.egress, idle ? 0 : 55);
    if (lease.worker == KclState::kNobody && !idle)
        ground = withAlpha(colors.refused, 60);
    painter.setBrush(ground);
    QPen edge(chip.moved ? colors.accent
                  : idle ? colors.closedShard
                         : colors.egress,
              chip.moved ? 2 : 1);
    if (idle)
        edge.setStyle(Qt::DashLine);
    painter.setPen(edge);
    painter.drawRoundedRect(QRectF(chip.rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setPen(idle ? colors.mutedText : colors.text);
    painter.drawText(chip.rect, Qt::AlignCenter, QString::number(lease.shard.value));
}

void LeaseLanes::paintEvent(QPaintEvent* event)
{
    const Palette& colors = ui::palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(smallFont(font()));
    const QFontMetrics metrics = painter.fontMetrics();
    for (const Lane& lane : m_lanes) {
        if (!event->rect().intersects(QRect(0, lane.top, width(), lane.height)))
            continue;
        const bool down = lane.worker != KclState::kNobody
            && !m_state.workers[static_cast<std::size_t>(lane.worker)].up;
        const bool orphans = lane.worker == KclState::kNobody && !lane.chips.empty();
        painter.setPen(down || orphans ? colors.refused : colors.mutedText);
        painter.drawText(QRect(0, lane.top + kGap, nameWidth() - 8, metrics.height() + 8),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(laneText(lane), Qt::ElideRight, nameWidth() - 8));
        for (const Chip& chip : lane.chips)
            if (event->rect().intersects(chip.rect))
                paintChip(painter, chip);
        painter.setPen(colors.grid);
        painter.drawLine(0, lane.top + lane.height - 1, width(), lane.top + lane.height - 1);
    }
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colors.focus, 2));
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

bool LeaseLanes::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    for (const Lane& lane : m_lanes)
        for (const Chip& chip : lane.chips)
            if (chip.rect.contains(help->pos())) {
                QToolTip::showText(help->globalPos(), chipText(m_state.leases[chip.lease]), this,
                                   chip.rect);
                return true;
            }
    QToolTip::hideText();
    return true;
}

KclDetail::KclDetail(QWidget* parent)
    : KindDetail(parent)
    , m_lanes(new LeaseLanes)
    , m_counts(detailText(QStringLiteral("leaseCounts")))
    , m_moves(detailText(QStringLiteral("leaseMoves")))
{
    m_lanes->setObjectName(QStringLiteral("leases"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_lanes);
    column->addWidget(m_counts);
    column->addWidget(m_moves);
    column->addStretch(1);
}

void KclDetail::present(const ConsumerRow& row, SimTime now)
{
    const auto& state = std::get<KclState>(row.state);
    m_lanes->present(state, now);
    std::int64_t sinceCheckpoint = 0;
    std::int64_t waiting = 0;
    for (const KclState::LeaseRow& lease : state.leases) {
        sinceCheckpoint += lease.sinceCheckpoint;
        waiting += lease.waitsForParents ? 1 : 0;
    }
    QStringList counts {
        tr("Leases moved: %1 taken, %2 expired, %3 stolen, %4 handed over.")
            .arg(format::exact(state.taken), format::exact(state.expired),
                 format::exact(state.stolen), format::exact(state.handedOver)),
        tr("%1 records since the last checkpoints: a crash now has them processed again.")
            .arg(format::exact(sinceCheckpoint))};
    if (waiting > 0)
        counts << tr("%n lease(s) wait for their parents.", nullptr, static_cast<int>(waiting));
    if (state.longestGapMs > 0)
        counts << tr("After a crash nobody worked on a lease for up to %1.")
                      .arg(format::duration(SimDuration::millis(state.longestGapMs)));
    if (state.opened.droppedAggregates > 0)
        counts << tr("%n aggregate(s) passed over with %1 user records: some of each belong to "
                     "another shard.",
                     nullptr, static_cast<int>(state.opened.droppedAggregates))
                      .arg(format::exact(state.opened.droppedUserRecords));
    m_counts->setText(counts.join(QLatin1Char(' ')));
    QStringList moves;
    for (auto move = state.moves.rbegin();
         move != state.moves.rend() && static_cast<std::size_t>(moves.size()) < kMovesTold; ++move)
        moves << tr("%1  shard %2: %3 → %4, %5")
                     .arg(format::clock(move->at), QString::number(move->shard.value),
                          workerText(move->from), workerText(move->to),
                          QString::fromLatin1(whyText(move->why)));
    m_moves->setText(moves.join(QLatin1Char('\n')));
}

} // namespace shardscope::ui
