#include "app/bench/load_socket.h"

#include <openssl/ssl.h>

#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/check.h"

namespace shardscope {
namespace {

/// Of all connections. Whose certificate it is does not matter here.
SSL_CTX* clientContext()
{
    static const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context = [] {
        std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> made(SSL_CTX_new(TLS_client_method()),
                                                          SSL_CTX_free);
        SSL_CTX_set_min_proto_version(made.get(), TLS1_3_VERSION);
        SSL_CTX_set_mode(made.get(),
                         SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        return made;
    }();
    return context.get();
}

} // namespace

LoadSocket::LoadSocket(std::uint16_t port, Cipher cipher)
    : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    SHARDSCOPE_CHECK(
        m_fd >= 0
        && ::connect(m_fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    const int on = 1;
    ::setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (cipher == Cipher::Tls) {
        m_tls = SSL_new(clientContext());
        SHARDSCOPE_CHECK(SSL_set_fd(m_tls, m_fd) == 1 && SSL_connect(m_tls) == 1);
    }
    ::fcntl(m_fd, F_SETFL, ::fcntl(m_fd, F_GETFL) | O_NONBLOCK);
}

LoadSocket::~LoadSocket()
{
    SSL_free(m_tls);
    ::close(m_fd);
}

std::size_t LoadSocket::write(std::string_view bytes)
{
    if (m_tls != nullptr) {
        std::size_t written = 0;
        if (SSL_write_ex(m_tls, bytes.data(), bytes.size(), &written) != 1)
            SHARDSCOPE_CHECK(SSL_get_error(m_tls, 0) == SSL_ERROR_WANT_WRITE);
        return written;
    }
    const ssize_t written = ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    SHARDSCOPE_CHECK(written > 0 || errno == EAGAIN);
    return written > 0 ? static_cast<std::size_t>(written) : 0;
}

std::size_t LoadSocket::read(std::span<char> room)
{
    if (m_tls != nullptr) {
        std::size_t read = 0;
        if (SSL_read_ex(m_tls, room.data(), room.size(), &read) != 1)
            SHARDSCOPE_CHECK(SSL_get_error(m_tls, 0) == SSL_ERROR_WANT_READ);
        return read;
    }
    const ssize_t read = ::recv(m_fd, room.data(), room.size(), 0);
    SHARDSCOPE_CHECK(read > 0 || (read < 0 && errno == EAGAIN));
    return read > 0 ? static_cast<std::size_t>(read) : 0;
}

} // namespace shardscope
