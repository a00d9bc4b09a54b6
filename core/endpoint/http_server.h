#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/endpoint/http.h"

namespace shardscope::endpoint {

/// What one server takes upon itself; every figure can be set. What is beyond is refused with the
/// service's own error, or with HTTP's where the service has none.
struct HttpLimits {
    Bytes headerBytes = 32_KiB; ///< of one request's head: 431 beyond
    /// Of one request: 413 beyond. 10 MiB of records are 13.4 MiB in base64 (API 6.2).
    Bytes bodyBytes = 16_MiB;
    Bytes bodyBytesInAll = 512_MiB; ///< of all requests on their way in: 503 beyond
    int connections = 12'000; ///< 503 and the end beyond
    int streamsPerConnection = 128; ///< HTTP/2
    std::chrono::seconds requestTime {60}; ///< from a request's first byte to its last: 408 beyond
    /// For its answer to begin, after that: 503 beyond. Clients wait about as long by default.
    std::chrono::seconds answerTime {60};
    std::chrono::seconds idleTime {600}; ///< a connection that says nothing is closed
    Bytes unsentPerConnection = 8_MiB; ///< reading stops while more waits to be sent
};

/// An address to listen on, as `127.0.0.1:4567` or `[::1]:4567`; port 0 takes a free one.
struct ListenAddress {
    std::string host;
    std::uint16_t port = 0;

    [[nodiscard]] bool loopback() const;
    [[nodiscard]] std::string text() const;
    /// Errors: BadInput.
    [[nodiscard]] static Result<ListenAddress> parse(const std::string& text);
};

/// A certificate with its key, as PEM texts.
struct TlsIdentity {
    std::string certificatePem;
    std::string privateKeyPem;
};

/// **Thread-safe.** Listens, and speaks HTTP/1.1 and HTTP/2 on every port: a connection that begins
/// with HTTP/2's preface is HTTP/2 (h2c by prior knowledge; TLS with or without ALPN), any other is
/// HTTP/1.1. Owns its threads. Destruction stops and joins.
///
/// Measured once on a busy Zen 4 machine beside a server over raw epoll that answers without
/// looking (bench put-records-http, put-record-http, serve-memory; ratios per second of the
/// server's processor time): 155 KB posts answered 0.85 of it; PutRecords of 500 × 200 bytes served
/// 0.17, 5.2 M records; PutRecord of 300 bytes served 0.54, 98 k requests, over TLS 0.77 of that,
/// over h2c with 8 × 32 streams 2.1 times as many. An idle connection holds 5.5 KiB.
class HttpServer {
public:
    struct Options {
        std::vector<ListenAddress> plain;
        std::vector<ListenAddress> tls;
        TlsIdentity identity; ///< needed when `tls` is not empty
        HttpLimits limits;
        int threads = 1; ///< each connection lives on one of them
        Handler handler;
    };
    /// Errors: BadInput (address, certificate), Io (the address is taken), with what to do.
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> open(Options options);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// As listened on, with the ports that were taken.
    [[nodiscard]] std::vector<ListenAddress> plain() const;
    [[nodiscard]] std::vector<ListenAddress> tls() const;

    /// Takes no new connections, lets requests under way be answered for up to `grace`, then closes
    /// all.
    void stop(std::chrono::milliseconds grace);

    struct Counts {
        std::int64_t connectionsNow = 0, connectionsEver = 0;
        std::int64_t refusedConnections = 0; ///< above the limit
        std::int64_t bytesIn = 0, bytesOut = 0;
        std::int64_t protocolErrors = 0; ///< requests or frames that are none
    };
    [[nodiscard]] Counts counts() const;

private:
    struct Impl;
    explicit HttpServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace shardscope::endpoint
