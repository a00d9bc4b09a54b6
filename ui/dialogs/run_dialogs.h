#pragma once

#include <QDialog>

#include "core/metrics/snapshot.h"
#include "ui/dialogs/act_dialog.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace shardscope::ui {

/// Runs until a time or a condition.
class RunUntilDialog : public QDialog {
    Q_OBJECT

public:
    RunUntilDialog(const ClockRow& clock, ShardSlot shard, RunCondition::Kind kind, Deck deck,
                   QWidget* parent);

    [[nodiscard]] QString problem() const;
    [[nodiscard]] RunCondition condition() const;
    void accept() override;

private:
    void refresh();

    ClockRow m_clock;
    Deck m_deck;
    QComboBox* m_kind;
    QLineEdit* m_figure;
    QSpinBox* m_shard;
    QLabel* m_label;
    QLabel* m_problem;
};

/// A person's own words on the time line.
class NoteDialog : public ActDialog {
    Q_OBJECT

public:
    NoteDialog(SimTime now, Deck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] Act act() const override;

private:
    SimTime m_now;
    QLineEdit* m_text;
};

} // namespace shardscope::ui
