#include "ui/stream_header.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include <algorithm>

#include "ui/format.h"
#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

QString modeText(StreamMode mode)
{
    return mode == StreamMode::OnDemand ? QStringLiteral("ON_DEMAND")
                                        : QStringLiteral("PROVISIONED");
}

QString statusText(StreamStatus status)
{
    switch (status) {
    case StreamStatus::Creating:
        return QStringLiteral("CREATING");
    case StreamStatus::Deleting:
        return QStringLiteral("DELETING");
    case StreamStatus::Active:
        return QStringLiteral("ACTIVE");
    case StreamStatus::Updating:
        return QStringLiteral("UPDATING");
    }
    return {};
}

StreamHeader::StreamHeader(QAction* findAction, QWidget* parent)
    : QWidget(parent)
    , m_badge(new QLabel(QStringLiteral("◉ ") + tr("SIMULATION")))
    , m_summary(new QLabel)
    , m_title(new QLabel)
    , m_find(new QToolButton)
{
    m_badge->setObjectName(QStringLiteral("modeBadge"));
    m_badge->setAccessibleName(tr("Mode: simulation"));
    m_badge->setToolTip(tr("Everything here is simulated; no stream of yours is touched"));
    m_summary->setObjectName(QStringLiteral("streamSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    m_title->setObjectName(QStringLiteral("scenarioTitle"));
    m_title->setTextFormat(Qt::PlainText);
    // The lesson gives way first when the window is narrow.
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_find->setObjectName(QStringLiteral("findAction"));
    m_find->setText(
        tr("Find action   %1").arg(findAction->shortcut().toString(QKeySequence::NativeText)));
    m_find->setToolTip(findAction->toolTip());
    m_find->setAccessibleName(tr("Find an action"));
    m_find->setFocusPolicy(Qt::TabFocus);
    m_find->setMinimumHeight(26);
    connect(m_find, &QToolButton::clicked, findAction, &QAction::trigger);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 2);
    row->setSpacing(12);
    row->addWidget(m_badge);
    row->addWidget(m_summary);
    row->addWidget(m_title, 1);
    row->addWidget(m_find);
    restyle();
}

void StreamHeader::restyle()
{
    const Palette& colours = ui::palette();
    m_badge->setStyleSheet(
        QStringLiteral("QLabel { border: 2px solid %1; border-radius: 4px; padding: 2px 8px;"
                       " font-weight: bold; color: %2; }")
            .arg(colours.accent.name(), colours.text.name()));
    m_title->setStyleSheet(QStringLiteral("color: %1;").arg(colours.mutedText.name()));
    QFont bold = font();
    bold.setBold(true);
    m_summary->setFont(bold);
}

QString StreamHeader::summaryText(const StreamRow& stream)
{
    const StreamDescriptionSummary& s = stream.summary;
    QString text = tr("%1 · %2 · %3 · retention %4 h")
                       .arg(toQt(s.streamName), modeText(s.mode),
                            tr("%n shard(s)", nullptr, static_cast<int>(s.openShardCount)))
                       .arg(s.retentionHours);
    if (s.status != StreamStatus::Active)
        text += QStringLiteral(" · ") + statusText(s.status);
    return text;
}

void StreamHeader::present(const Snapshot& snapshot)
{
    m_summary->setText(summaryText(snapshot.stream));
    m_summary->setToolTip(toQt(snapshot.stream.scaling));
    const QString title = toQt(snapshot.scenarioTitle);
    const QString lesson = toQt(snapshot.lesson);
    const QString whole = lesson.isEmpty() ? title : tr("%1: %2").arg(title, lesson);
    m_title->setToolTip(whole);
    m_title->setAccessibleName(whole);
    m_title->setText(m_title->fontMetrics().elidedText(whole, Qt::ElideRight,
                                                       std::max(0, m_title->width() - 2)));
}

} // namespace shardscope::ui
