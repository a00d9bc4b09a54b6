#pragma once

#include <cstddef>
#include <memory>

namespace shardscope {

/// A piece of memory into which a RecordLog writes records one behind the other. What is written is
/// never changed, so every log and the writer of its file may read what they know of; only the log
/// that began the chunk appends to it.
class LogChunk {
public:
    static constexpr std::size_t kSmall = std::size_t {4} << 10; ///< of a log that keeps little
    /// One large page: memory that the system hands out at four times the speed of small ones.
    static constexpr std::size_t kLarge = std::size_t {2} << 20;

    /// `size` > 0. Large ones come from a pool of a few that were given back, whose memory is there
    /// already. **Thread-safe**, as giving back is.
    [[nodiscard]] static std::shared_ptr<LogChunk> make(std::size_t size);

    LogChunk(char* bytes, std::size_t size)
        : m_bytes(bytes)
        , m_size(size)
    {
    }
    ~LogChunk();
    LogChunk(const LogChunk&) = delete;
    LogChunk& operator=(const LogChunk&) = delete;

    [[nodiscard]] char* bytes() { return m_bytes; }
    [[nodiscard]] const char* bytes() const { return m_bytes; }
    [[nodiscard]] std::size_t size() const { return m_size; }

private:
    char* m_bytes;
    std::size_t m_size;
};

} // namespace shardscope
