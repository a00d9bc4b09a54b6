#pragma once

#include <QFrame>
#include <QList>

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

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QList<QWidget*> m_spare; ///< go first when the window is narrow, the last ones before others
};

} // namespace shardscope::ui
