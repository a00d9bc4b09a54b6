#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/clock/sim_time.h"
#include "core/endpoint/backend.h"
#include "core/endpoint/credentials.h"
#include "core/endpoint/http.h"
#include "core/endpoint/traffic.h"

namespace shardscope::endpoint {

/// **Thread-safe.** What HttpServer calls: requests in, answers out, the service behind a Backend.
/// A request is read, checked and answered on its connection's thread; only what the service itself
/// does happens elsewhere.
///
/// The order of checks is the service's (API 6.2): the body can be read; the operation is known;
/// who asks is known; the types are right; the constraints hold; the rest is the engine's.
class Api {
public:
    struct Options {
        std::string account = "000000000000";
        std::string region = "us-east-1";
        Backend backend;
        std::optional<Credentials> credentials; ///< none: every key is accepted
        /// Wall time of the clients; empty: the system's clock.
        std::function<SimTime()> clock;
        /// More lines for `GET /metrics`, in Prometheus text format; may be empty.
        std::function<std::string()> moreMetrics;
    };
    explicit Api(Options options);
    ~Api();
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    /// Keeps what it needs alive, beyond the Api itself.
    [[nodiscard]] Handler handler() const;
    /// Made anew at most ten times a second, and only when somebody asks. Never null.
    [[nodiscard]] std::shared_ptr<const TrafficReport> traffic() const;

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace shardscope::endpoint
