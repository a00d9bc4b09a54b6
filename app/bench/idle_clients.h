#pragma once

#include <cstdint>

namespace shardscope {

/// Clients in a process of their own that each put one record and then keep their connection open:
/// what they hold does not count as the server's.
class IdleClients {
public:
    /// Makes the process; before any thread of the benchmark.
    IdleClients();
    /// Ends it, and with it the connections.
    ~IdleClients();
    IdleClients(const IdleClients&) = delete;
    IdleClients& operator=(const IdleClients&) = delete;

    /// Connects up to `count` clients and says how many were answered.
    [[nodiscard]] int open(std::uint16_t port, int count);

private:
    int m_process = -1;
    int m_wire = -1; ///< a socket to it
};

} // namespace shardscope
