#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shardscope::test {

/// Reads an event stream as a client does: bytes come in pieces of any size, both checksums are
/// held to zlib's. Written apart from the endpoint's writer, so that each checks the other.
class EventStreamReader {
public:
    struct Frame {
        std::vector<std::pair<std::string, std::string>> headers; ///< in their order
        std::string payload;
        /// The first of that name; empty when there is none.
        [[nodiscard]] std::string header(std::string_view name) const;
    };

    void receive(std::string_view bytes) { m_bytes += bytes; }
    /// The next frame that has come whole.
    [[nodiscard]] std::optional<Frame> next();
    /// Why next() will never give another one: a length, a checksum or a header that is wrong.
    [[nodiscard]] const std::string& fault() const { return m_fault; }
    /// Bytes that are no whole frame yet.
    [[nodiscard]] std::size_t left() const { return m_bytes.size(); }

private:
    [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t bytes) const;
    [[nodiscard]] bool readHeaders(Frame& frame, std::size_t end);

    std::string m_bytes;
    std::string m_fault;
};

} // namespace shardscope::test
