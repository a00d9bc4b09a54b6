#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/endpoint/http_server.h"

namespace shardscope::endpoint {

/// What all TLS connections of a server share: certificate, key, and what is spoken (TLS 1.2 and
/// 1.3, forward secret and authenticated ciphers only, HTTP/2 before HTTP/1.1 where a client asks
/// by ALPN). **Thread-safe** once made.
class TlsContext {
public:
    /// Errors: BadInput, with what is wrong with the identity.
    [[nodiscard]] static Result<TlsContext> make(const TlsIdentity& identity);

    [[nodiscard]] SSL_CTX* get() const { return m_context.get(); }

private:
    struct Delete {
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };
    std::unique_ptr<SSL_CTX, Delete> m_context;
};

} // namespace shardscope::endpoint
