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

StreamHeader::StreamHeader(const QList<QAction*>& workspaces, QAction* findAction, QWidget* parent)
    : QWidget(parent)
    , m_badge(new QLabel)
    , m_summary(new QLabel)
    , m_title(new QLabel)
    , m_find(new QToolButton)
{
    m_badge->setObjectName(QStringLiteral("modeBadge"));
    showSimulation();
    m_summary->setObjectName(QStringLiteral("streamSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setMinimumWidth(1); // what is too long for it is cut by fitSummary()
    m_title->setObjectName(QStringLiteral("scenarioTitle"));
    m_title->setTextFormat(Qt::PlainText);
    // The lesson gives way first when the window is narrow.
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_find->setObjectName(QStringLiteral("findAction"));
    m_find->setText(tr("Find   %1").arg(findAction->shortcut().toString(QKeySequence::NativeText)));
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
    auto* switches = new QHBoxLayout;
    switches->setSpacing(0);
    for (QAction* workspace : workspaces) {
        auto* button = new QToolButton;
        button->setObjectName(QStringLiteral("workspace"));
        button->setDefaultAction(workspace);
        button->setFocusPolicy(Qt::TabFocus);
        button->setMinimumHeight(26);
        switches->addWidget(button);
    }
    row->addLayout(switches);
    row->addWidget(m_find);
    restyle();
}

void StreamHeader::showSimulation()
{
    m_endpoint = false;
    m_badge->setText(QStringLiteral("◉ ") + tr("SIMULATION"));
    m_badge->setAccessibleName(tr("Mode: simulation"));
    m_badge->setToolTip(tr("Everything here is simulated; no stream of yours is touched"));
}

void StreamHeader::showEndpoint(const QString& summary)
{
    m_endpoint = true;
    m_badge->setText(QStringLiteral("▲ ") + tr("LOCAL ENDPOINT"));
    m_badge->setAccessibleName(tr("Mode: local endpoint"));
    m_badge->setToolTip(tr("Real clients on this machine; nothing goes to AWS"));
    say(summary, {});
    m_title->clear();
    m_title->setToolTip({});
    m_title->setAccessibleName({});
}

void StreamHeader::restyle()
{
    const Palette& colours = ui::palette();
    m_badge->setStyleSheet(
        QStringLiteral("QLabel { border: 2px solid %1; border-radius: 4px; padding: 2px 8px;"
                       " font-weight: bold; color: %2; }")
            .arg(colours.accent.name(), colours.text.name()));
    m_title->setStyleSheet(QStringLiteral("color: %1;").arg(colours.mutedText.name()));
    // Which workspace it is shows in every look: by weight and edge, not by a shade.
    for (auto* button : findChildren<QToolButton*>(QStringLiteral("workspace")))
        button->setStyleSheet(
            QStringLiteral("QToolButton { border: 1px solid %1; padding: 2px 10px; }"
                           "QToolButton:checked { font-weight: bold;"
                           " border-bottom: 3px solid %2; }"
                           "QToolButton:focus { border: 2px solid %3; }")
                .arg(colours.border.name(), colours.accent.name(), colours.focus.name()));
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

void StreamHeader::say(const QString& summary, const QString& tip)
{
    m_whole = summary;
    m_summary->setAccessibleName(summary);
    m_summary->setToolTip(tip.isEmpty() ? summary : summary + u'\n' + tip);
    fitSummary();
}

/// With large letters in a small window its end gives way to the buttons; the tip has it whole.
void StreamHeader::fitSummary()
{
    int room = width() - layout()->contentsMargins().left() - layout()->contentsMargins().right();
    for (int i = 0; i < layout()->count(); ++i) {
        QLayoutItem* item = layout()->itemAt(i);
        if (item->widget() != m_summary && item->widget() != m_title)
            room -= item->sizeHint().width();
        room -= i > 0 ? layout()->spacing() : 0;
    }
    m_summary->setText(m_summary->fontMetrics().elidedText(m_whole, Qt::ElideRight, room));
}

void StreamHeader::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitSummary();
}

void StreamHeader::present(const Snapshot& snapshot)
{
    if (m_endpoint)
        return;
    say(summaryText(snapshot.stream), toQt(snapshot.stream.scaling));
    const QString title = toQt(snapshot.scenarioTitle);
    const QString lesson = toQt(snapshot.lesson);
    const QString whole = lesson.isEmpty() ? title : tr("%1: %2").arg(title, lesson);
    m_title->setToolTip(whole);
    m_title->setAccessibleName(whole);
    m_title->setText(m_title->fontMetrics().elidedText(whole, Qt::ElideRight,
                                                       std::max(0, m_title->width() - 2)));
}

} // namespace shardscope::ui
