#include "app/served_endpoint.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <random>
#include <utility>

#include "app/bundled.h"
#include "core/endpoint/local_certificate.h"

namespace shardscope {
namespace {

constexpr std::chrono::seconds kGrace {5};

/// Lines of `GET /metrics` about connections.
std::string connectionMetrics(const endpoint::HttpServer::Counts& counts)
{
    const auto line = [](const char* name, const char* type, const char* help, std::int64_t value) {
        const std::string n = name;
        return "# HELP " + n + ' ' + help + "\n# TYPE " + n + ' ' + type + '\n' + n + ' '
            + std::to_string(value) + '\n';
    };
    return line("shardscope_connections", "gauge", "Connections open now.", counts.connectionsNow)
        + line("shardscope_connections_total", "counter", "Connections ever opened.",
               counts.connectionsEver)
        + line("shardscope_connections_refused_total", "counter",
               "Connections refused above the limit.", counts.refusedConnections)
        + line("shardscope_received_bytes_total", "counter", "Bytes received.", counts.bytesIn)
        + line("shardscope_sent_bytes_total", "counter", "Bytes sent.", counts.bytesOut)
        + line("shardscope_protocol_errors_total", "counter", "Requests and frames that were none.",
               counts.protocolErrors);
}

LocalService::Options serviceOptions(const ServeOptions& o)
{
    LocalService::Options options {.service = o.service, .channelFolder = o.channels};
    options.pricesJson = bundledPricesJson();
    if (!o.data.empty())
        options.store
            = {.folder = o.data, .commitInterval = o.commitInterval, .masterKeyFile = o.keys};
    return options;
}

/// Beside the data, or with the user's other data: a client that trusts the certificate once need
/// not do so again.
std::filesystem::path certificateFolder(const ServeOptions& o)
{
    if (!o.data.empty())
        return std::filesystem::path(o.data) / "tls";
    const char* const shared = std::getenv("XDG_DATA_HOME");
    if (shared != nullptr && *shared != '\0')
        return std::filesystem::path(shared) / "shardscope" / "tls";
    const char* const home = std::getenv("HOME");
    return std::filesystem::path(home == nullptr ? "." : home) / ".local/share/shardscope/tls";
}

} // namespace

Result<ApiAnswer> ask(LocalService& service, ApiRequest request)
{
    auto answer = std::make_shared<std::promise<Result<ApiAnswer>>>();
    if (!service.submit(std::move(request),
                        [answer](Result<ApiAnswer> a) { answer->set_value(std::move(a)); }))
        return fail(ErrorCode::Busy, "The service is busy: try again in a moment.");
    return answer->get_future().get();
}

Result<std::unique_ptr<ServedEndpoint>> ServedEndpoint::open(const ServeOptions& options)
{
    std::unique_ptr<ServedEndpoint> made(new ServedEndpoint);
    auto service = LocalService::open(serviceOptions(options));
    if (!service)
        return tl::unexpected(service.error());
    made->m_service = *std::move(service);
    // Held while it is read: the service's own thread publishes the next one at any moment.
    const auto snapshot = made->m_service->snapshot();
    if (snapshot->store)
        made->m_warnings = snapshot->store->findings;
    if (auto ok = made->makeStreams(options.create); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = made->listen(options); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = made->read(options.readers); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = made->follow(options.agent); !ok)
        return tl::unexpected(ok.error());
    return made;
}

ServedEndpoint::~ServedEndpoint()
{
    if (!m_closed)
        std::ignore = close();
}

/// Those that are there already, from an earlier run in the same folder, are left as they are.
Result<void> ServedEndpoint::makeStreams(const std::vector<CreateStream>& streams)
{
    for (const CreateStream& stream : streams) {
        const auto made = ask(*m_service, stream);
        if (!made && made.error().code != ErrorCode::ResourceInUse)
            return fail(made.error().code,
                        "--create " + stream.streamName + ": " + made.error().message);
    }
    return {};
}

Result<void> ServedEndpoint::takeIdentity(const ServeOptions& options,
                                          endpoint::TlsIdentity& identity)
{
    if (!options.tlsCertificate.empty()) {
        auto own = endpoint::readIdentity(options.tlsCertificate, options.tlsKey);
        if (!own)
            return tl::unexpected(own.error());
        identity = *std::move(own);
        m_fingerprint = endpoint::fingerprintOf(identity.certificatePem);
        return {};
    }
    std::vector<std::string> hosts;
    for (const endpoint::ListenAddress& address : options.tlsListen)
        hosts.push_back(address.host);
    auto made = endpoint::localCertificate(certificateFolder(options), hosts,
                                           std::chrono::system_clock::now());
    if (!made)
        return tl::unexpected(made.error());
    identity = std::move(made->identity);
    m_certificateFile = made->certificateFile.string();
    m_fingerprint = made->fingerprint;
    return {};
}

Result<void> ServedEndpoint::listen(const ServeOptions& options)
{
    endpoint::Api::Options api {.account = options.service.accountId,
                                .region = options.service.region,
                                .backend = m_service->backend()};
    if (!options.credentials.empty()) {
        auto file = endpoint::readCredentials(options.credentials);
        if (!file)
            return tl::unexpected(file.error());
        m_warnings.insert(m_warnings.end(), file->warnings.begin(), file->warnings.end());
        api.credentials = std::move(file->credentials);
        m_checksSignatures = true;
    }
    api.moreMetrics = [this] { return connectionMetrics(m_server->counts()); };
    m_api = std::make_unique<endpoint::Api>(std::move(api));

    endpoint::HttpServer::Options http {.plain = options.listen,
                                        .tls = options.tlsListen,
                                        .threads = options.threads,
                                        .handler = m_api->handler()};
    if (!options.tlsListen.empty()) {
        if (auto ok = takeIdentity(options, http.identity); !ok)
            return ok;
    }
    auto server = endpoint::HttpServer::open(std::move(http));
    if (!server)
        return tl::unexpected(server.error());
    m_server = *std::move(server);
    return {};
}

Result<void> ServedEndpoint::read(const std::string& readersFile)
{
    if (readersFile.empty())
        return {};
    std::ifstream file(readersFile, std::ios::binary);
    const std::string text {std::istreambuf_iterator<char>(file), {}};
    if (!file)
        return fail(ErrorCode::BadInput, "--readers: " + readersFile + " cannot be read.");
    auto readers = parseReaders(text, readersFile);
    if (!readers)
        return tl::unexpected(readers.error());
    for (AttachedReader& reader : *readers) {
        std::promise<Result<void>> done;
        m_service->applyToReaders(reader.stream, AddConsumer {std::move(reader.spec)},
                                  [&](Result<void> is) { done.set_value(std::move(is)); });
        if (auto is = done.get_future().get(); !is)
            return is;
    }
    return {};
}

Result<void> ServedEndpoint::follow(const std::string& agentFile)
{
    if (agentFile.empty())
        return {};
    auto agent = followFiles(agentFile, [this](PutRecords put, const AgentFlow::Reply& reply) {
        return m_service->submit(std::move(put), [reply](Result<ApiAnswer> answer) {
            reply(std::move(answer).map(
                [](ApiAnswer&& a) { return std::get<PutRecordsResult>(std::move(a)); }));
        });
    });
    if (!agent)
        return tl::unexpected(agent.error());
    m_agent = *std::move(agent);
    return {};
}

std::vector<AgentFlowState> ServedEndpoint::followed() const
{
    return m_agent == nullptr ? std::vector<AgentFlowState> {} : m_agent->states();
}

std::vector<std::string> ServedEndpoint::urls() const
{
    std::vector<std::string> urls;
    for (const endpoint::ListenAddress& address : m_server->plain())
        urls.push_back("http://" + address.text());
    for (const endpoint::ListenAddress& address : m_server->tls())
        urls.push_back("https://" + address.text());
    return urls;
}

std::shared_ptr<const endpoint::TrafficReport> ServedEndpoint::traffic() const
{
    return m_api->traffic();
}

Result<void> ServedEndpoint::close()
{
    m_closed = true;
    m_agent.reset();
    if (m_server != nullptr)
        m_server->stop(kGrace);
    return m_service->flush();
}

} // namespace shardscope
