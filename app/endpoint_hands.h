#pragma once

#include <QObject>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/served_endpoint.h"
#include "ui/monitor_deck.h"

namespace shardscope {

/// The window's hands on an endpoint of this program. Lives on the GUI thread; opening and closing
/// happen aside of it. Destruction ends what is under way and closes the endpoint.
class EndpointHands : public QObject {
public:
    explicit EndpointHands(QObject* parent = nullptr);
    ~EndpointHands() override;

    /// What the Monitor workspace is given. Must not outlive this.
    [[nodiscard]] ui::MonitorDeck deck();
    void switchOn(const ServeOptions& options);
    void switchOff();
    /// Log files that the endpoint follows; none while it is off.
    [[nodiscard]] std::vector<AgentFlowState> followed() const;

private:
    void switchOn(const ui::EndpointWish& wish);
    void opened(Result<std::unique_ptr<ServedEndpoint>> made);
    void ask(ApiRequest request, ui::MonitorDeck::Done done);
    void applyToReaders(const std::string& stream, Act act,
                        std::function<void(const Result<void>&)> done);
    void join();

    ui::EndpointState m_state;
    std::string m_folder; ///< of the endpoint that is being opened
    std::unique_ptr<ServedEndpoint> m_served;
    std::thread m_aside;
};

} // namespace shardscope
