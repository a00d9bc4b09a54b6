#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// HTTP as the rest of the endpoint sees it, whatever the version on the wire: a request that has
/// come whole, and the way back. Sessions (http1_session, h2_session) are below, the API above.
namespace shardscope::endpoint {

/// Header fields in the order they came, all in one buffer, so that a connection reuses it for
/// request after request. Names are lower case. HTTP/2's pseudo header fields are kept with their
/// colon (`:authority`), because signatures name them.
class Headers {
public:
    void add(std::string_view name, std::string_view value);
    void clear();
    [[nodiscard]] std::size_t size() const { return m_fields.size(); }
    [[nodiscard]] std::pair<std::string_view, std::string_view> at(std::size_t index) const;
    /// The first field of that name (lower case), or none.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

private:
    struct Field {
        std::uint32_t nameAt, nameBytes, valueAt, valueBytes;
    };
    std::string m_text;
    std::vector<Field> m_fields;
};

enum class HttpVersion : std::uint8_t { Http11, Http2 };

/// Who is at the other end: made once per connection.
struct Peer {
    std::uint64_t connection = 0; ///< rising through the server's life
    std::string address; ///< `127.0.0.1:51234`
    bool secure = false; ///< TLS
    HttpVersion version {};
};

/// A request, come whole. Views into it live as long as it does.
struct HttpRequest {
    std::string method; ///< as sent: `POST`
    std::string path; ///< as sent, percent-encoded, without the query; begins with `/`
    std::string query; ///< as sent, without the `?`; may be empty
    Headers headers;
    /// The body's bytes. Behind them lie kPadding more that may be read (simdjson wants them).
    std::string_view body;
    std::shared_ptr<const Peer> peer;

    static constexpr std::size_t kPadding = 64;
};

struct HttpResponse {
    int status = 200;
    /// Beside Content-Length, Connection and Date, which the session writes. Names in the case in
    /// which HTTP/1.1 sends them.
    std::vector<std::pair<std::string_view, std::string>> headers;
    std::string body;
};

/// The way back to one request. Lives on its connection's thread: everything but post() is called
/// there. A response whose client has gone is dropped silently.
class Exchange {
public:
    virtual ~Exchange() = default;

    /// The whole answer.
    virtual void respond(HttpResponse response) = 0;

    /// An answer of unknown length (an event stream): its head (sent at once; `head.body` goes
    /// first), then pieces, then the end.
    virtual void begin(HttpResponse head) = 0;
    virtual void write(std::string piece) = 0;
    virtual void finish() = 0;
    /// Bytes given to write() that the client has not taken from us yet: back-pressure is the
    /// caller's to heed.
    [[nodiscard]] virtual std::size_t unsent() const = 0;
    /// Called once when the client goes before finish(); never after.
    virtual void onGone(std::function<void()> hear) = 0;

    /// **From any thread.** Runs `task` on the connection's thread; at once when called there. Not
    /// run when the server has stopped.
    virtual void post(std::function<void()> task) = 0;
};

/// Hears every whole request, on its connection's thread. Must not block.
using Handler = std::function<void(std::shared_ptr<const HttpRequest>, std::shared_ptr<Exchange>)>;

} // namespace shardscope::endpoint
