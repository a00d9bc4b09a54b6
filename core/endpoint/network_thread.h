#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "core/endpoint/connection.h"
#include "core/endpoint/http_server.h"
#include "core/endpoint/http_session.h"
#include "core/endpoint/tls_context.h"

namespace shardscope::endpoint {

enum class Secure : bool { No, Yes };

/// What all threads of a server share.
struct ServerShared {
    HttpLimits limits;
    Handler handler;
    std::shared_ptr<BodyBudget> bodies;
    std::optional<TlsContext> tls;
    std::atomic<std::int64_t> connectionsNow = 0, connectionsEver = 0, refusedConnections = 0;
    std::atomic<std::int64_t> bytesIn = 0, bytesOut = 0, protocolErrors = 0;

    /// A connection has ended.
    void leave();
    /// Returns when there is no connection any more, or after `most`.
    void waitForAll(std::chrono::milliseconds most);

private:
    std::mutex m_mutex;
    std::condition_variable m_empty;
};

/// One thread that serves the connections given to it, and owns them. All but start(), stop() and
/// the constructor is called on the thread itself.
class NetworkThread {
public:
    explicit NetworkThread(ServerShared& server);
    ~NetworkThread();
    NetworkThread(const NetworkThread&) = delete;
    NetworkThread& operator=(const NetworkThread&) = delete;

    void start();
    /// From any thread: closes all, ends and joins.
    void stop();

    [[nodiscard]] boost::asio::io_context& context() { return m_context; }
    [[nodiscard]] ServerShared& server() { return m_server; }
    [[nodiscard]] const SessionShared& sessions() const { return m_sessions; }
    /// For bytes that are used up before the connection's event ends.
    [[nodiscard]] std::span<char> readBuffer() { return m_readBuffer; }
    [[nodiscard]] std::span<char> plainBuffer() { return m_plainBuffer; } ///< deciphered

    /// Takes a new connection. A server with too many says so and closes it.
    void serve(Socket socket, Secure secure);
    /// Takes a connection off its list.
    void forget(Connection& connection);
    /// The connection's turn() comes before this turn of the thread ends.
    void wake(std::shared_ptr<Connection> connection) { m_woken.push_back(std::move(connection)); }
    /// Every event ends with it.
    void endTurn();
    /// Every connection ends after the requests under way.
    void shutDown();

private:
    void run();
    void sweepLater();
    void sweep();

    ServerShared& m_server;
    boost::asio::io_context m_context {1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
    boost::asio::steady_timer m_timer;
    SessionShared m_sessions;
    std::vector<std::shared_ptr<Connection>> m_connections;
    std::vector<std::shared_ptr<Connection>> m_woken;
    std::vector<char> m_readBuffer, m_plainBuffer;
    bool m_sweeping = false, m_stopping = false;
    std::thread m_thread;
};

} // namespace shardscope::endpoint
