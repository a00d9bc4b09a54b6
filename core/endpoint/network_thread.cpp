#include "core/endpoint/network_thread.h"

#include <boost/asio/post.hpp>

#include <chrono>

#include "core/base/budgets.h"

namespace shardscope::endpoint {

namespace asio = boost::asio;

void ServerShared::leave()
{
    if (connectionsNow.fetch_sub(1) != 1)
        return;
    const std::lock_guard lock(m_mutex);
    m_empty.notify_all();
}

void ServerShared::waitForAll(std::chrono::milliseconds most)
{
    std::unique_lock lock(m_mutex);
    m_empty.wait_for(lock, most, [this] { return connectionsNow == 0; });
}

NetworkThread::NetworkThread(ServerShared& server)
    : m_server(server)
    , m_work(m_context.get_executor())
    , m_timer(m_context)
    , m_sessions {server.limits, server.handler, std::make_shared<RequestPool>(server.bodies),
                  std::make_shared<Mailbox>([this] {
                      asio::post(m_context, [this] {
                          m_sessions.mailbox->runAll();
                          endTurn();
                      });
                  })}
    , m_readBuffer(static_cast<std::size_t>(budgets::kHttpReadMore))
    , m_plainBuffer(server.tls ? SSL3_RT_MAX_PLAIN_LENGTH : 0)
{
}

NetworkThread::~NetworkThread()
{
    stop();
}

void NetworkThread::start()
{
    m_thread = std::thread([this] { run(); });
}

void NetworkThread::run()
{
    m_sessions.mailbox->adopt();
    // Our calls of Asio report by error code; what else may throw there (no memory) ends its event.
    for (;;) {
        try {
            m_context.run();
            return;
        } catch (...) {
            endTurn();
        }
    }
}

void NetworkThread::stop()
{
    if (!m_thread.joinable())
        return;
    // From now on nothing comes in from other threads.
    m_sessions.mailbox->close();
    asio::post(m_context, [this] {
        m_stopping = true;
        while (!m_connections.empty()) {
            const auto connection = m_connections.back();
            connection->close();
        }
        endTurn();
        m_timer.cancel();
        m_work.reset();
    });
    m_thread.join();
}

void NetworkThread::serve(Socket socket, Secure secure)
{
    if (m_stopping)
        return;
    const auto number = static_cast<std::uint64_t>(m_server.connectionsEver.fetch_add(1) + 1);
    const std::int64_t now = m_server.connectionsNow.fetch_add(1);
    auto connection = std::make_shared<Connection>(
        *this, std::move(socket), number, secure == Secure::Yes ? &*m_server.tls : nullptr);
    connection->place = m_connections.size();
    m_connections.push_back(connection);
    if (now < m_server.limits.connections) {
        connection->start();
    } else {
        m_server.refusedConnections.fetch_add(1);
        if (now < m_server.limits.connections + budgets::kHttpRefusedAtOnce)
            connection->startRefused();
        else
            connection->close();
    }
    sweepLater();
    endTurn();
}

void NetworkThread::forget(Connection& connection)
{
    m_server.leave();
    const std::size_t place = connection.place;
    m_connections.back()->place = place;
    std::swap(m_connections[place], m_connections.back());
    m_connections.pop_back();
}

void NetworkThread::endTurn()
{
    // A turn may wake others, which then have theirs.
    for (std::size_t i = 0; i < m_woken.size(); ++i) {
        const auto connection = std::move(m_woken[i]);
        connection->turn();
    }
    m_woken.clear();
}

void NetworkThread::shutDown()
{
    m_stopping = true;
    const auto all = m_connections;
    for (const auto& connection : all)
        connection->shutDown();
    endTurn();
}

void NetworkThread::sweepLater()
{
    if (m_sweeping || m_connections.empty())
        return;
    m_sweeping = true;
    m_timer.expires_after(std::chrono::milliseconds(budgets::kHttpSweepMs));
    m_timer.async_wait([this](const boost::system::error_code& error) {
        m_sweeping = false;
        if (!error)
            sweep();
    });
}

void NetworkThread::sweep()
{
    const WallTime now = std::chrono::steady_clock::now();
    // From the back: a connection that ends is replaced by one that has been looked at.
    for (std::size_t i = m_connections.size(); i-- > 0;) {
        const auto connection = m_connections[i];
        connection->expire(now);
    }
    endTurn();
    sweepLater();
}

} // namespace shardscope::endpoint
