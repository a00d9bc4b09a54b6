#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/endpoint/traffic.h"
#include "core/engine/api.h"
#include "core/runtime/served_snapshot.h"
#include "core/scenario/scenario.h"

namespace shardscope::ui {

/// The endpoint of this program, as the Monitor workspace shows it.
struct EndpointState {
    bool on = false;
    bool switching = false; ///< starting or stopping
    std::vector<std::string> urls; ///< `http://127.0.0.1:4567`, plain ones first
    std::string certificateFile, fingerprint; ///< with TLS
    bool checksSignatures = false;
    std::string dataFolder; ///< empty: memory alone
    std::string trouble; ///< why it could not be switched on, or empty
};

/// What a person asks for when switching the endpoint on.
struct EndpointWish {
    std::string listen = "127.0.0.1:4567";
    std::string tlsListen; ///< empty: no TLS
    std::string dataFolder; ///< empty: memory alone
};

/// The Monitor workspace's hands: everything a person does there goes through the API's own
/// requests. All functions are called on the GUI thread, and every `Done` comes back to it.
struct MonitorDeck {
    using Done = std::function<void(const Result<ApiAnswer>&)>;

    std::function<EndpointState()> endpoint;
    std::function<void(const EndpointWish&)> switchOn;
    std::function<void()> switchOff;

    /// Null while the endpoint is off.
    std::function<std::shared_ptr<const ServedSnapshot>()> snapshot;
    std::function<std::shared_ptr<const endpoint::TrafficReport>()> traffic;
    /// Which stream's board the snapshots carry; empty: none.
    std::function<void(const std::string& stream)> watch;
    std::function<void(ApiRequest request, Done done)> ask;
    /// To readers that run here, beside the clients of a stream.
    std::function<void(const std::string& stream, Act act,
                       std::function<void(const Result<void>&)> done)>
        applyToReaders;
};

} // namespace shardscope::ui
