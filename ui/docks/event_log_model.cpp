#include "ui/docks/event_log_model.h"

#include <QStringList>

#include <utility>

#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {

QString eventSign(EventKind kind)
{
    switch (kind) {
    case EventKind::FirstRefusal:
    case EventKind::Refused:
        return QStringLiteral("✕");
    case EventKind::ReadRefusal:
        return QStringLiteral("▽");
    case EventKind::SplitStarted:
    case EventKind::Split:
    case EventKind::MergeStarted:
    case EventKind::Merge:
    case EventKind::ScalingStarted:
    case EventKind::Scaled:
        return QStringLiteral("◆");
    case EventKind::ModeChanged:
        return QStringLiteral("⇄");
    case EventKind::RetentionChanged:
    case EventKind::MaxRecordSizeChanged:
    case EventKind::WarmThroughputChanged:
    case EventKind::PolicyAttached:
    case EventKind::PolicyDetached:
        return QStringLiteral("◇");
    case EventKind::DataLost:
    case EventKind::BudgetTrim:
        return QStringLiteral("■");
    case EventKind::HotKeyAdvice:
        return QStringLiteral("!");
    case EventKind::Note:
        return QStringLiteral("✎");
    case EventKind::ProducerAdded:
    case EventKind::ProducerChanged:
    case EventKind::ProducerPaused:
    case EventKind::ProducerResumed:
    case EventKind::ProducerRemoved:
        return QStringLiteral("●");
    case EventKind::ConsumerAdded:
    case EventKind::ConsumerChanged:
    case EventKind::ConsumerPaused:
    case EventKind::ConsumerResumed:
    case EventKind::ConsumerRemoved:
    case EventKind::ConsumerReplayed:
    case EventKind::ConsumerCrashed:
        return QStringLiteral("▷");
    default:
        return QStringLiteral("·");
    }
}

void EventLogModel::setEvents(std::shared_ptr<const std::vector<Event>> events, std::uint64_t world)
{
    if (events == m_events && world == m_world)
        return;
    const int before = rowCount();
    const int after = events ? static_cast<int>(events->size()) : 0;
    // Only the same run further on adds at the end; a bounded log may also have lost its front.
    const bool grows = world == m_world && after >= before
        && (before == 0
            || (events->front().at == m_events->front().at
                && (*events)[static_cast<std::size_t>(before - 1)].text == m_events->back().text));
    m_world = world;
    if (!grows) {
        beginResetModel();
        m_events = std::move(events);
        endResetModel();
        return;
    }
    if (after == before) {
        m_events = std::move(events);
        return;
    }
    beginInsertRows({}, before, after - 1);
    m_events = std::move(events);
    endInsertRows();
}

const Event* EventLogModel::at(int row) const
{
    return row >= 0 && row < rowCount() ? &(*m_events)[static_cast<std::size_t>(row)] : nullptr;
}

int EventLogModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_events ? 0 : static_cast<int>(m_events->size());
}

int EventLogModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QVariant EventLogModel::data(const QModelIndex& index, int role) const
{
    const Event* event = index.isValid() ? at(index.row()) : nullptr;
    if (event == nullptr)
        return {};
    if (role == Qt::ToolTipRole)
        return toQt(event->text);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Time:
        return format::clockExact(event->at);
    case Kind:
        return eventSign(event->kind) + u' ' + QString::fromLatin1(kindText(event->kind));
    case Shards: {
        QStringList names;
        for (const ShardSlot shard : event->shards)
            names += QString::number(shard.value);
        return names.join(QStringLiteral(", "));
    }
    case Text:
        return toQt(event->text);
    default:
        return {};
    }
}

QVariant EventLogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time, UTC");
    case Kind:
        return tr("Kind");
    case Shards:
        return tr("Shards");
    case Text:
        return tr("What happened");
    default:
        return {};
    }
}

} // namespace shardscope::ui
