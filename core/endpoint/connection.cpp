#include "core/endpoint/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <chrono>
#include <ctime>

#include "core/endpoint/h2_session.h"
#include "core/endpoint/http1_session.h"
#include "core/endpoint/network_thread.h"
#include "core/endpoint/refusals.h"

namespace shardscope::endpoint {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {
constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Good to some milliseconds, as everything here is that looks at it, and several times as fast as
/// the exact one.
WallTime wallNow()
{
    timespec now {};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return WallTime(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

std::string addressOf(const Socket& socket)
{
    error_code error;
    const auto end = socket.remote_endpoint(error);
    if (error)
        return {};
    const std::string address = end.address().to_string(error);
    const std::string port = std::to_string(end.port());
    return end.address().is_v6() ? '[' + address + "]:" + port : address + ':' + port;
}
}

Connection::Connection(NetworkThread& thread, Socket socket, std::uint64_t number,
                       const TlsContext* tls)
    : m_thread(thread)
    , m_socket(std::move(socket))
    , m_peer(std::make_shared<Peer>())
    , m_since(wallNow())
{
    m_peer->connection = number;
    m_peer->secure = tls != nullptr;
    if (tls)
        m_tls = std::make_unique<TlsStream>(*tls);
    m_peer->address = addressOf(m_socket);
    error_code ignored;
    m_socket.non_blocking(true, ignored);
    m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
}

Connection::~Connection() = default;

void Connection::start()
{
    read();
}

void Connection::startRefused()
{
    m_refused = true;
    if (m_tls)
        read(); // a word over TLS needs the handshake, and the version that is spoken
    else
        speak(HttpVersion::Http11, {});
}

void Connection::countProtocolError()
{
    m_thread.server().protocolErrors.fetch_add(1, std::memory_order_relaxed);
}

void Connection::wake()
{
    if (!m_woken) {
        m_woken = true;
        m_thread.wake(shared_from_this());
    }
}

std::size_t Connection::unsent() const
{
    return m_out.size() + (m_tls ? m_tls->out().size() : 0);
}

bool Connection::wantsInput() const
{
    switch (m_phase) {
    case Phase::Sniffing:
    case Phase::Lingering:
        return true;
    case Phase::Speaking:
        return m_session->wantsInput()
            && unsent() < static_cast<std::size_t>(m_thread.server().limits.unsentPerConnection);
    case Phase::Closed:
        return false;
    }
    return false;
}

std::span<char> Connection::room(std::span<char> other)
{
    if (m_phase == Phase::Speaking) {
        if (const auto wanted = m_session->room(); !wanted.empty())
            return wanted;
    }
    return other;
}

void Connection::read()
{
    if (m_reading || !wantsInput())
        return;
    m_reading = true;
    m_room = wireRoom(m_buffer);
    m_socket.async_read_some(asio::buffer(m_room.data(), m_room.size()),
                             [self = shared_from_this()](const error_code& error, std::size_t n) {
                                 self->m_reading = false;
                                 self->onRead(error, n);
                                 self->m_thread.endTurn();
                             });
}

void Connection::onRead(const error_code& error, std::size_t bytes)
{
    if (m_phase == Phase::Closed)
        return;
    wake();
    if (error == asio::error::operation_aborted)
        return; // lingering took the buffer away
    if (error == asio::error::eof)
        receiveEnd();
    else if (error)
        close();
    else
        readOn(bytes);
}

void Connection::readOn(std::size_t bytes)
{
    for (int reads = 1;; ++reads) {
        const std::size_t asked = m_room.size();
        receive(m_room.first(bytes));
        // Less than was asked for: the socket is empty. What it holds beyond a fair share waits.
        if (bytes < asked || reads == budgets::kHttpReadsPerTurn || !wantsInput())
            return;
        m_room = wireRoom(m_thread.readBuffer());
        error_code error;
        bytes = m_socket.read_some(asio::buffer(m_room.data(), m_room.size()), error);
        if (error == asio::error::eof)
            return receiveEnd();
        if (error == asio::error::would_block)
            return;
        if (error)
            return close();
    }
}

void Connection::receive(std::span<char> bytes)
{
    m_thread.server().bytesIn.fetch_add(static_cast<std::int64_t>(bytes.size()),
                                        std::memory_order_relaxed);
    if (m_phase == Phase::Lingering)
        return;
    if (m_tls)
        decipher(bytes);
    else
        pass({bytes.data(), bytes.size()});
}

void Connection::decipher(std::span<char> bytes)
{
    m_tls->receive({bytes.data(), bytes.size()});
    for (;;) {
        const std::span<char> plain = room(m_thread.plainBuffer());
        const std::size_t n = m_tls->read(plain);
        if (n == 0)
            break;
        pass({plain.data(), n});
    }
    if (m_tls->failed()) {
        countProtocolError();
        write(); // what TLS says about it
        close();
    } else if (m_tls->ended()) {
        receiveEnd();
    }
}

void Connection::pass(std::string_view bytes)
{
    if (m_phase == Phase::Sniffing)
        sniff(bytes);
    else if (m_phase == Phase::Speaking && !m_refused) // whoever is refused is not listened to
        m_session->receive(bytes, wallNow());
}

void Connection::receiveEnd()
{
    if (m_phase == Phase::Speaking)
        m_session->receiveEnd();
    else
        close();
}

void Connection::sniff(std::string_view bytes)
{
    if (m_sniffed.empty() && bytes.substr(0, 3) != kPreface.substr(0, 3).substr(0, bytes.size()))
        return speak(HttpVersion::Http11, bytes);
    m_sniffed += bytes;
    const std::string sniffed = m_sniffed;
    const std::string_view begin = std::string_view(sniffed).substr(0, kPreface.size());
    if (begin != kPreface.substr(0, begin.size()))
        speak(HttpVersion::Http11, sniffed);
    else if (begin.size() == kPreface.size())
        speak(HttpVersion::Http2, sniffed);
}

void Connection::speak(HttpVersion version, std::string_view bytes)
{
    m_phase = Phase::Speaking;
    m_sniffed = {};
    m_peer->version = version;
    if (version == HttpVersion::Http2) {
        m_session = std::make_unique<H2Session>(m_thread.sessions(), *this, m_peer, m_since);
    } else {
        auto session = std::make_unique<Http1Session>(m_thread.sessions(), *this, m_peer, m_since);
        if (m_refused)
            session->refuse(refusals::kNoConnection);
        m_session = std::move(session);
    }
    if (m_stopping || m_refused)
        m_session->shutDown();
    if (!bytes.empty() && !m_refused)
        m_session->receive(bytes, wallNow());
}

void Connection::turn()
{
    m_woken = false;
    do {
        if (m_phase == Phase::Speaking)
            m_session->work(wallNow());
        write();
    } while (m_phase == Phase::Speaking && unsent() == 0 && m_session->hasWork());
    const auto over
        = [this] { return m_phase == Phase::Speaking && m_session->finished() && unsent() == 0; };
    if (over() && m_tls && m_tls->end())
        write();
    if (over())
        linger();
    read();
}

void Connection::write()
{
    while (m_phase != Phase::Closed && !m_waitsToWrite) {
        if (m_tls)
            m_tls->write(m_out, static_cast<std::size_t>(budgets::kTlsAhead));
        OutQueue& wire = m_tls ? m_tls->out() : m_out;
        if (wire.empty())
            return;
        error_code error;
        const auto pieces = wire.buffers();
        // The kernel takes a single piece without looking through a list.
        const std::size_t n = pieces.size() == 1 ? m_socket.write_some(pieces.front(), error)
                                                 : m_socket.write_some(pieces, error);
        if (error == asio::error::would_block) {
            m_waitsToWrite = true;
            m_socket.async_wait(Socket::wait_write, [self = shared_from_this()](const error_code&) {
                self->m_waitsToWrite = false;
                self->wake();
                self->m_thread.endTurn();
            });
            return;
        }
        if (error)
            return close();
        wire.consume(n);
        m_since = wallNow();
        m_thread.server().bytesOut.fetch_add(static_cast<std::int64_t>(n),
                                             std::memory_order_relaxed);
    }
}

void Connection::linger()
{
    error_code ignored;
    // A read may be under way into the session's own memory.
    m_socket.cancel(ignored);
    m_session.reset();
    m_phase = Phase::Lingering;
    m_since = wallNow();
    m_socket.shutdown(Socket::shutdown_send, ignored);
}

void Connection::expire(WallTime now)
{
    const HttpLimits& limits = m_thread.server().limits;
    switch (m_phase) {
    case Phase::Sniffing: {
        // A handshake or HTTP/2's preface has begun; or nothing is to be asked.
        const bool begun = m_refused || !m_sniffed.empty() || (m_tls && !m_tls->ready());
        if (now - m_since >= (begun ? limits.requestTime : limits.idleTime))
            close();
        return;
    }
    case Phase::Speaking:
        // A client that takes nothing of what it asked for.
        if (unsent() > 0 && now - m_since >= limits.idleTime)
            return close();
        return m_session->expire(now);
    case Phase::Lingering:
        if (now - m_since >= std::chrono::milliseconds(budgets::kHttpLingerMs))
            close();
        return;
    case Phase::Closed:
        return;
    }
}

void Connection::shutDown()
{
    m_stopping = true;
    if (m_phase == Phase::Sniffing)
        close();
    else if (m_phase == Phase::Speaking)
        m_session->shutDown();
}

void Connection::close()
{
    if (m_phase == Phase::Closed)
        return;
    m_phase = Phase::Closed;
    // Last words of handlers that hear of it find a session, but no connection.
    if (m_session)
        m_session->gone();
    error_code ignored;
    m_socket.close(ignored);
    m_thread.forget(*this);
}

} // namespace shardscope::endpoint
