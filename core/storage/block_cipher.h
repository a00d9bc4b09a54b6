#pragma once

#include <memory>
#include <span>

#include "core/storage/data_key.h"
#include "core/storage/segment_format.h"

namespace shardscope {

/// Encrypts and opens the bodies of blocks with one data key: AES-256-GCM, the block's head (all
/// but its sums) bound to it, so that no block can stand in another's place. 256 KiB blocks run at
/// what OpenSSL gives for 1 MiB: see the benchmark store-encrypt.
class BlockCipher {
public:
    explicit BlockCipher(std::shared_ptr<const DataKey> key);
    ~BlockCipher();
    BlockCipher(BlockCipher&&) noexcept;
    BlockCipher& operator=(BlockCipher&&) noexcept;

    [[nodiscard]] const std::shared_ptr<const DataKey>& key() const { return m_key; }

    /// Encrypts `body` in place; its last kTagBytes are room for the tag. Sets the head's key,
    /// nonce (random: two blocks share one with a chance below 2^-32 after 2^32 blocks) and
    /// lengths; its other fields, but for the sums, must be in place.
    void encrypt(BlockHead& head, std::span<char> body);
    /// Opens `body`, tag and all, into `plain` of head.plainBytes; false when it was not written
    /// with this key or is not what was written.
    [[nodiscard]] bool open(const BlockHead& head, std::span<const char> body,
                            std::span<char> plain);

private:
    struct Contexts;
    std::shared_ptr<const DataKey> m_key;
    std::unique_ptr<Contexts> m_contexts;
};

} // namespace shardscope
