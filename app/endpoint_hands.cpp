#include "app/endpoint_hands.h"

#include <utility>
#include <vector>

namespace shardscope {

EndpointHands::EndpointHands(QObject* parent)
    : QObject(parent)
{
}

EndpointHands::~EndpointHands()
{
    join();
}

void EndpointHands::join()
{
    if (m_aside.joinable())
        m_aside.join();
}

/// The same words as on the command line, so that the same rules hold.
void EndpointHands::switchOn(const ui::EndpointWish& wish)
{
    std::vector<std::string> words;
    const auto add = [&](const char* option, const std::string& value) {
        if (!value.empty())
            words.insert(words.end(), {option, value});
    };
    add("--listen", wish.listen);
    add("--tls-listen", wish.tlsListen);
    add("--data", wish.dataFolder);
    const auto options = parseServeOptions(words);
    if (options)
        switchOn(*options);
    else
        m_state.trouble = options.error().message;
}

void EndpointHands::switchOn(const ServeOptions& options)
{
    if (m_state.on || m_state.switching)
        return;
    join();
    m_state = {.switching = true};
    m_folder = options.data;
    m_aside = std::thread([this, options] {
        auto made = std::make_shared<Result<std::unique_ptr<ServedEndpoint>>>(
            ServedEndpoint::open(options));
        QMetaObject::invokeMethod(
            this, [this, made] { opened(std::move(*made)); }, Qt::QueuedConnection);
    });
}

void EndpointHands::opened(Result<std::unique_ptr<ServedEndpoint>> made)
{
    m_state.switching = false;
    if (!made) {
        m_state.trouble = made.error().message;
        return;
    }
    m_served = *std::move(made);
    m_state.on = true;
    m_state.urls = m_served->urls();
    m_state.certificateFile = m_served->certificateFile();
    m_state.fingerprint = m_served->fingerprint();
    m_state.checksSignatures = m_served->checksSignatures();
    m_state.dataFolder = m_folder;
}

void EndpointHands::switchOff()
{
    if (!m_state.on)
        return;
    join();
    m_state = {.switching = true};
    std::shared_ptr<ServedEndpoint> ending = std::exchange(m_served, nullptr);
    m_aside = std::thread([this, ending = std::move(ending)]() mutable {
        const auto ended = ending->close();
        ending.reset();
        const std::string trouble = ended ? std::string() : ended.error().message;
        QMetaObject::invokeMethod(
            this, [this, trouble] { m_state = {.trouble = trouble}; }, Qt::QueuedConnection);
    });
}

void EndpointHands::ask(ApiRequest request, ui::MonitorDeck::Done done)
{
    const auto home = [this, done = std::move(done)](Result<ApiAnswer> answer) {
        auto carried = std::make_shared<const Result<ApiAnswer>>(std::move(answer));
        QMetaObject::invokeMethod(
            this, [done, carried] { done(*carried); }, Qt::QueuedConnection);
    };
    if (m_served == nullptr)
        home(fail(ErrorCode::Busy, "The endpoint is off: switch it on first."));
    else if (!m_served->service().submit(std::move(request), home))
        home(fail(ErrorCode::Busy, "The service is busy: try again in a moment."));
}

void EndpointHands::applyToReaders(const std::string& stream, Act act,
                                   std::function<void(const Result<void>&)> done)
{
    const auto home = [this, done = std::move(done)](Result<void> answer) {
        QMetaObject::invokeMethod(
            this, [done, answer = std::move(answer)] { done(answer); }, Qt::QueuedConnection);
    };
    if (m_served == nullptr)
        home(fail(ErrorCode::Busy, "The endpoint is off: switch it on first."));
    else
        m_served->service().applyToReaders(stream, std::move(act), home);
}

std::vector<AgentFlowState> EndpointHands::followed() const
{
    return m_served == nullptr ? std::vector<AgentFlowState> {} : m_served->followed();
}

ui::MonitorDeck EndpointHands::deck()
{
    ui::MonitorDeck deck;
    deck.endpoint = [this] { return m_state; };
    deck.switchOn = [this](const ui::EndpointWish& wish) { switchOn(wish); };
    deck.switchOff = [this] { switchOff(); };
    deck.snapshot = [this]() -> std::shared_ptr<const ServedSnapshot> {
        return m_served == nullptr ? nullptr : m_served->service().snapshot();
    };
    deck.traffic = [this]() -> std::shared_ptr<const endpoint::TrafficReport> {
        return m_served == nullptr ? nullptr : m_served->traffic();
    };
    deck.watch = [this](const std::string& stream) {
        if (m_served != nullptr)
            m_served->service().watch(stream);
    };
    deck.ask = [this](ApiRequest request, ui::MonitorDeck::Done done) {
        ask(std::move(request), std::move(done));
    };
    deck.applyToReaders = [this](const std::string& stream, Act act,
                                 std::function<void(const Result<void>&)> done) {
        applyToReaders(stream, std::move(act), std::move(done));
    };
    return deck;
}

} // namespace shardscope
