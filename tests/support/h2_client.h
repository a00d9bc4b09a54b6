#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/http_client.h"

namespace shardscope::test {

/// HTTP/2 on one connection, by prior knowledge or over TLS: blocking, many streams at a time.
class H2Client {
public:
    using Fields = HttpClient::Fields;
    /// An answer as far as it has come.
    struct Reply {
        int status = 0; ///< 0: no head yet
        int informational = 0; ///< the last status below 200
        Fields fields;
        std::string body;
        bool ended = false; ///< the server ended it, or the stream was reset
        std::uint32_t error = 0; ///< HTTP/2's code of the reset
        [[nodiscard]] std::string field(std::string_view name) const;
    };
    struct Options {
        /// Of the settings that the client announces.
        std::uint32_t maxConcurrentStreams = 100;
        std::uint32_t window = 1 << 20; ///< of each stream and of the connection
        bool opensWindows = true; ///< as answers come; else only openWindow() does
    };

    explicit H2Client(std::uint16_t port)
        : H2Client(ByteStream::Options {.port = port}, Options {})
    {
    }
    H2Client(const ByteStream::Options& stream, const Options& options);
    ~H2Client();

    /// Begins a request; returns its stream. Without `body` the request ends with its head.
    std::int32_t submit(std::string_view method, std::string_view path, const Fields& fields = {},
                        std::string_view body = {});
    /// A request whose body comes by sendBody(), and ends with it when `last`.
    std::int32_t open(std::string_view method, std::string_view path, const Fields& fields = {});
    void sendBody(std::int32_t stream, std::string_view bytes, bool last);
    void reset(std::int32_t stream);
    void ping();
    void openWindow(std::int32_t stream, std::int32_t bytes);
    /// Bytes behind what nghttp2 would send.
    bool sendRaw(std::string_view bytes);
    /// Sends what waits.
    bool flush();

    /// Reads until `enough` is true or the connection has ended.
    void awaitUntil(const std::function<bool()>& enough);
    /// Reads until `stream` has ended, or the connection. The reply stays known.
    const Reply& await(std::int32_t stream);
    /// Reads until the stream's answer has a head and at least `bytes` of body, or has ended.
    const Reply& awaitBody(std::int32_t stream, std::size_t bytes);
    /// Reads until the server ends the connection.
    void awaitEnd();
    /// submit() and await().
    Reply request(std::string_view method, std::string_view path, const Fields& fields = {},
                  std::string_view body = {});

    [[nodiscard]] const Reply& reply(std::int32_t stream) const;
    [[nodiscard]] bool goneAway() const; ///< GOAWAY has come
    [[nodiscard]] std::uint32_t goAwayCode() const;
    [[nodiscard]] int pongs() const;
    /// Frames of the server that fit nothing this client knows; it hears nothing after one.
    [[nodiscard]] int strayFrames() const;
    [[nodiscard]] ByteStream& stream();

private:
    struct Impl;
    bool turn(); ///< sends, then reads once; false when the connection has ended
    std::unique_ptr<Impl> m_impl;
};

} // namespace shardscope::test
