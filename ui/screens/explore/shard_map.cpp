#include "ui/screens/explore/shard_map.h"

#include <QContextMenuEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

#include "core/base/md5.h"
#include "ui/format.h"
#include "ui/screens/explore/shard_map_accessible.h"
#include "ui/widgets/plot_style.h"

/// What the map does with the pointer and the keyboard; how it looks is in shard_map_paint.cpp.
namespace shardscope::ui {

namespace {

constexpr int kHandleWidth = 14; // px
constexpr int kHandleNeeds = 40; // px of shard
constexpr int kBorderReach = 4; // px to either side
constexpr int kBorderNeeds = 16; // px of shard on either side
constexpr double kSnap = 8; // px
constexpr std::size_t kKeysOnCard = 3;
constexpr int kKeyLettersOnCard = 40;
constexpr SimDuration kDepthLeast = SimDuration::seconds(10);

double refusedOf(const ShardRow& row)
{
    return row.second.refusedByBytes + row.second.refusedByRecords;
}

} // namespace

ShardMap::ShardMap(QWidget* parent)
    : QWidget(parent)
{
    installShardMapAccessible();
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void ShardMap::present(std::shared_ptr<const Snapshot> snapshot)
{
    m_snapshot = std::move(snapshot);
    m_model = mapModel(*m_snapshot, depthNow());
    m_heat.update(*m_snapshot);
    if (m_split) {
        const ShardRow* row = m_snapshot->find(m_splitting);
        if (row == nullptr || row->state != ShardState::Open)
            cancel();
        else
            m_split = predictSplit(*m_snapshot, *row, m_split->at);
    }
    update();
}

void ShardMap::setSelected(ShardSlot shard)
{
    if (m_split && shard != m_splitting)
        cancel();
    m_selected = shard;
    update();
}

void ShardMap::setDepth(SimDuration depth)
{
    m_depth = std::clamp(depth, kDepthLeast, SimDuration::days(30));
    if (m_snapshot != nullptr)
        m_model = mapModel(*m_snapshot, depthNow());
    update();
}

SimDuration ShardMap::depthNow() const
{
    if (m_snapshot == nullptr)
        return m_depth;
    const SimDuration old = m_snapshot->clock.now - m_snapshot->clock.start;
    return std::min(m_depth, std::max(old, kDepthLeast));
}

void ShardMap::setPin(const QString& key)
{
    if (key.isEmpty())
        m_pin.reset();
    else
        m_pin = Pin {key, md5(key.toStdString())};
    update();
}

std::optional<ShardSlot> ShardMap::pinnedShard() const
{
    const MapShard* shard = m_pin ? openShardAt(m_model, m_pin->hash.fraction()) : nullptr;
    return shard == nullptr ? std::nullopt : std::optional(shard->slot);
}

QRect ShardMap::shardRect(ShardSlot slot) const
{
    const MapShard* shard = ui::find(m_model, slot);
    return shard == nullptr ? QRect() : geometryNow().rectOf(*shard);
}

QRect ShardMap::handleRect(ShardSlot slot) const
{
    const MapShard* shard = ui::find(m_model, slot);
    if (shard == nullptr || !shard->open)
        return {};
    const ShardMapGeometry g = geometryNow();
    const QRect cell = g.rectOf(*shard);
    if (cell.width() < kHandleNeeds)
        return {};
    const double middle = m_split && slot == m_splitting ? g.xOf(m_split->at.fraction())
                                                         : cell.left() + cell.width() / 2.0;
    return {static_cast<int>(std::lround(middle)) - kHandleWidth / 2, cell.top(), kHandleWidth,
            cell.height()};
}

const MapShard* ShardMap::shardAt(const QPoint& at) const
{
    const ShardMapGeometry g = geometryNow();
    if (at.x() < g.axis.left() || at.x() > g.axis.right())
        return nullptr;
    if (g.lineage.contains(at))
        for (const MapShard& shard : m_model.closed)
            if (g.lineageOf(shard).contains(at))
                return &shard;
    return openShardAt(m_model, g.fractionAt(at.x()));
}

std::optional<std::size_t> ShardMap::borderAt(const QPoint& at) const
{
    const ShardMapGeometry g = geometryNow();
    if (!g.nowRow.adjusted(0, -8, 0, 8).contains(at))
        return std::nullopt;
    for (std::size_t i = 1; i < m_model.open.size(); ++i) {
        const double x = g.xOf(m_model.open[i].left);
        if (std::abs(x - at.x()) > kBorderReach)
            continue;
        const bool room = g.rectOf(m_model.open[i]).width() >= kBorderNeeds
            && g.rectOf(m_model.open[i - 1]).width() >= kBorderNeeds;
        return room ? std::optional(i) : std::nullopt;
    }
    return std::nullopt;
}

QStringList ShardMap::cardOf(ShardSlot slot) const
{
    QStringList lines;
    const ShardRow* row = m_snapshot == nullptr ? nullptr : m_snapshot->find(slot);
    if (row == nullptr)
        return lines;
    const auto names = [](const std::vector<ShardSlot>& several) {
        QStringList texts;
        for (const ShardSlot one : several)
            texts << QString::number(one.value);
        return texts.join(QStringLiteral(", "));
    };
    const QString state = row->changing    ? tr("CHANGING")
        : row->state == ShardState::Open   ? tr("ACTIVE")
        : row->state == ShardState::Closed ? tr("CLOSED")
                                           : tr("EXPIRED");
    lines << tr("Shard %1 · %2").arg(slot.value).arg(state);
    lines << tr("%1 – %2 of the key space")
                 .arg(format::percent(row->range.start.fraction() * 100),
                      format::percent((row->range.start.fraction() + row->range.width()) * 100));
    const auto hex = [](HashKey k) { return QString::fromStdString(toHex(k)).left(8); };
    lines << tr("%1… to %2…").arg(hex(row->range.start), hex(row->range.end));
    std::vector<ShardSlot> parents;
    for (const auto& parent : {row->parent, row->adjacentParent})
        if (parent)
            parents.push_back(*parent);
    if (!parents.empty())
        lines << tr("from %1").arg(names(parents));
    if (!row->children.empty())
        lines << tr("into %1").arg(names(row->children));
    if (row->state == ShardState::Open) {
        lines << tr("open for %1").arg(format::duration(m_model.now - row->openedAt));
        lines << tr("offered %1: %2, %3")
                     .arg(format::percent(row->second.percentOfLimit()),
                          format::bytesPerSecond(row->second.offeredBytes()),
                          format::recordsPerSecond(row->second.offeredRecords()));
        if (refusedOf(*row) > 0)
            lines << tr("✕ %1 refused").arg(format::recordsPerSecond(refusedOf(*row)));
        for (std::size_t i = 0; i < std::min(kKeysOnCard, row->topKeys.size()); ++i)
            lines << tr("key %1: %2")
                         .arg(QString::fromStdString(row->topKeys[i].key).left(kKeyLettersOnCard),
                              format::percent(row->topKeys[i].shareOfShard * 100));
        if (row->ageMs > 0)
            lines << tr("read up to %1 ago").arg(format::duration(SimDuration::millis(row->ageMs)));
    } else if (row->closedAt) {
        lines << (row->state == ShardState::Expired ? tr("open from %1 to %2, its records are gone")
                                                    : tr("open from %1 to %2, still readable"))
                     .arg(format::clock(row->openedAt).left(8),
                          format::clock(*row->closedAt).left(8));
    }
    return lines;
}

QString ShardMap::spokenShard(const MapShard& shard) const
{
    const QString range = tr("%1 to %2 percent")
                              .arg(std::lround(shard.left * 100))
                              .arg(std::lround(shard.right * 100));
    if (!shard.open)
        return tr("Shard %1, closed, %2").arg(shard.slot.value).arg(range);
    const auto refused = static_cast<int>(std::lround(shard.refusedPerSecond));
    return tr("Shard %1, %2, %3 percent of limit, %4 refused")
        .arg(shard.slot.value)
        .arg(range)
        .arg(std::lround(shard.percent))
        .arg(refused);
}

void ShardMap::select(ShardSlot shard)
{
    setSelected(shard);
    emit shardChosen(shard);
}

void ShardMap::beginSplit()
{
    const ShardRow* row = m_snapshot == nullptr ? nullptr : m_snapshot->find(m_selected);
    if (row == nullptr || row->state != ShardState::Open) {
        emit statusText(tr("Choose an open shard to split."));
        return;
    }
    setFocus();
    m_splitting = m_selected;
    previewSplit(row->range.middle());
}

void ShardMap::previewSplit(HashKey at)
{
    const ShardRow* row = m_snapshot->find(m_splitting);
    if (row == nullptr)
        return;
    m_split = predictSplit(*m_snapshot, *row, at);
    emit statusText(m_split->sentence);
    update();
}

void ShardMap::dragSplit(const QPoint& to, bool snap)
{
    const ShardRow* row = m_snapshot->find(m_splitting);
    if (row == nullptr)
        return;
    const ShardMapGeometry g = geometryNow();
    const double wanted = g.fractionAt(to.x());
    HashKey at = keyWithin(row->range, (wanted - row->range.start.fraction()) / row->range.width());
    if (snap)
        for (const HashKey place : {equalLoadKey(*m_snapshot, *row), row->range.middle()})
            if (std::abs(g.xOf(place.fraction()) - to.x()) <= kSnap)
                at = place;
    previewSplit(at);
}

void ShardMap::dragMerge(const QPoint& to)
{
    const MapShard* over = openShardAt(m_model, geometryNow().fractionAt(to.x()));
    if (over == nullptr)
        return;
    const auto index = static_cast<std::size_t>(over - m_model.open.data());
    const std::size_t border = m_merge->border;
    m_merge->over = index;
    // Pulled to the right the border's left shard grows; over its neighbour that is a merge, and
    // over anything further it would have to jump.
    const MapShard& grows = m_model.open[index >= border ? border - 1 : border];
    m_merge->preview = predictMerge(*m_snapshot, grows.slot, over->slot);
    emit statusText(m_merge->preview.sentence);
    update();
}

void ShardMap::commitSplit()
{
    if (!m_split)
        return;
    const QString at = QString::fromStdString(toDecimal(m_split->at));
    const ShardSlot shard = m_splitting;
    m_split.reset();
    m_dragging = false;
    update();
    emit splitAsked(shard, at);
}

void ShardMap::cancel()
{
    const bool had = m_split.has_value() || m_merge.has_value();
    m_split.reset();
    m_merge.reset();
    m_dragging = false;
    if (had)
        emit statusText(tr("Nothing was changed."));
    update();
}

void ShardMap::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_snapshot == nullptr)
        return;
    const QPoint at = event->pos();
    if (m_split && handleRect(m_splitting).contains(at)) {
        m_dragging = true;
        m_moved = false;
        return;
    }
    if (const auto border = borderAt(at)) {
        m_merge = Merge {*border, std::nullopt, {}};
        return;
    }
    const MapShard* shard = shardAt(at);
    if (shard == nullptr)
        return;
    const bool onHandle = handleRect(shard->slot).contains(at);
    if (m_split)
        cancel();
    const ShardSlot chosen = shard->slot;
    select(chosen);
    if (onHandle) {
        m_splitting = chosen;
        m_dragging = true;
        m_moved = false;
        dragSplit(at, true);
    }
}

void ShardMap::mouseMoveEvent(QMouseEvent* event)
{
    if (m_snapshot == nullptr)
        return;
    const QPoint at = event->pos();
    m_pointer = at;
    if (m_dragging) {
        m_moved = true;
        dragSplit(at, !(event->modifiers() & Qt::AltModifier));
        return;
    }
    if (m_merge) {
        dragMerge(at);
        return;
    }
    const MapShard* shard = shardAt(at);
    m_hovered = shard == nullptr ? std::nullopt : std::optional(shard->slot);
    const bool grip = shard != nullptr && handleRect(shard->slot).contains(at);
    setCursor(borderAt(at) || grip ? Qt::SplitHCursor : Qt::ArrowCursor);
    update();
}

void ShardMap::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (m_dragging && !m_moved) {
        m_dragging = false; // a click leaves the preview open for the keyboard
        return;
    }
    if (m_dragging) {
        // Let go far above or below: the person thought better of it.
        if (rect().adjusted(0, -40, 0, 40).contains(event->pos()))
            commitSplit();
        else
            cancel();
        return;
    }
    if (!m_merge)
        return;
    const Merge merge = *m_merge;
    m_merge.reset();
    update();
    if (merge.over && merge.preview.possible)
        emit mergeAsked(m_model.open[merge.border - 1].slot, m_model.open[merge.border].slot);
}

void ShardMap::mouseDoubleClickEvent(QMouseEvent* event)
{
    const MapShard* shard = m_snapshot == nullptr ? nullptr : shardAt(event->pos());
    if (event->button() != Qt::LeftButton || shard == nullptr || !shard->open)
        return;
    const ShardRow* row = m_snapshot->find(shard->slot);
    m_splitting = shard->slot;
    m_split = predictSplit(*m_snapshot, *row, row->range.middle());
    commitSplit();
}

void ShardMap::wheelEvent(QWheelEvent* event)
{
    const double steps = event->angleDelta().y() / 120.0;
    if (steps == 0) {
        event->ignore();
        return;
    }
    if (event->modifiers() & Qt::ControlModifier) {
        ShardMapGeometry g = geometryNow();
        g.zoom(std::pow(0.8, steps), event->position().x());
        m_from = g.from;
        m_to = g.to;
        update();
    } else {
        setDepth(SimDuration::fromSeconds(depthNow().inSeconds() * std::pow(0.8, steps)));
    }
    event->accept();
}

void ShardMap::moveSelection(int by)
{
    if (m_model.open.empty())
        return;
    const auto here = std::find_if(m_model.open.begin(), m_model.open.end(),
                                   [&](const MapShard& s) { return s.slot == m_selected; });
    const auto last = static_cast<std::ptrdiff_t>(m_model.open.size()) - 1;
    const std::ptrdiff_t index = here == m_model.open.end()
        ? 0
        : std::clamp((here - m_model.open.begin()) + by, std::ptrdiff_t {0}, last);
    select(m_model.open[static_cast<std::size_t>(index)].slot);
}

void ShardMap::focusInEvent(QFocusEvent* event)
{
    m_byKeyboard = event->reason() == Qt::TabFocusReason
        || event->reason() == Qt::BacktabFocusReason || event->reason() == Qt::ShortcutFocusReason;
    QWidget::focusInEvent(event);
}

void ShardMap::keyPressEvent(QKeyEvent* event)
{
    m_byKeyboard = true;
    update();
    if (m_snapshot == nullptr)
        return QWidget::keyPressEvent(event);
    const int direction = event->key() == Qt::Key_Left ? -1 : event->key() == Qt::Key_Right ? 1 : 0;
    if (m_split) {
        const ShardRow* row = m_snapshot->find(m_splitting);
        if (direction != 0 && row != nullptr) {
            const double part
                = (m_split->at.fraction() - row->range.start.fraction()) / row->range.width();
            const double step = event->modifiers() & Qt::ShiftModifier ? 0.001 : 0.01;
            previewSplit(keyWithin(row->range, part + direction * step));
        } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
            commitSplit();
        } else if (event->key() == Qt::Key_Escape) {
            cancel();
        } else {
            QWidget::keyPressEvent(event);
        }
        return;
    }
    if (direction != 0) {
        moveSelection(direction);
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter
               || event->key() == Qt::Key_Menu) {
        emit menuAsked(m_selected, mapToGlobal(shardRect(m_selected).center()));
    } else if (event->key() == Qt::Key_Escape && (m_from > 0 || m_to < 1)) {
        m_from = 0;
        m_to = 1;
        update();
    } else {
        QWidget::keyPressEvent(event);
    }
}

void ShardMap::leaveEvent(QEvent*)
{
    m_hovered.reset();
    m_pointer.reset();
    update();
}

void ShardMap::contextMenuEvent(QContextMenuEvent* event)
{
    const MapShard* shard = shardAt(event->pos());
    if (shard == nullptr || event->reason() == QContextMenuEvent::Keyboard)
        return;
    const ShardSlot chosen = shard->slot;
    select(chosen);
    emit menuAsked(chosen, event->globalPos());
}

} // namespace shardscope::ui
