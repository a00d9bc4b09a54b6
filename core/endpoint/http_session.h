#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "core/endpoint/http.h"
#include "core/endpoint/http_server.h"
#include "core/endpoint/mailbox.h"
#include "core/endpoint/out_queue.h"
#include "core/endpoint/request_pool.h"

namespace shardscope::endpoint {

using WallTime = std::chrono::steady_clock::time_point;

/// What the sessions of one network thread share.
struct SessionShared {
    const HttpLimits& limits;
    const Handler& handler;
    std::shared_ptr<RequestPool> requests;
    std::shared_ptr<Mailbox> mailbox;
};

/// What a session needs of the connection below it.
class SessionHost {
public:
    virtual ~SessionHost() = default;
    /// There is something to send, or room for more input: work() is called before this turn of
    /// the thread ends. May be called at any time on the connection's thread.
    virtual void wake() = 0;
    /// What waits to be written to the socket.
    [[nodiscard]] virtual OutQueue& out() = 0;
    [[nodiscard]] virtual std::size_t unsent() const = 0;
    /// A request or frame that is none.
    virtual void countProtocolError() = 0;
};

/// One version of HTTP on one connection: bytes in, requests to the handler, bytes out. Knows no
/// socket and no clock. Lives on its connection's thread.
class HttpSession {
public:
    virtual ~HttpSession() = default;

    /// Where the next bytes can be put without being copied again, or nothing.
    [[nodiscard]] virtual std::span<char> room() = 0;
    /// Bytes of the peer; they may lie in room().
    virtual void receive(std::string_view bytes, WallTime now) = 0;
    /// The peer will send no more, though it may still read.
    virtual void receiveEnd() = 0;
    /// Goes on with input that waits and puts output into the host's queue, while that has room.
    virtual void work(WallTime now) = 0;
    /// Whether work() stopped only because the host's queue had enough.
    [[nodiscard]] virtual bool hasWork() const = 0;
    /// Whether more input is of use now.
    [[nodiscard]] virtual bool wantsInput() const = 0;
    /// Whether nothing more will be said: the connection ends when all is sent.
    [[nodiscard]] virtual bool finished() const = 0;
    /// Takes no further requests and finishes after those under way.
    virtual void shutDown() = 0;
    /// Ends what has taken too long, by `limits`.
    virtual void expire(WallTime now) = 0;
    /// The connection is no more. Exchanges hear it and fall silent.
    virtual void gone() = 0;
};

} // namespace shardscope::endpoint
