#pragma once

#include <QWidget>

#include <memory>
#include <optional>

#include "core/metrics/snapshot.h"
#include "ui/deck.h"
#include "ui/view_state.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace shardscope::ui {

class KindDetail;
class LineChart;

/// One reader: how far behind it is and where that leads, its age and lag over time, what its kind
/// has to show, and what can be done with it.
class ReaderDetail : public QWidget {
    Q_OBJECT

public:
    ReaderDetail(ViewState& view, Deck deck, QWidget* parent = nullptr);

    /// `row` is one of the snapshot's consumers.
    void present(std::shared_ptr<const Snapshot> snapshot, const ConsumerRow& row);
    /// Draws the curves again, as after a change of the window of time.
    void refreshCharts();
    void restyle();

signals:
    void editAsked(const shardscope::ConsumerSpec& spec);

private:
    [[nodiscard]] QWidget* buttons();
    void connectCharts();
    void presentKind(const ConsumerRow& row);

    ViewState& m_view;
    Deck m_deck;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::optional<ConsumerRow> m_row;
    QLabel *m_name, *m_behind, *m_forecast, *m_trouble;
    QWidget* m_buttons;
    QPushButton *m_edit, *m_pause, *m_replay, *m_crash, *m_remove;
    LineChart *m_age, *m_lag;
    QVBoxLayout* m_column;
    KindDetail* m_kind = nullptr;
    std::size_t m_kindIndex = 0; ///< of the state that m_kind was made for
    int m_turn = 0;
};

} // namespace shardscope::ui
