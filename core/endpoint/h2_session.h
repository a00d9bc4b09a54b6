#pragma once

#include <cstdint>
#include <memory>
#include <nghttp2/nghttp2.h>
#include <string>
#include <vector>

#include "core/endpoint/http_session.h"
#include "core/endpoint/refusals.h"
#include "core/endpoint/session_exchange.h"

namespace shardscope::endpoint {

/// HTTP/2: many requests at a time on one connection. nghttp2 keeps the protocol; this keeps the
/// requests, and the limits that nghttp2 does not know: how much a head and a body may hold, how
/// much may wait for a client that does not read, and how many frames may come that ask for
/// nothing (resets, settings, pings, empty data), which is how such servers are flooded.
class H2Session final : public HttpSession {
public:
    H2Session(const SessionShared& shared, SessionHost& host, std::shared_ptr<const Peer> peer,
              WallTime now);
    ~H2Session() override;

    [[nodiscard]] std::span<char> room() override { return {}; }
    void receive(std::string_view bytes, WallTime now) override;
    void receiveEnd() override;
    void work(WallTime now) override;
    [[nodiscard]] bool hasWork() const override { return m_full; }
    [[nodiscard]] bool wantsInput() const override;
    [[nodiscard]] bool finished() const override;
    void shutDown() override;
    void expire(WallTime now) override;
    void gone() override;

private:
    struct Stream;
    struct Callbacks;

    // What the exchange of a stream passes on.
    void respond(Stream& stream, HttpResponse& response);
    void begin(Stream& stream, HttpResponse& head);
    void write(Stream& stream, std::string&& piece);
    void finish(Stream& stream);

    // What nghttp2 tells, as its own callbacks are called. Each returns one of its codes.
    int onBeginHeaders(const nghttp2_frame& frame);
    int onHeader(Stream& stream, std::string_view name, std::string_view value);
    int onFrame(const nghttp2_frame& frame);
    int onData(std::int32_t id, std::string_view bytes);
    void onSent(const nghttp2_frame& frame);
    void onStreamClose(Stream& stream);
    [[nodiscard]] bool hostIsFull();
    long send(std::string_view bytes);
    int sendData(Stream& stream, const std::uint8_t* head, std::size_t bytes);

    [[nodiscard]] Stream* find(std::int32_t id) const;
    void onHead(Stream& stream, bool ends);
    void dispatch(Stream& stream);
    void refuse(Stream& stream, const Refusal& refusal);
    void submitHead(Stream& stream, const HttpResponse& response, bool lengthKnown);
    /// Pays for a frame that asks for nothing; a peer that cannot is a flood.
    void charge(int price);
    void die(std::uint32_t code);

    struct Delete {
        void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
    };

    const SessionShared& m_shared;
    SessionHost& m_host;
    const std::shared_ptr<const Peer> m_peer;
    std::vector<std::unique_ptr<Stream>> m_streams;
    std::unique_ptr<nghttp2_session, Delete> m_session; ///< after m_streams: its end closes them
    std::string m_names; ///< of a head being sent, in lower case
    WallTime m_now, m_since; ///< of this turn; of the last frame
    std::size_t m_queued = 0; ///< bytes of answers that wait for the client's windows
    std::size_t m_continued = 0; ///< bytes that have come since a head began
    bool m_continuing = false; ///< a head has begun that needs more frames
    int m_credit;
    bool m_full = false; ///< stopped sending because the socket has enough
    bool m_deaf = false; ///< the farewell is on its way: nothing is heard any more
    bool m_dead = false;
};

} // namespace shardscope::endpoint
