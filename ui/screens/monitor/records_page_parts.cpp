#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

#include "ui/screens/monitor/records_page.h"

/// The two lines above the records: where to read, and what to find.
namespace shardscope::ui {

QLayout* RecordsPage::controls()
{
    m_shard->setObjectName(QStringLiteral("shard"));
    m_shard->setAccessibleName(tr("Shard to read"));
    m_shard->addItem(tr("all shards"));
    m_shard->setMaxVisibleItems(24);
    m_from->setObjectName(QStringLiteral("from"));
    m_from->setAccessibleName(tr("Where to begin"));
    m_from->addItems({tr("from now on"), tr("from the oldest kept"), tr("from a time"),
                      tr("from a sequence number")});
    m_where->setObjectName(QStringLiteral("where"));
    m_where->setAccessibleName(tr("Time or sequence number to begin at"));
    m_read->setObjectName(QStringLiteral("read"));
    m_pause->setObjectName(QStringLiteral("pause"));
    m_pause->setCheckable(true);
    m_state->setObjectName(QStringLiteral("readState"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* put = new QPushButton(tr("Put a record…"));
    put->setToolTip(tr("Put one record into the stream"));
    connect(put, &QPushButton::clicked, this, &RecordsPage::putAsked);
    connect(m_from, &QComboBox::currentIndexChanged, this, &RecordsPage::showWhere);
    connect(m_where, &QLineEdit::returnPressed, this, &RecordsPage::startAsChosen);
    connect(m_read, &QPushButton::clicked, this,
            [this] { m_reader->state().running ? stop() : startAsChosen(); });
    connect(m_pause, &QPushButton::toggled, this, &RecordsPage::setPaused);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(10, 8, 10, 4);
    row->setSpacing(8);
    row->addWidget(m_shard);
    row->addWidget(m_from);
    row->addWidget(m_where, 1);
    row->addWidget(m_read);
    row->addWidget(m_pause);
    row->addWidget(m_state, 2);
    row->addWidget(put);
    return row;
}

QLayout* RecordsPage::searchLine()
{
    m_search->setObjectName(QStringLiteral("search"));
    m_search->setPlaceholderText(tr("Find in keys and data"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    m_problem->setObjectName(QStringLiteral("readProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    connect(m_search, &QLineEdit::returnPressed, this, [this] { find(true); });
    const auto button = [this](const QString& sign, const QString& words, bool forward) {
        auto* made = new QToolButton;
        made->setText(sign);
        made->setToolTip(words);
        made->setAccessibleName(words);
        made->setFocusPolicy(Qt::TabFocus);
        made->setMinimumSize(26, 26);
        connect(made, &QToolButton::clicked, this, [this, forward] { find(forward); });
        return made;
    };
    auto* row = new QHBoxLayout;
    row->setContentsMargins(10, 0, 10, 6);
    row->setSpacing(8);
    row->addWidget(m_search, 1);
    row->addWidget(button(QStringLiteral("▲"), tr("Find the one before"), false));
    row->addWidget(button(QStringLiteral("▼"), tr("Find the next one"), true));
    row->addWidget(m_problem, 2);
    return row;
}

} // namespace shardscope::ui
