#pragma once

#include <cstdint>
#include <memory>

#include "app/bench/scratch.h"
#include "app/served_endpoint.h"

namespace shardscope {

/// What `serve` opens, in this process and in memory, with a stream `bench` and no limits: what is
/// refused would cost less.
class BenchServer {
public:
    enum class Kind {
        Plain,
        Tls,
        Signed, ///< plain, and signatures are checked against credentialsText()
    };
    explicit BenchServer(Kind kind, std::int64_t shards = 100);

    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] LocalService& service() { return m_served->service(); }
    /// Asks its service past the wire, for a good answer.
    ApiAnswer ask(ApiRequest request);

private:
    Scratch m_scratch; ///< certificate or credentials
    std::unique_ptr<ServedEndpoint> m_served;
    std::uint16_t m_port = 0;
};

} // namespace shardscope
