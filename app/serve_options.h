#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/options.h"
#include "core/endpoint/http_server.h"
#include "core/engine/requests.h"
#include "core/engine/service_options.h"

namespace shardscope {

/// What `shardscope serve` was asked for.
struct ServeOptions {
    enum class Log { Text, Json };

    std::vector<endpoint::ListenAddress> listen; ///< default 127.0.0.1:4567
    std::vector<endpoint::ListenAddress> tlsListen; ///< none unless asked for
    std::string tlsCertificate, tlsKey; ///< PEM files; empty: one for localhost is made
    std::string data; ///< folder; empty: memory alone
    SimDuration commitInterval; ///< see LocalService::Store
    std::string keys; ///< master key file; empty: in the data folder
    /// The folder that stands for S3; empty: `channels` in the data folder, or none without one.
    std::string channels;
    std::string readers; ///< a file of readers that run here; empty: none
    std::string agent; ///< an agent.json whose files are followed; empty: none
    std::string credentials; ///< file; empty: every key is accepted
    bool insecure = false;
    std::vector<CreateStream> create;
    bool window = false;
    Log log = Log::Text;
    int threads = 1; ///< of the network
    /// Account, region, limits, quotas and delays.
    ServiceOptions service;
    bool help = false;
};

/// What `options` can be set from. `options` must outlive the list.
[[nodiscard]] std::vector<Option> serveOptionList(ServeOptions& options);
/// Errors: BadInput for what cannot be read, for addresses beyond loopback without credentials and
/// TLS unless `--insecure` is said, and for what does not go together.
[[nodiscard]] Result<ServeOptions> parseServeOptions(std::span<const std::string> arguments);

} // namespace shardscope
