#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

namespace shardscope::endpoint {

/// OpenSSL's objects with an owner.
struct OpenSslDelete {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using BioPtr = std::unique_ptr<BIO, OpenSslDelete>;
using CertificatePtr = std::unique_ptr<X509, OpenSslDelete>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslDelete>;

/// All certificates of a PEM text, the server's own first; empty when there is none.
[[nodiscard]] std::vector<CertificatePtr> certificatesOf(const std::string& pem);
/// The private key of a PEM text, or null; one with a password is none.
[[nodiscard]] KeyPtr keyOf(const std::string& pem);

} // namespace shardscope::endpoint
