#pragma once

#include <vector>

#include "ui/dialogs/form_dialog.h"
#include "ui/monitor_deck.h"

namespace shardscope::ui {

/// A form that becomes requests to the service, sent one after the other until one is refused.
class RequestDialog : public FormDialog {
    Q_OBJECT

public:
    RequestDialog(const QString& title, const QString& verb, MonitorDeck deck, QWidget* parent);

    /// The form as requests. Only when there is no problem.
    [[nodiscard]] virtual std::vector<ApiRequest> requests() const = 0;

protected:
    void send(Answered answered) override;

private:
    MonitorDeck m_deck;
};

/// Sends requests one after the other; the first refusal ends it and is the answer.
void askInTurn(const MonitorDeck& deck, std::vector<ApiRequest> requests,
               std::function<void(const Result<void>&)> answered);

} // namespace shardscope::ui
