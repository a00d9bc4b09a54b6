#include "core/endpoint/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <string_view>

#include "core/endpoint/tls_pem.h"

namespace shardscope::endpoint {

namespace {
BioPtr bioOf(const std::string& text)
{
    return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// A server has no one to ask for a password.
int noPassword(char*, int, int, void*)
{
    return -1;
}

/// The server's choice among what a client offers, each with its length before it.
int chooseProtocol(SSL*, const unsigned char** out, unsigned char* outBytes,
                   const unsigned char* in, unsigned inBytes, void*)
{
    static constexpr std::string_view kProtocols = "\x02h2\x08http/1.1";
    const auto* ours = reinterpret_cast<const unsigned char*>(kProtocols.data());
    unsigned char* chosen = nullptr;
    const int found = SSL_select_next_proto(&chosen, outBytes, ours,
                                            static_cast<unsigned>(kProtocols.size()), in, inBytes);
    *out = chosen;
    // Whoever asks for neither may still begin with what this server knows.
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

void configure(SSL_CTX* context)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(
        context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    // AES-128 first: as safe for this, and a third faster than AES-256.
    SSL_CTX_set_ciphersuites(context,
                             "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:"
                             "TLS_CHACHA20_POLY1305_SHA256");
    SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
    // Ten thousand idle connections hold no record buffers (34 KiB each).
    SSL_CTX_set_mode(context,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                         | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // Tickets let a client resume; the server remembers nothing.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_alpn_select_cb(context, chooseProtocol, nullptr);
}
}

std::vector<CertificatePtr> certificatesOf(const std::string& pem)
{
    std::vector<CertificatePtr> list;
    const BioPtr bio = bioOf(pem);
    while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, noPassword, nullptr))
        list.emplace_back(certificate);
    ERR_clear_error();
    return list;
}

KeyPtr keyOf(const std::string& pem)
{
    KeyPtr key(PEM_read_bio_PrivateKey(bioOf(pem).get(), nullptr, noPassword, nullptr));
    ERR_clear_error();
    return key;
}

Result<TlsContext> TlsContext::make(const TlsIdentity& identity)
{
    const auto certificates = certificatesOf(identity.certificatePem);
    if (certificates.empty())
        return fail(ErrorCode::BadInput, "the certificate is not a certificate in PEM form");
    const KeyPtr key = keyOf(identity.privateKeyPem);
    if (!key)
        return fail(ErrorCode::BadInput,
                    "the private key is not a key in PEM form without a password");
    if (X509_check_private_key(certificates.front().get(), key.get()) != 1) {
        ERR_clear_error();
        return fail(ErrorCode::BadInput, "the private key does not belong to the certificate");
    }
    TlsContext made;
    made.m_context.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX* context = made.m_context.get();
    if (!context)
        return fail(ErrorCode::Io, "TLS could not be set up");
    configure(context);
    bool taken = SSL_CTX_use_certificate(context, certificates.front().get()) == 1
        && SSL_CTX_use_PrivateKey(context, key.get()) == 1;
    for (std::size_t i = 1; i < certificates.size(); ++i)
        taken = taken && SSL_CTX_add1_chain_cert(context, certificates[i].get()) == 1;
    ERR_clear_error();
    if (!taken)
        return fail(ErrorCode::BadInput,
                    "the certificate's key is too weak to be used; take one of 2048 bits (RSA) or "
                    "256 bits (EC)");
    return made;
}

} // namespace shardscope::endpoint
