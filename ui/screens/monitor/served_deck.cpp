#include "ui/screens/monitor/served_deck.h"

#include <QCoreApplication>

#include <utility>

#include "core/scenario/scenario.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

std::string notHere()
{
    return toStd(QCoreApplication::translate(
        "servedDeck", "Only a simulated run can do this; clients write to this stream."));
}

ApiRequest requestFor(const ControlRequest& request, const std::string& stream)
{
    return std::visit(
        [&stream](auto named) -> ApiRequest {
            if constexpr (requires { named.streamName; })
                named.streamName = stream;
            return named;
        },
        request);
}

} // namespace

Deck servedDeck(const MonitorDeck& deck, const std::string& stream)
{
    Deck made;
    made.send = [ask = deck.ask, stream](const Command& command, Deck::Done done) {
        const Do* act = std::get_if<Do>(&command);
        const auto* request = act ? std::get_if<ControlRequest>(&act->act) : nullptr;
        if (request == nullptr) {
            if (done)
                done(fail(ErrorCode::BadInput, notHere()));
            return;
        }
        ask(requestFor(*request, stream), [done](const Result<ApiAnswer>& answer) {
            if (!done)
                return;
            if (answer)
                done({});
            else
                done(tl::unexpected<Error>(answer.error()));
        });
    };
    made.explain = [](std::uint64_t, const std::function<void(const Result<WhyCard>&)>& done) {
        done(fail(ErrorCode::BadInput, notHere()));
    };
    return made;
}

} // namespace shardscope::ui
