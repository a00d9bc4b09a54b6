#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "core/endpoint/h2_session.h"

namespace shardscope::endpoint {

inline std::string_view viewOf(const std::uint8_t* bytes, std::size_t size)
{
    return {reinterpret_cast<const char*>(bytes), size};
}

inline std::uint8_t* bytesOf(std::string_view text)
{
    // nghttp2's type is not const; it only reads.
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
}

/// One request of an HTTP/2 connection and its answer. Gone when nghttp2 closes the stream.
struct H2Session::Stream final : Answer {
    explicit Stream(H2Session& owner)
        : session(owner)
    {
    }
    void respond(HttpResponse& response) override { session.respond(*this, response); }
    void begin(HttpResponse& head) override { session.begin(*this, head); }
    void write(std::string&& piece) override { session.write(*this, std::move(piece)); }
    void finish() override { session.finish(*this); }
    [[nodiscard]] std::size_t unsent() const override { return answer.size(); }

    /// What nghttp2 asks when it can send another frame of the stream that `source` points to.
    static ssize_t offer(nghttp2_session*, std::int32_t id, std::uint8_t*, std::size_t most,
                         std::uint32_t* flags, nghttp2_data_source* source, void*);

    enum class Phase {
        Head,
        Body,
        Busy, ///< the handler has the request
        Streaming, ///< and has begun an answer
        Ended, ///< all of the answer is known
    };
    H2Session& session;
    std::int32_t id = 0;
    std::size_t place = 0; ///< in the session's list
    Phase phase = Phase::Head;
    WallTime since;
    std::shared_ptr<IncomingRequest> request;
    std::shared_ptr<SessionExchange> exchange;
    OutQueue answer; ///< body that has not become frames yet
    std::optional<std::uint64_t> length; ///< of the request's body, as told
    std::size_t headBytes = 0;
    bool answered = false; ///< nothing more joins `answer`
    bool headOnly = false; ///< HEAD
    bool expectsContinue = false;
    bool refused = false; ///< by us, before its body had come
};

} // namespace shardscope::endpoint
