#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace shardscope::test {

/// Reads a fuzzer's bytes as decisions. What is used up gives zeros and empty texts.
class FuzzInput {
public:
    explicit FuzzInput(std::string_view bytes)
        : m_rest(bytes)
    {
    }
    [[nodiscard]] bool empty() const { return m_rest.empty(); }
    std::uint8_t byte()
    {
        if (m_rest.empty())
            return 0;
        const auto value = static_cast<std::uint8_t>(m_rest.front());
        m_rest.remove_prefix(1);
        return value;
    }
    std::uint32_t number() ///< 16 bits
    {
        const std::uint32_t high = byte();
        return high << 8 | byte();
    }
    /// Uniform enough in [0, n); n <= 65,536.
    std::uint32_t below(std::uint32_t n) { return (n <= 256 ? byte() : number()) % n; }
    /// Up to `most` (< 65,536) bytes, their number first.
    std::string_view text(std::uint32_t most) { return take(below(most + 1)); }
    std::string_view take(std::size_t bytes)
    {
        const std::string_view taken = m_rest.substr(0, bytes);
        m_rest.remove_prefix(taken.size());
        return taken;
    }

private:
    std::string_view m_rest;
};

} // namespace shardscope::test
