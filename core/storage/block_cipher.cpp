#include "core/storage/block_cipher.h"

#include <openssl/evp.h>

#include <cstddef>
#include <utility>

#include "core/base/check.h"
#include "core/storage/key_wrap.h"

namespace shardscope {

namespace {

constexpr int kBound = offsetof(BlockHead, bodySum); ///< bytes of the head that the tag covers

const std::uint8_t* raw(const void* bytes)
{
    return static_cast<const std::uint8_t*>(bytes);
}
std::uint8_t* raw(void* bytes)
{
    return static_cast<std::uint8_t*>(bytes);
}

} // namespace

/// Keyed once; each block only sets its nonce.
struct BlockCipher::Contexts {
    EVP_CIPHER_CTX* seal = EVP_CIPHER_CTX_new();
    EVP_CIPHER_CTX* open = EVP_CIPHER_CTX_new();

    explicit Contexts(const DataKey& key)
    {
        SHARDSCOPE_CHECK(
            seal != nullptr && open != nullptr
            && EVP_EncryptInit_ex(seal, EVP_aes_256_gcm(), nullptr, key.bytes.data(), nullptr) == 1
            && EVP_DecryptInit_ex(open, EVP_aes_256_gcm(), nullptr, key.bytes.data(), nullptr)
                == 1);
    }
    ~Contexts()
    {
        EVP_CIPHER_CTX_free(seal);
        EVP_CIPHER_CTX_free(open);
    }
    Contexts(const Contexts&) = delete;
    Contexts& operator=(const Contexts&) = delete;
};

BlockCipher::BlockCipher(std::shared_ptr<const DataKey> key)
    : m_key(std::move(key))
    , m_contexts(std::make_unique<Contexts>(*m_key))
{
}
BlockCipher::~BlockCipher() = default;
BlockCipher::BlockCipher(BlockCipher&&) noexcept = default;
BlockCipher& BlockCipher::operator=(BlockCipher&&) noexcept = default;

void BlockCipher::encrypt(BlockHead& head, std::span<char> body)
{
    EVP_CIPHER_CTX* context = m_contexts->seal;
    head.encrypted = 1;
    head.plainBytes = static_cast<std::uint32_t>(body.size() - kTagBytes);
    head.storedBytes = static_cast<std::uint32_t>(body.size());
    head.keyId = rawKeyId(m_key->id);
    // Without chance there is no nonce, and a nonce used twice gives the plain text away.
    SHARDSCOPE_CHECK(drawBytes(head.nonce.data(), head.nonce.size()).has_value());
    const int plain = static_cast<int>(head.plainBytes);
    int done = 0;
    SHARDSCOPE_CHECK(
        EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, head.nonce.data()) == 1
        && EVP_EncryptUpdate(context, nullptr, &done, raw(&head), kBound) == 1
        && EVP_EncryptUpdate(context, raw(body.data()), &done, raw(body.data()), plain) == 1
        && done == plain && EVP_EncryptFinal_ex(context, raw(body.data() + plain), &done) == 1
        && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, kTagBytes, body.data() + plain) == 1);
}

bool BlockCipher::open(const BlockHead& head, std::span<const char> body, std::span<char> plain)
{
    SHARDSCOPE_CHECK(body.size() == plain.size() + kTagBytes);
    EVP_CIPHER_CTX* context = m_contexts->open;
    const int size = static_cast<int>(plain.size());
    std::array<char, kTagBytes> tag {};
    std::copy(body.end() - kTagBytes, body.end(), tag.begin());
    int done = 0;
    return EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, head.nonce.data()) == 1
        && EVP_DecryptUpdate(context, nullptr, &done, raw(&head), kBound) == 1
        && EVP_DecryptUpdate(context, raw(plain.data()), &done, raw(body.data()), size) == 1
        && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1
        && EVP_DecryptFinal_ex(context, raw(plain.data() + size), &done) == 1;
}

} // namespace shardscope
