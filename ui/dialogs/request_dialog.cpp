#include "ui/dialogs/request_dialog.h"

#include <utility>

namespace shardscope::ui {

RequestDialog::RequestDialog(const QString& title, const QString& verb, MonitorDeck deck,
                             QWidget* parent)
    : FormDialog(title, verb, parent)
    , m_deck(std::move(deck))
{
}

void RequestDialog::send(Answered answered)
{
    askInTurn(m_deck, requests(), std::move(answered));
}

void askInTurn(const MonitorDeck& deck, std::vector<ApiRequest> requests,
               std::function<void(const Result<void>&)> answered)
{
    if (requests.empty())
        return answered({});
    ApiRequest first = std::move(requests.front());
    requests.erase(requests.begin());
    deck.ask(std::move(first),
             [deck, rest = std::move(requests),
              answered = std::move(answered)](const Result<ApiAnswer>& answer) {
                 if (!answer)
                     return answered(tl::unexpected<Error>(answer.error()));
                 askInTurn(deck, rest, answered);
             });
}

} // namespace shardscope::ui
