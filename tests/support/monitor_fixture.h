#pragma once

#include <utility>
#include <vector>

#include "tests/support/sample_served.h"
#include "ui/monitor_deck.h"

namespace shardscope::ui {

/// An endpoint that only writes down what it is asked for. Questions are answered at once with
/// `answer`, or, when `holds` is set, by answerAll().
struct FakeEndpoint {
    EndpointState state;
    std::shared_ptr<const ServedSnapshot> now = sample::served();
    std::shared_ptr<const endpoint::TrafficReport> traffic = sample::traffic();
    std::vector<EndpointWish> switchedOn;
    int switchedOff = 0;
    std::vector<std::string> watched;
    std::vector<ApiRequest> asked;
    std::function<Result<ApiAnswer>(const ApiRequest&)> answer;
    bool holds = false;
    std::vector<std::pair<ApiRequest, MonitorDeck::Done>> waiting;

    FakeEndpoint()
    {
        state.on = true;
        state.urls = {"http://127.0.0.1:4567"};
        answer = [](const ApiRequest&) -> Result<ApiAnswer> { return ApiAnswer {}; };
    }

    [[nodiscard]] MonitorDeck deck()
    {
        MonitorDeck made;
        made.endpoint = [this] { return state; };
        made.switchOn = [this](const EndpointWish& wish) { switchedOn.push_back(wish); };
        made.switchOff = [this] { ++switchedOff; };
        made.snapshot = [this] { return state.on ? now : nullptr; };
        made.traffic = [this] { return state.on ? traffic : nullptr; };
        made.watch = [this](const std::string& stream) { watched.push_back(stream); };
        made.ask = [this](ApiRequest request, MonitorDeck::Done done) {
            asked.push_back(request);
            if (holds)
                waiting.emplace_back(std::move(request), std::move(done));
            else
                done(answer(request));
        };
        made.applyToReaders = [this](const std::string& stream, Act act, const auto& done) {
            readerActs.emplace_back(stream, std::move(act));
            done({});
        };
        return made;
    }

    std::vector<std::pair<std::string, Act>> readerActs;

    void answerAll()
    {
        for (auto& [request, done] : std::exchange(waiting, {}))
            done(answer(request));
    }

    /// The newest question of a kind, or null.
    template <typename T> [[nodiscard]] const T* last() const
    {
        for (auto r = asked.rbegin(); r != asked.rend(); ++r)
            if (const T* found = std::get_if<T>(&*r))
                return found;
        return nullptr;
    }
    template <typename T> [[nodiscard]] int times() const
    {
        int n = 0;
        for (const ApiRequest& r : asked)
            n += std::holds_alternative<T>(r) ? 1 : 0;
        return n;
    }
};

} // namespace shardscope::ui
