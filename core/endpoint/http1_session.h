#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/endpoint/http1_parser.h"
#include "core/endpoint/http_session.h"
#include "core/endpoint/session_exchange.h"

namespace shardscope::endpoint {

/// HTTP/1.1 and 1.0: one request after the other; a client that sends several at once is answered
/// in order. A request that could be read in two ways is refused and the connection ends.
class Http1Session final : public HttpSession, private Answer {
public:
    Http1Session(const SessionShared& shared, SessionHost& host, std::shared_ptr<const Peer> peer,
                 WallTime now);
    ~Http1Session() override;

    [[nodiscard]] std::span<char> room() override;
    void receive(std::string_view bytes, WallTime now) override;
    void receiveEnd() override;
    void work(WallTime now) override;
    [[nodiscard]] bool hasWork() const override { return m_stalled && !m_pending.empty(); }
    [[nodiscard]] bool wantsInput() const override;
    [[nodiscard]] bool finished() const override { return m_phase == Phase::Ended; }
    void shutDown() override;
    void expire(WallTime now) override;
    void gone() override;

    /// Answers what no request has asked, and ends: the server has no room.
    void refuse(const Refusal& refusal);

private:
    enum class Phase {
        Head, ///< waits for a request's head, or reads it
        Body, ///< of known length
        Chunks,
        Busy, ///< the handler has the request
        Streaming, ///< and has begun an answer of unknown length
        Ended,
    };

    // What the exchange passes on.
    void respond(HttpResponse& response) override;
    void begin(HttpResponse& head) override;
    void write(std::string&& piece) override;
    void finish() override;
    [[nodiscard]] std::size_t unsent() const override { return m_host.unsent(); }

    void consume(std::string_view& bytes, WallTime now);
    void consumeParsed(std::string_view& bytes, WallTime now);
    void consumeBody(std::string_view& bytes);
    void startRequest(WallTime now);
    void headCame(bool moreIsHere);
    void dispatch();
    void writeHead(const HttpResponse& response, std::optional<std::size_t> length);
    void answered();
    void end();

    const SessionShared& m_shared;
    SessionHost& m_host;
    const std::shared_ptr<const Peer> m_peer;
    Phase m_phase = Phase::Head;
    std::string m_pending; ///< came and could not be used yet
    std::optional<Http1Parser> m_parser;
    std::shared_ptr<IncomingRequest> m_request;
    std::shared_ptr<SessionExchange> m_exchange;
    std::size_t m_headBytes = 0; ///< of the request being read, used by the parser so far
    WallTime m_since; ///< first byte of this request, or end of the one before
    bool m_stalled = false; ///< what came waits until the client has taken more of its answers
    bool m_idleBegins = false; ///< an answer was given since work() last looked
    bool m_stay = false; ///< another request may follow this one
    bool m_old = false; ///< HTTP/1.0
    bool m_headOnly = false; ///< HEAD
    bool m_peerEnded = false;
    bool m_stopping = false;
};

} // namespace shardscope::endpoint
