#pragma once

#include <QDialog>

#include "ui/follow_deck.h"

class QLabel;
class QPushButton;
class QTreeWidget;

namespace shardscope::ui {

/// The log files that are followed: what of each was sent, refused and left out, and what keeps it
/// from going on. Stays open while they are.
class FollowDialog : public QDialog {
    Q_OBJECT

public:
    FollowDialog(FollowDeck deck, QWidget* parent);
    /// As if that file had been chosen.
    void follow(const QString& agentFile);

private:
    void choose();
    void look();

    FollowDeck m_deck;
    QTreeWidget* m_list;
    QLabel *m_intro, *m_trouble;
    QPushButton* m_stop;
    QString m_refusal; ///< of the last file that was chosen, or empty
};

} // namespace shardscope::ui
