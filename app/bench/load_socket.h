#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

struct ssl_st;

namespace shardscope {

/// The client's end of a connection to the loopback: plain or TLS 1.3, not blocking. A connection
/// that breaks ends the program: a benchmark has nothing to measure then.
class LoadSocket {
public:
    enum class Cipher : bool { None, Tls };

    /// Connects, and shakes hands over TLS; both may block.
    LoadSocket(std::uint16_t port, Cipher cipher);
    ~LoadSocket();
    LoadSocket(const LoadSocket&) = delete;
    LoadSocket& operator=(const LoadSocket&) = delete;

    [[nodiscard]] int fd() const { return m_fd; }
    /// Bytes written, from the front; 0: it would block.
    [[nodiscard]] std::size_t write(std::string_view bytes);
    /// Bytes read; 0: it would block.
    [[nodiscard]] std::size_t read(std::span<char> room);

private:
    int m_fd = -1;
    ssl_st* m_tls = nullptr;
};

} // namespace shardscope
