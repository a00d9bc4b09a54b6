#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace shardscope {

/// The least that a server can do: one thread over raw epoll reads HTTP/1.1 requests with a
/// Content-Length and answers each without having looked at it. What ours are held against.
class NullServer {
public:
    /// On a free port of the loopback; answers of `answerBytes` of body.
    explicit NullServer(std::size_t answerBytes);
    ~NullServer();
    NullServer(const NullServer&) = delete;
    NullServer& operator=(const NullServer&) = delete;

    [[nodiscard]] std::uint16_t port() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace shardscope
