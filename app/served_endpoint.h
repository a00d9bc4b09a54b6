#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/followed_files.h"
#include "app/serve_options.h"
#include "core/endpoint/api.h"
#include "core/runtime/local_service.h"

namespace shardscope {

/// Asks, and waits for the answer. Errors: Busy, and what the service refuses.
[[nodiscard]] Result<ApiAnswer> ask(LocalService& service, ApiRequest request);

/// A local service with its endpoint: what `serve` runs and the window's switch turns on and off.
/// Destruction answers what is under way for up to five seconds, makes everything durable, stops.
class ServedEndpoint {
public:
    /// Reads credentials and certificate, opens the folder, makes the streams asked for, listens,
    /// follows files, runs readers.
    /// Errors: BadInput, Io, and what the service refuses of a stream to be created.
    [[nodiscard]] static Result<std::unique_ptr<ServedEndpoint>> open(const ServeOptions& options);
    ~ServedEndpoint();
    ServedEndpoint(const ServedEndpoint&) = delete;
    ServedEndpoint& operator=(const ServedEndpoint&) = delete;

    [[nodiscard]] std::vector<std::string> urls() const; ///< plain ones first
    /// Of the certificate that was made here, for people to trust; empty without TLS.
    [[nodiscard]] const std::string& certificateFile() const { return m_certificateFile; }
    [[nodiscard]] const std::string& fingerprint() const { return m_fingerprint; }
    [[nodiscard]] bool checksSignatures() const { return m_checksSignatures; }
    /// Sentences about what was odd when it was opened.
    [[nodiscard]] const std::vector<std::string>& warnings() const { return m_warnings; }

    [[nodiscard]] LocalService& service() { return *m_service; }
    [[nodiscard]] std::shared_ptr<const endpoint::TrafficReport> traffic() const;
    /// What follows log files, by flow; none without an agent.json.
    [[nodiscard]] std::vector<AgentFlowState> followed() const;
    [[nodiscard]] endpoint::HttpServer::Counts counts() const { return m_server->counts(); }

    /// Takes no more requests, answers those under way, makes everything durable. Errors: Io, when
    /// the disk refuses what was not acknowledged yet.
    [[nodiscard]] Result<void> close();

private:
    ServedEndpoint() = default;
    [[nodiscard]] Result<void> listen(const ServeOptions& options);
    [[nodiscard]] Result<void> follow(const std::string& agentFile);
    [[nodiscard]] Result<void> read(const std::string& readersFile);
    [[nodiscard]] Result<void> takeIdentity(const ServeOptions& options,
                                            endpoint::TlsIdentity& identity);
    [[nodiscard]] Result<void> makeStreams(const std::vector<CreateStream>& streams);

    std::string m_certificateFile, m_fingerprint;
    bool m_checksSignatures = false;
    bool m_closed = false;
    std::vector<std::string> m_warnings;
    // In the order in which they need each other.
    std::unique_ptr<LocalService> m_service;
    std::unique_ptr<endpoint::Api> m_api;
    std::unique_ptr<endpoint::HttpServer> m_server;
    std::unique_ptr<LogAgent> m_agent;
};

} // namespace shardscope
