#include "ui/announcer.h"

#include <QAccessible>

#include <cmath>
#include <utility>

#include "ui/format.h"

namespace shardscope::ui {

Announcer::Announcer(ViewState& view, std::function<qint64()> wallMs, QWidget* parent)
    : QLabel(parent)
    , m_view(view)
    , m_wallMs(std::move(wallMs))
{
    setObjectName(QStringLiteral("announcer"));
    // Heard, not seen: a label of one pixel keeps its place among the accessible children.
    setFixedSize(1, 1);
    setFocusPolicy(Qt::NoFocus);
}

QString Announcer::sentence(const Snapshot& snapshot, ShardSlot shard)
{
    const ShardRow* row = snapshot.find(shard);
    if (row == nullptr)
        return {};
    const double refused = row->second.refusedByBytes + row->second.refusedByRecords;
    QString text = tr("Shard %1 at %2 of its limit")
                       .arg(shard.value)
                       .arg(format::percent(row->second.percentOfLimit()));
    if (refused > 0)
        text += tr(", %1 refused this second").arg(format::count(std::round(refused)));
    else if (snapshot.stream.refusedRecords > 0)
        text += tr("; %1 refused on other shards")
                    .arg(format::count(std::round(snapshot.stream.refusedRecords)));
    return text;
}

void Announcer::present(const Snapshot& snapshot)
{
    const qint64 now = m_wallMs();
    if (now - m_lastMs < kIntervalMs)
        return;
    const QString words = sentence(snapshot, m_view.shard());
    if (words.isEmpty() || words == accessibleName())
        return;
    m_lastMs = now;
    setAccessibleName(words);
    QAccessibleEvent changed(this, QAccessible::NameChanged);
    QAccessible::updateAccessibility(&changed);
    emit announced(words);
}

} // namespace shardscope::ui
