#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "core/base/result.h"
#include "core/endpoint/http_server.h"
#include "core/endpoint/network_thread.h"

namespace shardscope::endpoint {

/// Listens on one address and deals new connections to the network threads in turn. Lives on the
/// first of them.
class Listener {
public:
    /// `threads` (>= 1) must outlive the listener's start() by close(). Errors: BadInput, Io.
    [[nodiscard]] static Result<std::unique_ptr<Listener>>
    open(const ListenAddress& address, Secure secure,
         std::span<const std::unique_ptr<NetworkThread>> threads);

    /// Begins to accept; before the threads start, or on the first of them.
    void start();
    /// On the first thread.
    void close();
    /// As listened on, with the port that was taken.
    [[nodiscard]] const ListenAddress& address() const { return m_address; }

private:
    Listener(Secure secure, std::span<const std::unique_ptr<NetworkThread>> threads);

    void accept();
    void acceptLater();

    const Secure m_secure;
    const std::span<const std::unique_ptr<NetworkThread>> m_threads;
    boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>
        m_acceptor;
    boost::asio::steady_timer m_timer;
    ListenAddress m_address;
    std::size_t m_next = 0;
};

} // namespace shardscope::endpoint
