#pragma once

#include <QFrame>

namespace shardscope::ui {

/// First steps for somebody who sees the board for the first time. Not a dialog: nothing waits for
/// it. Offers only what exists.
class StartStrip : public QFrame {
    Q_OBJECT

public:
    explicit StartStrip(QWidget* parent = nullptr);

signals:
    void refusalAsked(); ///< run to the next refusal and explain it
    void scenariosAsked();
    void blankAsked();
    void openAsked();
    void keysAsked();
    void dismissed(bool forGood);
};

} // namespace shardscope::ui
