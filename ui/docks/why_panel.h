#pragma once

#include <QWidget>

#include <optional>

#include "core/metrics/snapshot.h"
#include "ui/deck.h"
#include "ui/view_state.h"

class QPushButton;
class QTextBrowser;

namespace shardscope::ui {

/// The arithmetic behind one refusal, as text that can be selected, copied and read aloud.
class WhyPanel : public QWidget {
    Q_OBJECT

public:
    WhyPanel(ViewState& view, Deck deck, QWidget* parent = nullptr);

    void present(const Snapshot& snapshot);
    void restyle();
    /// Explains the refusal nearest to the cursor, or the newest one. False when there is none.
    bool explainAtCursor();
    void copy() const;
    [[nodiscard]] QString text() const;

signals:
    void nextRefusalAsked();

private:
    void explain(std::uint64_t id);
    void showCard(const Result<WhyCard>& card);
    void showEmpty();

    ViewState& m_view;
    Deck m_deck;
    QTextBrowser* m_text;
    QPushButton* m_copy;
    QPushButton* m_newest;
    std::shared_ptr<const std::vector<Refusal>> m_refusals;
    std::optional<WhyCard> m_card;
    std::optional<std::uint64_t> m_asked; ///< answers to older questions are dropped
    std::uint64_t m_world = 0;
    double m_peakPercent = 0;
    ShardSlot m_peakShard;
};

} // namespace shardscope::ui
