#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Clients for tests of the endpoint: blocking, one thread, and willing to send what no library
/// would. Nothing here waits longer than kPatienceSeconds; what fails says so in a status of 0.
namespace shardscope::test {

inline constexpr int kPatienceSeconds = 30;

/// Bytes to and from a server, plain or over TLS.
class ByteStream {
public:
    struct Options {
        std::uint16_t port = 0;
        std::string host = "127.0.0.1";
        bool tls = false;
        std::string trusted {}; ///< TLS: PEM that the server's certificate must fit; empty: any
        std::vector<std::string> alpn {}; ///< TLS: protocols offered
    };
    explicit ByteStream(const Options& options);
    ~ByteStream();
    ByteStream(ByteStream&&) noexcept;
    ByteStream& operator=(ByteStream&&) noexcept;

    [[nodiscard]] bool open() const;
    /// False when the server has gone.
    bool send(std::string_view bytes);
    /// At least one byte, or nothing when the server has ended, or after the patience.
    [[nodiscard]] std::string receive(std::size_t most = 65536);
    /// Says that nothing more will come.
    void endSending();
    /// Ends at once, with a reset instead of a farewell.
    void abort();

    [[nodiscard]] std::string alpn() const; ///< as the server chose
    [[nodiscard]] std::string tlsVersion() const;
    /// TLS: the server has said that nothing more comes.
    [[nodiscard]] bool endedInOrder() const;
    [[nodiscard]] std::string tlsError() const; ///< why open() is false

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// HTTP/1.1 on one connection that is kept.
class HttpClient {
public:
    using Fields = std::vector<std::pair<std::string, std::string>>;
    struct Reply {
        int status = 0; ///< 0: the connection ended first
        Fields fields; ///< names in lower case
        std::string body;
        [[nodiscard]] std::string field(std::string_view name) const; ///< or empty
    };

    explicit HttpClient(std::uint16_t port)
        : HttpClient(ByteStream::Options {.port = port})
    {
    }
    explicit HttpClient(const ByteStream::Options& options)
        : m_stream(options)
    {
    }

    /// Sends a request with Host and Content-Length and reads its whole answer.
    Reply request(std::string_view method, std::string_view target, const Fields& fields = {},
                  std::string_view body = {});
    /// Sends bytes as they are.
    bool send(std::string_view bytes) { return m_stream.send(bytes); }
    /// The next whole answer.
    Reply reply(bool toHead = false);
    /// The next answer's head alone; the body stays empty.
    Reply head();
    /// After head(), of a chunked answer: the next chunk, empty at the end. None when the
    /// connection ended first.
    std::optional<std::string> chunk();
    /// All that comes until the server ends.
    std::string rest();
    /// True when the server has ended and nothing more came.
    bool ended() { return rest().empty(); }

    [[nodiscard]] ByteStream& stream() { return m_stream; }

private:
    bool fill(); ///< more bytes
    std::optional<std::string> line();
    std::optional<std::string> take(std::size_t bytes);

    ByteStream m_stream;
    std::string m_buffer;
};

} // namespace shardscope::test
