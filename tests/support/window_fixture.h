#pragma once

#include <QTemporaryDir>

#include <vector>

#include "tests/support/monitor_fixture.h"
#include "tests/support/sample_snapshot.h"
#include "ui/main_window.h"

namespace shardscope::ui {

/// A window on a sample run: its feed reads `now`, its deck writes down what it is asked for and
/// answers at once.
struct WindowFixture {
    std::shared_ptr<const Snapshot> now = sample::snapshot();
    std::vector<Command> asked;
    std::vector<std::uint64_t> explained;
    Result<void> answer;
    FakeEndpoint endpoint;
    QTemporaryDir folder;
    ViewState view;
    Feed feed {[this] { return now; }};
    Preferences preferences {folder.filePath(QStringLiteral("window.ini"))};
    std::unique_ptr<MainWindow> window;

    WindowFixture() { open(); }

    void open()
    {
        window.reset();
        feed.poll();
        Deck deck;
        deck.send = [this](Command command, Deck::Done done) {
            asked.push_back(std::move(command));
            if (done)
                done(answer);
        };
        deck.explain = [this](std::uint64_t id, auto done) {
            explained.push_back(id);
            done(card());
        };
        window = std::make_unique<MainWindow>(feed, view, deck, preferences, bundled(),
                                              endpoint.deck());
    }

    [[nodiscard]] static std::vector<BundledScenario> bundled()
    {
        const auto load = [](const char* name) {
            return [name]() -> Result<Scenario> {
                Scenario scenario;
                scenario.name = name;
                scenario.title = name;
                return scenario;
            };
        };
        return {{QStringLiteral("hot-key"), QStringLiteral("Hot key"),
                 QStringLiteral("One key cannot be split."), load("hot-key")},
                {QStringLiteral("steady"), QStringLiteral("Steady"),
                 QStringLiteral("All is well below the limits."), load("steady")}};
    }

    [[nodiscard]] static Result<WhyCard> card()
    {
        WhyCard card;
        card.refusal.id = 4471;
        card.refusal.at = kDefaultStart + SimDuration::millis(763);
        card.refusal.bytes = 8'192;
        card.refusal.rule = Rule::W1WriteBytes;
        card.rule = "W1";
        card.ruleText = "A shard takes at most 1 MiB per second (data + partition key).";
        card.key = "eu-west";
        card.producer = "clicks";
        card.shard = ShardSlot(2);
        card.hash = HashKey::fromWords(0x8f08ec0000000000ULL, 0xd6cf);
        card.range = {HashKey::fromWords(1ULL << 63, 0), HashKey::fromWords(3ULL << 62, 0)};
        card.second = kDefaultStart;
        card.arrivals = {{757, "eu-west", 8'192, Outcome::Accepted, 8'192, 1'048'576, false},
                         {763, "eu-west", 8'192, Outcome::RefusedBytes, 12, 1'048'576, true}};
        card.arrivalsInSecond = 169;
        card.acceptedInSecond = 128;
        card.refusedInSecond = 41;
        card.keyShareOfRefused = 0.78;
        card.keyShareOfOffered = 0.7;
        card.cloudWatchPercent = 46;
        card.wouldPassAt = card.refusal.at + SimDuration::millis(8);
        card.whatIf = {{"salt the key x4", "yes (each part 26 %)", true},
                       {"split shard 2 in the middle", "no (one key cannot be split)", false}};
        return card;
    }

    /// The newest command of a kind, or null.
    template <typename T> [[nodiscard]] const T* last() const
    {
        for (auto c = asked.rbegin(); c != asked.rend(); ++c)
            if (const T* found = std::get_if<T>(&*c))
                return found;
        return nullptr;
    }
    template <typename T> [[nodiscard]] const T* lastAct() const
    {
        const Do* done = last<Do>();
        return done ? std::get_if<T>(&done->act) : nullptr;
    }
    template <typename T> [[nodiscard]] const T* lastRequest() const
    {
        const auto* request = lastAct<ControlRequest>();
        return request ? std::get_if<T>(request) : nullptr;
    }
};

} // namespace shardscope::ui
