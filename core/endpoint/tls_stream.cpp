#include "core/endpoint/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <cstring>

namespace shardscope::endpoint {

int TlsStream::readWire(BIO* bio, char* to, int bytes)
{
    auto& stream = *static_cast<TlsStream*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (stream.m_in.empty()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const std::size_t taken = std::min(static_cast<std::size_t>(bytes), stream.m_in.size());
    std::memcpy(to, stream.m_in.data(), taken);
    stream.m_in.remove_prefix(taken);
    return static_cast<int>(taken);
}

int TlsStream::writeWire(BIO* bio, const char* from, int bytes)
{
    auto& stream = *static_cast<TlsStream*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    stream.m_out.append(std::string_view(from, static_cast<std::size_t>(bytes)));
    return bytes;
}

long TlsStream::control(BIO*, int what, long, void*)
{
    return what == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* TlsStream::method()
{
    static const BIO_METHOD* const kMethod = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
        BIO_meth_set_read(made, readWire);
        BIO_meth_set_write(made, writeWire);
        BIO_meth_set_ctrl(made, control);
        return made;
    }();
    return kMethod;
}

TlsStream::TlsStream(const TlsContext& context)
    : m_ssl(SSL_new(context.get()))
{
    BIO* bio = m_ssl ? BIO_new(method()) : nullptr;
    if (!bio) {
        m_failed = true;
        return;
    }
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(m_ssl.get(), bio, bio);
    SSL_set_accept_state(m_ssl.get());
}

bool TlsStream::goesOn(int result)
{
    const int error = SSL_get_error(m_ssl.get(), result);
    if (error == SSL_ERROR_ZERO_RETURN)
        m_ended = true;
    else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
        m_failed = true;
    return !m_ended && !m_failed;
}

std::size_t TlsStream::read(std::span<char> plain)
{
    if (m_ended || m_failed)
        return 0;
    ERR_clear_error();
    const int bytes = SSL_read(m_ssl.get(), plain.data(), static_cast<int>(plain.size()));
    if (bytes > 0)
        return static_cast<std::size_t>(bytes);
    goesOn(bytes);
    return 0;
}

void TlsStream::write(OutQueue& plain, std::size_t most)
{
    while (!plain.empty() && !m_failed && m_out.size() < most) {
        const auto piece = plain.buffers().front();
        ERR_clear_error();
        const int bytes = SSL_write(m_ssl.get(), piece.data(),
                                    static_cast<int>(std::min<std::size_t>(piece.size(), 1 << 30)));
        if (bytes <= 0) {
            goesOn(bytes);
            return;
        }
        plain.consume(static_cast<std::size_t>(bytes));
    }
}

bool TlsStream::end()
{
    if (m_failed || (SSL_get_shutdown(m_ssl.get()) & SSL_SENT_SHUTDOWN) != 0)
        return false;
    ERR_clear_error();
    SSL_shutdown(m_ssl.get());
    return true;
}

} // namespace shardscope::endpoint
