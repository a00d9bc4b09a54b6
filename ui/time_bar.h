#pragma once

#include <QWidget>

#include "core/metrics/snapshot.h"
#include "ui/deck.h"
#include "ui/view_state.h"

class QLabel;
class QMenu;
class QSlider;
class QToolButton;

namespace shardscope::ui {

class Actions;

/// Transport and speed: start, back, play, step, run until, live; a logarithmic slider from 0.1× to
/// 1,000× and max; the clock, and the speed that is really reached.
class TimeBar : public QWidget {
    Q_OBJECT

public:
    TimeBar(const Actions& actions, Deck deck, ViewState& view, QWidget* parent = nullptr);

    void present(const Snapshot& snapshot);
    /// Draws the signs again in the colours of the look in force.
    void restyle();

    // The slider's scale: 100 positions a decade from 0.1×, and one last position for "max".
    static constexpr int kSliderMost = 420;
    [[nodiscard]] static int positionOf(double factor); ///< 0 = max
    [[nodiscard]] static double factorAt(int position);

public slots:
    void faster();
    void slower();
    void setSpeed(double factor);

signals:
    /// A condition that needs a figure first: time or age.
    void conditionAsked(shardscope::RunCondition::Kind kind);

private:
    void buildUntilMenu(QMenu* menu);
    void runUntil(RunCondition condition);
    [[nodiscard]] QToolButton* button(const QString& actionId, const QString& name);

    const Actions& m_actions;
    Deck m_deck;
    ViewState& m_view;
    QToolButton* m_toggle = nullptr;
    QToolButton* m_until = nullptr;
    QSlider* m_slider = nullptr;
    QLabel* m_asked = nullptr;
    QLabel* m_clock = nullptr;
    QLabel* m_reached = nullptr;
    double m_speed = 1;
    bool m_paused = true;
    std::int64_t m_openShards = 0;
};

} // namespace shardscope::ui
