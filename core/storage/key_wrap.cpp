#include "core/storage/key_wrap.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

namespace shardscope {
namespace {

constexpr std::size_t kNonce = 12, kKey = 32, kTag = 16;
static_assert(kNonce + kKey + kTag == WrappedDataKey::kSealedBytes);

struct CipherFree {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherFree>;

/// What is authenticated with a wrapped key: it opens under these names only.
std::string namesOf(const WrappedDataKey& wrapped)
{
    return wrapped.masterKeyId + "/" + std::to_string(wrapped.masterVersion) + "/"
        + wrapped.dataKeyId;
}

std::uint8_t* bytesOf(std::string& text)
{
    return reinterpret_cast<std::uint8_t*>(text.data());
}
const std::uint8_t* bytesOf(const std::string& text)
{
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

} // namespace

Result<void> drawBytes(std::uint8_t* out, std::size_t count)
{
    if (RAND_bytes(out, static_cast<int>(count)) != 1)
        return fail(ErrorCode::Io, "The system gives no random bytes for a key.");
    return {};
}

Result<void> sealDataKey(const KeyMaterial& master, const DataKey& key, WrappedDataKey& wrapped)
{
    wrapped.sealed.assign(WrappedDataKey::kSealedBytes, '\0');
    std::uint8_t* nonce = bytesOf(wrapped.sealed);
    std::uint8_t* cipher = nonce + kNonce;
    if (auto ok = drawBytes(nonce, kNonce); !ok)
        return ok;
    const std::string names = namesOf(wrapped);
    const Cipher context(EVP_CIPHER_CTX_new());
    int length = 0;
    const bool done = context
        && EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, master.bytes.data(), nonce)
        && EVP_EncryptUpdate(context.get(), nullptr, &length, bytesOf(names),
                             static_cast<int>(names.size()))
        && EVP_EncryptUpdate(context.get(), cipher, &length, key.bytes.data(),
                             static_cast<int>(kKey))
        && EVP_EncryptFinal_ex(context.get(), cipher + kKey, &length)
        && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTag),
                               cipher + kKey);
    if (!done)
        return fail(ErrorCode::Io, "AES-256-GCM is not to be had: a data key cannot be wrapped.");
    return {};
}

Result<std::shared_ptr<const DataKey>> openDataKey(const KeyMaterial& master,
                                                   const WrappedDataKey& wrapped)
{
    const auto key = std::make_shared<DataKey>();
    key->id = wrapped.dataKeyId;
    const bool whole = wrapped.sealed.size() == WrappedDataKey::kSealedBytes;
    const std::string names = namesOf(wrapped);
    std::string sealed = wrapped.sealed; // OpenSSL takes the tag without const
    const Cipher context(EVP_CIPHER_CTX_new());
    int length = 0;
    const bool done = whole && context
        && EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, master.bytes.data(),
                              bytesOf(sealed))
        && EVP_DecryptUpdate(context.get(), nullptr, &length, bytesOf(names),
                             static_cast<int>(names.size()))
        && EVP_DecryptUpdate(context.get(), key->bytes.data(), &length, bytesOf(sealed) + kNonce,
                             static_cast<int>(kKey))
        && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTag),
                               bytesOf(sealed) + kNonce + kKey)
        && EVP_DecryptFinal_ex(context.get(), key->bytes.data() + kKey, &length) > 0;
    if (!done)
        return fail(ErrorCode::BadInput,
                    "Data key " + wrapped.dataKeyId + " does not open under version "
                        + std::to_string(wrapped.masterVersion) + " of master key "
                        + wrapped.masterKeyId + ": it was changed, or is of another key file.");
    return key;
}

} // namespace shardscope
