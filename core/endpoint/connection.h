#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "core/base/budgets.h"
#include "core/endpoint/http_session.h"
#include "core/endpoint/tls_stream.h"

namespace shardscope::endpoint {

class NetworkThread;

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                boost::asio::io_context::executor_type>;

/// One client's connection: a socket, and the session that its first bytes ask for. Reads and
/// writes without blocking, stops reading while too much waits to be sent, and ends what takes too
/// long. Lives on one network thread, which owns it.
class Connection final : public std::enable_shared_from_this<Connection>, public SessionHost {
public:
    /// With `tls` the connection is ciphered; it must outlive the connection.
    Connection(NetworkThread& thread, Socket socket, std::uint64_t number, const TlsContext* tls);
    ~Connection() override;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void start();
    /// Says "503" and ends: the server has too many already.
    void startRefused();
    /// One turn: goes on with the session's work, writes, reads on or ends. The thread calls it
    /// once after wake().
    void turn();
    /// Looks for what has taken too long.
    void expire(WallTime now);
    /// Takes no further requests and ends after those under way.
    void shutDown();
    /// Ends now.
    void close();

    std::size_t place = 0; ///< in the thread's list

private:
    enum class Phase { Sniffing, Speaking, Lingering, Closed };

    void wake() override;
    OutQueue& out() override { return m_out; }
    [[nodiscard]] std::size_t unsent() const override;
    void countProtocolError() override;

    [[nodiscard]] bool wantsInput() const;
    /// Where the next bytes for the session belong: where it says, or `other`.
    [[nodiscard]] std::span<char> room(std::span<char> other);
    /// Where the next bytes of the socket belong.
    [[nodiscard]] std::span<char> wireRoom(std::span<char> other)
    {
        return m_tls ? other : room(other);
    }
    void read();
    void onRead(const boost::system::error_code& error, std::size_t bytes);
    void readOn(std::size_t bytes);
    void receive(std::span<char> bytes);
    void decipher(std::span<char> bytes);
    void pass(std::string_view bytes);
    void receiveEnd();
    void sniff(std::string_view bytes);
    void speak(HttpVersion version, std::string_view bytes);
    void write();
    void linger();

    NetworkThread& m_thread;
    Socket m_socket;
    std::shared_ptr<Peer> m_peer;
    std::unique_ptr<HttpSession> m_session;
    std::unique_ptr<TlsStream> m_tls; ///< null: plain
    OutQueue m_out; ///< of the session; plain
    std::string m_sniffed; ///< the beginning of HTTP/2's preface
    std::span<char> m_room; ///< of the read under way
    WallTime m_since; ///< start, last byte written or begin of lingering
    Phase m_phase = Phase::Sniffing;
    bool m_reading = false, m_waitsToWrite = false, m_woken = false, m_stopping = false;
    bool m_refused = false; ///< above the limit: told so and nothing else
    std::array<char, static_cast<std::size_t>(budgets::kHttpReadBuffer)> m_buffer;
};

} // namespace shardscope::endpoint
