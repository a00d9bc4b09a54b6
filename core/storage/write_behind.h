#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "core/base/result.h"
#include "core/storage/file_system.h"

namespace shardscope {

/// Two buffers and a thread that writes one of them while the other is filled: the disk need not
/// wait for checksum and cipher, nor they for the disk. Lives on one thread.
class WriteBehind {
public:
    /// What one write carries: large enough that the wait between two of them does not count.
    static constexpr std::size_t kBufferBytes = std::size_t {4} << 20;

    WriteBehind();
    ~WriteBehind();
    WriteBehind(const WriteBehind&) = delete;
    WriteBehind& operator=(const WriteBehind&) = delete;

    /// The buffer to fill: of kBufferBytes or more, on a page's border.
    [[nodiscard]] std::span<char> buffer();
    /// Makes it longer; its first `keep` bytes stay.
    void grow(std::size_t bytes, std::size_t keep);

    /// Has the first `size` bytes of buffer() written at `offset`, and makes the other buffer the
    /// one to fill, once that one's write is done. Errors: that earlier write's.
    [[nodiscard]] Result<void> writeBehind(File& file, std::uint64_t offset, std::size_t size);
    /// Writes the first `size` bytes of buffer() on the calling thread, once the other buffer's
    /// write is done; spares small commits the way to the other thread and back.
    [[nodiscard]] Result<void> writeNow(File& file, std::uint64_t offset, std::size_t size);
    /// Waits until nothing is being written. The error, if there was one, is told once.
    [[nodiscard]] Result<void> finish();

private:
    struct Buffer {
        std::unique_ptr<char, void (*)(void*) noexcept> bytes {nullptr, nullptr};
        std::size_t size = 0;
    };
    void run();

    std::array<Buffer, 2> m_buffers;
    std::size_t m_filling = 0; ///< the other one may be under way

    std::mutex m_mutex; ///< of all below
    std::condition_variable m_changed;
    File* m_file = nullptr; ///< set while there is something to write
    std::uint64_t m_offset = 0;
    std::span<const char> m_bytes;
    Result<void> m_outcome;
    bool m_stop = false;
    std::thread m_thread; ///< begun with the first large write
};

} // namespace shardscope
