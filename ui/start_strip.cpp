#include "ui/start_strip.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include "ui/icons.h"

namespace shardscope::ui {

StartStrip::StartStrip(QWidget* parent)
    : QFrame(parent)
{
    setObjectName(QStringLiteral("startStrip"));
    setAccessibleName(tr("First steps"));
    setFrameShape(QFrame::StyledPanel);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 4, 4);
    row->setSpacing(6);
    auto* question = new QLabel(tr("New here?"));
    row->addWidget(question);
    const auto button = [this, row](const QString& text, const QString& tip, auto signal) {
        auto* made = new QPushButton(text);
        made->setToolTip(tip);
        connect(made, &QPushButton::clicked, this, signal);
        row->addWidget(made);
        return made;
    };
    button(tr("Why is it refused?"), tr("Run to the next refusal and explain it"),
           &StartStrip::refusalAsked);
    auto* scenarios = button(tr("Scenarios"), tr("Other streams to try, each with one lesson"),
                             &StartStrip::scenariosAsked);
    auto* open
        = button(tr("Open…"), tr("Open a scenario, a run file or a trace"), &StartStrip::openAsked);
    auto* blank = button(tr("Blank stream"), tr("Start with an empty stream of four shards"),
                         &StartStrip::blankAsked);
    auto* keys = button(tr("Keys"), tr("All keys on one sheet"), &StartStrip::keysAsked);
    row->addStretch(1);
    auto* forGood = new QCheckBox(tr("don't show again"));
    row->addWidget(forGood);
    auto* close = new QToolButton;
    close->setObjectName(QStringLiteral("closeStartStrip"));
    close->setIcon(icon(Sign::Close));
    close->setAutoRaise(true);
    close->setMinimumSize(26, 26);
    close->setFocusPolicy(Qt::TabFocus);
    close->setAccessibleName(tr("Close the strip of first steps"));
    close->setToolTip(tr("Close; View ▸ Start strip brings it back"));
    connect(close, &QToolButton::clicked, this,
            [this, forGood] { emit dismissed(forGood->isChecked()); });
    row->addWidget(close);
    m_spare = {blank, scenarios, open, keys, question};
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

void StartStrip::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    const QMargins edges = layout()->contentsMargins();
    int needed = edges.left() + edges.right() + layout()->spacing() * layout()->count();
    for (int i = 0; i < layout()->count(); ++i)
        if (const QWidget* part = layout()->itemAt(i)->widget())
            needed += part->sizeHint().width();
    // Everything here is also in the menus; what does not fit is left to them.
    for (auto part = m_spare.rbegin(); part != m_spare.rend(); ++part) {
        (*part)->setVisible(needed <= width());
        if (needed > width())
            needed -= (*part)->sizeHint().width();
    }
}

} // namespace shardscope::ui
