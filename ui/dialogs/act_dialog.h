#pragma once

#include <QDialog>

#include "core/scenario/scenario.h"
#include "ui/deck.h"

class QDialogButtonBox;
class QFormLayout;
class QLabel;
class QVBoxLayout;

namespace shardscope::ui {

/// A form that becomes one act. It says in a sentence what the act will be, refuses what cannot be
/// meant before sending it, stays open while the service refuses, and closes once it was done.
class ActDialog : public QDialog {
    Q_OBJECT

public:
    ActDialog(const QString& title, const QString& verb, Deck deck, QWidget* parent);

    /// What is wrong with the form, in one sentence; empty when it can be sent.
    [[nodiscard]] virtual QString problem() const = 0;
    /// What pressing the button will do, in one sentence.
    [[nodiscard]] virtual QString summary() const = 0;
    /// The form as an act. Only when there is no problem.
    [[nodiscard]] virtual Act act() const = 0;

    void accept() override;

protected:
    void showEvent(QShowEvent* event) override;
    [[nodiscard]] QFormLayout* form() const { return m_form; }
    /// Call after every change of the form.
    void refresh();
    void showProblem(const QString& sentence);
    [[nodiscard]] const Deck& deck() const { return m_deck; }

private:
    Deck m_deck;
    QFormLayout* m_form;
    QLabel* m_summary;
    QLabel* m_problem;
    QDialogButtonBox* m_buttons;
};

} // namespace shardscope::ui
