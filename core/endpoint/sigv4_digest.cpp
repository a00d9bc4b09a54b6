#include "core/endpoint/sigv4_digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <vector>

#include "core/base/check.h"

namespace shardscope::endpoint {

namespace {

std::span<const std::uint8_t> bytesOf(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Fetched once for the life of the program: each fetch takes locks and compares names.
const EVP_MD* sha256()
{
    static const EVP_MD* const kept = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    SHARDSCOPE_CHECK(kept != nullptr);
    return kept;
}

EVP_MAC* hmac()
{
    static EVP_MAC* const kept = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    SHARDSCOPE_CHECK(kept != nullptr);
    return kept;
}

/// One step of the derivation; the key that went in is wiped.
Digest deriveFrom(Digest& key, std::string_view text)
{
    const Digest next = HmacSha256(key).of(text);
    OPENSSL_cleanse(key.data(), key.size());
    return next;
}

} // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const
{
    EVP_MD_CTX_free(context);
}

Sha256::Sha256()
    : m_context(EVP_MD_CTX_new())
{
    SHARDSCOPE_CHECK(m_context != nullptr);
}

Digest Sha256::of(std::string_view bytes)
{
    Digest digest;
    const bool done = EVP_DigestInit_ex2(m_context.get(), sha256(), nullptr) == 1
        && EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size()) == 1
        && EVP_DigestFinal_ex(m_context.get(), digest.data(), nullptr) == 1;
    SHARDSCOPE_CHECK(done);
    return digest;
}

void HmacSha256::Free::operator()(evp_mac_ctx_st* context) const
{
    EVP_MAC_CTX_free(context);
}

HmacSha256::HmacSha256(std::span<const std::uint8_t> key)
    : m_context(EVP_MAC_CTX_new(hmac()))
{
    SHARDSCOPE_CHECK(m_context != nullptr);
    char name[] = "SHA256";
    const OSSL_PARAM parameters[]
        = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
           OSSL_PARAM_construct_end()};
    SHARDSCOPE_CHECK(EVP_MAC_init(m_context.get(), key.data(), key.size(), parameters) == 1);
}

Digest HmacSha256::of(std::string_view bytes)
{
    Digest digest;
    std::size_t written = 0;
    const auto data = bytesOf(bytes);
    // Without a key OpenSSL begins again with the one it has.
    const bool done = EVP_MAC_init(m_context.get(), nullptr, 0, nullptr) == 1
        && EVP_MAC_update(m_context.get(), data.data(), data.size()) == 1
        && EVP_MAC_final(m_context.get(), digest.data(), &written, digest.size()) == 1;
    SHARDSCOPE_CHECK(done && written == digest.size());
    return digest;
}

HmacSha256 signingKey(std::string_view secret, const SigningScope& scope)
{
    static constexpr std::string_view kBefore = "AWS4";
    std::vector<std::uint8_t> start;
    start.reserve(kBefore.size() + secret.size()); // in one piece: nothing is left behind
    start.insert(start.end(), kBefore.begin(), kBefore.end());
    start.insert(start.end(), secret.begin(), secret.end());
    Digest key = HmacSha256(start).of(scope.date);
    OPENSSL_cleanse(start.data(), start.size());
    key = deriveFrom(key, scope.region);
    key = deriveFrom(key, scope.service);
    key = deriveFrom(key, "aws4_request");
    HmacSha256 signing(key);
    OPENSSL_cleanse(key.data(), key.size());
    return signing;
}

HexDigest toHex(const Digest& digest)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    HexDigest hex;
    for (std::size_t i = 0; i < digest.size(); ++i) {
        hex[2 * i] = kDigits[digest[i] >> 4];
        hex[2 * i + 1] = kDigits[digest[i] & 15];
    }
    return hex;
}

std::string toBase64(const Digest& digest)
{
    std::array<unsigned char, 48> text {};
    const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
    return {text.begin(), text.begin() + length};
}

} // namespace shardscope::endpoint
