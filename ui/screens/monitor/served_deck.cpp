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
    made.send = [ask = deck.ask, applyToReaders = deck.applyToReaders,
                 stream](const Command& command, Deck::Done done) {
        if (!done)
            done = [](const Result<void>&) {};
        const Do* act = std::get_if<Do>(&command);
        if (act == nullptr)
            return done(fail(ErrorCode::BadInput, notHere()));
        const auto* request = std::get_if<ControlRequest>(&act->act);
        if (request == nullptr)
            return applyToReaders(stream, act->act, done);
        ask(requestFor(*request, stream), [done](const Result<ApiAnswer>& answer) {
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
