#pragma once

#include "core/scenario/scenario.h"
#include "ui/deck.h"
#include "ui/dialogs/form_dialog.h"

namespace shardscope::ui {

/// A form that becomes one act of the run.
class ActDialog : public FormDialog {
    Q_OBJECT

public:
    ActDialog(const QString& title, const QString& verb, Deck deck, QWidget* parent);

    /// The form as an act. Only when there is no problem.
    [[nodiscard]] virtual Act act() const = 0;

protected:
    void send(Answered answered) override;

private:
    Deck m_deck;
};

} // namespace shardscope::ui
