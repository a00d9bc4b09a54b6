#include "core/endpoint/traffic_counter.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "core/base/budgets.h"

namespace shardscope::endpoint {
namespace {

constexpr std::size_t kUserAgentBytes = 256;
/// Of one error kept for people.
constexpr std::size_t kMessageBytes = 1'024;
/// Connections remembered of a client before those that have ended are looked for.
constexpr std::size_t kConnectionsSwept = 1'024;
/// A new error is one of the newest as many again, or a row of its own.
constexpr std::size_t kErrorsCompared = 16;
constexpr auto kReportAge = std::chrono::milliseconds(100);

struct Product {
    std::string_view mark; ///< in the user agent, before the version; lower case
    std::string_view name;
};
/// The first that fits counts: libraries stand before the SDK they are built on.
constexpr std::array kProducts {
    Product {"kinesisproducerlibrary/", "KPL"},
    Product {"amazon-kinesis-client-library-java-", "KCL"},
    Product {"kinesisclientlibrary/", "KCL"},
    Product {"aws-kinesis-agent/", "Kinesis Agent"},
    Product {"aws-cli/", "AWS CLI"},
    Product {"boto3/", "boto3"},
    Product {"botocore/", "botocore"},
    Product {"aws-sdk-js/", "JavaScript SDK"},
    Product {"aws-sdk-java/", "Java SDK"},
    Product {"aws-sdk-kotlin/", "Kotlin SDK"},
    Product {"aws-sdk-go-v2/", "Go SDK"},
    Product {"aws-sdk-go/", "Go SDK"},
    Product {"aws-sdk-cpp/", "C++ SDK"},
    Product {"aws-sdk-rust/", "Rust SDK"},
    Product {"aws-sdk-dotnet", ".NET SDK"},
    Product {"aws-sdk-php/", "PHP SDK"},
    Product {"aws-sdk-ruby3/", "Ruby SDK"},
};

std::string lower(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c | 0x20);
    return out;
}

/// `1.26` out of `1.26.27 Python/3.11`; empty when there is none.
std::string_view shortVersion(std::string_view text)
{
    std::size_t end = 0, dots = 0;
    for (; end < text.size(); ++end) {
        const char c = text[end];
        if (c == '.' && ++dots == 2)
            break;
        if (c != '.' && (c < '0' || c > '9'))
            break;
    }
    return text.substr(0, end);
}

std::string_view hostOf(std::string_view address)
{
    return address.substr(0, address.rfind(':'));
}

/// Enough to tell keys apart, too little to use one.
std::string shortened(std::string_view key)
{
    constexpr std::size_t kShown = 4;
    if (key.size() <= 2 * kShown)
        return std::string(key);
    return std::string(key.substr(0, kShown)) + "…" + std::string(key.substr(key.size() - kShown));
}

std::string protocolText(const Peer& peer, bool cbor)
{
    std::string text = peer.version == HttpVersion::Http2 ? "HTTP/2" : "HTTP/1.1";
    if (peer.secure)
        text += " · TLS";
    return text + (cbor ? " · CBOR" : " · JSON");
}

std::string_view userAgentOf(const HttpRequest& request)
{
    // A browser may not set the one, so the SDK sends the other.
    auto agent = request.headers.find("x-amz-user-agent");
    if (const auto plain = request.headers.find("user-agent"))
        agent = plain;
    return agent.value_or("").substr(0, kUserAgentBytes);
}

const std::shared_ptr<const Peer>& peerOf(const HttpRequest& request)
{
    static const auto nobody = std::make_shared<const Peer>();
    return request.peer ? request.peer : nobody;
}

} // namespace

std::string sdkName(std::string_view userAgent)
{
    const std::string agent = lower(userAgent);
    for (const Product& product : kProducts) {
        const std::size_t at = agent.find(product.mark);
        if (at == std::string::npos)
            continue;
        const auto version = shortVersion(std::string_view(agent).substr(at + product.mark.size()));
        return std::string(product.name) + (version.empty() ? "" : " ") + std::string(version);
    }
    constexpr std::size_t kWordBytes = 40;
    return std::string(userAgent.substr(0, std::min(userAgent.find(' '), kWordBytes)));
}

TrafficCounter::Client& TrafficCounter::clientOf(const AnsweredCall& call)
{
    const std::string_view address = hostOf(peerOf(call.request)->address);
    const std::string_view agent = userAgentOf(call.request);
    m_key.assign(address).append(1, '\n').append(agent);
    if (const auto found = m_clients.find(m_key); found != m_clients.end())
        return found->second;
    if (m_clients.size() >= static_cast<std::size_t>(budgets::kClientsKept))
        m_clients.erase(
            std::min_element(m_clients.begin(), m_clients.end(), [](const auto& a, const auto& b) {
                return a.second.seen < b.second.seen;
            }));
    Client& client = m_clients[m_key];
    client.row.address = address;
    client.row.userAgent = agent;
    client.row.sdk = sdkName(agent);
    client.row.firstSeen = call.at;
    return client;
}

/// Moves the counts of seconds and minutes that have passed.
void TrafficCounter::turn(Client& client, SimTime at)
{
    const std::int64_t second = at.inSeconds(), minute = second / 60;
    if (second > client.second) {
        client.before = second == client.second + 1 ? client.now : Second {};
        client.now = {};
        client.second = second;
    }
    if (minute > client.minute) {
        client.latencyBefore = minute == client.minute + 1 ? client.latency : LatencyHistogram {};
        client.latency = {};
        client.minute = minute;
    }
}

void TrafficCounter::countFor(Client& client, const AnsweredCall& call)
{
    turn(client, call.at);
    const auto& peer = peerOf(call.request);
    ClientRow& row = client.row;
    const bool refused = call.status >= 400;
    ++row.calls;
    row.refused += refused ? 1 : 0;
    row.throttled += call.errorType == "ProvisionedThroughputExceededException" ? 1 : 0;
    row.lastOperation = call.operation;
    row.lastSeen = call.at;
    const int spoken = static_cast<int>(peer->version) << 2 | (peer->secure ? 2 : 0) | call.cbor;
    if (std::exchange(client.spoken, spoken) != spoken)
        row.protocol = protocolText(*peer, call.cbor);
    if (client.accessKeyId != call.accessKeyId) {
        client.accessKeyId = call.accessKeyId;
        row.accessKeyId = shortened(call.accessKeyId);
    }
    ++client.now.calls;
    client.now.refused += refused ? 1 : 0;
    client.now.records += call.records;
    client.now.refusedRecords += call.refusedRecords;
    row.refusedRecords += call.refusedRecords;
    client.latency.add(call.micros);
    client.connections.try_emplace(peer->connection, peer);
    if (client.connections.size() > kConnectionsSwept)
        std::erase_if(client.connections, [](const auto& c) { return c.second.expired(); });
}

void TrafficCounter::countError(const Client& client, const AnsweredCall& call)
{
    ++m_errorsEver;
    ErrorRow row;
    row.at = call.at;
    row.client = client.row.sdk + (client.row.sdk.empty() ? "" : " · ") + client.row.address;
    row.operation = call.operation;
    row.stream = call.stream;
    row.status = call.status;
    row.type = call.errorType;
    row.message = call.errorMessage.substr(0, kMessageBytes);
    row.requestId = call.requestId;
    row.times = std::max<std::int64_t>(1, call.refusedRecords);
    const auto same = [&row](const ErrorRow& other) {
        return other.client == row.client && other.operation == row.operation
            && other.stream == row.stream && other.type == row.type && other.message == row.message;
    };
    // Several clients that are throttled at the same time take turns; each keeps its row.
    const auto newest = m_errors.begin()
        + static_cast<std::ptrdiff_t>(std::min(m_errors.size(), kErrorsCompared));
    if (const auto found = std::find_if(m_errors.begin(), newest, same); found != newest) {
        found->times += row.times;
        found->at = row.at;
        found->status = row.status;
        found->requestId = row.requestId;
        std::rotate(m_errors.begin(), found, found + 1);
        return;
    }
    row.id = static_cast<std::uint64_t>(m_errorsEver);
    m_errors.push_front(std::move(row));
    if (m_errors.size() > static_cast<std::size_t>(budgets::kErrorsKept))
        m_errors.pop_back();
}

void TrafficCounter::count(const AnsweredCall& call)
{
    const std::lock_guard lock(m_mutex);
    m_latest = std::max(m_latest, call.at);
    Client& client = clientOf(call);
    client.seen = ++m_requests;
    countFor(client, call);
    const std::string_view name = call.operation.empty() ? "Unknown" : call.operation;
    auto operation = m_operations.find(name);
    if (operation == m_operations.end()) {
        operation = m_operations.emplace(name, OperationRow {}).first;
        operation->second.operation = name;
    }
    OperationRow& row = operation->second;
    ++row.calls;
    row.refused += call.status >= 400 ? 1 : 0;
    row.bytesIn += static_cast<std::int64_t>(call.request.body.size());
    row.bytesOut += call.bytesOut;
    row.latency.add(call.micros);
    if (call.status >= 400 || call.refusedRecords > 0)
        countError(client, call);
}

std::shared_ptr<const TrafficReport> TrafficCounter::report()
{
    const std::lock_guard lock(m_mutex);
    const auto now = std::chrono::steady_clock::now();
    if (!m_report || now - m_built >= kReportAge) {
        m_report = build();
        m_built = now;
    }
    return m_report;
}

std::shared_ptr<const TrafficReport> TrafficCounter::build()
{
    auto report = std::make_shared<TrafficReport>();
    for (auto& [key, client] : m_clients) {
        turn(client, m_latest);
        std::erase_if(client.connections, [](const auto& c) { return c.second.expired(); });
        ClientRow row = client.row;
        row.connections = static_cast<std::int64_t>(client.connections.size());
        row.callsPerSecond = static_cast<double>(client.before.calls);
        row.refusedPerSecond = static_cast<double>(client.before.refused);
        row.recordsPerSecond = static_cast<double>(client.before.records);
        row.refusedRecordsPerSecond = static_cast<double>(client.before.refusedRecords);
        row.latency = client.latencyBefore;
        row.latency.add(client.latency);
        report->clients.push_back(std::move(row));
    }
    std::sort(report->clients.begin(), report->clients.end(),
              [](const ClientRow& a, const ClientRow& b) {
                  return std::tie(b.callsPerSecond, b.calls, a.address, a.userAgent)
                      < std::tie(a.callsPerSecond, a.calls, b.address, b.userAgent);
              });
    for (const auto& [name, row] : m_operations)
        report->operations.push_back(row);
    report->errors.assign(m_errors.begin(), m_errors.end());
    report->requests = m_requests;
    report->errorsEver = m_errorsEver;
    return report;
}

} // namespace shardscope::endpoint
