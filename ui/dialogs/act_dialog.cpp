#include "ui/dialogs/act_dialog.h"

#include <utility>

namespace shardscope::ui {

ActDialog::ActDialog(const QString& title, const QString& verb, Deck deck, QWidget* parent)
    : FormDialog(title, verb, parent)
    , m_deck(std::move(deck))
{
}

void ActDialog::send(Answered answered)
{
    m_deck.send(Do {act()}, std::move(answered));
}

} // namespace shardscope::ui
