#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "core/endpoint/out_queue.h"
#include "core/endpoint/tls_context.h"

namespace shardscope::endpoint {

/// The server's end of TLS on one connection, without a socket: what comes is deciphered piece by
/// piece, what goes is enciphered into a queue. OpenSSL reads and writes these in place: no buffers
/// of its own lie between, and an idle connection holds none.
class TlsStream {
public:
    explicit TlsStream(const TlsContext& context);

    /// Bytes of the wire, all of which are used before the next call of read().
    void receive(std::string_view cipher) { m_in = cipher; }
    /// The next deciphered bytes into `plain`; 0 when there are none before more is received.
    [[nodiscard]] std::size_t read(std::span<char> plain);
    /// Enciphers from the front of `plain`, while less than about `most` bytes wait to be sent.
    void write(OutQueue& plain, std::size_t most);
    /// Tells the peer that nothing more will come. False when it has been told.
    bool end();

    /// What the wire is to be sent.
    [[nodiscard]] OutQueue& out() { return m_out; }
    [[nodiscard]] const OutQueue& out() const { return m_out; }
    /// The handshake is done.
    [[nodiscard]] bool ready() const { return SSL_is_init_finished(m_ssl.get()) == 1; }
    /// The peer has said that nothing more will come.
    [[nodiscard]] bool ended() const { return m_ended; }
    /// What came is not TLS as it should be, or not a client that this server serves.
    [[nodiscard]] bool failed() const { return m_failed; }

private:
    static const BIO_METHOD* method();
    static int readWire(BIO* bio, char* to, int bytes);
    static int writeWire(BIO* bio, const char* from, int bytes);
    static long control(BIO* bio, int what, long number, void* pointer);
    /// Whether `result` of an SSL call means that it can go on later.
    bool goesOn(int result);

    struct Delete {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };
    std::unique_ptr<SSL, Delete> m_ssl;
    std::string_view m_in;
    OutQueue m_out;
    bool m_ended = false, m_failed = false;
};

} // namespace shardscope::endpoint
