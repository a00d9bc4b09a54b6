#include "ui/docks/why_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QPointer>
#include <QPushButton>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "ui/docks/why_text.h"
#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {

WhyPanel::WhyPanel(ViewState& view, Deck deck, QWidget* parent)
    : QWidget(parent)
    , m_view(view)
    , m_deck(std::move(deck))
    , m_text(new QTextBrowser)
    , m_copy(new QPushButton(tr("Copy")))
    , m_newest(new QPushButton(tr("Newest")))
{
    m_text->setObjectName(QStringLiteral("whyText"));
    m_text->setAccessibleName(tr("Why was this record refused"));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setOpenLinks(false);
    m_copy->setToolTip(tr("Copy this explanation as text"));
    m_newest->setToolTip(tr("Explain the newest refusal"));
    auto* next = new QPushButton(tr("Next refusal"));
    next->setToolTip(tr("Run to the next refusal and pause there"));
    connect(next, &QPushButton::clicked, this, &WhyPanel::nextRefusalAsked);
    connect(m_copy, &QPushButton::clicked, this, &WhyPanel::copy);
    connect(m_newest, &QPushButton::clicked, this, [this] {
        if (m_refusals && !m_refusals->empty())
            m_view.chooseRefusal(m_refusals->back().id);
    });
    connect(&m_view, &ViewState::refusalChosen, this, &WhyPanel::explain);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(6, 0, 6, 6);
    buttons->addWidget(m_newest);
    buttons->addWidget(next);
    buttons->addStretch(1);
    buttons->addWidget(m_copy);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_text, 1);
    column->addLayout(buttons);
    showEmpty();
}

void WhyPanel::present(const Snapshot& snapshot)
{
    m_refusals = snapshot.refusals;
    m_newest->setEnabled(m_refusals && !m_refusals->empty());
    if (snapshot.world != m_world) {
        m_world = snapshot.world;
        m_card.reset();
        m_asked.reset();
    }
    double peak = 0;
    for (const ShardRow& shard : snapshot.shards)
        if (shard.peakPercentOfLimit > peak) {
            peak = shard.peakPercentOfLimit;
            m_peakShard = shard.slot;
        }
    m_peakPercent = peak;
    if (!m_card && !m_asked)
        showEmpty();
}

void WhyPanel::restyle()
{
    if (m_card)
        m_text->setHtml(whyHtml(*m_card));
}

void WhyPanel::showEmpty()
{
    const bool some = m_refusals && !m_refusals->empty();
    const QString words = some || m_peakPercent <= 0
        ? tr("Click an ✕, or press N to run to the next refusal.")
        : tr("No record refused so far: the peak was %1 on shard %2.")
              .arg(format::percent(m_peakPercent))
              .arg(m_peakShard.value);
    m_copy->setEnabled(false);
    if (m_text->toPlainText() != words)
        m_text->setPlainText(words);
}

bool WhyPanel::explainAtCursor()
{
    if (!m_refusals || m_refusals->empty())
        return false;
    const Refusal* chosen = &m_refusals->back();
    if (const auto cursor = m_view.cursor()) {
        const auto distance
            = [&cursor](const Refusal& r) { return std::llabs((r.at - *cursor).inMicros()); };
        chosen = &*std::min_element(
            m_refusals->begin(), m_refusals->end(),
            [&distance](const Refusal& a, const Refusal& b) { return distance(a) < distance(b); });
    }
    m_view.chooseRefusal(chosen->id);
    return true;
}

void WhyPanel::explain(std::uint64_t id)
{
    m_asked = id;
    m_card.reset();
    m_copy->setEnabled(false);
    m_text->setPlainText(tr("Replaying that second…"));
    m_deck.explain(id, [self = QPointer(this), id](const Result<WhyCard>& card) {
        if (self && self->m_asked == id)
            self->showCard(card);
    });
}

void WhyPanel::showCard(const Result<WhyCard>& card)
{
    if (!card) {
        m_text->setPlainText(toQt(card.error().message));
        return;
    }
    m_card = *card;
    m_text->setHtml(whyHtml(*m_card));
    m_text->setAccessibleDescription(whyPlain(*m_card));
    m_copy->setEnabled(true);
}

void WhyPanel::copy() const
{
    QApplication::clipboard()->setText(text());
}

QString WhyPanel::text() const
{
    return m_card ? whyPlain(*m_card) : m_text->toPlainText();
}

} // namespace shardscope::ui
