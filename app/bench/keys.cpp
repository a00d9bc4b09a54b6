// The three functions are the fastest that OpenSSL offers for short texts, though it would rather
// have EVP used.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "app/bench/keys.h"

#include <openssl/evp.h>
#include <openssl/md5.h>

#include <array>

#include "core/base/rng.h"

namespace shardscope {

namespace {

HashKey fromDigest(const unsigned char* digest)
{
    U128 value = 0;
    for (int i = 0; i < 16; ++i)
        value = (value << 8) | digest[i];
    return {value};
}

} // namespace

BenchKeys::BenchKeys(std::size_t count)
{
    const CounterRng rng(20260105, 0);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t size = 8 + rng.below(i, 29);
        std::string key = std::to_string(i);
        while (key.size() < size)
            key += static_cast<char>('a' + rng.below(i * 40 + key.size(), 26));
        m_text += key;
        m_offset.push_back(static_cast<std::uint32_t>(m_text.size()));
    }
    m_text.append(64, '\0'); // what KeyBatch asks for
}

KeyBatch BenchKeys::batch(std::size_t first, std::size_t count) const
{
    return {m_text.data(), std::span(m_offset).subspan(first, count + 1)};
}

std::string_view BenchKeys::key(std::size_t i) const
{
    return std::string_view(m_text).substr(m_offset[i], m_offset[i + 1] - m_offset[i]);
}

HashKey md5ByOpenSsl(std::string_view key)
{
    std::array<unsigned char, MD5_DIGEST_LENGTH> digest;
    MD5_CTX context;
    MD5_Init(&context);
    MD5_Update(&context, key.data(), key.size());
    MD5_Final(digest.data(), &context);
    return fromDigest(digest.data());
}

HashKey md5ByEvp(std::string_view key)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    EVP_Digest(key.data(), key.size(), digest.data(), &size, EVP_md5(), nullptr);
    return fromDigest(digest.data());
}

} // namespace shardscope
