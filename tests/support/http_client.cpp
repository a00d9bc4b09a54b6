#include "tests/support/http_client.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shardscope::test {

namespace {
int connectTo(const std::string& host, std::uint16_t port)
{
    const bool six = host.find(':') != std::string::npos;
    sockaddr_in6 v6 {};
    sockaddr_in v4 {};
    v6.sin6_family = AF_INET6;
    v4.sin_family = AF_INET;
    v6.sin6_port = v4.sin_port = htons(port);
    inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr);
    inet_pton(AF_INET, host.c_str(), &v4.sin_addr);
    const int fd = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience {kPatienceSeconds, 0};
    const int yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const auto* address
        = six ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
    if (connect(fd, address, six ? sizeof v6 : sizeof v4) == 0)
        return fd;
    close(fd);
    return -1;
}

void trust(SSL_CTX* context, const std::string& pem)
{
    BIO* text = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    X509* certificate = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate);
    X509_free(certificate);
    BIO_free(text);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
}
}

struct ByteStream::Impl {
    int fd = -1;
    SSL_CTX* context = nullptr;
    SSL* tls = nullptr;
    std::string error;

    ~Impl()
    {
        SSL_free(tls);
        SSL_CTX_free(context);
        if (fd >= 0)
            ::close(fd);
    }

    void startTls(const Options& options)
    {
        context = SSL_CTX_new(TLS_client_method());
        if (!options.trusted.empty())
            trust(context, options.trusted);
        tls = SSL_new(context);
        std::string offered;
        for (const std::string& protocol : options.alpn)
            offered += static_cast<char>(protocol.size()) + protocol;
        if (!offered.empty())
            SSL_set_alpn_protos(tls, reinterpret_cast<const unsigned char*>(offered.data()),
                                static_cast<unsigned>(offered.size()));
        // An address is checked as one when the host is one.
        if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), options.host.c_str()) != 1)
            SSL_set1_host(tls, options.host.c_str());
        SSL_set_fd(tls, fd);
        if (SSL_connect(tls) == 1)
            return;
        const long verified = SSL_get_verify_result(tls);
        error = verified != X509_V_OK ? X509_verify_cert_error_string(verified)
                                      : ERR_error_string(ERR_get_error(), nullptr);
        ::close(std::exchange(fd, -1));
    }
};

ByteStream::ByteStream(const Options& options)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->fd = connectTo(options.host, options.port);
    if (m_impl->fd >= 0 && options.tls)
        m_impl->startTls(options);
}

ByteStream::~ByteStream() = default;
ByteStream::ByteStream(ByteStream&&) noexcept = default;
ByteStream& ByteStream::operator=(ByteStream&&) noexcept = default;

bool ByteStream::open() const
{
    return m_impl->fd >= 0;
}

bool ByteStream::send(std::string_view bytes)
{
    while (open() && !bytes.empty()) {
        const auto sent = m_impl->tls
            ? SSL_write(m_impl->tls, bytes.data(), static_cast<int>(bytes.size()))
            : static_cast<int>(::send(m_impl->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL));
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return open();
}

std::string ByteStream::receive(std::size_t most)
{
    if (!open())
        return {};
    std::string bytes(most, '\0');
    const auto got = m_impl->tls ? SSL_read(m_impl->tls, bytes.data(), static_cast<int>(most))
                                 : static_cast<int>(::recv(m_impl->fd, bytes.data(), most, 0));
    bytes.resize(static_cast<std::size_t>(std::max(got, 0)));
    return bytes;
}

void ByteStream::endSending()
{
    if (m_impl->tls)
        SSL_shutdown(m_impl->tls);
    shutdown(m_impl->fd, SHUT_WR);
}

void ByteStream::abort()
{
    const linger reset {1, 0};
    setsockopt(m_impl->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    ::close(std::exchange(m_impl->fd, -1));
}

std::string ByteStream::alpn() const
{
    const unsigned char* text = nullptr;
    unsigned size = 0;
    if (m_impl->tls)
        SSL_get0_alpn_selected(m_impl->tls, &text, &size);
    return {reinterpret_cast<const char*>(text), size};
}

std::string ByteStream::tlsVersion() const
{
    return m_impl->tls ? SSL_get_version(m_impl->tls) : "";
}

bool ByteStream::endedInOrder() const
{
    return m_impl->tls && (SSL_get_shutdown(m_impl->tls) & SSL_RECEIVED_SHUTDOWN) != 0;
}

std::string ByteStream::tlsError() const
{
    return m_impl->error;
}

std::string HttpClient::Reply::field(std::string_view name) const
{
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [name](const auto& field) { return field.first == name; });
    return found == fields.end() ? std::string() : found->second;
}

HttpClient::Reply HttpClient::request(std::string_view method, std::string_view target,
                                      const Fields& fields, std::string_view body)
{
    std::string text;
    text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n");
    for (const auto& [name, value] : fields)
        text.append(name).append(": ").append(value).append("\r\n");
    if (!body.empty())
        text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    text.append("\r\n").append(body);
    if (!send(text) && !m_stream.open())
        return {};
    return reply(method == "HEAD");
}

HttpClient::Reply HttpClient::reply(bool toHead)
{
    Reply reply = head();
    const int status = reply.status;
    if (status == 0 || toHead || status / 100 == 1 || status == 204 || status == 304)
        return reply;
    if (reply.field("transfer-encoding") == "chunked") {
        for (;;) {
            const auto piece = chunk();
            if (!piece)
                return {};
            if (piece->empty())
                return reply;
            reply.body += *piece;
        }
    }
    const std::string length = reply.field("content-length");
    if (length.empty()) {
        reply.body = rest();
        return reply;
    }
    auto body = take(std::strtoull(length.c_str(), nullptr, 10));
    if (!body)
        return {};
    reply.body = std::move(*body);
    return reply;
}

HttpClient::Reply HttpClient::head()
{
    Reply reply;
    auto text = line();
    if (!text || text->size() < 12 || text->compare(0, 7, "HTTP/1.") != 0)
        return {};
    reply.status = std::atoi(text->c_str() + 9);
    while ((text = line()) && !text->empty()) {
        const std::size_t colon = text->find(": ");
        if (colon == std::string::npos)
            return {};
        std::string name = text->substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        reply.fields.emplace_back(std::move(name), text->substr(colon + 2));
    }
    return text ? reply : Reply {};
}

std::optional<std::string> HttpClient::chunk()
{
    const auto size = line();
    if (!size || size->empty())
        return std::nullopt;
    auto bytes = take(std::strtoull(size->c_str(), nullptr, 16) + 2);
    if (!bytes || !bytes->ends_with("\r\n"))
        return std::nullopt;
    bytes->resize(bytes->size() - 2);
    return bytes;
}

std::string HttpClient::rest()
{
    while (fill()) { }
    return std::exchange(m_buffer, {});
}

bool HttpClient::fill()
{
    const std::string more = m_stream.receive();
    m_buffer += more;
    return !more.empty();
}

std::optional<std::string> HttpClient::line()
{
    std::size_t end = 0;
    while ((end = m_buffer.find("\r\n")) == std::string::npos) {
        if (!fill())
            return std::nullopt;
    }
    std::string text = m_buffer.substr(0, end);
    m_buffer.erase(0, end + 2);
    return text;
}

std::optional<std::string> HttpClient::take(std::size_t bytes)
{
    while (m_buffer.size() < bytes) {
        if (!fill())
            return std::nullopt;
    }
    std::string taken = m_buffer.substr(0, bytes);
    m_buffer.erase(0, bytes);
    return taken;
}

} // namespace shardscope::test
