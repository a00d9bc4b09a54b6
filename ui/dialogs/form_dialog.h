#pragma once

#include <QDialog>

#include <functional>

#include "core/base/result.h"

class QDialogButtonBox;
class QFormLayout;
class QLabel;
class QPushButton;

namespace shardscope::ui {

/// A form that asks for something. It says in a sentence what pressing its button will do, refuses
/// what cannot be meant before sending it, stays open while the service refuses, and closes once it
/// was done.
class FormDialog : public QDialog {
    Q_OBJECT

public:
    FormDialog(const QString& title, const QString& verb, QWidget* parent);

    /// What is wrong with the form, in one sentence; empty when it can be sent.
    [[nodiscard]] virtual QString problem() const = 0;
    /// What pressing the button will do, in one sentence. With begin() it meets the empty form too.
    [[nodiscard]] virtual QString summary() const = 0;

    void accept() override;

protected:
    using Answered = std::function<void(const Result<void>&)>;
    /// Sends the form, which has no problem; `answered` is called once, on the GUI thread.
    virtual void send(Answered answered) = 0;

    void showEvent(QShowEvent* event) override;
    [[nodiscard]] QFormLayout* form() const { return m_form; }
    /// Call after every change of the form.
    void refresh();
    /// At the end of the constructor in place of refresh(), where an empty form is no mistake yet.
    void begin();
    void showProblem(const QString& sentence);

private:
    QFormLayout* m_form;
    QLabel* m_summary;
    QLabel* m_problem;
    QDialogButtonBox* m_buttons;
    QPushButton* m_verb;
};

} // namespace shardscope::ui
