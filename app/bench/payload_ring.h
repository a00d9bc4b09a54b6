#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace shardscope {

/// Memory into which payloads are written one after another, round and round: on large pages and
/// touched beforehand, so that a first lap is as fast as any.
class PayloadRing {
public:
    explicit PayloadRing(std::size_t bytes); ///< a multiple of 2 MiB
    ~PayloadRing();
    PayloadRing(const PayloadRing&) = delete;
    PayloadRing& operator=(const PayloadRing&) = delete;

    /// Writes the next payload past the caches. `size` is a multiple of 64 and divides the ring.
    void stream(std::size_t size);
    /// The same by memcpy.
    void copy(std::size_t size);

private:
    char* next(std::size_t size);
    const char* source();

    std::size_t m_size;
    char* m_ring;
    std::size_t m_at = 0;
    std::vector<char> m_pool; ///< a few payloads that stay in the cache
    std::size_t m_turn = 0;
};

} // namespace shardscope
